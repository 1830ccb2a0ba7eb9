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
}

/** Who has which address, and who listens where: plain data, kept in the world. */
export interface Registry {
  readonly stations: Map<string, Station>
  /** how many machines ever joined */
  joined: number
  /** the ranges that nodes have */
  readonly ranges: Set<string>
  /** node address → node */
  readonly stationAt: Map<string, string>
  readonly berths: Map<string, Berth>
  /** pod address → pod uid; nodes' own addresses are not in here */
  readonly berthAt: Map<string, string>
  /** `namespace/name` → pod uid */
  readonly berthNamed: Map<string, string>
  readonly listeners: Map<string, Listener>
  readonly ofContainer: Map<string, readonly string[]>
}

/** Finds or makes the registry of a world. */
export function registryOf(sim: Sim): Registry {
  return sim.slice<Registry>('network', () => ({
    stations: new Map(),
    joined: 0,
    ranges: new Set(),
    stationAt: new Map(),
    berths: new Map(),
    berthAt: new Map(),
    berthNamed: new Map(),
    listeners: new Map(),
    ofContainer: new Map(),
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
  registry.ranges.delete(station.range)
  registry.stationAt.delete(station.address)
}

/** All pods and processes of a machine are gone. Returns the containers that listened. */
export function clearStation(registry: Registry, node: string): readonly string[] {
  for (const berth of [...registry.berths.values()]) if (berth.node === node) releaseBerth(registry, berth.podUid)
  const gone = new Set<string>()
  for (const listener of registry.listeners.values()) if (listener.node === node) gone.add(listener.containerId)
  for (const container of gone) closePorts(registry, container)
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
  rangeOf: () => string,
): string {
  const known = registry.berths.get(podUid)
  if (known !== undefined) return known.address
  const station = must(registry.stations.get(node), `the network has no node ${node}`)
  const address = isHostNetwork ? station.address : nextAddress(registry, station, rangeOf)
  if (address === '') return ''
  registry.berths.set(podUid, Object.freeze({ podUid, node, address, isHostNetwork, name }))
  if (!isHostNetwork) registry.berthAt.set(address, podUid)
  if (name !== undefined) registry.berthNamed.set(name, podUid)
  return address
}

function nextAddress(registry: Registry, station: Station, rangeOf: () => string): string {
  if (station.range === '') {
    station.range = rangeOf()
    registry.ranges.add(station.range)
  }
  for (let step = 0; step < 253; step++) {
    station.last = station.last >= 254 ? 2 : station.last + 1
    const address = `${station.range}.${station.last}`
    if (!registry.berthAt.has(address)) return address
  }
  return ''
}

/** Gives a pod's address back. */
export function releaseBerth(registry: Registry, podUid: string): Berth | undefined {
  const berth = registry.berths.get(podUid)
  if (berth === undefined) return undefined
  registry.berths.delete(podUid)
  if (registry.berthAt.get(berth.address) === podUid) registry.berthAt.delete(berth.address)
  if (berth.name !== undefined && registry.berthNamed.get(berth.name) === podUid) registry.berthNamed.delete(berth.name)
  return berth
}

/** Notes that a process accepts connections. */
export function openPort(registry: Registry, listener: Listener): void {
  const keys = keysOf(registry, listener)
  const { containerId, podUid, node, address, port, protocol } = listener
  const kept = Object.freeze({ containerId, podUid, node, address, port, protocol })
  for (const key of keys) registry.listeners.set(key, kept)
  const before = registry.ofContainer.get(containerId)
  registry.ofContainer.set(containerId, Object.freeze(before === undefined ? keys : [...before, ...keys]))
}

/** Notes that a container's process closed a port, or all of them. Returns what it had listened on. */
export function closePorts(registry: Registry, containerId: string, port?: number): readonly Listener[] {
  const closed: Listener[] = []
  const left = (registry.ofContainer.get(containerId) ?? []).filter((key) => {
    const listener = registry.listeners.get(key)
    if (listener?.containerId !== containerId) return false
    if (port !== undefined && listener.port !== port) return true
    registry.listeners.delete(key)
    closed.push(listener)
    return false
  })
  if (left.length > 0) registry.ofContainer.set(containerId, Object.freeze(left))
  else registry.ofContainer.delete(containerId)
  return closed
}

/** Who accepts connections to an address and port; to 127.0.0.1 only within one pod. */
export function listenerAt(registry: Registry, address: string, port: number, protocol: string): Listener | undefined {
  return registry.listeners.get(`${address}:${port}/${protocol}`)
}

/** Who answers within a pod's own network. */
export function listenerInside(
  registry: Registry,
  podUid: string,
  port: number,
  protocol: string,
): Listener | undefined {
  const berth = registry.berths.get(podUid)
  return (
    registry.listeners.get(`${loopbackOf(podUid)}:${port}/${protocol}`) ??
    (berth && listenerAt(registry, berth.address, port, protocol))
  )
}

function keysOf(
  { stations }: Registry,
  { address, podUid, port, protocol, hostPort, node }: Listener,
): readonly string[] {
  const own = `${address === '127.0.0.1' ? loopbackOf(podUid) : address}:${port}/${protocol}`
  if (hostPort === undefined) return [own]
  const station = stations.get(node)
  const host = `${station?.address}:${hostPort}/${protocol}`
  return station === undefined || host === own ? [own] : [own, host]
}

function loopbackOf(podUid: string): string {
  return `lo/${podUid}`
}

/** `10.244.3` of `10.244.3.0/24`. */
export function rangeOfCidr(cidr: string): string {
  return cidr.slice(0, cidr.lastIndexOf('.'))
}

/** The range of the n-th node, from 0, where nobody assigned one: 10.244.0, 10.244.1, …, 10.245.0, … */
export function rangeOfIndex(index: number): string {
  return `10.${244 + Math.floor(index / 256)}.${index % 256}`
}
