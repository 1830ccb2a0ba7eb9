import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EtcdError } from '../../src/engine/etcd/errors.ts'
import { keysBelow } from '../../src/engine/etcd/keys.ts'
import { createEtcd, type Change, type Etcd, type Key } from '../../src/engine/etcd/store.ts'
import type { Compare, TxnOp, TxnRequest } from '../../src/engine/etcd/txn.ts'
import { copyWorld, createSim, createWorld, recordsAfter, type Sim, type World } from '../../src/engine/sim/index.ts'

/** so that there is something to be had from the start */
const firstLeases: readonly Step[] = [
  { do: 'grant', seconds: 15 },
  { do: 'grant', seconds: 20 },
]

const runs = process.env['DRYDOCK_LONG'] ? 3_000 : 400

/** What a key is in the model: the fields of a real one that the laws speak of. */
interface Entry {
  readonly value: string
  readonly createRevision: number
  readonly modRevision: number
  readonly version: number
  readonly lease: string
}

/** etcd as one would write it without a care: all keys in one map, leases as a list of ends. */
interface Model {
  revision: number
  keys: Map<string, Entry>
  leases: Map<string, number>
  /** what every key was at every revision */
  past: Map<number, ReadonlyMap<string, Entry>>
}

type Step =
  | { readonly do: 'txn'; readonly txn: TxnRequest; readonly leases: readonly number[] }
  | {
      readonly do: 'object'
      readonly name: string
      readonly isDelete: boolean
      readonly isStale: boolean
      readonly lease: number
    }
  | { readonly do: 'grant'; readonly seconds: number }
  | { readonly do: 'revoke'; readonly lease: number }
  | { readonly do: 'keepAlive'; readonly lease: number }
  | { readonly do: 'wait'; readonly ms: number }

const names = ['a', 'ab', 'b', 'c', '～', '🙂']
/** Keys are compared by their bytes. */
const isBefore = (a: string, b: string): boolean => Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0
const name = fc.constantFrom(...names)
const end = fc.constantFrom(undefined, undefined, 'b', 'z', '～', '\0')
const value = fc.constantFrom('', 'x', 'y')
const lease = fc.nat(3)
const range = fc.tuple(name, end).map(([key, to]) => (to === undefined ? { key } : { key, end: to }))

const op: fc.Arbitrary<TxnOp> = fc.oneof(
  range.map((given) => ({ do: 'range' as const, ...given })),
  range.map((given) => ({ do: 'delete' as const, ...given })),
  fc.record({ do: fc.constant('put' as const), key: name, value }),
  fc.record({ do: fc.constant('put' as const), key: name, value }),
)

const compare: fc.Arbitrary<Compare> = fc.oneof(
  fc
    .record({ given: range, target: fc.constantFrom('mod', 'create', 'version'), result: results(), value: fc.nat(12) })
    .map(({ given, ...rest }) => ({ ...given, ...rest }) as Compare),
  fc
    .record({ given: range, result: results(), value })
    .map(({ given, ...rest }) => ({ ...given, ...rest, target: 'value' as const }) as Compare),
)

function results(): fc.Arbitrary<Compare['result']> {
  return fc.constantFrom('=', '!=', '<', '>')
}

const transaction = fc.record({
  do: fc.constant('txn' as const),
  txn: fc.record({
    compare: fc.array(compare, { maxLength: 2 }),
    success: fc.array(op, { maxLength: 3 }),
    failure: fc.array(op, { maxLength: 2 }),
  }),
  leases: fc.array(lease, { minLength: 5, maxLength: 5 }),
})

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: transaction },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('object' as const),
      name: fc.constantFrom('a', 'b'),
      isDelete: fc.boolean(),
      isStale: fc.boolean(),
      lease,
    }),
  },
  fc.record({ do: fc.constant('grant' as const), seconds: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ do: fc.constant('revoke' as const), lease }),
  fc.record({ do: fc.constant('keepAlive' as const), lease }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 9_000 }) }),
)

const placeOf = (named: string): Key => ({ prefix: 'pods', namespace: 'default', name: named })
const objectKey = (named: string): string => `/registry/pods/default/${named}`
const within = ({ key, end: to }: { key: string; end?: string }, candidate: string): boolean =>
  to === undefined ? candidate === key : !isBefore(candidate, key) && (to === '\0' || isBefore(candidate, to))

/** A run of the real thing beside the model. */
function createRun(world: World): {
  readonly model: Model
  readonly sim: Sim
  readonly etcd: Etcd
  readonly take: (taken: Step) => void
} {
  const model: Model = { revision: 1, keys: new Map(), leases: new Map(), past: new Map() }
  const lives = new Map<string, number>()
  /** leases in the order of their grants; the first stands for none */
  const granted: string[] = ['']
  const sim = createSim(world)
  const etcd = createEtcd(sim)
  remember()

  function take(taken: Step): void {
    const leaseAt = (index: number): string => granted[index % granted.length]!
    if (taken.do === 'wait') {
      sim.advanceTo(sim.now() + taken.ms)
      expire()
    } else if (taken.do === 'grant') {
      const id = etcd.leases.grant(taken.seconds)
      const seconds = Math.max(2, taken.seconds)
      granted.push(id)
      lives.set(id, seconds)
      model.leases.set(id, sim.now() + seconds * 1000)
    } else if (taken.do === 'keepAlive') {
      const id = leaseAt(taken.lease)
      refusedUnless(model.leases.has(id), () => etcd.leases.keepAlive(id))
      if (model.leases.has(id)) model.leases.set(id, sim.now() + lives.get(id)! * 1000)
    } else if (taken.do === 'revoke') {
      const id = leaseAt(taken.lease)
      refusedUnless(model.leases.has(id), () => etcd.leases.revoke(id, 'test'))
      if (model.leases.has(id)) drop(id)
    } else if (taken.do === 'object') object(taken, leaseAt(taken.lease))
    else txn(withLeases(taken.txn, taken.leases.map(leaseAt)))
    remember()
  }

  /** The lessor looks twice a second. */
  function expire(): void {
    const ends = [...model.leases].map(([id, at]) => [id, Math.ceil(at / 500) * 500] as const)
    for (const [id, at] of ends.sort((a, b) => a[1] - b[1])) if (at <= sim.now()) drop(id)
  }

  function drop(id: string): void {
    model.leases.delete(id)
    const gone = [...model.keys].filter(([, entry]) => entry.lease === id)
    if (gone.length > 0) model.revision++
    for (const [key] of gone) model.keys.delete(key)
    remember()
  }

  function object({ name: named, isDelete, isStale }: Step & { readonly do: 'object' }, id: string): void {
    if (!isDelete && !isStale && id !== '' && !model.leases.has(id))
      return void refusedUnless(false, () => putObject(named, model.keys.get(objectKey(named))?.modRevision ?? 0, id))
    const key = objectKey(named)
    const live = model.keys.get(key)
    const expected = (live?.modRevision ?? 0) + (isStale ? 1 : 0)
    const change = isDelete ? etcd.optimisticDelete(placeOf(named), expected) : putObject(named, expected, id)
    const isDone = !isStale && !(isDelete && live === undefined)
    expect(change !== undefined).toBe(isDone)
    if (!isDone) return
    model.revision++
    if (isDelete) model.keys.delete(key)
    else model.keys.set(key, next(key, `object ${model.revision}`, id))
  }

  const putObject = (named: string, expected: number, id: string): Change | undefined =>
    etcd.optimisticPut(placeOf(named), expected, (revision) => `object ${revision}`, id)

  function txn(txn: TxnRequest): void {
    const succeeded = txn.compare.every(holds)
    const ops = succeeded ? txn.success : txn.failure
    const isFit =
      isAllowed(txn.success) &&
      isAllowed(txn.failure) &&
      ops.every((each) => each.do !== 'put' || !each.lease || model.leases.has(each.lease))
    const response = refusedUnless(isFit, () => etcd.txn(txn, 'test'))
    if (response === undefined) return
    const before = model.revision
    const write = (): void => void (model.revision === before && model.revision++)
    const counts = ops.map((each) => {
      if (each.do === 'put') {
        write()
        const count = model.keys.has(each.key) ? 1 : 0
        model.keys.set(each.key, next(each.key, each.value, each.lease ?? ''))
        return count
      }
      const found = [...model.keys.keys()].filter((key) => within(each, key))
      if (each.do === 'delete')
        for (const key of found) {
          write()
          model.keys.delete(key)
        }
      return found.length
    })
    expect(response).toMatchObject({ succeeded, revision: model.revision })
    expect(response.answers.map(({ kvs }) => kvs.length)).toEqual(counts)
  }

  function next(key: string, text: string, id: string): Entry {
    const { revision, keys } = model
    const { createRevision = revision, version = 0 } = keys.get(key) ?? {}
    return { value: text, createRevision, modRevision: revision, version: version + 1, lease: id }
  }

  function holds({ target, result, value: wanted, ...given }: Compare): boolean {
    const found = [...model.keys].filter(([key]) => within(given, key)).map(([, entry]) => entry)
    if (found.length === 0 && target === 'value') return false
    const absent: Entry = { value: '', createRevision: 0, modRevision: 0, version: 0, lease: '' }
    return (found.length === 0 ? [absent] : found).every((entry) => {
      const actual = {
        mod: entry.modRevision,
        create: entry.createRevision,
        version: entry.version,
        value: entry.value,
        lease: entry.lease,
      }[target]
      if (result === '=' || result === '!=') return (actual === wanted) === (result === '=')
      return result === '<' ? actual < wanted : actual > wanted
    })
  }

  function refusedUnless<T>(isFit: boolean, run: () => T): T | undefined {
    if (isFit) return run()
    expect(run).toThrow(EtcdError)
    return undefined
  }

  function remember(): void {
    model.past.set(model.revision, new Map(model.keys))
  }

  return { model, sim, etcd, take }
}

function withLeases({ compare: conditions, success, failure }: TxnRequest, leases: readonly string[]): TxnRequest {
  const own = (each: TxnOp, index: number): TxnOp => (each.do === 'put' ? { ...each, lease: leases[index]! } : each)
  return { compare: conditions, success: success.map(own), failure: failure.map((each, index) => own(each, index + 3)) }
}

function isAllowed(ops: readonly TxnOp[]): boolean {
  const puts = ops.filter((each) => each.do === 'put').map(({ key }) => key)
  return (
    new Set(puts).size === puts.length &&
    !puts.some((key) => ops.some((each) => each.do === 'delete' && within(each, key)))
  )
}

const live = (etcd: Etcd): Map<string, Entry> =>
  new Map(
    etcd
      .within(keysBelow(''))
      .map(({ key, value: stored, createRevision, modRevision, version, lease: id }) => [
        key,
        { value: stored as string, createRevision, modRevision, version, lease: id },
      ]),
  )

const valuesOf = (keys: ReadonlyMap<string, Entry>): readonly (readonly [string, unknown])[] =>
  [...keys].map(([key, entry]) => [key, entry.value] as const).sort(([a], [b]) => (isBefore(a, b) ? -1 : 1))

function after(keys: ReadonlyMap<string, Entry>, changes: readonly Change[]): readonly (readonly [string, unknown])[] {
  const values = new Map<string, unknown>(valuesOf(keys))
  for (const { type, key, value: changed } of changes) {
    if (type === 'DELETE') values.delete(key)
    else values.set(key, changed)
  }
  return [...values].sort(([a], [b]) => (isBefore(a, b) ? -1 : 1))
}

test('transactions, leases and time leave the keys, revisions and past that a naive store has', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
      const run = createRun(createWorld(1))
      const { etcd, model } = run
      for (const each of [...firstLeases, ...steps]) {
        run.take(each)
        expect(etcd.revision()).toBe(model.revision)
        expect([...live(etcd)]).toEqual([...model.keys].sort(([a], [b]) => (isBefore(a, b) ? -1 : 1)))
        expect([...etcd.leases.list()].sort()).toEqual([...model.leases.keys()].sort())
        for (const id of model.leases.keys())
          expect(etcd.leases.find(id)?.keys).toEqual(
            [...model.keys]
              .filter(([, entry]) => entry.lease === id)
              .map(([key]) => key)
              .sort(),
          )
      }
      for (const [revision, keys] of model.past) {
        // what a reader of an old revision sees, and what a watch from there tells
        const past = etcd.withinAt(keysBelow(''), revision).map(({ key, value: then }) => [key, then])
        expect(past).toEqual(valuesOf(keys))
        const changes = etcd.changesWithin(keysBelow(''), revision)
        expect(after(keys, changes)).toEqual(valuesOf(model.keys))
        expect(changes.every((change, index) => index === 0 || changes[index - 1]!.revision <= change.revision)).toBe(
          true,
        )
      }
    }),
    { numRuns: runs },
  )
})

test('a copy of the world goes on as the original does, to the byte', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 2, maxLength: 20 }), (steps) => {
      const run = createRun(createWorld(1))
      for (const each of [...firstLeases, ...steps]) run.take(each)
      const other = createSim(copyWorld(run.sim.world))
      const copy = createEtcd(other)
      for (const sim of [run.sim, other]) sim.advanceTo(60_000 + sim.now())
      expect([...live(copy)]).toEqual([...live(run.etcd)])
      expect(copy.revision()).toBe(run.etcd.revision())
      expect([...recordsAfter(other.world.trace, 0)]).toEqual([...recordsAfter(run.sim.world.trace, 0)])
    }),
    { numRuns: runs / 4 },
  )
})
