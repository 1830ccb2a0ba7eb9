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
export type { LoadSource, Traffic, TrafficRow } from './traffic.ts'
export type { TrafficCounters } from './trafficCounts.ts'
