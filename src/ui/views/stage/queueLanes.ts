import { shortWait } from '../../format.ts'
import type { QueuedRow, QueueRow } from '../../protocol.ts'

export type LaneId = 'active' | 'backOff' | 'unschedulable'

/** One of the scheduler's queues as the stage shows it. */
export interface Lane {
  readonly id: LaneId
  readonly title: string
  readonly rows: readonly QueuedRow[]
  /** how many there are, told or not */
  readonly count: number
}

/** The lanes in the order in which pods come to their turn. */
export function lanesOf({ active, backOff, unschedulable, counts }: QueueRow): readonly Lane[] {
  return [
    { id: 'active', title: 'active', rows: active, count: counts?.active ?? active.length },
    { id: 'backOff', title: 'backoff', rows: backOff, count: counts?.backOff ?? backOff.length },
    {
      id: 'unschedulable',
      title: 'unschedulable',
      rows: unschedulable,
      count: counts?.unschedulable ?? unschedulable.length,
    },
  ]
}

/**
 * The first `most` of those that wait, as the scheduler would take them. Who waits in no lane is in hand, and first; where not all
 * of a lane is told, who is not told of comes last.
 */
export function inTurn<Cell extends { readonly row: { readonly key: string } }>(
  waiting: readonly Cell[],
  lanes: readonly Lane[],
  most: number,
): readonly Cell[] {
  const rest = new Map(waiting.map((cell) => [cell.row.key, cell]))
  const turn: Cell[] = []
  for (const { rows } of lanes)
    for (const { pod } of rows) {
      const cell = rest.get(pod)
      if (cell === undefined || !rest.delete(pod)) continue
      turn.push(cell)
    }
  const isAllTold = lanes.every(({ rows, count }) => rows.length === count)
  return (isAllTold ? [...rest.values(), ...turn] : [...turn, ...rest.values()]).slice(0, most)
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
