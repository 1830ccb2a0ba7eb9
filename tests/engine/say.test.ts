import { expect, test } from 'vitest'
import { etcdctlLine, say } from '../../src/engine/say.ts'

const faultOf = (fault: unknown): string =>
  say({ seq: 1, at: 0, actor: 'you', what: 'fault', cause: 0, detail: { fault } } as never)

test.each<[string, unknown]>([
  ['put a', { compare: [], success: [{ do: 'put', key: 'a', value: '' }] }],
  ['del a', { compare: [], success: [{ do: 'delete', key: 'a' }] }],
  ['get a', { compare: [], success: [{ do: 'range', key: 'a' }] }],
  ['txn', { compare: [{}], success: [{ do: 'put', key: 'a', value: '' }] }],
  ['txn', { compare: [], success: [] }],
  ['txn', { compare: [], success: [{ do: 'constructor', key: 'a' }] }],
  [`get ${'x'.repeat(200)}…`, { compare: [], success: [{ do: 'range', key: 'x'.repeat(1_000_000) }] }],
])('a transaction is said as %s', (words, txn) =>
  expect(faultOf({ kind: 'etcdRequest', do: 'txn', txn })).toBe(`You ran etcdctl: ${words}.`),
)

test.each<unknown>([
  null,
  'text',
  { success: 5 },
  { success: {} },
  { compare: [], success: [null] },
  { compare: [], success: [{ key: 'a' }] },
  { compare: 1, success: [5] },
])('a transaction of a link that is none is said, too: %j', (txn) =>
  expect(faultOf({ kind: 'etcdRequest', do: 'txn', txn })).toBe('You ran etcdctl: txn.'),
)

test.each([
  ['leaseKeepAlive', 'ran etcdctl: lease keep-alive --once 77', 'etcdctl lease keep-alive --once 77'],
  ['keepAliveBegin', 'ran etcdctl: lease keep-alive 77', 'etcdctl lease keep-alive 77'],
  ['keepAliveEnd', 'interrupted etcdctl: lease keep-alive', 'etcdctl lease keep-alive: interrupted'],
])('%s is said as what was typed', (what, sentence, line) => {
  const fault = { kind: 'etcdRequest', do: what, lease: '77', keeper: 1 }
  expect([faultOf(fault), etcdctlLine(fault)]).toEqual([`You ${sentence}.`, line])
})
