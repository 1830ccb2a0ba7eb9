import {
  ApiError,
  statusError,
  unavailable,
  type ApiAnswer,
  type ApiRequest,
  type KubeObject,
  type Lease,
  type Status,
  type User,
  type Watch,
} from '../api/index.ts'
import { formatTime } from '../api/index.ts'
import type { Etcd } from '../etcd/store.ts'
import type { Kind } from '../kinds/defineKind.ts'
import type { Sim } from '../sim/index.ts'
import { admissionPlugins } from './admission/index.ts'
import { createHousekeeping } from './housekeeping.ts'
import { createLeases } from './leases.ts'
import type { Passage, Server } from './passage.ts'
import { createRegistry, type Registry } from './registry.ts'
import { createRoute } from './route.ts'
import { stages } from './stages.ts'
import { put, remove } from './storage.ts'
import { openWatch } from './watch.ts'
import { createWatchers, type Watchers } from './watchers.ts'

/** The API server: the only door to etcd. */
export interface ApiServer {
  readonly registry: Registry
  readonly watchers: Watchers
  readonly etcd: Etcd
  /** Answers any request; a refusal is an answer with a Status. `duplicates`: fields that the body's text named twice. */
  readonly handle: (request: ApiRequest, actor: string, duplicates?: readonly string[]) => ApiAnswer
  /** A component's own request: not authorized, and refused by a thrown ApiError. */
  readonly perform: (request: ApiRequest, actor: string) => unknown
  /** Opens a watch under an id of the caller's own. Throws what the request would answer. */
  readonly watch: (request: ApiRequest, id: string) => Watch
  readonly revision: () => number
  readonly setRunning: (isRunning: boolean) => void
  readonly isRunning: () => boolean
  /** Calls back each time the server answers again after it was away; watches go on from there. */
  readonly onBack: (listener: () => void) => void
  /** Takes the store away or gives it back: without it, only what may come from the cache is answered. */
  readonly setStore: (isThere: boolean) => void
  /** how many objects are stored */
  readonly objectCount: () => number
  /** Leases that are renewed again and again, without a write each time. */
  readonly keepLease: (namespace: string, name: string, periodMs: number) => void
  /** Ends the renewals and writes the last one down. */
  readonly dropLease: (namespace: string, name: string, actor: string) => void
  readonly isLeaseKept: (namespace: string, name: string) => boolean
}

interface ApiServerState {
  isRunning: boolean
  hasStore: boolean
}

const anonymous: User = Object.freeze({ name: 'system:anonymous', groups: ['system:unauthenticated'] })
const component: User = Object.freeze({ name: 'system:apiserver', groups: ['system:masters'] })
const stream = 'kube-apiserver'
const route = createRoute(stages)
const none: readonly string[] = Object.freeze([])

const isRead = (verb: string): boolean => verb === 'get' || verb === 'list' || verb === 'watch'

const distinct = (texts: readonly string[]): readonly string[] => (texts.length < 2 ? texts : [...new Set(texts)])

/** Builds the API server over a store. All its state is in the world: `apiserver`, `watchers` and what etcd holds. */
export function createApiServer(sim: Sim, etcd: Etcd, kinds: readonly Kind[]): ApiServer {
  const state = sim.slice<ApiServerState>('apiserver', () => ({ isRunning: true, hasStore: true }))
  const registry = createRegistry(kinds)
  const watchers = createWatchers(sim, registry.byKind)
  const leases = createLeases(sim)
  const housekeeping = createHousekeeping(sim, etcd, expire)
  const backListeners: (() => void)[] = []

  const findObject = (name: string, kindName: string, namespace: string): KubeObject | undefined => {
    const kind = registry.findByKind(kindName)
    return kind && (etcd.get(kind.storagePrefix, namespace, name)?.value as KubeObject | undefined)
  }

  const server: Server = {
    sim,
    etcd,
    registry,
    watchers,
    admission: admissionPlugins,
    context: {
      get now() {
        return formatTime(sim.now())
      },
      int: (below) => sim.int(stream, below),
      find: <Other extends KubeObject>(kind: string, name: string, namespace = '') =>
        findObject(name, kind, namespace) as Other | undefined,
      list<Other extends KubeObject>(kindName: string, namespace?: string) {
        const kind = registry.findByKind(kindName)
        return kind === undefined ? [] : etcd.range(kind.storagePrefix, namespace).map(({ value }) => value as Other)
      },
    },
    onWrite(kind, change) {
      housekeeping.onWrite(kind, change)
      leases.onWrite(kind, change)
    },
    view: leases.view,
  }

  function passageOf(request: ApiRequest, actor: string, isTrusted: boolean, duplicates: readonly string[]): Passage {
    const kind = registry.byPath(request.group, request.version, request.resource)
    return {
      request,
      actor,
      isTrusted,
      user: isTrusted ? component : (request.user ?? anonymous),
      kind,
      subresource: request.subresource ?? '',
      namespace: kind.namespaced ? (request.namespace ?? '') : '',
      options: request.options ?? {},
      name: request.name ?? '',
      old: undefined,
      draft: undefined,
      warnings: [],
      duplicates,
      code: 200,
      answer: undefined,
    }
  }

  /** Walks a request through its stages; throws the first refusal. */
  function pass(passage: Passage): void {
    if (!state.isRunning) throw unavailable('the server is currently unable to handle the request')
    if (!state.hasStore && passage.options.resourceVersion !== '0')
      throw statusError({ message: 'etcdserver: request timed out', code: 500 })
    for (let step: typeof route.first | null = route.first; step !== null;)
      step = route.after(step, step.work(passage, server))
  }

  /** An object whose time is over leaves without ceremony, unless it was written again meanwhile. */
  function expire(plural: string, namespace: string, name: string, revision: number): void {
    const kind = kinds.find((one) => one.plural === plural && one.lifetimeMs !== undefined)
    const found = kind && etcd.get(kind.storagePrefix, namespace, name)
    if (kind === undefined || found === undefined || found.modRevision > revision) return
    const request = {
      verb: 'delete' as const,
      group: kind.group,
      version: kind.version,
      resource: plural,
      namespace,
      name,
    }
    remove(passageOf(request, 'etcd', true, none), found.value as KubeObject, server)
  }

  function dropLease(namespace: string, name: string, actor: string): void {
    const renewTime = leases.drop(namespace, name)
    const kind = registry.byKind('Lease')
    const found = etcd.get(kind.storagePrefix, namespace, name)?.value as Lease | undefined
    // written even if it says nothing new: it tells the watchers that from now on renewals would be heard
    if (renewTime === undefined || found === undefined) return
    const { group, version, plural: resource } = kind
    const request = { verb: 'update' as const, group, version, resource, namespace, name }
    put(
      passageOf(request, actor, true, none),
      { ...found, spec: { ...found.spec, renewTime } } as Lease,
      'updated',
      server,
    )
  }

  function change(run: () => void): void {
    const wasDown = !state.isRunning || !state.hasStore
    run()
    const isDown = !state.isRunning || !state.hasStore
    leases.onDown(isDown)
    if (wasDown && !isDown) for (const listener of backListeners) listener()
  }

  function handle(request: ApiRequest, actor: string, duplicates: readonly string[] = none): ApiAnswer {
    let warnings: readonly string[] = none
    try {
      const passage = passageOf(request, actor, false, duplicates)
      warnings = passage.warnings
      pass(passage)
      return { code: passage.code, body: passage.answer, warnings: distinct(warnings) }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      // a page that looks, or a command that waits, may look as often as it likes
      if (!isRead(request.verb))
        sim.record(actor, 'refused', undefined, {
          verb: request.verb,
          resource: request.resource,
          reason: error.reason,
        })
      return { code: error.code, body: error.status, warnings: distinct(warnings) }
    }
  }

  return {
    registry,
    watchers,
    etcd,
    handle,
    watch(request, id) {
      const { code, body } = handle({ ...request, verb: 'watch' }, 'you')
      if (code >= 400) throw new ApiError(body as Status)
      return openWatch(sim, { registry, watchers, etcd, handle }, request, id)
    },
    perform(request, actor) {
      const passage = passageOf(request, actor, true, none)
      pass(passage)
      return passage.answer
    },
    revision: () => etcd.revision(),
    setRunning(isRunning) {
      change(() => (state.isRunning = isRunning))
    },
    isRunning: () => state.isRunning,
    onBack: (listener) => void backListeners.push(listener),
    setStore(isThere) {
      change(() => (state.hasStore = isThere))
    },
    objectCount: () => etcd.prefixes().reduce((sum, prefix) => sum + etcd.count(prefix), 0),
    keepLease: leases.keep,
    dropLease,
    isLeaseKept: leases.isKept,
  }
}
