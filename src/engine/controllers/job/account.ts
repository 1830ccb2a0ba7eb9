import { parseTime, type Job, type Pod } from '../../api/index.ts'
import { isActive, isReady, isTerminating } from '../pods.ts'
import { recordOf, type Failures } from './backoff.ts'
import { verdictOn } from './failurePolicy.ts'
import { indexFailures, indexOf, isIndexed, metSuccessPolicy, parseIndexes } from './indexes.ts'

export const trackingFinalizer = 'batch.kubernetes.io/job-tracking'

/** How a Job ends, before it is said in a condition. */
export interface Ending {
  readonly type: 'FailureTarget' | 'SuccessCriteriaMet'
  readonly reason: string
  readonly message: string
}

/** All that one look at a Job and its pods gives. */
export interface Account {
  readonly job: Job
  readonly now: number
  readonly pods: readonly Pod[]
  readonly active: readonly Pod[]
  readonly ready: number
  readonly terminating: number
  /** pods that ended and were not counted before */
  readonly newlyFailed: readonly Pod[]
  readonly succeeded: number
  readonly failed: number
  readonly failures: Failures
  readonly countedIndexes: ReadonlySet<number>
  readonly succeededIndexes: ReadonlySet<number>
  readonly failedIndexes: ReadonlySet<number>
  /** of each number, the failed pod that is kept until its replacement is there */
  readonly kept: ReadonlyMap<number, Pod>
  readonly ending: Ending | undefined
}

/** Whether a pod still holds the mark that it has not been counted. */
export function isTracked({ metadata }: Pod): boolean {
  return metadata.finalizers?.includes(trackingFinalizer) ?? false
}

/** Whether only a pod that has failed is replaced, not one that is on its way out. */
export function replacesFailedOnly({ spec }: Job): boolean {
  return spec.podReplacementPolicy === 'Failed' || spec.podFailurePolicy !== undefined
}

/** upstream: isPodFailed */
export function hasFailed(job: Job, { metadata, status }: Pod): boolean {
  if (status.phase === 'Failed') return true
  if (replacesFailedOnly(job)) return false
  return metadata.deletionTimestamp !== undefined && status.phase !== 'Succeeded'
}

/** How often the number that a pod works on has failed before it. */
export function failuresBefore({ metadata }: Pod, annotation = indexFailures): number {
  return Number(metadata.annotations?.[annotation] ?? 0)
}

/** Counts a Job's pods and says whether it is over. upstream: pkg/controller/job/job_controller.go syncJob */
export function accountOf(job: Job, pods: readonly Pod[], before: Failures, now: number): Account {
  const { status, spec } = job
  const uncounted = status.uncountedTerminatedPods ?? {}
  const isNew = (pod: Pod, known: readonly string[] = []): boolean =>
    isTracked(pod) && !known.includes(pod.metadata.uid) && (!isIndexed(job) || indexOf(job, pod) >= 0)
  const active = pods.filter(isActive)
  const newlySucceeded = pods.filter((pod) => pod.status.phase === 'Succeeded' && isNew(pod, uncounted.succeeded))
  const newlyFailed = pods.filter((pod) => hasFailed(job, pod) && isNew(pod, uncounted.failed))
  const failed =
    (status.failed ?? 0) +
    newlyFailed.filter((pod) => verdictOn(job, pod).counts).length +
    (uncounted.failed?.length ?? 0)
  const counted = parseIndexes(status.completedIndexes, spec.completions ?? 0)
  const succeededIndexes = new Set(counted)
  if (isIndexed(job))
    for (const pod of pods)
      if (pod.status.phase === 'Succeeded' && isTracked(pod) && indexOf(job, pod) >= 0)
        succeededIndexes.add(indexOf(job, pod))
  const failedIndexes = failedIndexesOf(job, pods)
  const succeeded = isIndexed(job)
    ? succeededIndexes.size
    : (status.succeeded ?? 0) + newlySucceeded.length + (uncounted.succeeded?.length ?? 0)
  const account = {
    job,
    now,
    pods,
    active,
    ready: active.filter(isReady).length,
    terminating: pods.filter(isTerminating).length,
    newlyFailed,
    succeeded,
    failed,
    failures: recordOf(before, newlySucceeded, newlyFailed),
    countedIndexes: counted,
    succeededIndexes,
    failedIndexes,
    kept: keptOf(job, pods, failedIndexes, succeededIndexes),
  }
  return { ...account, ending: endingOf(account) }
}

/** upstream: calculateFailedIndexes */
function failedIndexesOf(job: Job, pods: readonly Pod[]): ReadonlySet<number> {
  const { backoffLimitPerIndex: limit, completions = 0 } = job.spec
  const failed = parseIndexes(job.status.failedIndexes, completions)
  if (limit === undefined) return failed
  for (const pod of pods) {
    const index = indexOf(job, pod)
    if (index < 0 || !isTracked(pod) || !hasFailed(job, pod)) continue
    const { action } = verdictOn(job, pod)
    if (action === 'FailIndex' || (action !== 'Ignore' && failuresBefore(pod) >= limit)) failed.add(index)
  }
  return failed
}

/** upstream: getPodsWithDelayedDeletionPerIndex: the latest failed pod of a number that is to be tried again */
function keptOf(
  job: Job,
  pods: readonly Pod[],
  failed: ReadonlySet<number>,
  succeeded: ReadonlySet<number>,
): ReadonlyMap<number, Pod> {
  const kept = new Map<number, Pod>()
  if (job.spec.backoffLimitPerIndex === undefined) return kept
  const busy = new Set(pods.filter((pod) => !hasFailed(job, pod)).map((pod) => indexOf(job, pod)))
  for (const pod of pods) {
    const index = indexOf(job, pod)
    if (index < 0 || !isTracked(pod) || !hasFailed(job, pod)) continue
    if (failed.has(index) || succeeded.has(index) || busy.has(index)) continue
    const known = kept.get(index)
    if (known === undefined || failuresBefore(known) < failuresBefore(pod)) kept.set(index, pod)
  }
  return kept
}

type Counted = Omit<Account, 'ending'>

function endingOf(account: Counted): Ending | undefined {
  const { job } = account
  const told = conditionOf(job, 'SuccessCriteriaMet') ?? conditionOf(job, 'FailureTarget')
  if (told) return told as Ending
  return ruledOut(account) ?? limitReached(account) ?? indexesDone(account)
}

/** A condition that is True. */
export function conditionOf({ status }: Job, type: string) {
  return status.conditions?.find((condition) => condition.type === type && condition.status === 'True')
}

const failure = (reason: string, message: string): Ending => ({ type: 'FailureTarget', reason, message })

function ruledOut({ job, pods }: Counted): Ending | undefined {
  if (job.spec.podFailurePolicy === undefined) return undefined
  for (const pod of pods) {
    const message = hasFailed(job, pod) ? verdictOn(job, pod).message : undefined
    if (message !== undefined) return failure('PodFailurePolicy', message)
  }
  return undefined
}

function limitReached({ job, pods, failed, now }: Counted): Ending | undefined {
  const limit = job.spec.backoffLimit ?? Infinity
  if (failed > limit || restartsReach(job, pods, limit))
    return failure('BackoffLimitExceeded', 'Job has reached the specified backoff limit')
  const { activeDeadlineSeconds: seconds, suspend } = job.spec
  const { startTime } = job.status
  if (seconds === undefined || startTime === undefined || suspend) return undefined
  return now - parseTime(startTime) >= seconds * 1000
    ? failure('DeadlineExceeded', 'Job was active longer than specified deadline')
    : undefined
}

/** Where containers are restarted in place, their restarts count. upstream: pastBackoffLimitOnFailure */
function restartsReach({ spec }: Job, pods: readonly Pod[], limit: number): boolean {
  if (spec.template.spec?.restartPolicy !== 'OnFailure') return false
  let restarts = 0
  for (const { status } of pods) {
    if (status.phase !== 'Running' && status.phase !== 'Pending') continue
    for (const { restartCount } of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])])
      restarts += restartCount
  }
  return limit === 0 ? restarts > 0 : restarts >= limit
}

function indexesDone({ job, succeededIndexes, failedIndexes }: Counted): Ending | undefined {
  if (!isIndexed(job)) return undefined
  const { backoffLimitPerIndex, maxFailedIndexes, completions = 0 } = job.spec
  if (backoffLimitPerIndex !== undefined) {
    if (maxFailedIndexes !== undefined && failedIndexes.size > maxFailedIndexes)
      return failure('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes')
    if (failedIndexes.size > 0 && failedIndexes.size + succeededIndexes.size >= completions)
      return failure('FailedIndexes', 'Job has failed indexes')
  }
  const message = metSuccessPolicy(job, succeededIndexes)
  return message === undefined ? undefined : { type: 'SuccessCriteriaMet', reason: 'SuccessPolicy', message }
}
