import type { Sim } from '../../sim/index.ts'
import { isReachable, upStations, type Wires } from './dial.ts'
import { exitsOf, type Exit, type Stay } from './exits.ts'
import { abort, createFlow, inFlight, nextTurn, ratesOf, sendAway, setFlow } from './flow.ts'
import type { ContainerLoad, Listener, Origin, Resolution, ServedPort } from './network.ts'
import { listenerAt, type Registry } from './registry.ts'
import { addCounts, noCounts, roundCounts, type TrafficCounters } from './trafficCounts.ts'
import {
  newSource,
  ratesNow,
  rowOf,
  settle,
  shareCapacity,
  totalsAt,
  type Edge,
  type Ending,
  type LoadSource,
  type SourceState,
  type TrafficRow,
} from './trafficSource.ts'
import { parseTarget, type Target } from './url.ts'

/** Requests as rates on edges, shared out by the rules that the nodes have at this moment. */
export interface Traffic {
  /** Starts or changes a source; what is wrong with it, or nothing. */
  readonly setLoad: (source: LoadSource) => string | undefined
  readonly sources: () => readonly LoadSource[]
  /** What became of a source's requests since it began; of all sources' where no name is given. */
  readonly counters: (name?: string) => TrafficCounters
  readonly rows: () => readonly TrafficRow[]
  readonly loadOf: (containerId: string) => ContainerLoad
  /** Something that decides where requests end has changed. */
  readonly touch: () => void
  /** The same, for one address: nothing happens unless some source's requests go there. */
  readonly touchAt: (address: string) => void
  /** A process is gone with whatever it was answering. */
  readonly processGone: (containerId: string) => void
}

/** What traffic needs to know of its surroundings. */
export interface TrafficWorld {
  readonly wires: Wires
  readonly serviceOf: (containerId: string, port: number) => ServedPort | undefined
  /** Tells the runtime how many requests a second a container begins, so that they show in its usage. */
  readonly setRate: (containerId: string, rps: number) => void
  /** Who `namespace/pod` or a node's name is; undefined while there is none. */
  readonly originOf: (from: string) => Origin | undefined
  readonly resolve: (from: Origin, name: string) => Resolution
  /** A number below `below`, the same in each run. */
  readonly pick: (below: number) => number
}

interface TrafficState {
  readonly sources: Map<string, SourceState>
  /** the rates told to the runtime, by container */
  readonly rates: Map<string, number>
  isTouched: boolean
  turnTimer: number
}

/** Makes the traffic of a cluster. It does nothing, and costs nothing, while there is no source. */
export function createTraffic(sim: Sim, world: TrafficWorld): Traffic {
  const state = sim.slice<TrafficState>('traffic', () => ({
    sources: new Map(),
    rates: new Map(),
    isTouched: false,
    turnTimer: 0,
  }))
  const { wires } = world
  let byContainer: Map<string, Edge[]> | undefined

  sim.handle('traffic', (part) => {
    if (part === 'touched') state.isTouched = false
    else state.turnTimer = 0
    for (const source of state.sources.values()) {
      settle(source, sim.now())
      if (part === 'touched') aim(source)
    }
    if (part === 'touched') shareCapacity(state.sources)
    for (const source of state.sources.values()) tell(source)
    tellRuntime()
    planTurn()
  })

  function touch(): void {
    if (state.isTouched || state.sources.size === 0) return
    state.isTouched = true
    sim.schedule(0, 'traffic/touched', { type: 'traffic.touched' })
  }

  /** Decides anew where a source's requests go. */
  function aim(source: SourceState): void {
    const target = parseTarget(source.url)!
    const exits = source.rps > 0 ? exitsNow(source, target) : []
    source.sending = exits === undefined ? 0 : source.rps
    source.ended = { refused: 0, lost: 0, unresolved: 0 }
    source.aims = Object.freeze(new Set((exits ?? []).map(({ address }) => address)))
    const rates = new Map<string, { exit: Exit; listener: Listener; rate: number }>()
    if (exits !== undefined && exits.length === 0 && source.rps > 0) source.ended.unresolved = source.rps
    for (const exit of exits ?? []) {
      const { connection, share } = exit
      if (connection.outcome !== 'connected') source.ended[endingOf(connection.outcome)] += share * source.rps
      else {
        const key = keyOf(connection.listener)
        const known = rates.get(key)
        rates.set(key, { exit, listener: connection.listener, rate: share * source.rps + (known?.rate ?? 0) })
      }
    }
    for (const edge of source.edges.values()) if (!rates.has(edge.key)) rest(source, edge)
    for (const [key, { exit, listener, rate }] of rates) direct(source, key, listener, exit, rate, target)
    byContainer = undefined
  }

  /** Undefined while the pod that should send is not there; empty when the name leads nowhere. */
  function exitsNow(source: SourceState, target: Target): readonly Exit[] | undefined {
    const from = source.from === undefined ? {} : world.originOf(source.from)
    if (from === undefined || (from.node !== undefined && !wires.registry.stations.get(from.node)?.hasPower))
      return undefined
    const found = world.resolve(from, target.host)
    if ('error' in found) return []
    source.service = serviceAt(found.addresses[0]!, target) ?? target.host
    return exitsOf(wires, from, found.addresses, target, stayOf(source))
  }

  function serviceAt(address: string, { port }: Target): string | undefined {
    const frontend = wires.registry.stationAt.has(address) ? `*:${port}/TCP` : `${address}:${port}/TCP`
    const [node] = upStations(wires)
    return node === undefined ? undefined : wires.proxies.rule(node, frontend)?.service
  }

  /** Many clients spread over all endpoints; one client with session affinity stays where it is. */
  function stayOf(source: SourceState): Stay {
    return (rule, endpoints) => {
      if (source.from === undefined || rule.affinityMs === 0) return undefined
      const key = `${rule.service}:${rule.portName}`
      const known = endpoints.find(({ address }) => address === source.stays.get(key))
      const chosen = known ?? endpoints[world.pick(endpoints.length)]!
      source.stays.set(key, chosen.address)
      return chosen
    }
  }

  /** No more requests of this source go there. */
  function rest(source: SourceState, edge: Edge): void {
    const { flow, listener } = edge
    setFlow(flow, 0, flow.capacity, flow.latencyMs)
    if (!isReachable(wires.registry, undefined, listener.node) && listener.node !== '')
      source.totals.lost += abort(flow)
    else if (!isListening(wires.registry, listener)) source.totals.lost += sendAway(flow)
    if (inFlight(flow) < 1e-9) source.edges.delete(edge.key)
  }

  function direct(
    source: SourceState,
    key: string,
    listener: Listener,
    exit: Exit,
    rate: number,
    target: Target,
  ): void {
    const served = world.serviceOf(listener.containerId, listener.port)
    const status = statusOf(served, target)
    const known = source.edges.get(key)
    if (known !== undefined && known.listener.containerId !== listener.containerId) {
      source.totals.lost += abort(known.flow)
      source.edges.delete(key)
    }
    if (status === undefined) {
      if (known !== undefined) source.totals.lost += abort(known.flow)
      source.edges.delete(key)
      source.ended.lost += rate
      return
    }
    const edge = source.edges.get(key) ?? begin(source, key, listener, exit)
    edge.answer = answerOf(status)
    edge.cpuPerRequestMilli = served?.cpuPerRequestMilli ?? 0
    setFlow(edge.flow, rate, capacityOf(served), served?.latencyMs ?? 1)
  }

  function begin(source: SourceState, key: string, listener: Listener, exit: Exit): Edge {
    const pod = exit.pod ?? exit.address
    const edge: Edge = { key, listener, pod, answer: 'served', cpuPerRequestMilli: 0, flow: createFlow(sim.now()) }
    source.edges.set(key, edge)
    return edge
  }

  /** Puts the next moment at which some queue fills up or runs dry on the clock. */
  function planTurn(): void {
    if (state.turnTimer !== 0) sim.cancel(state.turnTimer)
    state.turnTimer = 0
    let next = Infinity
    for (const { edges } of state.sources.values())
      for (const { flow } of edges.values()) next = Math.min(next, nextTurn(flow) ?? Infinity)
    if (next === Infinity) return
    const delayMs = Math.max(1, Math.ceil(next - sim.now()))
    state.turnTimer = sim.schedule(delayMs, 'traffic/turn', { type: 'traffic.turned' })
  }

  /** Writes into the trace what a source's requests meet, when that is no longer what was written last. */
  function tell(source: SourceState): void {
    const rates = roundCounts(ratesNow(source))
    const text = JSON.stringify(rates)
    if (text === source.told) return
    source.told = text
    sim.record('traffic', 'traffic.changed', `Load/${source.name}`, {
      url: source.url,
      service: source.service,
      ...rates,
    })
  }

  function tellRuntime(): void {
    const rates = new Map<string, number>()
    for (const { edges } of state.sources.values()) {
      for (const { listener, flow } of edges.values()) {
        const { begun } = ratesOf(flow)
        if (begun > 0) rates.set(listener.containerId, (rates.get(listener.containerId) ?? 0) + begun)
      }
    }
    for (const containerId of [...state.rates.keys()]) {
      if (rates.has(containerId)) continue
      state.rates.delete(containerId)
      world.setRate(containerId, 0)
    }
    for (const [containerId, rps] of rates) {
      if (state.rates.get(containerId) === rps) continue
      state.rates.set(containerId, rps)
      world.setRate(containerId, rps)
    }
  }

  function edgesInto(containerId: string): readonly Edge[] {
    if (byContainer === undefined) {
      byContainer = new Map()
      for (const { edges } of state.sources.values()) {
        for (const edge of edges.values()) {
          const list = byContainer.get(edge.listener.containerId)
          if (list === undefined) byContainer.set(edge.listener.containerId, [edge])
          else list.push(edge)
        }
      }
    }
    return byContainer.get(containerId) ?? []
  }

  return {
    touch,
    touchAt(address) {
      if (state.isTouched || state.sources.size === 0) return
      for (const { aims, from } of state.sources.values()) if (from !== undefined || aims.has(address)) return touch()
    },
    setLoad({ name, url, rps, from }) {
      if (parseTarget(url) === undefined) return `${url}: not an address to send requests to`
      if (!(rps >= 0) || rps > 1e6) return `${rps}: not a rate of requests per second`
      const source = state.sources.get(name)
      if (source === undefined)
        state.sources.set(name, newSource({ name, url, rps, ...(from !== undefined && { from }) }, sim.now()))
      else {
        settle(source, sim.now())
        Object.assign(source, { url, rps, from })
      }
      touch()
      return undefined
    },
    sources: () =>
      [...state.sources.values()].map(({ name, url, rps, from }) => ({
        name,
        url,
        rps,
        ...(from !== undefined && { from }),
      })),
    counters(name) {
      const total = noCounts()
      for (const source of state.sources.values())
        if (name === undefined || source.name === name) addCounts(total, totalsAt(source, sim.now()))
      return roundCounts(total)
    },
    rows: () => [...state.sources.values()].map((source) => rowOf(source, sim.now())),
    loadOf(containerId) {
      let rps = 0
      let cpuMilli = 0
      for (const { flow, cpuPerRequestMilli } of edgesInto(containerId)) {
        const { begun } = ratesOf(flow)
        rps += begun
        cpuMilli += begun * cpuPerRequestMilli
      }
      return { rps, cpuMilli }
    },
    processGone(containerId) {
      if (state.sources.size === 0 || edgesInto(containerId).length === 0) return
      for (const source of state.sources.values()) {
        for (const edge of [...source.edges.values()]) {
          if (edge.listener.containerId !== containerId) continue
          settle(source, sim.now())
          source.totals.lost += abort(edge.flow)
          source.edges.delete(edge.key)
        }
      }
      byContainer = undefined
      touch()
    },
  }
}

function keyOf({ address, port, protocol }: Listener): string {
  return `${address}:${port}/${protocol}`
}

function isListening(registry: Registry, { containerId, address, port, protocol }: Listener): boolean {
  return listenerAt(registry, address, port, protocol)?.containerId === containerId
}

function endingOf(outcome: 'refused' | 'silent' | 'nxdomain'): Ending {
  if (outcome === 'nxdomain') return 'unresolved'
  return outcome === 'silent' ? 'lost' : 'refused'
}

/** The status a process gives; undefined when it never answers such a request. */
export function statusOf(served: ServedPort | undefined, { scheme, path }: Target): number | undefined {
  if (served?.isHung) return undefined
  if (scheme === 'tcp') return 200
  return served?.statusFor(path)
}

function answerOf(status: number): Edge['answer'] {
  if (status < 400) return 'served'
  return status < 500 ? 'http4xx' : 'http5xx'
}

function capacityOf(served: ServedPort | undefined): number {
  if (!served?.cpuLimitMilli || served.cpuPerRequestMilli <= 0) return Infinity
  return served.cpuLimitMilli / served.cpuPerRequestMilli
}
