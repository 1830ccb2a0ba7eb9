import { formatTime, isEqual, type Draft, type Job, type Pod } from '../../api/index.ts'
import { event, updateStatus, type Write } from '../controller.ts'
import { conditionOf, hasFailed, isTracked, type Account } from './account.ts'
import { verdictOn } from './failurePolicy.ts'
import { formatIndexes, indexOf, isIndexed } from './indexes.ts'

type Status = Draft<Job['status']>
type Condition = NonNullable<Status['conditions']>[number]

/** A Job's status in the making. */
export interface Ledger {
  readonly status: Status
  readonly events: Write[]
}

/** Copies the status that is there. */
export function openLedger({ status }: Job): Ledger {
  const copy = { ...status, uncountedTerminatedPods: { ...status.uncountedTerminatedPods } } as unknown as Status
  if (status.conditions) copy.conditions = status.conditions.map((one) => ({ ...one })) as never
  return { status: copy, events: [] }
}

/** Sets a condition; one that was never True is not told to be False. upstream: ensureJobConditionStatus */
export function setCondition(
  { status }: Ledger,
  type: string,
  is: 'True' | 'False',
  reason: string,
  message: string,
  now: number,
): boolean {
  const at = formatTime(now)
  const conditions = (status.conditions ??= []) as Condition[]
  const known = conditions.find((one) => one.type === type)
  const next = { type, status: is, lastProbeTime: at, lastTransitionTime: at, reason, message } as never as Condition
  if (known === undefined) {
    if (is === 'False') return false
    conditions.push(next)
    return true
  }
  if (known.status === is && known.reason === reason && known.message === message) return false
  conditions[conditions.indexOf(known)] = next
  return true
}

/** Pods that were written down as ended, and whose mark is gone, are counted. upstream: cleanUncountedPodsWithoutFinalizers */
export function countMarked({ status }: Ledger, stillMarked: ReadonlySet<string>, job: Job): void {
  const { succeeded = [], failed = [] } = (status.uncountedTerminatedPods ?? {}) as Uncounted
  const left = (list: readonly string[]): string[] => list.filter((uid) => stillMarked.has(uid))
  const [nextSucceeded, nextFailed] = [left(succeeded), left(failed)]
  if (!isIndexed(job) && succeeded.length > nextSucceeded.length)
    status.succeeded = (status.succeeded ?? 0) + succeeded.length - nextSucceeded.length
  if (failed.length > nextFailed.length) status.failed = (status.failed ?? 0) + failed.length - nextFailed.length
  status.uncountedTerminatedPods = {
    ...(nextSucceeded.length > 0 && { succeeded: nextSucceeded }),
    ...(nextFailed.length > 0 && { failed: nextFailed }),
  } as never
}

interface Uncounted {
  readonly succeeded?: readonly string[]
  readonly failed?: readonly string[]
}

/** Writes down which pods have ended before their marks are taken: the pods to take them from. upstream: trackJobStatusAndRemoveFinalizers */
export function writeDown({ status }: Ledger, account: Account): readonly Pod[] {
  const { job, pods, kept, ending } = account
  const { succeeded = [], failed = [] } = (status.uncountedTerminatedPods ?? {}) as Uncounted
  const [nextSucceeded, nextFailed] = [[...succeeded], [...failed]]
  const indexes = new Set(account.countedIndexes)
  const marked: Pod[] = []
  const isOver = job.metadata.deletionTimestamp !== undefined || ending !== undefined
  for (const pod of pods) {
    if (!isTracked(pod)) continue
    const { uid } = pod.metadata
    const isFailure = hasFailed(job, pod)
    const isSuccess = pod.status.phase === 'Succeeded'
    const index = isIndexed(job) ? indexOf(job, pod) : 0
    if (!isOver && !isSuccess && (!isFailure || kept.get(index)?.metadata.uid === uid)) continue
    marked.push(pod)
    if (index < 0) continue
    if (isSuccess && !failed.includes(uid)) {
      if (isIndexed(job)) indexes.add(index)
      else if (!succeeded.includes(uid)) nextSucceeded.push(uid)
    } else if ((isFailure || ending?.type === 'FailureTarget') && !failed.includes(uid) && verdictOn(job, pod).counts)
      nextFailed.push(uid)
  }
  if (isIndexed(job)) {
    status.succeeded = indexes.size
    setText(status, 'completedIndexes', formatIndexes(indexes))
    if (job.spec.backoffLimitPerIndex !== undefined)
      setText(status, 'failedIndexes', formatIndexes(account.failedIndexes))
  }
  status.uncountedTerminatedPods = {
    ...(nextSucceeded.length > 0 && { succeeded: nextSucceeded }),
    ...(nextFailed.length > 0 && { failed: nextFailed }),
  } as never
  return marked
}

function setText(status: Status, field: 'completedIndexes' | 'failedIndexes', text: string): void {
  if (text !== '' || field === 'failedIndexes') status[field] = text
}

/** The last word, when all pods are gone and counted. upstream: enactJobFinished, recordJobFinished */
export function finish(ledger: Ledger, account: Account): boolean {
  const { status } = ledger
  const { job, now, ending } = account
  const uncounted = (status.uncountedTerminatedPods ?? {}) as Uncounted
  if (ending === undefined || (uncounted.succeeded?.length ?? 0) + (uncounted.failed?.length ?? 0) > 0) return false
  if ((status.terminating ?? 0) > 0 || (status.active ?? 0) > 0) return false
  const isGood = ending.type === 'SuccessCriteriaMet'
  setCondition(ledger, isGood ? 'Complete' : 'Failed', 'True', ending.reason, ending.message, now)
  if (isGood) status.completionTime = formatTime(now) as never
  ledger.events.push(
    isGood ? event(job, 'Normal', 'Completed', 'Job completed') : event(job, 'Warning', ending.reason, ending.message),
  )
  return true
}

/** Whether a Job has had its last word. */
export function isFinished(job: Job): boolean {
  return conditionOf(job, 'Complete') !== undefined || conditionOf(job, 'Failed') !== undefined
}

/** Writes the ledger over a Job as it was, if that changes anything; what was told goes with it. */
export function statusWrites(job: Job, { status, events }: Ledger): readonly Write[] {
  for (const name of ['active', 'succeeded', 'failed'] as const) if (status[name] === 0) delete status[name]
  if (status.conditions?.length === 0) delete status.conditions
  if (isEqual(status, job.status)) return events
  return [updateStatus({ ...job, status } as unknown as Job, { done: () => events })]
}
