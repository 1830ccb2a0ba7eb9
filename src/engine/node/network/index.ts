export { createNetwork, noAddressLeft, type Answering, type ClusterNetwork, type NetworkNode } from './createNetwork.ts'
export type {
  AddressRequest,
  Connection,
  ContainerLoad,
  Listener,
  Network,
  Origin,
  Resolution,
  ServedPort,
} from './network.ts'
export type { Traffic } from './traffic.ts'
export type { LoadSource, TrafficRow } from './trafficSource.ts'
export type { TrafficCounters } from './trafficCounts.ts'
