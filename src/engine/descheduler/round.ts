import type { Node } from '../api/index.ts'
import type { PodInfo, Simulation } from '../scheduler/simulation.ts'

/** One pass over the cluster, as the strategies see it. */
export interface Round {
  /** ready nodes */
  readonly nodes: readonly Node[]
  /** pods on nodes that are neither over nor on their way out, in the order they came */
  readonly podsOn: (node: string) => readonly PodInfo[]
  /** whether the evictor would let a pod go */
  readonly isEvictable: (pod: PodInfo) => boolean
  /** Asks the API server to evict a pod; whether it agreed. */
  readonly evict: (pod: PodInfo, strategy: string) => boolean
  /** the scheduler's filters, for "would it fit elsewhere?" */
  readonly simulation: Simulation
  /** pods evicted in this pass, by uid */
  readonly evicted: ReadonlySet<string>
}

/** The least important first: by priority, then best effort before burstable before guaranteed. */
// upstream: pkg/descheduler/pod/pods.go SortPodsBasedOnPriorityLowToHigh
export function lowestFirst(pods: readonly PodInfo[]): readonly PodInfo[] {
  return [...pods].sort((a, b) => a.priority - b.priority || qualityOf(a) - qualityOf(b))
}

const qualities: Readonly<Record<string, number>> = { BestEffort: 0, Burstable: 1, Guaranteed: 2 }

function qualityOf({ pod }: PodInfo): number {
  return qualities[pod.status?.qosClass ?? ''] ?? 1
}

/** Whether new pods may come to a node. */
export function isSchedulable({ spec }: Node): boolean {
  return spec?.unschedulable !== true
}
