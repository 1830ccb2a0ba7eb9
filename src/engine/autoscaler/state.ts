/** Everything the cluster autoscaler and its cloud remember, as plain data. */
export interface AutoscalerState {
  groups: Map<string, GroupState>
  /** since when nobody has needed a node */
  unneeded: Map<string, number>
  deletions: Map<string, Deletion>
  lastScaleUpAt: number
  lastDeletionAt: number
  lastFailureAt: number
  isScanning: boolean
  /** what was paid up to `costAt`, and what has been paid for each hour since */
  spent: number
  costAt: number
  /** the status as it was written last, without its times */
  statusText: string
}

/** One node group. */
export interface GroupState {
  /** as many machines as it should have */
  target: number
  /** machines that were ordered and those that are there, by name: when each was ordered */
  machines: Map<string, number>
  /** those that have been switched on */
  arrived: Set<string>
  /** machines ever ordered: their names go on */
  count: number
  /** an order failed: no more orders until then */
  backoffUntil: number
}

/** A node on its way out. */
export interface Deletion {
  readonly group: string
  readonly since: number
  /** pods that are told to go, by key: when they were last asked, and whether they have agreed */
  readonly pods: Map<string, { at: number; isEvicted: boolean }>
  readonly isEmpty: boolean
}

/** An autoscaler that has done nothing yet. */
export function createAutoscalerState(): AutoscalerState {
  return {
    groups: new Map(),
    unneeded: new Map(),
    deletions: new Map(),
    lastScaleUpAt: -Infinity,
    lastDeletionAt: -Infinity,
    lastFailureAt: -Infinity,
    isScanning: false,
    spent: 0,
    costAt: 0,
    statusText: '',
  }
}
