import {
  keyOf,
  ApiError,
  type ApiAnswer,
  type ApiRequest,
  type Delivery,
  type KubeObject,
  type RequestOptions,
  type Selection,
  type Status,
  type Watch,
  type WatchEvent,
} from '../api/index.ts'
import { apiVersionOf, type Kind } from '../kinds/defineKind.ts'
import type { Sim } from '../sim/index.ts'
import type { Etcd } from '../etcd/store.ts'
import type { Registry } from './registry.ts'
import type { ManagedFields } from './managedFields/index.ts'
import { checkVersion } from './read.ts'
import { deliveryIn, deliveryOf, filterOf, seenBy, watchEventOf, type Watchers } from './watchers.ts'

const bookmarkMs = 60_000 // upstream: defaultBookmarkFrequency
const lastBookmarkMs = 2_000
const none: readonly never[] = Object.freeze([])

type WatchRequest = Omit<ApiRequest, 'verb' | 'body' | 'patchType'>

/** What a watch needs of the server. */
export interface WatchSource {
  readonly registry: Registry
  readonly watchers: Watchers
  readonly etcd: Etcd
  readonly fields: ManagedFields
  readonly handle: (request: ApiRequest, actor: string) => ApiAnswer
}

/** Opens a watch: what is there already or has happened since a version comes first. Throws what the request would answer. */
// upstream: staging/src/k8s.io/apiserver/pkg/storage/cacher/cacher.go Watch
export function openWatch(sim: Sim, server: WatchSource, request: WatchRequest, id: string): Watch {
  const { group, version, resource, namespace, options = {}, name } = request
  const kind = server.registry.byPath(group, version, resource)
  const fieldSelector = name === undefined ? options.fieldSelector : `metadata.name=${name}`
  const { labelSelector } = options
  const selection: Selection = {
    kind: kindNameOf(server, kind),
    ...(kind.namespaced && namespace && { namespace }),
    ...(labelSelector && { labelSelector }),
    ...(fieldSelector && { fieldSelector }),
  }
  const early = firstEvents(server, kind, selection, request)
  const hasInitial = tellsExisting(options)
  const tell = (delivery: Delivery): WatchEvent => {
    const event = watchEventOf(delivery)
    if (!request.showsFields || event.type === 'ERROR') return event
    return { type: event.type, object: server.fields.shown(kind, event.object) as KubeObject }
  }
  const inbox = server.watchers.subscribe(id, selection, () => undefined)
  const stream: Stream = {
    early: early.map(tell),
    openedAt: sim.now(),
    markedAt: sim.now(),
    marksInitial: hasInitial,
    isOver: false,
  }
  const { timeoutSeconds = 0 } = options
  const endsAt = timeoutSeconds > 0 ? stream.openedAt + timeoutSeconds * 1000 : Infinity
  const mark = (): WatchEvent => bookmark(stream, kind, server.etcd.revision())
  if (options.sendInitialEvents === true && options.allowWatchBookmarks === true) stream.early.push(mark())
  return {
    take(max = Infinity) {
      if (stream.isOver) return none
      const events = stream.early.splice(0, max)
      if (events.length < max) events.push(...server.watchers.take(inbox, max - events.length).map(tell))
      const isDue =
        sim.now() - stream.markedAt >= bookmarkMs ||
        (sim.now() >= endsAt - lastBookmarkMs && stream.markedAt < endsAt - lastBookmarkMs)
      if (options.allowWatchBookmarks === true && isDue && events.length < max) {
        stream.markedAt = sim.now()
        events.push(mark())
      }
      if (sim.now() >= endsAt) stop()
      return events
    },
    isOver: () => stream.isOver,
    stop,
  }

  function stop(): void {
    stream.isOver = true
    server.watchers.unsubscribe(id)
  }
}

interface Stream {
  readonly early: WatchEvent[]
  readonly openedAt: number
  markedAt: number
  /** whether the next bookmark says that everything that was there has been told */
  marksInitial: boolean
  isOver: boolean
}

function bookmark(stream: Stream, kind: Kind, revision: number): WatchEvent {
  const annotations = stream.marksInitial ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}
  stream.marksInitial = false
  const metadata = { resourceVersion: String(revision), creationTimestamp: null, ...annotations }
  return {
    type: 'BOOKMARK',
    object: { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata } as unknown as KubeObject,
  }
}

/** How the watchers call a kind: bare for the first group that has it, with its version where another one is preferred. */
function kindNameOf({ registry }: WatchSource, kind: Kind): string {
  if (registry.byKind(kind.kind) === kind) return kind.kind
  const name = `${kind.kind}.${kind.group}`
  return registry.byKind(name) === kind ? name : `${kind.kind}.${kind.version}.${kind.group}`
}

function firstEvents(
  server: WatchSource,
  kind: Kind,
  selection: Selection,
  request: WatchRequest,
): readonly Delivery[] {
  const { resourceVersion = '' } = request.options ?? {}
  const sees = filterOf(kind, selection)
  if (request.options?.resourceVersion) checkWatchVersion(resourceVersion, server.etcd.revision())
  if (tellsExisting(request.options ?? {})) return existing(server, request)
  if (resourceVersion === '' || resourceVersion === '0') return none
  const since = Number(resourceVersion)
  const changes = server.etcd.changesSince(kind.storagePrefix, since)
  if (changes === undefined) return [tooOld(resourceVersion, server.etcd.knownFrom(kind.storagePrefix))]
  return changes
    .map((change) => seenBy(sees, deliveryIn(kind, deliveryOf(change, 0))))
    .filter((delivery) => delivery !== undefined)
}

/** Whether what is there already comes first: so it is without a version, or where it is asked for. */
function tellsExisting({ resourceVersion = '', sendInitialEvents }: RequestOptions): boolean {
  return sendInitialEvents ?? (resourceVersion === '' || resourceVersion === '0')
}

function checkWatchVersion(text: string, now: number): void {
  try {
    checkVersion(text, now)
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 400) throw error
    // a watch says the same in its own way: no reason, and as if it were the server's fault
    const message = (error.status.message ?? '').replace('invalid resource version: ', '')
    throw new ApiError({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code: 500 })
  }
}

function existing(server: WatchSource, request: WatchRequest): readonly Delivery[] {
  const { labelSelector, fieldSelector } = request.options ?? {}
  const byName = request.name === undefined ? fieldSelector : `metadata.name=${request.name}`
  const options = { ...(labelSelector && { labelSelector }), ...(byName && { fieldSelector: byName }) }
  const { name: _name, asTable: _asTable, ...rest } = request
  const { code, body } = server.handle({ ...rest, verb: 'list', options }, 'you')
  if (code >= 400) throw new ApiError(body as Status)
  const { items } = body as { items: readonly KubeObject[] }
  return items.map((object) => ({
    type: 'ADDED',
    key: keyOf(object),
    object,
    previous: undefined,
    revision: Number(object.metadata.resourceVersion),
    cause: 0,
  }))
}

function tooOld(version: string, oldest: number): Delivery {
  const status: Status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `too old resource version: ${version} (${oldest})`,
    reason: 'Expired',
    code: 410,
  }
  return {
    type: 'ERROR' as 'ADDED',
    key: '',
    object: status as unknown as KubeObject,
    previous: undefined,
    revision: 0,
    cause: 0,
  }
}
