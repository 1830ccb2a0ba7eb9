import {
  ApiError,
  keyOf,
  type ApiRequest,
  type Delivery,
  type Inbox,
  type KindName,
  type KubeObject,
  type Selection,
} from '../api/index.ts'
import { aspectsIn, aspectsOf, type Aspect } from './aspects.ts'
import type { Process } from './process.ts'

/** A change as an informer's listeners get it. */
export interface Change<T extends KubeObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  /** `namespace/name`, or the bare name: the same text each time, which Maps look up fastest */
  readonly key: string
  readonly object: T
  readonly previous: T | undefined
  /** the trace record of the write */
  readonly cause: number
}

/** A local cache of one kind, a few milliseconds behind the API server, as in client-go. */
export interface Informer<T extends KubeObject> {
  /** by `namespace/name`, or the bare name */
  readonly get: (key: string) => T | undefined
  readonly list: () => Iterable<T>
  readonly size: () => number
  /** objects whose index function named `value`; in the order they came */
  readonly by: (index: string, value: string) => readonly T[]
  /** the revision of the last change that arrived */
  readonly revision: () => number
  readonly listen: (listener: (change: Change<T>) => void) => void
}

/** Objects of a kind by values that are read from them. */
export interface Index<T> {
  /** the parts of an object that are read: as long as these stay as they are, its values do */
  readonly reads: readonly Aspect[]
  readonly values: (object: T) => readonly string[]
}

/** Indexes by name. */
export type Indexers<T> = Readonly<Record<string, Index<T>>>

interface InformerState {
  items: Map<string, KubeObject>
  /** by name and value, the keys of the objects that have the value */
  indexes: Map<string, Entries>
  revision: number
  isWaking: boolean
  /** it could not be listed when it should have been: done as soon as the server answers */
  isStale: boolean
}

type Entries = Map<string, Set<string>>

const nothing: readonly never[] = Object.freeze([])
const noValues: readonly string[] = Object.freeze([])

/** The informers of one process, shared by whoever asks for the same selection. */
export interface InformerFactory {
  readonly informer: <T extends KubeObject>(selection: Selection, indexers?: Indexers<T>) => Informer<T>
}

/** Makes a process's informers. Listeners and index functions are registered anew after a restore; all else is data. */
export function createInformerFactory(process: Process): InformerFactory {
  const lives = new Map<string, Live>()

  process.onChange((change) => {
    if (change === 'connected') comeBack()
    if (change === 'restarted') for (const live of lives.values()) relist(live)
  })
  process.server.onBack?.(comeBack)

  /** What waited while nobody could be reached is fetched now: no later change would do it. */
  function comeBack(): void {
    if (!process.isUp()) return
    for (const live of lives.values()) if (live.state.isStale) relist(live)
    for (const { inbox, wake } of lives.values())
      if (inbox.pending.length > 0 && wake()) process.server.watchers.rouse(inbox)
  }

  return {
    informer<T extends KubeObject>(selection: Selection, indexers?: Indexers<T>): Informer<T> {
      const id = idOf(selection)
      let live = lives.get(id)
      if (live === undefined) lives.set(id, (live = start(process, selection, id)))
      for (const [name, index] of Object.entries(indexers ?? {})) addIndex(live, name, index as unknown as AnyIndex)
      return live.face as Informer<T>
    },
  }
}

type Listener = (change: Change<KubeObject>) => void
type AnyIndex = Index<KubeObject>

/** An informer at work: its data, and what has been registered with it. */
interface Live {
  readonly process: Process
  readonly selection: Selection
  /** what it has not taken in yet */
  readonly inbox: Inbox
  readonly state: InformerState
  readonly indexes: LiveIndex[]
  readonly listeners: Listener[]
  readonly face: Informer<KubeObject>
  /** Whether it is to be called when what waits has come: not if it will be anyhow, nor while nobody can be reached. */
  readonly wake: () => boolean
}

interface LiveIndex {
  readonly name: string
  /** what of a change can alter the values of an object */
  readonly aspects: number
  readonly valuesOf: (object: KubeObject) => readonly string[]
  readonly entries: Entries
}

function start(process: Process, selection: Selection, id: string): Live {
  const watcher = `${process.name}/${id}`
  let isNew = false
  const state = process.sim.slice<InformerState>(`informer/${watcher}`, () => {
    isNew = true
    return { items: new Map(), indexes: new Map(), revision: 0, isWaking: false, isStale: false }
  })
  const listeners: Listener[] = []
  const face = faceOf(state, listeners)
  const { watchers } = process.server
  const wake = (): boolean => !state.isWaking && process.isUp() && (state.isWaking = true)
  const read = (): void => {
    state.isWaking = false
    if (process.isUp()) receiveAll(live, watchers.take(inbox))
  }
  const inbox = watchers.subscribe(watcher, selection, wake, read)
  const live: Live = { process, selection, inbox, state, indexes: [], listeners, face, wake }
  if (isNew) for (const object of listed(live)) state.items.set(keyOf(object), object)
  return live
}

function faceOf(state: InformerState, listeners: Listener[]): Informer<KubeObject> {
  const { items, indexes } = state
  return {
    get: (key) => items.get(key),
    list: () => items.values(),
    size: () => items.size,
    by(index, value) {
      const keys = indexes.get(index)?.get(value)
      return keys === undefined ? nothing : objectsOf(items, keys)
    },
    revision: () => state.revision,
    listen: (listener) => void listeners.push(listener),
  }
}

function objectsOf(items: ReadonlyMap<string, KubeObject>, keys: Iterable<string>): readonly KubeObject[] {
  const objects: KubeObject[] = []
  for (const key of keys) objects.push(items.get(key)!)
  return objects
}

function relist(live: Live): void {
  const { process, state, inbox } = live
  process.server.watchers.take(inbox)
  state.items.clear()
  for (const entries of state.indexes.values()) entries.clear()
  receiveAll(live, listed(live).map(added))
}

/** upstream: a reflector whose list fails tries again until it succeeds; until then its cache is empty */
function listed({ process, selection, state }: Live): readonly KubeObject[] {
  const kind = process.server.registry.findByKind(selection.kind)
  try {
    if (kind === undefined) return [] // a custom resource whose definition has gone
    if (process.isUp()) {
      const { items } = process.server.perform(listRequest(kind, selection), process.name) as { items: KubeObject[] }
      state.isStale = false
      return items
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
  }
  state.isStale = true
  return []
}

/** What listeners do is the consequence of the write they hear of. */
function receiveAll({ process, state, indexes, listeners }: Live, deliveries: readonly Delivery[]): void {
  const { world } = process.sim
  const { items, isStale } = state
  const before = world.cause
  for (const delivery of deliveries) {
    const { type, key, object, revision, cause } = delivery
    const change = isStale ? changeOf(delivery, items.get(key)) : delivery
    world.cause = cause
    if (type === 'DELETED') items.delete(key)
    else items.set(key, object)
    if (indexes.length > 0) reindex(indexes, change)
    if (revision > state.revision) state.revision = revision
    for (const listener of listeners) listener(change)
  }
  world.cause = before
}

/**
 * A cache that could not be listed knows less than the stream, and decides between added and modified: upstream, client-go's
 * DeltaFIFO does the same. All others hold what the stream says was there before.
 */
function changeOf(delivery: Delivery, previous: KubeObject | undefined): Change<KubeObject> {
  const type = delivery.type === 'DELETED' ? 'DELETED' : previous === undefined ? 'ADDED' : 'MODIFIED'
  const { key, object, cause } = delivery
  return { type, key, object, previous, cause }
}

function added(object: KubeObject): Delivery {
  const revision = Number(object.metadata.resourceVersion)
  return { type: 'ADDED', key: keyOf(object), object, previous: undefined, revision, cause: 0 }
}

/** Most changes alter nothing that an index reads. */
function reindex(indexes: readonly LiveIndex[], change: Change<KubeObject>): void {
  const { type, key, object, previous } = change
  const aspects = aspectsOf(change)
  for (const index of indexes) {
    if ((index.aspects & aspects) === 0) continue
    const before = previous === undefined ? noValues : index.valuesOf(previous)
    const after = type === 'DELETED' ? noValues : index.valuesOf(object)
    if (before.length > 0 || after.length > 0) move(index.entries, before, after, key)
  }
}

function move(entries: Entries, before: readonly string[], after: readonly string[], key: string): void {
  for (const value of before) if (!after.includes(value)) unlink(entries, value, key)
  for (const value of after) link(entries, value, key)
}

function link(entries: Entries, value: string, key: string): void {
  const keys = entries.get(value)
  if (keys === undefined) entries.set(value, new Set([key]))
  else keys.add(key)
}

function unlink(entries: Entries, value: string, key: string): void {
  const keys = entries.get(value)
  keys?.delete(key)
  if (keys?.size === 0) entries.delete(value)
}

function addIndex({ state, indexes }: Live, name: string, { reads, values }: AnyIndex): void {
  if (indexes.some((index) => index.name === name)) return
  const known = state.indexes.get(name)
  const entries: Entries = known ?? new Map()
  indexes.push({ name, aspects: aspectsIn(reads) | aspectsIn(existence), valuesOf: values, entries })
  if (known !== undefined) return
  state.indexes.set(name, entries)
  for (const [key, object] of state.items) for (const value of values(object)) link(entries, value, key)
}

/** what every index has to do with, whatever it reads */
const existence: readonly Aspect[] = ['birth', 'death']

function idOf({ kind, namespace, labelSelector, fieldSelector }: Selection): string {
  return [kind, namespace, labelSelector, fieldSelector].filter((part) => part !== undefined).join(';')
}

function listRequest(
  { group, version, plural }: KindName,
  { namespace, labelSelector, fieldSelector }: Selection,
): ApiRequest {
  return {
    verb: 'list',
    group,
    version,
    resource: plural,
    ...(namespace !== undefined && { namespace }),
    options: { ...(labelSelector && { labelSelector }), ...(fieldSelector && { fieldSelector }) },
  }
}
