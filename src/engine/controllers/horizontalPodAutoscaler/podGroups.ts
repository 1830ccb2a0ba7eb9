import { parseTime, type Pod } from '../../api/index.ts'

/** What a pod uses of one resource, in thousandths, when it was measured, and over which time that is the mean. */
export interface Measured {
  readonly milli: number
  readonly at: number
  readonly windowMs: number
}

/** What pods use, by their names. */
export type Usage = ReadonlyMap<string, Measured>

/** The names of pods by how much their usage says. */
export interface PodGroups {
  readonly readyCount: number
  /** still starting: their usage is none of a pod at work */
  readonly unready: ReadonlySet<string>
  /** nothing was measured of them */
  readonly missing: ReadonlySet<string>
  /** going, or failed */
  readonly ignored: ReadonlySet<string>
}

/** upstream: --horizontal-pod-autoscaler-cpu-initialization-period */
const cpuInitializationMs = 300_000
/** upstream: --horizontal-pod-autoscaler-initial-readiness-delay */
const initialReadinessMs = 30_000

/** Puts each pod into the group it counts with. */
// upstream: pkg/controller/podautoscaler/replica_calculator.go groupPods
export function groupPods(pods: readonly Pod[], usage: Usage, resource: string, now: number): PodGroups {
  const unready = new Set<string>()
  const missing = new Set<string>()
  const ignored = new Set<string>()
  let readyCount = 0
  for (const pod of pods) {
    const { name, deletionTimestamp } = pod.metadata
    const measured = usage.get(name)
    if (deletionTimestamp !== undefined || pod.status.phase === 'Failed') ignored.add(name)
    else if (pod.status.phase === 'Pending') unready.add(name)
    else if (measured === undefined) missing.add(name)
    else if (resource === 'cpu' && isStarting(pod, measured, now)) unready.add(name)
    else readyCount++
  }
  return { readyCount, unready, missing, ignored }
}

/** Whether what a pod uses of the CPU is still the work of its start. */
function isStarting({ status }: Pod, { at, windowMs }: Measured, now: number): boolean {
  const ready = status.conditions?.find(({ type }) => type === 'Ready')
  if (ready === undefined || status.startTime === undefined) return true
  const startedAt = parseTime(status.startTime)
  const changedAt = ready.lastTransitionTime ? parseTime(ready.lastTransitionTime) : 0
  if (startedAt + cpuInitializationMs > now) return ready.status === 'False' || at < changedAt + windowMs
  return ready.status === 'False' && startedAt + initialReadinessMs > changedAt
}
