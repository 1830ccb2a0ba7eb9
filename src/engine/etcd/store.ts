import { freeze, type Sim } from '../sim/index.ts'

/** A live key: upstream's `mvccpb.KeyValue`. */
export interface KeyValue<Value = unknown> {
  readonly key: string
  readonly value: Value
  readonly createRevision: number
  readonly modRevision: number
  /** puts since the key was created, 1 on create */
  readonly version: number
}

/** One change, as a watch tells it. `value` is what the key held after a put and before a delete. */
export interface Change<Value = unknown> {
  readonly type: 'PUT' | 'DELETE'
  readonly key: string
  readonly revision: number
  readonly value: Value
  readonly previous: Value | undefined
}

/** Live keys of one resource: by namespace (the empty string where there is none), then by name. */
export type Shelf = Map<string, Map<string, KeyValue>>

/** The store as data: live keys by resource, and the history that watches can start from. */
export interface EtcdState {
  revision: number
  compacted: number
  shelves: Map<string, Shelf>
  /** full pages are frozen, so checkpoints share them; the first page may begin before the compaction */
  history: (readonly Change[])[]
  tail: Change[]
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
  /** the revision up to which history is gone */
  readonly compacted: () => number
  readonly get: (prefix: string, namespace: string, name: string) => KeyValue | undefined
  /** Live keys of one namespace, or of all, in the order of their keys. */
  readonly range: (prefix: string, namespace?: string) => readonly KeyValue[]
  readonly count: (prefix: string, namespace?: string) => number
  readonly put: (key: Key, toValue: (revision: number) => unknown) => Change
  readonly remove: (key: Key, toValue: (revision: number) => unknown) => Change
  /** Changes of a resource after `revision`, oldest first; undefined when that history is compacted. */
  readonly changesSince: (prefix: string, revision: number) => readonly Change[] | undefined
  /** Live keys as they were at a revision, in the order of their keys; undefined when that is too long ago. */
  readonly rangeAt: (prefix: string, namespace: string | undefined, revision: number) => readonly unknown[] | undefined
  readonly compact: (revision: number) => void
  readonly prefixes: () => readonly string[]
}

const pageSize = 1024

/** History longer than this is forgotten early, like a full watch cache. upstream: apiserver/pkg/storage/cacher defaultUpperBoundCapacity */
const pagesMax = 100

const lastOf = (page: readonly Change[]): Change => page[page.length - 1]!

/** The key as etcd prints it. upstream: staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go */
export function formatKey({ prefix, namespace, name }: Key): string {
  return namespace === '' ? `/registry/${prefix}/${name}` : `/registry/${prefix}/${namespace}/${name}`
}

/** One etcd member: revisions, ranges and history over plain data. */
export function createEtcd(sim: Sim): Etcd {
  const state = sim.slice<EtcdState>('etcd', () => ({
    revision: 1, // upstream: a fresh store is at revision 1
    compacted: 0,
    shelves: new Map(),
    history: [],
    tail: [],
  }))

  function entriesOf({ prefix, namespace }: Key): Map<string, KeyValue> {
    let shelf = state.shelves.get(prefix)
    if (shelf === undefined) state.shelves.set(prefix, (shelf = new Map()))
    let entries = shelf.get(namespace)
    if (entries === undefined) shelf.set(namespace, (entries = new Map()))
    return entries
  }

  function remember(change: Change): Change {
    state.tail.push(Object.freeze(change))
    if (state.tail.length === pageSize) {
      state.history.push(Object.freeze(state.tail))
      state.tail = []
      if (state.history.length > pagesMax)
        state.compacted = Math.max(state.compacted, lastOf(state.history.shift()!).revision)
    }
    return change
  }

  function range(prefix: string, namespace?: string): readonly KeyValue[] {
    const shelf = state.shelves.get(prefix)
    if (shelf === undefined) return []
    if (namespace !== undefined) return inOrder(shelf.get(namespace))
    return [...shelf.keys()].sort(bySlash).flatMap((each) => inOrder(shelf.get(each)))
  }

  function changesSince(prefix: string, revision: number): readonly Change[] | undefined {
    if (revision < state.compacted) return undefined
    const start = `/registry/${prefix}/`
    return [...state.history, state.tail]
      .filter((page) => page.length > 0 && lastOf(page).revision > revision)
      .flatMap((page) => page.filter((change) => change.revision > revision && change.key.startsWith(start)))
  }

  return {
    revision: () => state.revision,
    compacted: () => state.compacted,
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
      const value = freeze(toValue(revision))
      const createRevision = before?.createRevision ?? revision
      const version = (before?.version ?? 0) + 1
      entries.set(place.name, Object.freeze({ key, value, createRevision, modRevision: revision, version }))
      return remember({ type: 'PUT', key, revision, value, previous: before?.value })
    },
    remove(place, toValue) {
      const revision = ++state.revision
      const entries = entriesOf(place)
      const before = entries.get(place.name)
      entries.delete(place.name)
      const value = freeze(toValue(revision))
      return remember({ type: 'DELETE', key: formatKey(place), revision, value, previous: before?.value })
    },
    changesSince,
    rangeAt(prefix, namespace, revision) {
      const changes = changesSince(prefix, revision)
      if (changes === undefined) return undefined
      const values = new Map(range(prefix, namespace).map(({ key, value }) => [key, value]))
      const start = formatKey({ prefix, namespace: namespace ?? '', name: '' })
      for (const { key, type, previous } of [...changes].reverse()) {
        if (!key.startsWith(start)) continue
        if (type === 'PUT' && previous === undefined) values.delete(key)
        else values.set(key, previous)
      }
      return [...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)
    },
    compact(revision) {
      state.compacted = Math.max(state.compacted, revision)
      const isOld = (page: readonly Change[] | undefined): boolean =>
        page !== undefined && lastOf(page).revision <= state.compacted
      while (isOld(state.history[0])) state.history.shift()
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
  return [...entries.keys()].sort().map((name) => entries.get(name)!)
}
