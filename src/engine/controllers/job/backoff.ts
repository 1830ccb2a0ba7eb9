import { parseTime, type Pod } from '../../api/index.ts'

/** How a Job's pods have failed of late. */
export interface Failures {
  /** since the last success */
  readonly count: number
  readonly lastAt: number
}

export const noFailures: Failures = Object.freeze({ count: 0, lastAt: 0 })

const firstMs = 10_000
const mostMs = 600_000

/** The failures after pods have ended. upstream: pkg/controller/job/backoff_utils.go newBackoffRecord */
export function recordOf(before: Failures, succeeded: readonly Pod[], failed: readonly Pod[]): Failures {
  const successAt = Math.max(-Infinity, ...succeeded.map(finishedAt))
  const after = failed.map(finishedAt).filter((at) => at > successAt)
  if (failed.length > 0 && after.length === 0 && succeeded.length > 0) return noFailures
  const known = before.lastAt > successAt ? before : noFailures
  return after.length === 0 ? known : { count: known.count + after.length, lastAt: Math.max(...after) }
}

/** How long the next pod must still wait: 10 s after the first failure, then twice as long each time. */
export function restOf({ count, lastAt }: Failures, now: number): number {
  if (count === 0) return 0
  return Math.max(0, lastAt + Math.min(firstMs * 2 ** (count - 1), mostMs) - now)
}

/** When a pod ended: what its containers say, else when it ceased to be ready, else when it was deleted. upstream: getFinishedTime */
export function finishedAt({ metadata, status }: Pod): number {
  const ends = [...(status.containerStatuses ?? [])].map(({ state }) => state?.terminated?.finishedAt)
  if (ends.length > 0 && ends.every((end) => end != null)) return Math.max(...ends.map((end) => parseTime(end!)))
  const ready = status.conditions?.find(({ type }) => type === 'Ready')
  if (ready?.status === 'False' && ready.lastTransitionTime) return parseTime(ready.lastTransitionTime)
  if (metadata.deletionTimestamp !== undefined)
    return parseTime(metadata.deletionTimestamp) - (metadata.deletionGracePeriodSeconds ?? 0) * 1000
  return parseTime(metadata.creationTimestamp)
}
