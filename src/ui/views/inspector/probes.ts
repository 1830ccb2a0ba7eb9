import { shortWait } from '../../format.ts'
import type { ProbeRow } from '../../protocol.ts'

/** A probe in three phrases: its last answer, what that comes to, and when it asks next. */
export function probeWords(
  { kind, result, last, inARow, dueAt, successThreshold, failureThreshold }: ProbeRow,
  now: number,
): { readonly last: string; readonly counts: string; readonly next: string } {
  const next = dueAt === undefined ? 'asks no more' : dueAt <= now ? 'asks now' : `next in ${shortWait(dueAt - now)}`
  if (inARow === 0) return { last: 'not asked yet', counts: '', next }
  const word = last === 'success' ? 'succeeded' : 'failed'
  const threshold = last === 'success' ? successThreshold : failureThreshold
  const times = `${word} ${inARow === 1 ? 'once' : `${inARow} times in a row`}`
  const counts = result === last ? turned(kind, result) : `${threshold} in a row turn it`
  return { last: times, counts, next }
}

function turned(kind: ProbeRow['kind'], result: ProbeRow['result']): string {
  if (kind === 'readiness') return result === 'success' ? 'ready' : 'not ready'
  if (kind === 'startup') return result === 'success' ? 'started' : 'its container is restarted'
  return result === 'success' ? 'alive' : 'its container is restarted'
}
