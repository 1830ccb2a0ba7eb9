import type { Endpoint, PortRule } from '../proxy/index.ts'
import { deliver, doorsOf, routeOf, spread, upStations, type Route, type Wires } from './dial.ts'
import type { Connection, Origin } from './network.ts'
import { berthAt } from './registry.ts'
import type { Target } from './url.ts'

/** A share of a source's requests and where it ends. */
export interface Exit {
  /** of 1 */
  readonly share: number
  readonly connection: Connection
  /** the Service they went through, and the address they were sent on to */
  readonly service: string | undefined
  readonly address: string
  readonly port: number
  readonly pod: string | undefined
}

/** Where requests enter: a route and its share of them. */
interface Entry {
  readonly share: number
  readonly route: Route
}

/** Picks the endpoint of a client that must stay with one; undefined lets it go to all of them alike. */
export type Stay = (rule: PortRule, endpoints: readonly Endpoint[]) => Endpoint | undefined

/**
 * Shares a source's requests out as the rules of the nodes have it at this moment. Somebody inside dials from one node. Somebody
 * outside comes in by a node or a load balancer; for an address that only exists inside, one client on each node sends an equal part.
 */
export function exitsOf(
  wires: Wires,
  from: Origin,
  addresses: readonly string[],
  target: Target,
  stay: Stay,
): readonly Exit[] {
  const exits: Exit[] = []
  for (const address of addresses) {
    const entries =
      from.node === undefined ? entriesFromOutside(wires, address, target) : [entry(wires, from, address, target)]
    for (const one of merged(entries))
      exits.push(...exitsThrough(wires, one, target, 1 / addresses.length, stay, address))
  }
  return exits
}

function entry(wires: Wires, from: Origin, address: string, { port }: Target): Entry {
  return { share: 1, route: routeOf(wires, from, address, port, 'TCP') }
}

function entriesFromOutside(wires: Wires, address: string, target: Target): readonly Entry[] {
  const { port } = target
  if (wires.registry.stationAt.has(address)) return [entry(wires, {}, address, target)]
  const doors = doorsOf(wires, address, port, 'TCP')
  if (doors.length > 0) {
    return doors.map((node) => {
      const rule = wires.proxies.rule(node, `${address}:${port}/TCP`)
      const route: Route = rule === undefined ? nowhere : spread(wires, node, rule, 'external')
      return { share: 1 / doors.length, route }
    })
  }
  const nodes = upStations(wires)
  if (nodes.length === 0) return [{ share: 1, route: nowhere }]
  return nodes.map((node) => ({ share: 1 / nodes.length, route: routeOf(wires, { node }, address, port, 'TCP') }))
}

const nowhere: Route = Object.freeze({ kind: 'ended', connection: Object.freeze({ outcome: 'silent' as const }) })

/** Nodes with the same rule and the same choice count as one: their endpoints are walked once. */
function merged(entries: readonly Entry[]): readonly Entry[] {
  if (entries.length < 2) return entries
  const byChoice = new Map<unknown, Entry>()
  for (const { share, route } of entries) {
    const choice =
      route.kind === 'spread' ? route.endpoints : route.kind === 'direct' ? route.address : route.connection.outcome
    const known = byChoice.get(choice)
    byChoice.set(choice, { share: share + (known?.share ?? 0), route: known?.route ?? route })
  }
  return [...byChoice.values()]
}

function exitsThrough(
  wires: Wires,
  entry: Entry,
  { port }: Target,
  part: number,
  stay: Stay,
  address: string,
): readonly Exit[] {
  const { route } = entry
  const share = entry.share * part
  if (route.kind === 'ended')
    return [{ share, connection: route.connection, service: undefined, address, port, pod: undefined }]
  if (route.kind === 'direct') {
    const connection = deliver(wires, route.node, route.address, port, 'TCP')
    return [{ share, connection, service: undefined, address: route.address, port, pod: podAt(wires, route.address) }]
  }
  const stayed = stay(route.rule, route.endpoints)
  const endpoints = stayed === undefined ? route.endpoints : [stayed]
  return endpoints.map((endpoint) => ({
    share: share / endpoints.length,
    connection: deliver(wires, route.node, endpoint.address, endpoint.port, 'TCP'),
    service: route.rule.service,
    address: endpoint.address,
    port: endpoint.port,
    pod: endpoint.pod ?? podAt(wires, endpoint.address),
  }))
}

function podAt({ registry }: Wires, address: string): string | undefined {
  return berthAt(registry, address)?.name
}
