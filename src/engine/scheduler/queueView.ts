import type { QueuedPod, QueueState } from './queueState.ts'

/** The queue as a person looks at it: each list in the order its pods will be tried. */
export interface QueueView {
  readonly active: readonly QueuedPodView[]
  readonly backOff: readonly QueuedPodView[]
  /** waiting for the cluster to change, gated pods included */
  readonly unschedulable: readonly QueuedPodView[]
}

/** One waiting pod. */
export interface QueuedPodView {
  /** `namespace/name` */
  readonly pod: string
  readonly priority: number
  readonly attempts: number
  /** virtual time at which it was added or last turned down */
  readonly since: number
  /** end of its back-off; 0 when it has none */
  readonly until: number
  /** the plugins that turned it down */
  readonly rejectedBy: readonly string[]
  /** the plugin that keeps it from being tried, or the empty string */
  readonly gatedBy: string
  readonly nominatedNode: string
}

/** Reads a queue's state for the page and the harness. */
export function viewOf(state: QueueState): QueueView {
  const byPriority = (a: QueuedPod, b: QueuedPod): number =>
    b.info.priority - a.info.priority || a.timestamp - b.timestamp || a.serial - b.serial
  const bySecond = (a: QueuedPod, b: QueuedPod): number => a.backOffUntil - b.backOffUntil || byPriority(a, b)
  const all = [...state.pods.values()]
  const within = (...pools: readonly QueuedPod['pool'][]): QueuedPod[] => all.filter(({ pool }) => pools.includes(pool))
  const view = (pod: QueuedPod): QueuedPodView => viewOfPod(pod, state)
  return {
    active: within('active').sort(byPriority).map(view),
    backOff: within('backOff', 'errorBackOff').sort(bySecond).map(view),
    unschedulable: within('unschedulable').sort(byPriority).map(view),
  }
}

function viewOfPod(pod: QueuedPod, { nominations }: QueueState): QueuedPodView {
  const { info, attempts, timestamp, backOffUntil, rejectedBy, gatedBy, pool } = pod
  return {
    pod: info.key,
    priority: info.priority,
    attempts,
    since: timestamp,
    until: pool === 'backOff' || pool === 'errorBackOff' ? backOffUntil : 0,
    rejectedBy,
    gatedBy,
    nominatedNode: nominations.get(info.uid) ?? '',
  }
}
