import { shortWait } from '../../format.ts'
import type { QueuedRow, QueueRow } from '../../protocol.ts'

export type LaneId = 'active' | 'backOff' | 'unschedulable'

/** One of the scheduler's queues as the stage shows it. */
export interface Lane {
  readonly id: LaneId
  readonly title: string
  readonly rows: readonly QueuedRow[]
}

/** The lanes in the order in which pods come to their turn. */
export function lanesOf({ active, backOff, unschedulable }: QueueRow): readonly Lane[] {
  return [
    { id: 'active', title: 'active', rows: active },
    { id: 'backOff', title: 'backoff', rows: backOff },
    { id: 'unschedulable', title: 'unschedulable', rows: unschedulable },
  ]
}

/** What a waiting pod waits for, in a few words. */
export function waitWords(row: QueuedRow, lane: LaneId, now: number): string {
  if (row.gatedBy !== '') return `held by ${row.gatedBy}`
  if (row.nominatedNode !== '') return `waits for room on ${row.nominatedNode}`
  if (lane === 'backOff') return `again in ${shortWait(row.until - now)}`
  if (lane === 'active') return row.attempts > 0 ? `attempt ${row.attempts + 1}` : 'next'
  return row.rejectedBy.join(', ') || 'waits for a change'
}

/** How much of a back-off is over, 0…1. */
export function backOffShare({ since, until }: QueuedRow, now: number): number {
  if (until <= since) return 1
  return Math.max(0, Math.min(1, (now - since) / (until - since)))
}
