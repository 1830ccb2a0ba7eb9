import type { Change } from './history.ts'
import { isBefore, isHigh, isWithin, keysBelow, overlap, root, type Key, type KeyRange } from './keys.ts'

/** A live key, upstream's `mvccpb.KeyValue`: it is the change that put it last. */
export interface KeyValue<Value = unknown> extends Change<Value> {
  readonly createRevision: number
  /** the revision of that change */
  readonly modRevision: number
  /** puts since the key was created, 1 on create */
  readonly version: number
  /** the id of the lease it lives by, sixteen hexadecimal digits; the empty string for none */
  readonly lease: string
  /** what the API server keeps along with the value, for itself: etcd neither reads nor shows it */
  readonly aside: unknown
}

/** Live keys of one resource: by namespace (the empty string where there is none), then by name. */
export type Shelf = Map<string, Map<string, KeyValue>>

/** All live keys. */
export interface Keyspace {
  /** those of the API server, by resource */
  shelves: Map<string, Shelf>
  /** all others, which are people's, by the whole key */
  loose: Map<string, KeyValue>
}

/** Where keys of a resource and namespace stand; the place is made if need be. */
export function entriesOf({ shelves }: Keyspace, { prefix, namespace }: Key): Map<string, KeyValue> {
  let shelf = shelves.get(prefix)
  if (shelf === undefined) shelves.set(prefix, (shelf = new Map()))
  let entries = shelf.get(namespace)
  if (entries === undefined) shelf.set(namespace, (entries = new Map()))
  return entries
}

/** Which object a key of the API server is about; undefined for a key of no resource that is stored. */
export function placeOf({ shelves }: Keyspace, key: string): Key | undefined {
  if (!key.startsWith(root)) return undefined
  const parts = key.slice(root.length).split('/')
  for (let count = 1; count < parts.length; count++) {
    const prefix = count === 1 ? parts[0]! : parts.slice(0, count).join('/')
    if (!shelves.has(prefix)) continue
    const [first = '', second] = parts.slice(count)
    if (parts.length - count === 1) return { prefix, namespace: '', name: first }
    if (parts.length - count === 2) return { prefix, namespace: first, name: second! }
  }
  return undefined
}

/** The live key of exactly this text. */
export function findKey(space: Keyspace, key: string): KeyValue | undefined {
  if (!key.startsWith(root)) return space.loose.get(key)
  const place = placeOf(space, key)
  return place && space.shelves.get(place.prefix)?.get(place.namespace)?.get(place.name)
}

/** Live keys of a range, in their order. */
export function keysWithin(space: Keyspace, range: KeyRange): readonly KeyValue[] {
  const { key, end } = range
  if (end === undefined) {
    const found = findKey(space, key)
    return found === undefined ? none : [found]
  }
  const found: KeyValue[] = []
  const collect = (entries: ReadonlyMap<string, KeyValue>): void => {
    for (const entry of entries.values()) if (isWithin(range, entry.key)) found.push(entry)
  }
  collect(space.loose)
  for (const [prefix, shelf] of space.shelves)
    if (overlap({ key, end }, keysBelow(`${root}${prefix}/`))) for (const entries of shelf.values()) collect(entries)
  return inKeyOrder(found)
}

/** The keys that live by a lease, in their order. A lease ends once, and is asked for by hand: nothing is kept for it. */
export function keysUnder(space: Keyspace, lease: string): readonly string[] {
  const found: string[] = []
  const collect = (entries: ReadonlyMap<string, KeyValue>): void => {
    for (const entry of entries.values()) if (entry.lease === lease) found.push(entry.key)
  }
  collect(space.loose)
  for (const shelf of space.shelves.values()) for (const entries of shelf.values()) collect(entries)
  return found.sort()
}

/** Every value that is stored now. */
export function* valuesOf({ shelves, loose }: Keyspace): Iterable<unknown> {
  for (const shelf of shelves.values())
    for (const entries of shelf.values()) for (const { value } of entries.values()) yield value
  for (const { value } of loose.values()) yield value
}

/** Live keys of a resource: of one namespace, or of all, in the order of their keys. */
// differs: by UTF-16 units, where etcd compares bytes: it tells only between names with characters beyond U+D7FF
export function keysOf({ shelves }: Keyspace, prefix: string, namespace?: string): readonly KeyValue[] {
  const shelf = shelves.get(prefix)
  if (shelf === undefined) return none
  if (namespace !== undefined) return inOrder(shelf.get(namespace))
  if (shelf.size === 1) for (const entries of shelf.values()) return inOrder(entries)
  return [...shelf.keys()].sort(bySlash).flatMap((each) => inOrder(shelf.get(each)))
}

/** Must be told when a name goes; one that comes shows. */
export function forgetOrder(entries: ReadonlyMap<string, KeyValue>): void {
  sorted.delete(entries)
}

/** Sorts by key. */
export function inKeyOrder<T extends { readonly key: string }>(list: T[]): T[] {
  return list.sort(list.some(({ key }) => isHigh(key)) ? byPoints : byUnits)
}

type Keyed = { readonly key: string }
const byUnits = (a: Keyed, b: Keyed): number => (a.key < b.key ? -1 : 1)
const byPoints = (a: Keyed, b: Keyed): number => (isBefore(a.key, b.key) ? -1 : 1)

const none: readonly KeyValue[] = Object.freeze([])

/** Keys are compared whole, so `default-2/` comes before `default/`. */
function bySlash(a: string, b: string): number {
  return `${a}/` < `${b}/` ? -1 : 1
}

function inOrder(entries: ReadonlyMap<string, KeyValue> | undefined): KeyValue[] {
  if (entries === undefined) return []
  let names = sorted.get(entries)
  if (names?.length !== entries.size) sorted.set(entries, (names = [...entries.keys()].sort()))
  return names.map((name) => entries.get(name)!)
}

/** The names of a namespace in their order, as long as they are as many and none has gone: worked out again at will, and so no state. */
const sorted = new WeakMap<ReadonlyMap<string, KeyValue>, readonly string[]>()
