import { advance, ratesOf, type Flow } from './flow.ts'
import type { Listener } from './network.ts'
import { noCounts, roundCounts, type TrafficCounters, type TrafficCounts } from './trafficCounts.ts'

/** Somebody who sends requests at a steady rate, whether or not they are answered. */
export interface LoadSource {
  readonly name: string
  readonly url: string
  /** requests per second; 0 ends it, its counters stay */
  readonly rps: number
  /** a pod (`namespace/name`) or a node; from outside the cluster where absent */
  readonly from?: string
}

/** One source, for the page. Rates are requests per second. */
export interface TrafficRow {
  readonly source: string
  readonly url: string
  readonly service: string
  readonly rps: number
  readonly served: number
  readonly refused: number
  readonly lost: number
  readonly failed: number
  readonly edges: readonly { readonly from: string; readonly to: string; readonly rps: number }[]
  readonly totals: TrafficCounters
}

/** How a request ends that reaches no process. */
export type Ending = 'refused' | 'lost' | 'unresolved'

/** Requests of one source to one process. */
export interface Edge {
  readonly key: string
  readonly listener: Listener
  readonly pod: string
  /** how the process answers them now */
  answer: 'served' | 'http4xx' | 'http5xx'
  cpuPerRequestMilli: number
  flow: Flow
}

/** One source as data. */
export interface SourceState {
  readonly name: string
  url: string
  rps: number
  from: string | undefined
  service: string
  /** up to which moment the totals are reckoned */
  at: number
  totals: TrafficCounts
  /** per second: sent, and what ends without having reached a process */
  sending: number
  ended: Record<Ending, number>
  edges: Map<string, Edge>
  /** the addresses its requests go to now, answered or not; replaced, never changed */
  aims: ReadonlySet<string>
  /** the endpoint that a single client stays with, per Service */
  stays: Map<string, string>
  /** the rates last told in the trace */
  told: string
}

/** A source that has sent nothing yet. */
export function newSource({ name, url, rps, from }: LoadSource, at: number): SourceState {
  const ended = { refused: 0, lost: 0, unresolved: 0 }
  const aims = Object.freeze(new Set<string>())
  return {
    name,
    url,
    rps,
    from,
    service: '',
    at,
    totals: noCounts(),
    sending: 0,
    ended,
    edges: new Map(),
    aims,
    stays: new Map(),
    told: '',
  }
}

/** Adds up what happened to a source's requests until now. */
export function settle(source: SourceState, now: number): void {
  const seconds = (now - source.at) / 1000
  source.at = now
  source.totals.sent += source.sending * seconds
  for (const ending of ['refused', 'lost', 'unresolved'] as const)
    source.totals[ending] += source.ended[ending] * seconds
  for (const edge of source.edges.values()) {
    const { done, timedOut } = advance(edge.flow, now)
    source.totals[edge.answer] += done
    source.totals.lost += timedOut
  }
}

/** The totals at a later moment, leaving the state as it is: reading must not change a run. */
export function totalsAt(source: SourceState, now: number): TrafficCounts {
  const copy: SourceState = { ...source, totals: { ...source.totals }, edges: new Map() }
  for (const [key, edge] of source.edges)
    copy.edges.set(key, { ...edge, flow: { ...edge.flow, begun: [...edge.flow.begun] } })
  settle(copy, now)
  return copy.totals
}

/** What a source's requests meet now, per second. */
export function ratesNow(source: SourceState): TrafficCounts {
  const rates = { ...noCounts(), ...source.ended, sent: source.sending }
  for (const { flow, answer } of source.edges.values()) {
    const { begun, timedOut } = ratesOf(flow)
    rates[answer] += begun
    rates.lost += timedOut
  }
  return rates
}

/** Sources that meet at one process share its CPU in proportion to what they ask. */
export function shareCapacity(sources: ReadonlyMap<string, SourceState>): void {
  if (sources.size < 2) return
  const rates = new Map<string, number>()
  const eachEdge = (visit: (edge: Edge) => void): void => {
    for (const { edges } of sources.values())
      for (const edge of edges.values()) if (edge.flow.capacity < Infinity) visit(edge)
  }
  const ask = ({ flow }: Edge): number => flow.rate + flow.waiting
  eachEdge((edge) => rates.set(edge.listener.containerId, (rates.get(edge.listener.containerId) ?? 0) + ask(edge)))
  eachEdge((edge) => {
    const all = rates.get(edge.listener.containerId)!
    if (all > 0) edge.flow.capacity *= ask(edge) / all
  })
}

/** A source at a moment, for the page. */
export function rowOf(source: SourceState, now: number): TrafficRow {
  const { name, url, service, sending } = source
  const { served, refused, lost, failed } = roundCounts(ratesNow(source))
  const edges = [...source.edges.values()].filter(({ flow }) => flow.rate > 0)
  return {
    source: name,
    url,
    service,
    rps: sending,
    served,
    refused,
    lost,
    failed,
    edges: [
      ...(sending > 0 && service !== '' ? [{ from: name, to: service, rps: sending }] : []),
      ...edges.map(({ pod, flow }) => ({ from: service, to: pod, rps: roundRate(flow.rate) })),
    ],
    totals: roundCounts(totalsAt(source, now)),
  }
}

function roundRate(rate: number): number {
  return Math.round(rate * 1e6) / 1e6
}
