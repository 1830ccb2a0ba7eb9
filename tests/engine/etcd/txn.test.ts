import { expect, test, vi } from 'vitest'
import { EtcdError, etcdErrors } from '../../../src/engine/etcd/errors.ts'
import { createQuota } from '../../../src/engine/etcd/quota.ts'
import { keysBelow } from '../../../src/engine/etcd/keys.ts'
import { readTxn } from '../../../src/engine/etcd/readTxn.ts'
import { createEtcd, type Etcd } from '../../../src/engine/etcd/store.ts'
import { byteLength, type Compare, type TxnOp, type TxnResponse } from '../../../src/engine/etcd/txn.ts'
import { createSim, createWorld } from '../../../src/engine/sim/index.ts'

const begin = (): Etcd => createEtcd(createSim(createWorld(1)))
const put = (key: string, value: string, lease = ''): TxnOp => ({ do: 'put', key, value, lease })
const remove = (key: string, end?: string): TxnOp => ({ do: 'delete', key, ...(end !== undefined && { end }) })
const pod = { prefix: 'pods', namespace: 'default', name: 'web' }

function commit(
  etcd: Etcd,
  success: readonly TxnOp[],
  compare: readonly Compare[] = [],
  failure: readonly TxnOp[] = [],
): TxnResponse {
  return etcd.txn({ compare, success, failure }, 'test')
}

test('a put is made if nobody wrote meanwhile, and not otherwise', () => {
  const etcd = begin()
  expect(etcd.optimisticPut(pod, 0, (revision) => ({ revision }))).toMatchObject({ type: 'PUT', revision: 2 })
  expect(etcd.optimisticPut(pod, 0, () => 'another')).toBeUndefined()
  expect(etcd.optimisticPut(pod, 7, () => 'another')).toBeUndefined()
  expect(etcd.revision()).toBe(2)
  expect(etcd.get('pods', 'default', 'web')?.value).toEqual({ revision: 2 })
  expect(etcd.optimisticPut(pod, 2, () => 'next')).toMatchObject({ revision: 3, previous: { revision: 2 } })
})

test('a delete likewise, and a key that is not there is not deleted', () => {
  const etcd = begin()
  expect(etcd.optimisticDelete(pod, 0)).toBeUndefined()
  etcd.optimisticPut(pod, 0, () => 'value')
  expect(etcd.optimisticDelete(pod, 1)).toBeUndefined()
  expect(etcd.optimisticDelete(pod, 2)).toMatchObject({ type: 'DELETE', revision: 3, previous: 'value' })
  expect(etcd.get('pods', 'default', 'web')).toBeUndefined()
  expect(etcd.optimisticPut(pod, 0, () => 'again')).toMatchObject({ revision: 4, previous: undefined })
})

test('all writes of a transaction share one revision, and one without writes makes none', () => {
  const etcd = begin()
  const { revision, succeeded } = commit(etcd, [put('a', '1'), put('b', '2')])
  expect({ revision, succeeded }).toEqual({ revision: 2, succeeded: true })
  expect(etcd.within(keysBelow('')).map(({ key, modRevision, version }) => [key, modRevision, version])).toEqual([
    ['a', 2, 1],
    ['b', 2, 1],
  ])
  expect(commit(etcd, [{ do: 'range', ...keysBelow('') }, remove('nothing')]).revision).toBe(2)
  const { answers } = commit(etcd, [
    { do: 'range', key: 'a' },
    remove('a', 'z'),
    put('zz', ''),
    { do: 'range', key: 'a' },
  ])
  expect(answers.map((answer) => [answer.do, answer.revision, answer.kvs.length])).toEqual([
    ['range', 2, 1],
    ['delete', 3, 2],
    ['put', 3, 0],
    ['range', 3, 0],
  ])
  expect(etcd.changesWithin(keysBelow(''), 2).map(({ type, key, revision }) => [type, key, revision])).toEqual([
    ['DELETE', 'a', 3],
    ['DELETE', 'b', 3],
    ['PUT', 'zz', 3],
  ])
})

test.each<[string, Omit<Compare, 'key'> & { key?: string }, boolean]>([
  ['an equal mod revision', { target: 'mod', result: '=', value: 3 }, true],
  ['a lower mod revision', { target: 'mod', result: '<', value: 3 }, false],
  ['a create revision', { target: 'create', result: '!=', value: 3 }, true],
  ['a version', { target: 'version', result: '>', value: 1 }, true],
  ['a value', { target: 'value', result: '=', value: 'two' }, true],
  ['the order of values', { target: 'value', result: '<', value: 'a' }, false],
  ['no lease', { target: 'lease', result: '=', value: '' }, true],
  ['a key that is not there', { key: 'none', target: 'version', result: '=', value: 0 }, true],
  ['any value of a key that is not there', { key: 'none', target: 'value', result: '!=', value: 'x' }, false],
  ['every key of a range', { key: 'a', end: 'z', target: 'version', result: '=', value: 2 }, false],
  ['a range without keys', { key: 'x', end: 'z', target: 'create', result: '=', value: 0 }, true],
])('a condition looks at %s', (_, condition, expected) => {
  const etcd = begin()
  commit(etcd, [put('a', 'one')])
  commit(etcd, [put('a', 'two')])
  commit(etcd, [put('b', '')])
  const compare = [{ key: 'a', ...condition }]
  const { succeeded, answers } = commit(etcd, [], compare, [{ do: 'range', key: 'a' }])
  expect(succeeded).toBe(expected)
  expect(answers).toHaveLength(expected ? 0 : 1)
})

test('a condition may look at objects of the API server, and a delete take them', () => {
  const etcd = begin()
  const heard: string[] = []
  etcd.attend({
    letGo: ({ value }, revision) => ({ value, revision }),
    onRemovals: (removals, actor) =>
      void heard.push(...removals.map(({ prefix, change }) => `${actor} ${prefix} ${change.key} ${change.revision}`)),
  })
  etcd.optimisticPut(pod, 0, () => 'web')
  etcd.optimisticPut({ ...pod, name: 'other' }, 0, () => 'other')
  const compare = [{ key: '/registry/pods/default/web', target: 'mod', result: '=', value: 2 } as const]
  const range = keysBelow('/registry/pods/')
  expect(commit(etcd, [{ do: 'delete', ...range }], compare).answers[0]?.kvs).toHaveLength(2)
  expect(heard).toEqual(['test pods /registry/pods/default/other 4', 'test pods /registry/pods/default/web 4'])
  expect(etcd.changesSince('pods', 3)?.map(({ value }) => value)).toEqual([
    { value: 'other', revision: 4 },
    { value: 'web', revision: 4 },
  ])
})

test.each<[string, readonly TxnOp[], string]>([
  ['a key put twice', [put('a', '1'), put('a', '2')], etcdErrors.duplicateKey],
  ['a key put and deleted', [put('b', '1'), remove('a', 'c')], etcdErrors.duplicateKey],
  ['too many operations', Array.from({ length: 129 }, (_, index) => put(`k${index}`, '')), etcdErrors.tooManyOps],
  ['too much', [put('a', 'x'.repeat(1_600_000))], etcdErrors.tooLarge],
  ['no key', [put('', 'x')], etcdErrors.emptyKey],
  ['a lease that is not there', [put('a', 'x'), put('b', 'x', '00000000000000ff')], etcdErrors.leaseNotFound],
  ['an object', [put('/registry/pods/default/web', '{}')], 'not simulated'],
])('refuses %s, and nothing is written', (_, ops, message) => {
  const etcd = begin()
  expect(() => commit(etcd, ops)).toThrow(EtcdError)
  expect(() => commit(etcd, ops)).toThrow(message)
  expect([etcd.revision(), etcd.within(keysBelow(''))]).toEqual([1, []])
})

test('128 operations are allowed, and deletes may overlap', () => {
  const etcd = begin()
  commit(
    etcd,
    Array.from({ length: 128 }, (_, index) => put(`k${index}`, '')),
  )
  expect(etcd.revision()).toBe(2)
  const { answers } = commit(etcd, [remove('k1', 'k2'), remove('k', 'l')])
  expect(answers.map(({ kvs }) => kvs.length)).toEqual([39, 89])
})

test('a full store refuses a transaction that may put, whichever way it goes', () => {
  const sim = createSim(createWorld(1))
  const etcd = createEtcd(sim, { quota: createQuota(sim, 200) })
  commit(etcd, [put('a', 'x'.repeat(200))])
  expect(() => commit(etcd, [], [], [put('b', '')])).toThrow(etcdErrors.noSpace)
  expect(commit(etcd, [remove('a')]).revision).toBe(3)
})

test('sizes are those of UTF-8', () => {
  for (const text of ['', 'a', 'ä', '€', '🙂', 'a€🙂'])
    expect(byteLength(text)).toBe(new TextEncoder().encode(text).length)
})

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['no lists', { compare: {}, success: [], failure: [] }],
  ['an unknown operation', { compare: [], success: [{ do: 'jump', key: 'a' }], failure: [] }],
  ['a put without a value', { compare: [], success: [{ do: 'put', key: 'a' }], failure: [] }],
  ['a number for a key', { compare: [], success: [{ do: 'delete', key: 1 }], failure: [] }],
  [
    'a text for a revision',
    { compare: [{ key: 'a', target: 'mod', result: '=', value: '1' }], success: [], failure: [] },
  ],
  ['an unknown target', { compare: [{ key: 'a', target: 'mood', result: '=', value: 1 }], success: [], failure: [] }],
])('%s of a link is no transaction', (_, given) => {
  expect(() => readTxn(given)).toThrow(EtcdError)
})

test('a list of a link is counted before anything of it is read', () => {
  const unread = new Proxy({}, { get: () => expect.fail('was read') })
  const ops = Array.from({ length: 129 }, () => unread)
  for (const part of ['compare', 'success', 'failure'])
    expect(() => readTxn({ compare: [], success: [], failure: [], [part]: ops })).toThrow(etcdErrors.tooManyOps)
})

test('a range may be cut, or only be counted', () => {
  const etcd = begin()
  commit(
    etcd,
    ['a', 'b', 'c'].map((key) => put(key, 'x')),
  )
  const range = { do: 'range', ...keysBelow('') } as const
  const { success } = readTxn({
    compare: [],
    success: [range, { ...range, limit: 2 }, { ...range, countOnly: true }, { do: 'range', key: 'b', countOnly: true }],
    failure: [],
  })
  const { answers } = commit(etcd, success)
  expect(answers.map(({ kvs, count }) => [kvs.map(({ key }) => key).join(''), count])).toEqual([
    ['abc', 3],
    ['ab', 3],
    ['', 3],
    ['', 1],
  ])
  for (const wrong of [{ limit: -1 }, { limit: '1' }, { countOnly: 1 }])
    expect(() => readTxn({ compare: [], success: [{ ...range, ...wrong }], failure: [] })).toThrow('limit is none')
})

test('however often a transaction asks for all keys, they are gathered once, and each object is written out once', () => {
  const etcd = begin()
  let written = 0
  for (let index = 0; index < 50; index++) {
    const metadata = { name: `web-${index}`, toJSON: () => (written++, { name: `web-${index}` }) }
    etcd.optimisticPut({ ...pod, name: `web-${index}` }, 0, () => ({ kind: 'Pod', metadata }))
  }
  const all = keysBelow('')
  const compare = Array.from({ length: 128 }, (_, index) => ({
    ...all,
    target: 'value' as const,
    result: '!=' as const,
    value: `{"kind":"Pod","metadata":{"name":"web-x${index}`,
  }))
  const ops = Array.from({ length: 128 }, (_, index): TxnOp =>
    index % 2 ? put(`k${index}`, '') : { do: 'range', ...all },
  )
  const gathered = vi.spyOn(Array.prototype, 'sort')
  const { succeeded, answers } = commit(etcd, ops, compare)
  const sorts = gathered.mock.contexts.filter((list) => (list as unknown[]).length >= 50).length
  gathered.mockRestore()
  expect(succeeded).toBe(true)
  expect(written).toBe(50)
  expect(sorts).toBeLessThanOrEqual(2) // the keys, and their values
  expect(answers.filter((answer) => answer.do === 'range').map(({ kvs }) => kvs.length)).toEqual(
    Array.from({ length: 64 }, (_, index) => 50 + index),
  )
})

test('what a transaction writes is seen by its own ranges', () => {
  const etcd = begin()
  commit(etcd, [put('b', 'old'), put('d', '')])
  const all = { do: 'range', key: 'a', end: 'z' } as const
  const { answers } = commit(etcd, [
    all,
    put('b', 'new'),
    put('a', ''),
    all,
    remove('c', 'e'),
    all,
    remove('nothing'),
    all,
  ])
  const seen = answers.filter((answer) => answer.do === 'range').map(({ kvs }) => kvs.map(({ key }) => key).join(''))
  expect(seen).toEqual(['bd', 'abd', 'ab', 'ab'])
  expect(answers[3]!.kvs[1]).toMatchObject({ value: 'new', version: 2 })
})

test('a write whose condition does not hold leaves no trace in the keyspace', () => {
  const etcd = begin()
  expect(etcd.optimisticPut(pod, 7, () => 'x')).toBeUndefined()
  expect(() => etcd.optimisticPut(pod, 0, () => 'x', '00000000000000ff')).toThrow(etcdErrors.leaseNotFound)
  expect(etcd.optimisticDelete(pod, 7)).toBeUndefined()
  expect([etcd.prefixes(), etcd.revision()]).toEqual([[], 1])
})
