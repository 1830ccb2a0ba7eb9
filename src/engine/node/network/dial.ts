import type { Endpoint, PortRule, Proxies } from '../proxy/index.ts'
import type { Connection, Origin } from './network.ts'
import { apiServerContainer, isOutside, outsideContainer } from './outside.ts'
import { berthAt, listenerAtNode, listenerIn, listenerInside, type Registry } from './registry.ts'

/** What the way of a packet is decided by. */
export interface Wires {
  readonly registry: Registry
  readonly proxies: Proxies
  readonly isApiServerUp: () => boolean
}

/** How a connection leaves: decided, straight to an address, or to one of several by a node's rule. */
export type Route =
  | { readonly kind: 'ended'; readonly connection: Connection }
  | { readonly kind: 'direct'; readonly node: string | undefined; readonly address: string }
  | { readonly kind: 'spread'; readonly node: string; readonly rule: PortRule; readonly endpoints: readonly Endpoint[] }

const refused: Connection = Object.freeze({ outcome: 'refused' })
const silent: Connection = Object.freeze({ outcome: 'silent' })

/** The first half of a connection's way: from who dials to a rule, or past all rules. */
export function routeOf(wires: Wires, from: Origin, address: string, port: number, protocol: string): Route {
  const { registry } = wires
  if (address.startsWith('127.')) return { kind: 'ended', connection: inside(registry, from, port, protocol) }
  if (from.node === undefined) return fromOutside(wires, address, port, protocol)
  if (!registry.stations.get(from.node)?.hasPower) return ended(silent)
  const station = registry.stationAt.get(address)
  if (station !== undefined) return throughStation(wires, from.node, station, port, protocol)
  const rule = wires.proxies.rule(from.node, `${address}:${port}/${protocol}`)
  return rule === undefined ? { kind: 'direct', node: from.node, address } : spread(wires, from.node, rule, 'internal')
}

/** The second half: from a node to a pod's, node's or the control plane's own address. */
export function deliver(
  wires: Wires,
  node: string | undefined,
  address: string,
  port: number,
  protocol: string,
): Connection {
  const { registry } = wires
  const station = registry.stationAt.get(address)
  const berth = station === undefined ? berthAt(registry, address) : undefined
  const home = station ?? berth?.node
  if (home === undefined) return beyond(wires, node, address, port)
  if (!isReachable(registry, node, home)) return silent
  const listener = berth ? listenerIn(berth, port, protocol) : listenerAtNode(registry, address, port, protocol)
  return listener === undefined ? refused : { outcome: 'connected', listener }
}

/** Whether packets from one node (or from outside) get to another. */
export function isReachable({ stations }: Registry, from: string | undefined, to: string): boolean {
  const target = stations.get(to)
  if (target === undefined || !target.hasPower) return false
  if (from === to) return true
  const source = from === undefined ? undefined : stations.get(from)
  if (from !== undefined && !(source?.hasPower && source.isConnected)) return false
  return target.isConnected
}

/** A node's rule for its own or a load balancer's port, as somebody from elsewhere meets it. */
export function spread(wires: Wires, node: string, rule: PortRule, way: 'internal' | 'external'): Route {
  const { endpoints, otherwise } = wires.proxies.choose(node, rule, way)
  if (endpoints.length === 0) return ended(otherwise === 'refused' ? refused : silent)
  return { kind: 'spread', node, rule, endpoints }
}

/** Where a connection ends that its route has decided, or that went to the named endpoint. */
export function endOf(
  wires: Wires,
  route: Route,
  port: number,
  protocol: string,
  pick: (endpoints: readonly Endpoint[], rule: PortRule) => Endpoint,
): Connection {
  if (route.kind === 'ended') return route.connection
  if (route.kind === 'direct') return deliver(wires, route.node, route.address, port, protocol)
  const endpoint = pick(route.endpoints, route.rule)
  return deliver(wires, route.node, endpoint.address, endpoint.port, protocol)
}

function ended(connection: Connection): Route {
  return { kind: 'ended', connection }
}

function inside(registry: Registry, { podUid }: Origin, port: number, protocol: string): Connection {
  const listener = podUid === undefined ? undefined : listenerInside(registry, podUid, port, protocol)
  return listener === undefined ? refused : { outcome: 'connected', listener }
}

/** Outside, only nodes and load balancers have addresses. */
function fromOutside(wires: Wires, address: string, port: number, protocol: string): Route {
  const station = wires.registry.stationAt.get(address)
  if (station !== undefined) return throughStation(wires, undefined, station, port, protocol)
  for (const node of doorsOf(wires, address, port, protocol)) {
    const rule = wires.proxies.rule(node, `${address}:${port}/${protocol}`)
    if (rule !== undefined) return spread(wires, node, rule, 'external')
  }
  return ended(silent)
}

/**
 * The nodes to which a load balancer passes connections on: those that answer, and, where the policy is Local, have an endpoint.
 * upstream: pkg/proxy/healthcheck: the health check node port answers 503 on a node without local endpoints
 */
export function doorsOf(wires: Wires, address: string, port: number, protocol: string): readonly string[] {
  if (!isPublic(wires, address)) return []
  const up = upStations(wires)
  const withEndpoint = up.filter((node) => {
    const rule = wires.proxies.rule(node, `${address}:${port}/${protocol}`)
    if (rule?.externalTrafficPolicy !== 'Local') return rule !== undefined
    return wires.proxies.choose(node, rule, 'external').endpoints.length > 0
  })
  return withEndpoint.length > 0 ? withEndpoint : up
}

/** Nodes that answer and whose proxy has written rules. */
export function upStations({ registry, proxies }: Wires): readonly string[] {
  const up: string[] = []
  for (const { name, hasPower, isConnected } of registry.stations.values())
    if (hasPower && isConnected && proxies.hasRules(name)) up.push(name)
  return up
}

/** Whether an address is some Service's for the world outside. */
function isPublic({ proxies }: Wires, address: string): boolean {
  for (const { spec, status } of proxies.services.list()) {
    if (spec.externalIPs?.includes(address)) return true
    if (status?.loadBalancer?.ingress?.some(({ ip }) => ip === address)) return true
  }
  return false
}

function throughStation(wires: Wires, from: string | undefined, to: string, port: number, protocol: string): Route {
  const { registry, proxies } = wires
  if (!isReachable(registry, from, to)) return ended(silent)
  const rule = proxies.rule(to, `*:${port}/${protocol}`)
  // what a node sends to its own port counts as traffic of the cluster
  if (rule !== undefined) return spread(wires, to, rule, from === to ? 'internal' : 'external')
  return { kind: 'direct', node: from, address: registry.stations.get(to)!.address }
}

/** The control plane stands beside the nodes, and beyond them are a few web servers. */
function beyond(
  { registry, proxies, isApiServerUp }: Wires,
  node: string | undefined,
  address: string,
  port: number,
): Connection {
  if (node !== undefined && !registry.stations.get(node)?.isConnected) return silent
  if (isOutside(address, port)) return connectedTo(outsideContainer, address, port)
  const slice = proxies.slices.get('default/kubernetes')
  const isControlPlane = slice?.endpoints?.some(({ addresses }) => addresses.includes(address)) ?? false
  if (!isControlPlane) return silent
  if (!isApiServerUp() || !slice?.ports?.some((own) => own.port === port)) return refused
  return connectedTo(apiServerContainer, address, port)
}

function connectedTo(containerId: string, address: string, port: number): Connection {
  return { outcome: 'connected', listener: { containerId, podUid: '', node: '', address, port, protocol: 'TCP' } }
}
