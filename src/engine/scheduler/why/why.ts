import type { DecisionRecord } from '../decision.ts'
import type { QueuedPodView } from '../queueView.ts'
import type { Remedy } from './remedy.ts'

/** All that can be said about where a pod is, or why it is nowhere. */
export interface Why {
  /** `namespace/name` */
  readonly pod: string
  /** where it runs; the empty string while it waits */
  readonly node: string
  /** one sentence that answers the question */
  readonly sentence: string
  /** the last attempt, if there was one */
  readonly decision?: DecisionRecord
  /** its place in the scheduler's queue, while it waits there */
  readonly queue?: QueuePlace
  /** for a pod that fits nowhere: the smallest single changes that would place it, smallest first */
  readonly remedies: readonly Remedy[]
}

/** Where in the queue a pod waits. */
export interface QueuePlace extends QueuedPodView {
  readonly list: 'active' | 'backOff' | 'unschedulable'
  /** 0 for the next one to be tried */
  readonly place: number
}
