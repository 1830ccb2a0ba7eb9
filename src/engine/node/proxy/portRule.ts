import type { EndpointSlice, Service } from '../../api/index.ts'

/** One place behind a Service, as the proxies and cluster DNS know it. */
export interface Endpoint {
  readonly address: string
  readonly port: number
  readonly node: string | undefined
  /** `namespace/name` of the pod, where the slice names one */
  readonly pod: string | undefined
  readonly hostname: string | undefined
  readonly isReady: boolean
  /** passes its readiness probe, whether or not it is on its way out */
  readonly isServing: boolean
  readonly isTerminating: boolean
  /** `hints.forZones` and `hints.forNodes` */
  readonly zones: readonly string[] | undefined
  readonly nodes: readonly string[] | undefined
}

/** What a proxy does for one port of one Service; immutable, and shared by all nodes that have it. */
export interface PortRule {
  /** `namespace/name` */
  readonly service: string
  readonly portName: string
  readonly protocol: string
  /** where packets must be sent for this rule to match: `10.96.0.1:443/TCP`, `*:30080/TCP` for a port of every node */
  readonly frontends: readonly string[]
  readonly endpoints: readonly Endpoint[]
  readonly internalTrafficPolicy: 'Cluster' | 'Local'
  readonly externalTrafficPolicy: 'Cluster' | 'Local'
  /** how long a client stays with its endpoint; 0 without session affinity */
  readonly affinityMs: number
}

/** The rules of a Service over its slices; none for a headless or external one. */
export function rulesOf(service: Service, slices: readonly EndpointSlice[]): readonly PortRule[] {
  const { spec, metadata } = service
  if (!isProxied(service)) return []
  return (spec.ports ?? []).map((port) => {
    const protocol = port.protocol ?? 'TCP'
    const portName = port.name ?? ''
    return Object.freeze({
      service: `${metadata.namespace}/${metadata.name}`,
      portName,
      protocol,
      frontends: Object.freeze(frontendsOf(service, port.port, port.nodePort, protocol)),
      endpoints: endpointsOf(slices, portName),
      internalTrafficPolicy: policy(spec.internalTrafficPolicy),
      externalTrafficPolicy: policy(spec.externalTrafficPolicy),
      affinityMs:
        spec.sessionAffinity === 'ClientIP'
          ? (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800) * 1000
          : 0,
    })
  })
}

/** Whether proxies have anything to do for a Service: it has an address of its own. */
export function isProxied({ spec }: Service): boolean {
  return (
    spec.type !== 'ExternalName' && spec.clusterIP !== undefined && spec.clusterIP !== 'None' && spec.clusterIP !== ''
  )
}

function policy(text: string | undefined): 'Cluster' | 'Local' {
  return text === 'Local' ? 'Local' : 'Cluster'
}

function frontendsOf(
  { spec, status }: Service,
  port: number,
  nodePort: number | undefined,
  protocol: string,
): string[] {
  const ingress = (status?.loadBalancer?.ingress ?? []).filter(({ ipMode }) => ipMode !== 'Proxy').map(({ ip }) => ip)
  const addresses = [...(spec.clusterIPs ?? [spec.clusterIP]), ...(spec.externalIPs ?? []), ...ingress]
  const own = addresses.filter((address) => address !== undefined).map((address) => `${address}:${port}/${protocol}`)
  return nodePort === undefined ? own : [...own, `*:${nodePort}/${protocol}`]
}

const cache = new WeakMap<EndpointSlice, Map<string, readonly Endpoint[]>>()

/**
 * All endpoints of the slices for one port, in the slices' order; an address counts once, its ready entry first.
 * differs: upstream sorts by address; only the order of equally likely choices would change.
 */
export function endpointsOf(slices: readonly EndpointSlice[], portName: string): readonly Endpoint[] {
  const parts = slices.map((slice) => ofSlice(slice, portName)).filter((part) => part.length > 0)
  if (parts.length === 0) return none
  return parts.length === 1 ? parts[0]! : Object.freeze(distinct(parts))
}

const none: readonly Endpoint[] = Object.freeze([])

function ofSlice(slice: EndpointSlice, portName: string): readonly Endpoint[] {
  let byPort = cache.get(slice)
  if (byPort === undefined) cache.set(slice, (byPort = new Map()))
  let endpoints = byPort.get(portName)
  if (endpoints === undefined) byPort.set(portName, (endpoints = Object.freeze(readSlice(slice, portName))))
  return endpoints
}

function readSlice({ endpoints, ports, metadata }: EndpointSlice, portName: string): Endpoint[] {
  const port = ports?.find(({ name }) => (name ?? '') === portName)?.port
  if (port === undefined) return []
  return (endpoints ?? []).map(({ addresses, conditions, nodeName, targetRef, hostname, hints }) => {
    // a condition that is not there counts as good, except that nothing terminates unsaid
    const isReady = conditions?.ready ?? true
    return Object.freeze({
      address: addresses[0] ?? '',
      port,
      node: nodeName,
      pod: targetRef?.kind === 'Pod' ? `${targetRef.namespace ?? metadata.namespace}/${targetRef.name}` : undefined,
      hostname,
      isReady,
      isServing: conditions?.serving ?? isReady,
      isTerminating: conditions?.terminating ?? false,
      zones: hints?.forZones?.map(({ name }) => name),
      nodes: hints?.forNodes?.map(({ name }) => name),
    })
  })
}

function distinct(parts: readonly (readonly Endpoint[])[]): Endpoint[] {
  const all = ([] as Endpoint[]).concat(...parts)
  const byAddress = new Map<string, Endpoint>()
  for (const endpoint of all) {
    const known = byAddress.get(endpoint.address)
    if (known === undefined || (endpoint.isReady && !known.isReady)) byAddress.set(endpoint.address, endpoint)
  }
  return byAddress.size === all.length ? all : [...byAddress.values()]
}
