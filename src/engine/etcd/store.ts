import { freeze, type Sim } from '../sim/index.ts'
import type { Quota } from './quota.ts'
import type { Raft } from './raft/raft.ts'
import {
  changesAfter,
  createHistory,
  knownFrom,
  reaches,
  remember,
  trim,
  type Change,
  type HistoryState,
} from './history.ts'

export type { Change } from './history.ts'

/** A live key: upstream's `mvccpb.KeyValue`. */
export interface KeyValue<Value = unknown> {
  readonly key: string
  /** `namespace/name`: one text for all versions, so that whoever looks things up by it hashes it once */
  readonly place: string
  readonly value: Value
  readonly createRevision: number
  readonly modRevision: number
  /** puts since the key was created, 1 on create */
  readonly version: number
}

/** Live keys of one resource: by namespace (the empty string where there is none), then by name. */
export type Shelf = Map<string, Map<string, KeyValue>>

/** The store as data: live keys by resource, and the history that watches can start from. */
export interface EtcdState {
  revision: number
  shelves: Map<string, Shelf>
  history: HistoryState
}

/** A place in the key space: `/registry/<prefix>/<namespace>/<name>`. */
export interface Key {
  readonly prefix: string
  readonly namespace: string
  readonly name: string
}

/** What the API server asks of etcd. Every write gets the next revision, and makes its value knowing it. */
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
  readonly put: (key: Key, toValue: (revision: number) => unknown) => Change
  readonly remove: (key: Key, toValue: (revision: number) => unknown) => Change
  /** Changes of a resource after `revision`, oldest first; undefined when the watch cache does not reach back so far. */
  readonly changesSince: (prefix: string, revision: number) => readonly Change[] | undefined
  /** Live keys as they were at a revision, in the order of their keys; undefined when that is too long ago. */
  readonly rangeAt: (prefix: string, namespace: string | undefined, revision: number) => readonly unknown[] | undefined
  /** Forgets what etcd's own readers could see up to a revision; the watch cache still holds it. */
  readonly compact: (revision: number) => void
  /** no room is left: nothing may be put, though keys may be deleted */
  readonly isFull: () => boolean
  /** why nothing can be written or read for sure; undefined when all is well */
  readonly refusal: () => string | undefined
  /** all values that take up room: of live keys, and past ones that are not compacted */
  readonly values: () => Iterable<unknown>
  /** Changes of a resource that etcd itself may tell after a revision, whatever the watch cache holds. */
  readonly changesAfter: (prefix: string, revision: number) => readonly Change[]
  /** Lets the watch cache forget old changes, too: of each resource it keeps the latest hundred. */
  readonly trim: (revision: number) => void
  /** The API server starts anew: its cache begins now. */
  readonly forgetCache: () => void
  readonly prefixes: () => readonly string[]
}

/** The key as etcd prints it. upstream: staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go */
export function formatKey({ prefix, namespace, name }: Key): string {
  return namespace === '' ? `/registry/${prefix}/${name}` : `/registry/${prefix}/${namespace}/${name}`
}

const placeOf = ({ namespace, name }: Key): string => (namespace === '' ? name : `${namespace}/${name}`)

/** What a store may have besides its keys. */
export interface EtcdParts {
  /** members that must agree; undefined: there is one alone */
  readonly raft?: Raft | undefined
  /** what the file may hold; undefined: as much as it likes */
  readonly quota?: Quota | undefined
}

/** The keys of an etcd cluster: revisions, ranges and history over plain data. */
export function createEtcd(sim: Sim, { raft, quota }: EtcdParts = {}): Etcd {
  const state = sim.slice<EtcdState>('etcd', () => ({
    revision: 1, // upstream: a fresh store is at revision 1
    shelves: new Map(),
    history: createHistory(),
  }))
  const { history } = state

  function entriesOf({ prefix, namespace }: Key): Map<string, KeyValue> {
    let shelf = state.shelves.get(prefix)
    if (shelf === undefined) state.shelves.set(prefix, (shelf = new Map()))
    let entries = shelf.get(namespace)
    if (entries === undefined) shelf.set(namespace, (entries = new Map()))
    return entries
  }

  function range(prefix: string, namespace?: string): readonly KeyValue[] {
    const shelf = state.shelves.get(prefix)
    if (shelf === undefined) return []
    if (namespace !== undefined) return inOrder(shelf.get(namespace))
    return [...shelf.keys()].sort(bySlash).flatMap((each) => inOrder(shelf.get(each)))
  }

  /** Every change goes through here: to the history, the members' logs and the size of the file. */
  function commit(change: Change): Change {
    if (raft !== undefined) raft.propose()
    if (quota !== undefined) quota.onWrite(change)
    return remember(history, change)
  }

  function compact(revision: number): void {
    history.compacted = Math.max(history.compacted, revision)
    quota?.onCompact(values())
  }

  /** Every value that is stored: live ones, and past ones that are not compacted. */
  function* values(): Iterable<unknown> {
    for (const shelf of state.shelves.values())
      for (const entries of shelf.values()) for (const { value } of entries.values()) yield value
    for (const page of [...history.pages, history.tail])
      for (const { revision, previous } of page) if (revision > history.compacted) yield previous
  }

  return {
    revision: () => state.revision,
    compacted: () => history.compacted,
    knownFrom: (prefix) => knownFrom(history, prefix),
    get: (prefix, namespace, name) => state.shelves.get(prefix)?.get(namespace)?.get(name),
    range,
    count(prefix, namespace) {
      const shelf = state.shelves.get(prefix)
      if (namespace !== undefined) return shelf?.get(namespace)?.size ?? 0
      let count = 0
      for (const entries of shelf?.values() ?? []) count += entries.size
      return count
    },
    put(place, toValue) {
      const revision = ++state.revision
      const entries = entriesOf(place)
      const before = entries.get(place.name)
      const key = before?.key ?? formatKey(place)
      const at = before?.place ?? placeOf(place)
      const value = freeze(toValue(revision))
      if (before === undefined) sorted.delete(entries)
      const createRevision = before?.createRevision ?? revision
      const version = (before?.version ?? 0) + 1
      entries.set(place.name, Object.freeze({ key, place: at, value, createRevision, modRevision: revision, version }))
      return commit({ type: 'PUT', key, place: at, revision, value, previous: before?.value })
    },
    remove(place, toValue) {
      const revision = ++state.revision
      const entries = entriesOf(place)
      const before = entries.get(place.name)
      if (entries.delete(place.name)) sorted.delete(entries)
      const value = freeze(toValue(revision))
      const key = before?.key ?? formatKey(place)
      const at = before?.place ?? placeOf(place)
      return commit({ type: 'DELETE', key, place: at, revision, value, previous: before?.value })
    },
    changesSince: (prefix, revision) =>
      revision < knownFrom(history, prefix) ? undefined : changesAfter(history, prefix, revision),
    rangeAt(prefix, namespace, revision) {
      if (!reaches(history, prefix, revision)) return undefined
      const changes = changesAfter(history, prefix, revision)
      const values = new Map(range(prefix, namespace).map(({ key, value }) => [key, value]))
      const start = formatKey({ prefix, namespace: namespace ?? '', name: '' })
      for (const { key, type, previous } of [...changes].reverse()) {
        if (!key.startsWith(start)) continue
        if (type === 'PUT' && previous === undefined) values.delete(key)
        else values.set(key, previous)
      }
      return [...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)
    },
    compact,
    isFull: () => quota !== undefined && quota.isFull(),
    values,
    changesAfter: (prefix, revision) => changesAfter(history, prefix, revision),
    refusal: () => raft?.refusal(),
    trim: (revision) => trim(history, revision),
    forgetCache() {
      history.cachedFrom = state.revision
    },
    prefixes: () => [...state.shelves.keys()].sort(),
  }
}

/** Keys are compared whole, so `default-2/` comes before `default/`. */
function bySlash(a: string, b: string): number {
  return `${a}/` < `${b}/` ? -1 : 1
}

function inOrder(entries: ReadonlyMap<string, KeyValue> | undefined): KeyValue[] {
  if (entries === undefined) return []
  let names = sorted.get(entries)
  if (names === undefined) sorted.set(entries, (names = [...entries.keys()].sort()))
  return names.map((name) => entries.get(name)!)
}

/** The names of a namespace in their order, until one comes or goes: worked out again at will, and so no state. */
const sorted = new WeakMap<ReadonlyMap<string, KeyValue>, readonly string[]>()
