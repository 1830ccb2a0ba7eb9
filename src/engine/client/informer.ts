import {
  ApiError,
  keyOf,
  type ApiRequest,
  type Delivery,
  type KindName,
  type KubeObject,
  type Selection,
} from '../api/index.ts'
import { must } from '../sim/index.ts'
import type { Process } from './process.ts'

/** How long a watch event travels, in virtual milliseconds. */
export const watchLatencyMs = 2

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
  readonly by: (index: string, value: string) => Iterable<T>
  /** the revision of the last change that arrived */
  readonly revision: () => number
  readonly listen: (listener: (change: Change<T>) => void) => void
}

/** Reads the values under which an object is found again. */
export type Indexers<T> = Readonly<Record<string, (object: T) => readonly string[]>>

interface InformerState {
  items: Map<string, KubeObject>
  indexes: Map<string, Map<string, Map<string, KubeObject>>>
  revision: number
  isWaking: boolean
  /** it could not be listed when it should have been: done as soon as the server answers */
  isStale?: boolean
}

const delivered = Object.freeze({ type: 'delivered' })
const nothing: ReadonlyMap<string, never> = new Map<string, never>()
const noValues: readonly string[] = Object.freeze([])

/** The informers of one process, shared by whoever asks for the same selection. */
export interface InformerFactory {
  readonly informer: <T extends KubeObject>(selection: Selection, indexers?: Indexers<T>) => Informer<T>
}

/** Makes a process's informers. Listeners and index functions are registered anew after a restore; all else is data. */
export function createInformerFactory(process: Process): InformerFactory {
  const { sim, server } = process
  const lives = new Map<string, Live>()
  const address = `informer@${process.name}`

  sim.handle(address, (id) => must(lives.get(id), 'no such informer', id).deliver())
  process.onChange((change) => {
    if (change === 'connected') comeBack()
    if (change === 'restarted') for (const live of lives.values()) live.relist()
  })
  server.onBack?.(comeBack)

  /** What waited while nobody could be reached is fetched now: no later change would do it. */
  function comeBack(): void {
    if (!process.isUp()) return
    for (const live of lives.values()) if (live.state.isStale) live.relist()
    for (const live of lives.values()) live.wake()
  }

  function start(id: string, selection: Selection): Live {
    const watcher = `${process.name}/${id}`
    const own = `${address}/${id}`
    let isNew = false
    const state = sim.slice<InformerState>(`informer/${watcher}`, () => {
      isNew = true
      return { items: new Map(), indexes: new Map(), revision: 0, isWaking: false }
    })
    const listeners: Listener[] = []
    const live: Live = { state, indexers: {}, indexNames: [], listeners, tell, wake, deliver, relist }

    function tell(change: Change<KubeObject>): void {
      for (const listener of listeners) listener(change)
    }

    function wake(): void {
      if (state.isWaking || !process.isUp() || server.watchers.waiting(watcher) === 0) return
      state.isWaking = true
      sim.schedule(watchLatencyMs, own, delivered)
    }

    function deliver(): void {
      state.isWaking = false
      if (!process.isUp()) return
      for (const delivery of server.watchers.take(watcher)) receive(live, delivery, sim.because)
    }

    function relist(): void {
      server.watchers.take(watcher)
      state.items.clear()
      state.indexes.clear()
      for (const object of listed()) receive(live, added(object), sim.because)
    }

    /** upstream: a reflector whose list fails tries again until it succeeds; until then its cache is empty */
    function listed(): readonly KubeObject[] {
      const kind = server.registry.findByKind(selection.kind)
      try {
        if (kind === undefined) return [] // a custom resource whose definition has gone
        if (process.isUp()) {
          const { items } = server.perform(listRequest(kind, selection), process.name) as { items: KubeObject[] }
          delete state.isStale
          return items
        }
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
      }
      state.isStale = true
      return []
    }

    server.watchers.subscribe(watcher, selection, wake)
    if (isNew) for (const object of listed()) keep(live, keyOf(object), object, undefined)
    return live
  }

  return {
    informer<T extends KubeObject>(selection: Selection, indexers?: Indexers<T>): Informer<T> {
      const id = idOf(selection)
      let live = lives.get(id)
      if (live === undefined) lives.set(id, (live = start(id, selection)))
      for (const [name, read] of Object.entries(indexers ?? {})) addIndex(live, name, read as unknown as Reader)
      return faceOf<T>(live)
    },
  }
}

type Listener = (change: Change<KubeObject>) => void
type Reader = (object: KubeObject) => readonly string[]

interface Live {
  readonly state: InformerState
  readonly indexers: Record<string, Reader>
  readonly indexNames: string[]
  readonly listeners: Listener[]
  readonly tell: (change: Change<KubeObject>) => void
  readonly wake: () => void
  readonly deliver: () => void
  readonly relist: () => void
}

function faceOf<T extends KubeObject>(live: Live): Informer<T> {
  const { state } = live
  return {
    get: (key) => state.items.get(key) as T | undefined,
    list: () => state.items.values() as IterableIterator<T>,
    size: () => state.items.size,
    by: (index, value) => (state.indexes.get(index)?.get(value) ?? nothing).values() as IterableIterator<T>,
    revision: () => state.revision,
    listen: (listener) => void live.listeners.push(listener as Listener),
  }
}

function receive(live: Live, delivery: Delivery, because: Process['sim']['because']): void {
  const { type, key, object, revision, cause } = delivery
  const { state, listeners } = live
  const previous = state.items.get(key)
  if (type === 'DELETED') forget(live, key, previous)
  else keep(live, key, object, previous)
  if (revision > state.revision) state.revision = revision
  if (listeners.length === 0) return
  // the cache decides between added and modified, not the stream: upstream, client-go's DeltaFIFO does the same
  const seen = type === 'DELETED' ? type : previous === undefined ? 'ADDED' : 'MODIFIED'
  const change: Change<KubeObject> = { type: seen, key, object, previous, cause }
  because(cause, live.tell, change)
}

function added(object: KubeObject): Delivery {
  const revision = Number(object.metadata.resourceVersion)
  return { type: 'ADDED', key: keyOf(object), object, previous: undefined, revision, cause: 0 }
}

function keep(live: Live, key: string, object: KubeObject, previous: KubeObject | undefined): void {
  live.state.items.set(key, object)
  for (const name of live.indexNames) reindex(live, name, key, previous, object)
}

function forget(live: Live, key: string, previous: KubeObject | undefined): void {
  live.state.items.delete(key)
  for (const name of live.indexNames) reindex(live, name, key, previous, undefined)
}

function reindex(
  live: Live,
  name: string,
  key: string,
  before: KubeObject | undefined,
  after: KubeObject | undefined,
): void {
  const read = live.indexers[name]!
  let index = live.state.indexes.get(name)
  if (index === undefined) live.state.indexes.set(name, (index = new Map()))
  const now = after === undefined ? noValues : read(after)
  for (const value of before === undefined ? noValues : read(before)) {
    if (now.includes(value)) continue
    const entries = index.get(value)
    entries?.delete(key)
    if (entries?.size === 0) index.delete(value)
  }
  for (const value of now) {
    let entries = index.get(value)
    if (entries === undefined) index.set(value, (entries = new Map()))
    entries.set(key, after!)
  }
}

function addIndex(live: Live, name: string, read: Reader): void {
  if (live.indexers[name] !== undefined) return
  live.indexers[name] = read
  live.indexNames.push(name)
  if (live.state.indexes.has(name)) return
  for (const [key, object] of live.state.items) reindex(live, name, key, undefined, object)
}

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
