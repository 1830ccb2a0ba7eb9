import { must, type Sim } from '../../sim/index.ts'
import type { AddressRequest, Listener } from './network.ts'

/** A machine as the network knows it. */
export interface Station {
  readonly name: string
  readonly address: string
  /** how many machines had joined before */
  readonly index: number
  /** `10.244.1`: the first three parts of its pods' addresses */
  range: string
  /** the last part that was given out */
  last: number
  hasPower: boolean
  isConnected: boolean
}

/** A pod's place in the network. */
export interface Berth {
  readonly podUid: string
  readonly node: string
  readonly address: string
  readonly isHostNetwork: boolean
  /** `namespace/name`, if whoever asked for the address said it */
  readonly name: string | undefined
  /** who accepts connections in it: frozen ones, in a list that is replaced */
  listeners: readonly Listener[]
}

/** Who has which address, and who listens where: plain data, kept in the world. */
export interface Registry {
  readonly stations: Map<string, Station>
  /** how many machines ever joined */
  joined: number
  /** the ranges that nodes have → by the last part of an address the pod that has it, or nothing while it is free */
  readonly ranges: Map<string, string[]>
  /** node address → node */
  readonly stationAt: Map<string, string>
  /** by pod uid */
  readonly berths: Map<string, Berth>
  /** `192.168.10.11:80/TCP` → who listens at a node's own address, by the host's network or by a host port */
  readonly atNodes: Map<string, Listener>
}

/** Finds or makes the registry of a world. */
export function registryOf(sim: Sim): Registry {
  return sim.slice<Registry>('network', () => ({
    stations: new Map(),
    joined: 0,
    ranges: new Map(),
    stationAt: new Map(),
    berths: new Map(),
    atNodes: new Map(),
  }))
}

/** Adds a machine with its own address. Its pods' range comes with the first pod. */
export function addStation(registry: Registry, name: string, address: string): Station {
  const station: Station = {
    name,
    address,
    index: registry.joined++,
    range: '',
    last: 1,
    hasPower: true,
    isConnected: true,
  }
  registry.stations.set(name, station)
  registry.stationAt.set(address, name)
  return station
}

/** Forgets a machine and whatever was on it. */
export function removeStation(registry: Registry, name: string): void {
  const station = registry.stations.get(name)
  if (station === undefined) return
  clearStation(registry, name)
  registry.stations.delete(name)
  if (![...registry.stations.values()].some(({ range }) => range === station.range))
    registry.ranges.delete(station.range)
  registry.stationAt.delete(station.address)
}

/** All pods and processes of a machine are gone. Returns the containers that listened. */
export function clearStation(registry: Registry, node: string): readonly string[] {
  const gone = new Set<string>()
  for (const berth of [...registry.berths.values()]) {
    if (berth.node !== node) continue
    for (const { containerId } of berth.listeners) gone.add(containerId)
    releaseBerth(registry, berth.podUid)
  }
  return [...gone]
}

/**
 * The next free address of a node's range, which goes round before it gives one out again. Empty when none is left.
 * upstream: containernetworking/plugins host-local: sequential from the last one reserved; .0 is the network's, .1 the bridge's
 */
export function takeBerth(
  registry: Registry,
  node: string,
  podUid: string,
  { isHostNetwork = false, name }: AddressRequest,
  rangeOf: (node: string) => string,
): string {
  const station = must(registry.stations.get(node), 'the network has no node', node)
  const address = isHostNetwork ? station.address : takeAddress(registry, station, podUid, rangeOf)
  if (address !== '')
    registry.berths.set(podUid, { podUid, node, address, isHostNetwork, name, listeners: noListeners })
  return address
}

const noListeners: readonly Listener[] = Object.freeze([])

function takeAddress(
  { ranges }: Registry,
  station: Station,
  podUid: string,
  rangeOf: (node: string) => string,
): string {
  if (station.range === '') station.range = rangeOf(station.name)
  let holders = ranges.get(station.range)
  if (holders === undefined) ranges.set(station.range, (holders = new Array<string>(255).fill('')))
  for (let step = 0; step < 253; step++) {
    station.last = station.last >= 254 ? 2 : station.last + 1
    if (holders[station.last] !== '') continue
    holders[station.last] = podUid
    return `${station.range}.${station.last}`
  }
  return ''
}

/** The pod that has an address of its own; nodes' addresses are not among them. */
export function berthAt({ ranges, berths }: Registry, address: string): Berth | undefined {
  const podUid = ranges.get(rangeOfCidr(address))?.[lastPart(address)]
  const berth = podUid === undefined ? undefined : berths.get(podUid)
  return berth?.address === address ? berth : undefined
}

/** The pod of that `namespace/name`: the last that came, where one is still there that had the name before. */
export function berthNamed({ berths }: Registry, name: string): Berth | undefined {
  let found: Berth | undefined
  for (const berth of berths.values()) if (berth.name === name) found = berth
  return found
}

/** Gives a pod's address back, with whatever listened there. */
export function releaseBerth(registry: Registry, podUid: string): Berth | undefined {
  const berth = registry.berths.get(podUid)
  if (berth === undefined) return undefined
  registry.berths.delete(podUid)
  const holders = registry.ranges.get(rangeOfCidr(berth.address))
  if (holders?.[lastPart(berth.address)] === podUid) holders[lastPart(berth.address)] = ''
  for (const listener of berth.listeners) closeAtNode(registry, listener)
  return berth
}

/** Notes that a process accepts connections; false when another does already. The record becomes the registry's own. */
export function openPort(registry: Registry, listener: Listener): boolean {
  const berth = registry.berths.get(listener.podUid)
  if (berth === undefined) return true
  if (isTaken(registry, berth, listener)) return false
  Object.freeze(listener)
  berth.listeners = berth.listeners.length === 0 ? [listener] : [...berth.listeners, listener]
  if (berth.isHostNetwork || listener.hostPort !== undefined)
    for (const key of keysAtNode(registry, listener)) registry.atNodes.set(key, listener)
  return true
}

/** Pods on the host's network share its ports. */
function isTaken(registry: Registry, berth: Berth, { address, port, protocol }: Listener): boolean {
  const isSame = (one: Listener): boolean => one.port === port && one.protocol === protocol && one.address === address
  const other = berth.isHostNetwork ? listenerAtNode(registry, address, port, protocol) : undefined
  return other === undefined ? berth.listeners.some(isSame) : isSame(other)
}

/** Notes that a container's process closed a port, or all of them. Returns what it had listened on. */
export function closePorts(
  registry: Registry,
  podUid: string,
  containerId: string,
  port?: number,
): readonly Listener[] {
  const berth = registry.berths.get(podUid)
  const isClosed = (one: Listener): boolean =>
    one.containerId === containerId && (port === undefined || one.port === port)
  const closed = berth?.listeners.filter(isClosed) ?? noListeners
  if (berth === undefined || closed.length === 0) return closed
  berth.listeners = berth.listeners.filter((one) => !isClosed(one))
  for (const listener of closed) closeAtNode(registry, listener)
  return closed
}

function closeAtNode(registry: Registry, listener: Listener): void {
  if (registry.atNodes.size === 0) return
  for (const key of keysAtNode(registry, listener))
    if (registry.atNodes.get(key)?.containerId === listener.containerId) registry.atNodes.delete(key)
}

/** Who accepts connections to a pod's or a node's address and port. */
export function listenerAt(registry: Registry, address: string, port: number, protocol: string): Listener | undefined {
  const berth = berthAt(registry, address)
  return berth === undefined ? listenerAtNode(registry, address, port, protocol) : listenerIn(berth, port, protocol)
}

/** Who accepts connections to a node's own address. */
export function listenerAtNode(
  { atNodes }: Registry,
  address: string,
  port: number,
  protocol: string,
): Listener | undefined {
  return atNodes.get(`${address}:${port}/${protocol}`)
}

/** Who accepts connections to a pod's address. */
export function listenerIn({ listeners, address }: Berth, port: number, protocol: string): Listener | undefined {
  return listeners.find((one) => one.port === port && one.protocol === protocol && one.address === address)
}

/** Who answers within a pod's own network: also who listens at 127.0.0.1 alone. */
export function listenerInside(
  registry: Registry,
  podUid: string,
  port: number,
  protocol: string,
): Listener | undefined {
  const berth = registry.berths.get(podUid)
  if (berth === undefined) return undefined
  const own = berth.listeners.find(
    (one) => one.port === port && one.protocol === protocol && one.address === '127.0.0.1',
  )
  return own ?? listenerAt(registry, berth.address, port, protocol)
}

function keysAtNode({ stations }: Registry, { address, port, protocol, hostPort, node }: Listener): readonly string[] {
  const own = stations.get(node)?.address
  const keys = hostPort === undefined ? [] : [`${own}:${hostPort}/${protocol}`]
  if (address === own && hostPort !== port) keys.push(`${own}:${port}/${protocol}`)
  return keys
}

function lastPart(address: string): number {
  return Number(address.slice(address.lastIndexOf('.') + 1))
}

/** `10.244.3` of `10.244.3.0/24`, and of `10.244.3.7`. */
export function rangeOfCidr(cidr: string): string {
  return cidr.slice(0, cidr.lastIndexOf('.'))
}

/** The range of the n-th node, from 0, where nobody assigned one: 10.244.0, 10.244.1, …, 10.245.0, … */
export function rangeOfIndex(index: number): string {
  return `10.${244 + Math.floor(index / 256)}.${index % 256}`
}
