import type { Node } from '../../api/index.ts'

/** How many of a zone's nodes are lost: decides how fast the others may be given up. */
export type ZoneState = 'Normal' | 'PartialDisruption' | 'FullDisruption'

/** A zone's queue of nodes that are to get a NoExecute taint, and the pace at which it is let through. */
export interface Zone {
  state: ZoneState
  nodesPerSecond: number
  tokens: number
  filledAt: number
  queue: string[]
}

const usualRate = 0.1
const largeZone = 50
const unhealthyThreshold = 0.55

/** A zone that nobody worries about. */
export function createZone(now: number): Zone {
  return { state: 'Normal', nodesPerSecond: usualRate, tokens: 1, filledAt: now, queue: [] }
}

/** The zone a node is in. upstream: GetZoneKey */
export function zoneOf({ metadata }: Node): string {
  const { labels = {} } = metadata
  return `zone:${labels['topology.kubernetes.io/region'] ?? ''}:${labels['topology.kubernetes.io/zone'] ?? ''}`
}

/** upstream: ComputeZoneState */
export function stateOf(ready: number, notReady: number): ZoneState {
  if (ready === 0 && notReady > 0) return 'FullDisruption'
  return notReady > 2 && notReady / (ready + notReady) >= unhealthyThreshold ? 'PartialDisruption' : 'Normal'
}

/** Nodes per second that may be tainted. upstream: HealthyQPSFunc, ReducedQPSFunc */
export function rateOf(state: ZoneState, size: number, isAllLost: boolean): number {
  if (isAllLost) return 0
  if (state !== 'PartialDisruption') return usualRate
  return size > largeZone ? usualRate / 10 : 0
}

/** How long until the zone may lose another node; 0: now. */
export function timeToToken(zone: Zone, now: number): number {
  zone.tokens = Math.min(1, zone.tokens + ((now - zone.filledAt) / 1000) * zone.nodesPerSecond)
  zone.filledAt = now
  if (zone.tokens >= 1 - 1e-9) return 0
  return zone.nodesPerSecond === 0 ? Infinity : Math.ceil(((1 - zone.tokens) / zone.nodesPerSecond) * 1000)
}

/** Notes that the zone has lost one. */
export function takeToken(zone: Zone): void {
  zone.tokens = 0
}
