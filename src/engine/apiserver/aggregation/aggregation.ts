import {
  ApiError,
  formatTime,
  keyOf,
  metricsGroup,
  unavailable,
  type ApiRequest,
  type APIService,
  type EndpointSlice,
  type KubeObject,
  type Pod,
  type Service,
} from '../../api/index.ts'
import type { Change, Etcd } from '../../etcd/store.ts'
import type { Kind } from '../../kinds/defineKind.ts'
import { aggregatedKinds } from '../../kinds/index.ts'
import type { Sim } from '../../sim/index.ts'
import type { Hearer } from '../hearers.ts'
import { withAvailability, type Availability } from './availability.ts'
import { judge } from './judge.ts'
import type { Backend, MetricsServer, MetricsSource } from './metricsSource.ts'

/** What aggregation needs of the server. */
export interface AggregationDoor {
  /** throws an ApiError where the request is refused */
  readonly perform: (request: ApiRequest, actor: string) => unknown
  readonly isUp: () => boolean
  readonly findKind: (kind: string) => Kind | undefined
  /** what is served has changed */
  readonly refresh: () => void
}

/** The API groups that other servers answer for, by APIServices with a Service. */
export interface Aggregation extends Hearer {
  /** the kinds of those that answer */
  readonly kinds: () => readonly Kind[]
  /** The refusal of a request to a version whose server does not answer; undefined where nobody was to answer. */
  readonly refusal: (group: string, version: string) => ApiError | undefined
  /** Who has measured what is used. Throws a 503 when nobody answers. */
  readonly metrics: () => MetricsServer
  /** Says where the numbers of `metrics.k8s.io` come from. */
  readonly setMetricsSource: (source: MetricsSource) => void
  /** The server answers again: what was to be looked at is looked at now. */
  readonly resume: () => void
}

interface AggregationState {
  /** when the next look is due, and the record that led to it; undefined while none is planned */
  next: { readonly at: number; readonly cause: number } | undefined
}

const component = 'kube-apiserver-aggregation'
const actor = 'kube-apiserver'
const lookMs = 1
/** upstream: the resync of the availability controller */
const againMs = 30_000
const watched: ReadonlySet<string> = new Set(['APIService', 'Service', 'EndpointSlice'])
const metricsName = `v1beta1.${metricsGroup}`

/**
 * Keeps the condition Available of APIServices that lead to a Service, and serves `metrics.k8s.io` while it is true.
 * It looks only after a write to such an APIService, its Service or EndpointSlices: a cluster without them pays nothing.
 * State is the slice `aggregation`; all else is worked out of the store.
 */
// upstream: kube-aggregator/pkg/controllers/status/remote/remote_available_controller.go
export function createAggregation(sim: Sim, etcd: Etcd, door: AggregationDoor): Aggregation {
  const state = sim.slice<AggregationState>('aggregation', () => ({ next: undefined }))
  let source: MetricsSource | undefined
  /** APIServices with a Service, by the Service's key; worked out anew after a write to any */
  let remotes: ReadonlyMap<string, readonly APIService[]> | undefined
  /** where `metrics.k8s.io` leads; worked out anew after a write to what is on the way */
  let backend: Backend | undefined
  let wasServed: boolean | undefined

  sim.handle(component, () => {
    const { next } = state
    // a look that came sooner was enough, or `resume` goes on with it
    if (next === undefined || next.at > sim.now() || !door.isUp()) return
    state.next = undefined
    sim.because(next.cause, look)
  })

  function known(): NonNullable<typeof remotes> {
    if (remotes === undefined) {
      const byService = new Map<string, APIService[]>()
      for (const service of listed<APIService>('APIService', '')) {
        if (service.spec.service === undefined) continue
        const { namespace = '', name = '' } = service.spec.service
        const key = `${namespace}/${name}`
        byService.set(key, [...(byService.get(key) ?? []), service])
      }
      remotes = byService
    }
    return remotes
  }

  function look(): void {
    let isFailing = false
    for (const [key, services] of known())
      for (const service of services) {
        const availability = availabilityOf(service, key)
        if (availability.reason === 'FailedDiscoveryCheck') isFailing = true
        tell(service, availability)
      }
    if (isFailing) plan(againMs, sim.world.cause)
  }

  function availabilityOf(service: APIService, key: string): Availability {
    const [namespace = '', name = ''] = key.split('/')
    const target = found<Service>('Service', namespace, name)
    const slices = slicesOf(namespace, name)
    return judge(service, target, slices, () => serverOf(service, backendOf(target, slices)) !== undefined)
  }

  function tell(service: APIService, availability: Availability): void {
    const next = withAvailability(service, availability, formatTime(sim.now()))
    const kind = door.findKind('APIService')
    if (next === undefined || kind === undefined) return
    const { group, version, plural: resource } = kind
    const { name } = service.metadata
    try {
      door.perform({ verb: 'update', group, version, resource, subresource: 'status', name, body: next }, actor)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      plan(againMs, sim.world.cause)
    }
  }

  function plan(delayMs: number, cause: number): void {
    const at = sim.now() + delayMs
    if (state.next !== undefined && state.next.at <= at) return
    state.next = Object.freeze({ at, cause })
    const schedule = delayMs === lookMs ? sim.schedule : sim.schedulePeriodic
    schedule(delayMs, component, { type: 'due' })
  }

  function listed<T>(kind: string, namespace: string): readonly T[] {
    const prefix = door.findKind(kind)?.storagePrefix
    return prefix === undefined ? [] : etcd.range(prefix, namespace).map(({ value }) => value as T)
  }

  function found<T>(kind: string, namespace: string, name: string): T | undefined {
    const prefix = door.findKind(kind)?.storagePrefix
    return prefix === undefined ? undefined : (etcd.get(prefix, namespace, name)?.value as T | undefined)
  }

  function slicesOf(namespace: string, service: string): readonly EndpointSlice[] {
    return listed<EndpointSlice>('EndpointSlice', namespace).filter((slice) => serviceOf(slice) === service)
  }

  function backendOf(target: Service | undefined, slices: readonly EndpointSlice[]): Backend {
    const pods = slices
      .flatMap(({ endpoints }) => endpoints ?? [])
      .flatMap(({ conditions, targetRef }) =>
        conditions?.ready === false || targetRef?.kind !== 'Pod'
          ? []
          : (found<Pod>('Pod', targetRef.namespace ?? '', targetRef.name ?? '') ?? []),
      )
    return { pods, externalName: target?.spec.type === 'ExternalName' ? target.spec.externalName : undefined }
  }

  function serverOf({ metadata }: APIService, at: Backend): MetricsServer | undefined {
    return metadata.name === metricsName ? source?.serverAt(at) : undefined
  }

  function registered(): APIService | undefined {
    for (const services of known().values())
      for (const service of services) if (service.metadata.name === metricsName) return service
    return undefined
  }

  function isServed(): boolean {
    const service = registered()
    return service !== undefined && isAvailable(service)
  }

  /** Whether a write concerns any of the APIServices that lead elsewhere. */
  function concerns({ kind }: Kind, { value, previous }: Change): boolean {
    if (kind === 'APIService') return leadsElsewhere(value) || leadsElsewhere(previous)
    if (known().size === 0) return false
    if (kind === 'Service') return known().has(keyOf(value as Service))
    return known().has(`${(value as EndpointSlice).metadata.namespace}/${serviceOf(value as EndpointSlice)}`)
  }

  return {
    kinds: () => (isServed() ? aggregatedKinds : []),
    refusal(group, version) {
      const name = `${version}.${group}`
      for (const services of known().values())
        for (const service of services)
          if (service.metadata.name === name && !isAvailable(service)) return unavailable(notAnswering)
      return undefined
    },
    metrics() {
      const service = registered()
      if (service !== undefined && backend === undefined) {
        const { namespace = '', name = '' } = service.spec.service!
        backend = backendOf(found('Service', namespace, name), slicesOf(namespace, name))
      }
      const server = service && serverOf(service, backend!)
      if (server === undefined) throw unavailable(notAnswering)
      return server
    },
    setMetricsSource: (given) => void (source = given),
    hears: ({ kind, custom }) => custom === undefined && watched.has(kind),
    onWrite(kind, change) {
      if (!concerns(kind, change)) return
      backend = undefined
      if (kind.kind === 'APIService') {
        remotes = undefined
        const isNow = isServed()
        if (isNow !== wasServed) door.refresh()
        wasServed = isNow
      }
      plan(lookMs, sim.world.trace.nextSeq - 1)
    },
    resume() {
      if (state.next !== undefined)
        sim.schedule(Math.max(lookMs, state.next.at - sim.now()), component, { type: 'due' })
    },
  }
}

const notAnswering = 'the server is currently unable to handle the request'

function leadsElsewhere(value: unknown): boolean {
  return (value as APIService | undefined)?.spec.service !== undefined
}

const serviceOf = ({ metadata }: KubeObject): string | undefined => metadata.labels?.['kubernetes.io/service-name']

function isAvailable({ status }: APIService): boolean {
  return status.conditions?.some(({ type, status: is }) => type === 'Available' && is === 'True') ?? false
}
