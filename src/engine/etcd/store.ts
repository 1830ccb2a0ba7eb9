import { freeze, type Sim } from '../sim/index.ts'
import { cornerAt, nextRevision, openBooks, puttingInto, store, type EtcdState, type OptimisticPut } from './books.ts'
import { EtcdError, etcdErrors } from './errors.ts'
import {
  changesAfter,
  changesWithin,
  createHistory,
  knownFrom,
  reaches,
  remember,
  trim,
  type Change,
} from './history.ts'
import { formatKey, type Key, type KeyRange } from './keys.ts'
import {
  entriesOf,
  findKey,
  forgetOrder,
  inKeyOrder,
  keysOf,
  keysUnder,
  keysWithin,
  placeOf,
  valuesOf,
  type KeyValue,
} from './keyspace.ts'
import { createLessor, type Lessor } from './lessor.ts'
import type { Quota } from './quota.ts'
import type { Raft } from './raft/raft.ts'
import { checkTxn, type TxnAnswer, type TxnOp, type TxnRequest, type TxnResponse } from './txn.ts'
import { createTxnView, type TxnView } from './txnView.ts'

export type { Change } from './history.ts'
export { formatKey, type Key } from './keys.ts'
export type { KeyValue } from './keyspace.ts'

/** A key of the API server that somebody else took away. */
export interface Removal {
  /** of the resource */
  readonly prefix: string
  readonly change: Change
}

/** Who keeps objects below `/registry`. */
export interface Attendant {
  /** Lets go of a live key; answers how its value reads from then on: with the revision of its deletion. */
  readonly letGo: (found: KeyValue, revision: number) => unknown
  /** Hears of keys that went without its doing: with a lease, or by people's hands. */
  readonly onRemovals: (removals: readonly Removal[], actor: string) => void
}

/** A past value. */
export interface Past {
  readonly key: string
  readonly value: unknown
}

/** What is asked of etcd. Every write gets the next revision. */
export interface Etcd {
  readonly revision: () => number
  /** the revision up to which etcd itself has forgotten */
  readonly compacted: () => number
  /** the revision from which the API server's watch cache knows every change of a resource */
  readonly knownFrom: (prefix: string) => number
  readonly get: (prefix: string, namespace: string, name: string) => KeyValue | undefined
  /** Live keys of one namespace, or of all, in the order of their keys. */
  readonly range: (prefix: string, namespace?: string) => readonly KeyValue[]
  readonly count: (prefix: string, namespace?: string) => number
  /**
   * The transaction "if the key's mod revision is so (0: there is no key), then put": undefined where it is not, and `get` tells what
   * is there instead. The value is made knowing its revision, and what is kept aside knowing what was there before; both of what
   * comes along with the place. A lease must be there.
   */
  readonly optimisticPut: OptimisticPut
  /** The same with a delete. */
  readonly optimisticDelete: (place: Key, expectedRevision: number) => Change | undefined
  /** Keeps something else aside with a live key: no write, and nobody is told. */
  readonly putAside: (place: Key, aside: unknown) => void
  /** Any other transaction: all its writes share one revision, and if there are none there is no new revision. Throws an EtcdError. */
  readonly txn: (request: TxnRequest, actor: string) => TxnResponse
  readonly leases: Lessor
  readonly attend: (attendant: Attendant) => void
  /** Changes of a resource after `revision`, oldest first; undefined when the watch cache does not reach back so far. */
  readonly changesSince: (prefix: string, revision: number) => readonly Change[] | undefined
  /** Live keys as they were at a revision, in the order of their keys; undefined when that is too long ago. */
  readonly rangeAt: (prefix: string, namespace: string | undefined, revision: number) => readonly unknown[] | undefined
  /** Forgets what etcd's own readers could see up to a revision; the watch cache still holds it. */
  readonly compact: (revision: number) => void
  /** what the file may hold; undefined: as much as it likes */
  readonly quota: Quota | undefined
  /** no room is left: nothing may be put, though keys may be deleted */
  readonly isFull: () => boolean
  /** why nothing can be written or read for sure; undefined when all is well */
  readonly refusal: () => string | undefined
  /** all values that take up room: of live keys, and past ones that are not compacted */
  readonly values: () => Iterable<unknown>
  /** Live keys, any of them. */
  readonly within: (range: KeyRange) => readonly KeyValue[]
  /** The same as they were at a revision that is not compacted. */
  readonly withinAt: (range: KeyRange, revision: number) => readonly Past[]
  /** Changes of such keys after a revision that is not compacted, whatever the watch cache holds. */
  readonly changesWithin: (range: KeyRange, revision: number) => readonly Change[]
  /** Lets the watch cache forget old changes, too: of each resource it keeps the latest hundred. */
  readonly trim: (revision: number) => void
  /** The API server starts anew: its cache begins now. */
  readonly forgetCache: () => void
  readonly prefixes: () => readonly string[]
}

/** What a store may have besides its keys. */
export interface EtcdParts {
  /** members that must agree; undefined: there is one alone */
  readonly raft?: Raft | undefined
  /** what the file may hold; undefined: as much as it likes */
  readonly quota?: Quota | undefined
}

/** The keys of an etcd cluster: revisions, ranges, leases and history over plain data. */
export function createEtcd(sim: Sim, { raft, quota }: EtcdParts = {}): Etcd {
  const state = sim.slice<EtcdState>('etcd', () => ({
    revision: 1, // upstream: a fresh store is at revision 1
    shelves: new Map(),
    loose: new Map(),
    history: createHistory(),
  }))
  const { history, shelves } = state
  let attendant: Attendant | undefined
  const books = openBooks(state, raft, quota)
  const propose = (): void => raft?.propose()
  const leases = createLessor(sim, { propose, keysUnder: (lease) => keysUnder(state, lease), deleteKeys })

  function discard(entries: Map<string, KeyValue>, name: string, before: KeyValue, revision: number): Change {
    const { key, place } = before
    entries.delete(name)
    forgetOrder(entries)
    const value = attendant === undefined ? before.value : freeze(attendant.letGo(before, revision))
    const change: Change = { type: 'DELETE', key, place, revision, value, previous: before.value }
    remember(history, change, quota)
    return change
  }

  /** Deletes a live key, and tells of which resource it was. */
  function discardKey(found: KeyValue, revision: number, removals: Removal[]): void {
    const place = placeOf(state, found.key)
    if (place === undefined) {
      state.loose.delete(found.key)
      const { key, value } = found
      remember(history, { type: 'DELETE', key, place: key, revision, value, previous: value }, quota)
    } else
      removals.push({
        prefix: place.prefix,
        change: discard(entriesOf(state, place), place.name, found, revision),
      })
  }

  function tell(removals: readonly Removal[], actor: string): void {
    if (removals.length > 0) attendant?.onRemovals(removals, actor)
  }

  /** Keys that go with their lease. upstream: server/lease/lessor.go Revoke */
  function deleteKeys(keys: readonly string[], actor: string): void {
    const found = keys.map((key) => findKey(state, key)).filter((each) => each !== undefined)
    if (found.length === 0) return
    const revision = ++state.revision // the end of the lease is one entry in the members' logs already
    const removals: Removal[] = []
    for (const each of found) discardKey(each, revision, removals)
    tell(removals, actor)
  }

  function txn(request: TxnRequest, actor: string): TxnResponse {
    checkTxn(request)
    if (quota?.isFull() && [...request.success, ...request.failure].some((op) => op.do === 'put'))
      throw new EtcdError(etcdErrors.noSpace)
    const view = createTxnView(state, request)
    const succeeded = request.compare.every(view.holds)
    const ops = succeeded ? request.success : request.failure
    for (const op of ops)
      if (op.do === 'put' && op.lease && !leases.has(op.lease)) throw new EtcdError(etcdErrors.leaseNotFound)
    const removals: Removal[] = []
    let revision = 0
    const main = (): number => (revision ||= nextRevision(books))
    const answers = ops.map((op) => carryOut(op, view, main, removals))
    tell(removals, actor)
    return { succeeded, revision: state.revision, answers }
  }

  function carryOut(op: TxnOp, view: TxnView, main: () => number, removals: Removal[]): TxnAnswer {
    if (op.do === 'range') {
      const count = view.count(op)
      const kvs = op.countOnly === true || count === 0 ? [] : view.list(op, op.limit ?? 0)
      return { do: 'range', revision: state.revision, kvs, count }
    }
    const kvs = view.list(op.do === 'put' ? { key: op.key } : op, 0)
    if (op.do === 'put') {
      const { key, value, lease = '' } = op
      const before = state.loose.get(key)
      store(books, state.loose, key, before, key, key, value, main(), lease, undefined)
      view.onPut(state.loose.get(op.key)!)
    } else {
      for (const each of kvs) discardKey(each, main(), removals)
      if (kvs.length > 0) view.onDelete(op)
    }
    return { do: op.do, revision: state.revision, kvs, count: kvs.length }
  }

  function* values(): Iterable<unknown> {
    yield* valuesOf(state)
    for (const page of [...history.pages, history.tail])
      for (const { revision, previous } of page) if (revision > history.compacted) yield previous
  }

  return {
    revision: () => state.revision,
    compacted: () => history.compacted,
    knownFrom: (prefix) => knownFrom(history, prefix),
    get: (prefix, namespace, name) => cornerAt(books, prefix, namespace)?.entries?.get(name),
    range: (prefix, namespace) => keysOf(state, prefix, namespace),
    count(prefix, namespace) {
      if (namespace !== undefined) return cornerAt(books, prefix, namespace)?.entries?.size ?? 0
      let count = 0
      for (const entries of shelves.get(prefix)?.values() ?? []) count += entries.size
      return count
    },
    optimisticPut: puttingInto(books, leases),
    putAside({ prefix, namespace, name }, aside) {
      const entries = cornerAt(books, prefix, namespace)?.entries
      const found = entries?.get(name)
      if (found !== undefined) entries!.set(name, Object.freeze({ ...found, aside }))
    },
    optimisticDelete(place, expectedRevision) {
      const entries = cornerAt(books, place.prefix, place.namespace)?.entries
      const before = entries?.get(place.name)
      if (entries === undefined || before === undefined || before.modRevision !== expectedRevision) return undefined
      return discard(entries, place.name, before, nextRevision(books))
    },
    txn,
    leases,
    quota,
    attend(who) {
      attendant = who
    },
    changesSince: (prefix, revision) =>
      revision < knownFrom(history, prefix) ? undefined : changesAfter(history, prefix, revision),
    rangeAt(prefix, namespace, revision) {
      if (!reaches(history, prefix, revision)) return undefined
      const start = formatKey({ prefix, namespace: namespace ?? '', name: '' })
      const changes = changesAfter(history, prefix, revision).filter(({ key }) => key.startsWith(start))
      return undone(keysOf(state, prefix, namespace), changes).map(({ value }) => value)
    },
    compact(revision) {
      history.compacted = Math.max(history.compacted, revision)
      quota?.onCompact(values())
    },
    isFull: () => quota !== undefined && quota.isFull(),
    refusal: () => raft?.refusal(),
    values,
    within: (range) => keysWithin(state, range),
    withinAt: (range, revision) => undone(keysWithin(state, range), changesWithin(history, range, revision)),
    changesWithin: (range, revision) => changesWithin(history, range, revision),
    trim: (revision) => trim(history, revision),
    forgetCache() {
      history.cachedFrom = state.revision
    },
    prefixes: () => [...shelves.keys()].sort(),
  }
}

/** Keys as they were before some changes, in their order. */
function undone(now: readonly KeyValue[], changes: readonly Change[]): readonly Past[] {
  const then = new Map<string, Past>(now.map((each) => [each.key, each]))
  for (const { key, type, previous } of [...changes].reverse()) {
    if (type === 'PUT' && previous === undefined) then.delete(key)
    else then.set(key, { key, value: previous })
  }
  return inKeyOrder([...then.values()])
}
