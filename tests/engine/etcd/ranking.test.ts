import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KeyValue } from '../../../src/engine/etcd/keyspace.ts'
import { rankingOf } from '../../../src/engine/etcd/ranking.ts'
import { absent, isSo, type Compare } from '../../../src/engine/etcd/txn.ts'

const object = fc.record(
  { kind: fc.constantFrom('A', 'B'), metadata: fc.record({ name: fc.constantFrom('x', 'y') }), spec: fc.nat(2) },
  { requiredKeys: [] },
)
const value = fc.oneof(object, object, fc.constantFrom('', '{', '{}', '～', '🙂', '{"kind":"A"', 'null'))

const found = fc
  .record({ value, revision: fc.nat(4), lease: fc.constantFrom('', '00ff') })
  .map(({ value: stored, revision, lease }): KeyValue => {
    const numbers = { createRevision: revision, modRevision: revision + 1, version: revision }
    return { ...absent, value: stored, lease, ...numbers }
  })

const text = (given: unknown): string => (typeof given === 'string' ? given : JSON.stringify(given))
const compare = fc.oneof(
  fc.record({ target: fc.constantFrom('mod', 'create', 'version'), value: fc.integer({ min: -1, max: 6 }) }),
  fc.record({ target: fc.constant('lease'), value: fc.constantFrom('', '00', '00ff', 'ff') }),
  fc.record({ target: fc.constant('value'), value: value.map(text) }),
  fc.record({ target: fc.constant('value'), value: value.map((given) => text(given).slice(0, -1)) }),
)
const result = fc.constantFrom('=', '!=', '<', '>')

test('a condition holds for a stretch of keys if it holds for each of them', () => {
  fc.assert(
    fc.property(fc.array(found, { maxLength: 8 }), compare, result, fc.nat(8), fc.nat(8), (keys, given, how, a, b) => {
      const condition = { key: 'a', end: 'z', ...given, result: how } as Compare
      const [from, to] = [Math.min(a, b, keys.length), Math.min(Math.max(a, b), keys.length)]
      const expected = keys.slice(from, to).every((each) => isSo(condition, each))
      expect(rankingOf(keys, condition.target).holds(condition, from, to)).toBe(expected)
    }),
    { numRuns: 3_000 },
  )
})
