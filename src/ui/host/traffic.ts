import type { Cluster } from '#engine'
import type { TrafficRow } from '../protocol.ts'

/** The ribbons of the Traffic view. */
export function trafficRows(cluster: Cluster): readonly TrafficRow[] {
  return cluster.trafficRows()
}
