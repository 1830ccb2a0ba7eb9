import {
  ApiError,
  statusError,
  unavailable,
  type ApiAnswer,
  type ApiDoor,
  type ApiRequest,
  type Event,
  type CustomResourceDefinition,
  type KindName,
  type KubeObject,
  type Lease,
  type LeaseLost,
  type Status,
  type User,
  type Watch,
} from '../api/index.ts'
import { formatTime } from '../api/index.ts'
import type { Etcd } from '../etcd/store.ts'
import type { Kind } from '../kinds/defineKind.ts'
import type { Sim } from '../sim/index.ts'
import { createGates } from './admission/admission.ts'
import { admissionPlugins } from './admission/index.ts'
import { createPolicies } from './admission/policies/index.ts'
import { anonymous, userOfHeaders } from './authentication/users.ts'
import { authorize } from './authorization/index.ts'
import { authorizePath } from './authorization/paths.ts'
import { createUpkeep } from './builtIns/upkeep.ts'
import { createAggregation, type Aggregation } from './aggregation/aggregation.ts'
import type { MetricsSource } from './aggregation/metricsSource.ts'
import { customKinds } from './customResources/kinds.ts'
import { createLifecycle } from './customResources/lifecycle.ts'
import { createEventWay } from './eventWay.ts'
import type { Hearer } from './hearers.ts'
import { createHousekeeping } from './housekeeping.ts'
import { createLeases } from './leases.ts'
import { createLifetimes } from './lifetimes.ts'
import { createManagedFields, type ManagedFields, type Ownership } from './managedFields/index.ts'
import type { Passage, Server } from './passage.ts'
import { findOne } from './read.ts'
import { createRegistry, type Registry } from './registry.ts'
import { takeReport } from './reportWay.ts'
import { createRoute, firstStage } from './route.ts'
import { idleStages, isRead, stages } from './stages.ts'
import { stamped } from './stamp.ts'
import { hearRemovals, put } from './storage.ts'
import { findSubresource } from './subresources/index.ts'
import { toldWarnings } from './warnings.ts'
import { openWatch } from './watch.ts'
import { createWatchers, type Watchers } from './watchers.ts'

/** The API server: the only door to etcd. */
export interface ApiServer {
  readonly registry: Registry
  readonly watchers: Watchers
  readonly etcd: Etcd
  /** Answers any request; a refusal is an answer with a Status. `duplicates`: fields that the body's text named twice. */
  readonly handle: (request: ApiRequest, actor: string, duplicates?: readonly string[]) => ApiAnswer
  /** A component's own request: not authorized, and refused by a thrown ApiError. `kind`: the registry's, from who has it at hand. */
  readonly perform: ApiDoor['perform']
  /** A component's get of one object, which is there nearly always: undefined for a 404. */
  readonly find: ApiDoor['find']
  /** Takes a component's new Event the short way, where there is one (`eventWay.ts`). */
  readonly takeEvent: (event: Event, namespace: string, actor: string) => boolean
  /** Takes a component's report the short way, where it is one (`reportWay.ts`). */
  readonly takeReport: NonNullable<ApiDoor['takeReport']>
  /** Opens a watch under an id of the caller's own. Throws what the request would answer. */
  readonly watch: (request: ApiRequest, id: string) => Watch
  /** who owns which field: what answers and watches show where `showsFields` is asked for */
  readonly fields: ManagedFields
  readonly revision: () => number
  readonly setRunning: (isRunning: boolean) => void
  readonly isRunning: () => boolean
  /** the same, as what it is read off */
  readonly state: { readonly isRunning: boolean }
  /** Calls back each time the server answers again after it was away; watches go on from there. */
  readonly onBack: (listener: () => void) => void
  /** Takes the store away or gives it back: without it, only what may come from the cache is answered. */
  readonly setStore: (isThere: boolean) => void
  readonly hasStore: () => boolean
  /** Who asks over HTTP, by the headers; `user` if the caller knows better. */
  readonly authenticate: (headers: Readonly<Record<string, string>>, user: User | undefined) => User
  /** Throws the 403 of a request that is answered elsewhere: by a node. */
  readonly authorize: (request: ApiRequest) => void
  /** The same for a path at which no resource is served. */
  readonly authorizePath: (user: User, method: string, parts: readonly string[]) => void
  /** how many objects are stored */
  readonly objectCount: () => number
  /** Says where the numbers of `metrics.k8s.io` come from, while an APIService leads there. */
  readonly metricsFrom: (source: MetricsSource) => void
  /** The refusal of a version whose own server does not answer. */
  readonly unanswered: Aggregation['refusal']
  /** Leases that are renewed again and again, without a write each time. */
  readonly keepLease: (namespace: string, name: string, periodMs: number) => void
  /** Ends the renewals and writes the last one down. */
  readonly dropLease: (namespace: string, name: string, actor: string) => void
  readonly isLeaseKept: (namespace: string, name: string) => boolean
  readonly onLeaseLost: (listener: LeaseLost) => void
}

interface ApiServerState {
  isRunning: boolean
  hasStore: boolean
}

const component: User = Object.freeze({ name: 'system:apiserver', groups: ['system:masters'] })
const stream = 'kube-apiserver'
const routes = {
  asked: createRoute(stages),
  read: createRoute(stages, idleStages.read),
  write: createRoute(stages, idleStages.write),
  report: createRoute(stages, idleStages.report),
  policedReport: createRoute(stages, idleStages.policedReport),
  rest: createRoute(stages, idleStages.rest),
}
const none: readonly never[] = Object.freeze([])
const noOptions = Object.freeze({})

/** Builds the API server over a store. All its state is in the world: `apiserver`, `watchers` and what etcd holds. */
export function createApiServer(sim: Sim, etcd: Etcd, kinds: readonly Kind[]): ApiServer {
  const state = sim.slice<ApiServerState>('apiserver', () => ({ isRunning: true, hasStore: true }))
  const definitions = kinds.find(({ kind }) => kind === 'CustomResourceDefinition')
  const registry = createRegistry(kinds, kindsAtRunTime, (group, version) => aggregation.refusal(group, version))
  const aggregation = createAggregation(sim, etcd, {
    perform: (request, actor) => perform(request, actor),
    isUp: () => isUp(),
    findKind: registry.findByKind,
    refresh: registry.refresh,
  })
  const hearers: Hearer[] = []
  const watchers = createWatchers(sim, registry.byKind, hearers)
  const leases = createLeases(sim)
  const fields = createManagedFields(sim, etcd)
  const policies = createPolicies(sim, etcd, kinds)
  const isUp = (): boolean => state.isRunning && state.hasStore
  const housekeeping = createHousekeeping(sim, etcd, isUp)
  const lifetimes = createLifetimes(sim, etcd)
  const backListeners: (() => void)[] = [aggregation.resume]

  function kindsAtRunTime(): readonly Kind[] {
    const served = aggregation.kinds()
    if (definitions === undefined) return served
    const stored = etcd.range(definitions.storagePrefix, '')
    return [...stored.flatMap(({ value }) => customKinds(value as CustomResourceDefinition)), ...served]
  }

  const findObject = (name: string, kindName: string, namespace: string): KubeObject | undefined => {
    const kind = registry.findByKind(kindName)
    return kind && (etcd.get(kind.storagePrefix, namespace, name)?.value as KubeObject | undefined)
  }

  const server: Server = {
    sim,
    etcd,
    registry,
    watchers,
    gates: createGates([...admissionPlugins.slice(0, -1), ...policies.plugins, ...admissionPlugins.slice(-1)]), // quota comes last
    hasPolicies: () => !policies.isIdle(),
    context: {
      get now() {
        return formatTime(sim.now())
      },
      int: sim.intsOf(stream),
      isServed: (kind) => registry.findByKind(kind) !== undefined,
      find: <Other extends KubeObject>(kind: string, name: string, namespace = '') =>
        findObject(name, kind, namespace) as Other | undefined,
      list<Other extends KubeObject>(kindName: string, namespace?: string) {
        const kind = registry.findByKind(kindName)
        const found = kind === undefined ? none : etcd.range(kind.storagePrefix, namespace)
        return found.length === 0 ? none : found.map(({ value }) => value as Other)
      },
    },
    putStatus(object) {
      const kind = registry.byKind(object.kind)
      const { group, version, plural: resource } = kind
      const { namespace = '', name } = object.metadata
      const request = { verb: 'update' as const, group, version, resource, subresource: 'status', namespace, name }
      put(passageOf(kind, request, stream, true, none), object, 'statusUpdated', server)
    },
    leaseFor: lifetimes.leaseFor,
    view: leases.view,
    fields,
    aggregation,
  }

  etcd.attend({
    letGo({ value, aside }, revision) {
      fields.letGo(value as KubeObject, aside as Ownership | undefined)
      return stamped(value as KubeObject, revision)
    },
    onRemovals: (removals, actor) => hearRemovals(removals, actor, server),
  })

  function dropLease(namespace: string, name: string, actor: string): void {
    const renewTime = leases.drop(namespace, name)
    const kind = registry.byKind('Lease')
    const found = etcd.get(kind.storagePrefix, namespace, name)?.value as Lease | undefined
    // written even if it says nothing new: it tells the watchers that from now on renewals would be heard
    if (renewTime === undefined || found === undefined) return
    const { group, version, plural: resource } = kind
    const request = { verb: 'update' as const, group, version, resource, namespace, name }
    put(
      passageOf(kind, request, actor, true, none),
      { ...found, spec: { ...found.spec, renewTime } } as Lease,
      'updated',
      server,
    )
  }

  /** A new process knows nothing of the last one's. */
  function forget(): void {
    etcd.forgetCache()
    housekeeping.forget()
    lifetimes.forget()
    upkeep.forget()
  }

  function change(run: () => void): void {
    const wasDown = !state.isRunning || !state.hasStore
    run()
    const isDown = !state.isRunning || !state.hasStore
    leases.onDown(isDown)
    if (wasDown && !isDown) for (const listener of backListeners) listener()
  }

  const events = kinds.find(({ kind, group }) => kind === 'Event' && group === '')
  const eventWay = events && createEventWay(server, events, policies.isIdle)

  const lifecycle = definitions && createLifecycle(sim, etcd, { perform, isRunning: isUp, kind: definitions })
  const upkeep = createUpkeep(sim, etcd, { perform, isUp, findKind: registry.findByKind })
  backListeners.push(upkeep.resume)
  const served: Hearer = {
    hears: (kind) => kind === definitions,
    onWrite(_kind, change) {
      registry.refresh()
      lifecycle?.onWrite(change)
    },
  }
  hearers.push(leases, policies, upkeep, aggregation, served)
  if (eventWay !== undefined) hearers.push(eventWay)

  function perform(request: ApiRequest, actor: string, kind: KindName = kindOf(registry, request)): unknown {
    const passage = passageOf(kind as Kind, request, actor, true, none)
    pass(passage, server, state)
    return passage.answer
  }

  function find(kind: KindName, namespace: string, name: string, actor: string): KubeObject | undefined {
    if ((kind as Kind).isComputed !== true) {
      checkUp(server, state)
      return findOne(kind as Kind, namespace, name, server)
    }
    const { group, version, plural: resource } = kind
    try {
      return perform({ verb: 'get', group, version, resource, namespace, name }, actor, kind) as KubeObject
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return undefined
      throw error
    }
  }

  function handle(request: ApiRequest, actor: string, duplicates: readonly string[] = none): ApiAnswer {
    let passage: Passage | undefined
    try {
      passage = passageOf(kindOf(registry, request), request, actor, false, duplicates)
      pass(passage, server, state)
      const { kind, code, answer } = passage
      const body = request.showsFields ? fields.shown(kind, answer, passage.fields) : answer
      return { code, body, warnings: toldWarnings(passage.warnings) }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      // a page that looks, or a command that waits, may look as often as it likes
      if (!isRead(request.verb))
        sim.record(actor, 'refused', undefined, {
          verb: request.verb,
          resource: request.resource,
          reason: error.reason,
          stage: passage?.stage ?? firstStage,
        })
      return { code: error.code, body: error.status, warnings: toldWarnings(passage?.warnings ?? none) }
    }
  }

  return {
    registry,
    watchers,
    etcd,
    fields,
    handle,
    watch(request, id) {
      const { code, body } = handle({ ...request, verb: 'watch' }, 'you')
      if (code >= 400) throw new ApiError(body as Status)
      return openWatch(sim, { registry, watchers, etcd, fields, handle }, request, id)
    },
    perform,
    find,
    takeEvent: (event, namespace, actor) =>
      eventWay !== undefined && state.isRunning && state.hasStore && eventWay.take(event, namespace, actor),
    takeReport(kind, object, actor) {
      checkUp(server, state)
      return server.hasPolicies() ? undefined : takeReport(kind as Kind, object, actor, server)
    },
    revision: () => etcd.revision(),
    setRunning(isRunning) {
      if (isRunning && !state.isRunning) forget()
      change(() => (state.isRunning = isRunning))
    },
    isRunning: () => state.isRunning,
    state,
    onBack: (listener) => void backListeners.push(listener),
    setStore(isThere) {
      etcd.leases.setPrimary(isThere)
      change(() => (state.hasStore = isThere))
    },
    hasStore: () => state.hasStore,
    authenticate: (headers, user) => userOfHeaders(headers, user, sim.now(), server.context),
    authorize(request) {
      const passage = passageOf(kindOf(registry, request), request, 'you', false, none)
      stages['authentication']!(passage, server)
      authorize(passage, server)
    },
    authorizePath: (user, method, parts) => authorizePath(user, method, parts, server),
    metricsFrom: aggregation.setMetricsSource,
    unanswered: aggregation.refusal,
    objectCount: () => etcd.prefixes().reduce((sum, prefix) => sum + etcd.count(prefix), 0),
    keepLease: leases.keep,
    dropLease,
    isLeaseKept: leases.isKept,
    onLeaseLost: leases.onLost,
  }
}

/** Throws where nobody is answered; without the store, what may come from the cache is. */
function checkUp(server: Server, { isRunning, hasStore }: ApiServerState, resourceVersion?: string): void {
  if (!isRunning) throw unavailable('the server is currently unable to handle the request')
  if (!hasStore && resourceVersion !== '0')
    throw statusError({ message: server.etcd.refusal() ?? 'etcdserver: request timed out', code: 500 })
}

/** Walks a request through its stages; throws the first refusal. */
function pass(passage: Passage, server: Server, state: ApiServerState): void {
  checkUp(server, state, passage.options.resourceVersion)
  const route = routeOf(passage, server)
  for (let step: typeof route.first | null = route.first; step !== null;) {
    passage.stage = step.stage
    const outcome = step.work(passage, server)
    step = outcome === 'passed' ? step.passed : route.after(step, outcome)
  }
}

/** The way of a request: people's passes every stage. */
function routeOf({ isTrusted, subresource, request }: Passage, { hasPolicies }: Server): typeof routes.asked {
  if (!isTrusted) return routes.asked
  if (subresource === '') return isRead(request.verb) ? routes.read : routes.write
  if (subresource !== 'status') return routes.rest
  return hasPolicies() ? routes.policedReport : routes.report
}

const kindOf = (registry: Registry, { group, version, resource }: ApiRequest): Kind =>
  registry.byPath(group, version, resource)

/** A request at the beginning of its way. All have the same fields in the same order. */
function passageOf(
  kind: Kind,
  request: ApiRequest,
  actor: string,
  isTrusted: boolean,
  duplicates: readonly string[],
): Passage {
  const { subresource = '' } = request
  return {
    request,
    actor,
    stage: firstStage,
    isTrusted,
    user: isTrusted ? component : (request.user ?? anonymous),
    kind,
    subresource,
    door: findSubresource(kind, subresource),
    namespace: kind.namespaced ? (request.namespace ?? '') : '',
    options: request.options ?? noOptions,
    name: request.name ?? '',
    old: undefined,
    draft: undefined,
    warnings: !isTrusted && kind.custom?.deprecation !== undefined ? [kind.custom.deprecation] : [],
    duplicates,
    fields: undefined,
    code: 200,
    answer: undefined,
  }
}
