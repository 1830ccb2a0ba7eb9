import { controllerOf, formatTime, keyOf, parseTime, type Job, type KubeObject, type Pod } from '../../api/index.ts'
import type { Change } from '../../client/index.ts'
import { claim } from '../claim.ts'
import { defineController, nothing, patch, type Plan, type See, type View, type Write } from '../controller.ts'
import { orphansIndex } from '../indexes.ts'
import { forgive } from '../perform.ts'
import { deletePods } from '../podControl.ts'
import { concernedOwners } from '../podOwners.ts'
import { isReady } from '../pods.ts'
import { doomedPods } from '../replicaSet/deletionOrder.ts'
import { accountOf, isTracked, replacesFailedOnly, trackingFinalizer, type Account } from './account.ts'
import { noFailures, type Failures } from './backoff.ts'
import { birthsOf } from './births.ts'
import { indexOf, isIndexed } from './indexes.ts'
import {
  countMarked,
  finish,
  isFinished,
  openLedger,
  setCondition,
  statusWrites,
  writeDown,
  type Ledger,
} from './status.ts'

interface Memory {
  /** how pods have failed of late, by the Job's uid */
  readonly failures: Map<string, Failures>
  /** when what pods have said is looked at */
  readonly batches: Map<string, number>
}

type Sight = View<Job, Memory>

/** what pods say within a second is looked at together. upstream: syncJobBatchPeriod */
const batchMs = 1000
/** marks a key that is a pod's, not a Job's */
const orphanPrefix = '~'

/**
 * Runs pods until enough of them have succeeded, or too many have failed.
 * upstream: pkg/controller/job/job_controller.go
 */
export const jobController = defineController<Job, Memory>({
  name: 'job-controller',
  for: 'Job',
  owns: ['Pod'],
  ignoresOwnStatus: true,
  createMemory: () => ({ failures: new Map(), batches: new Map() }),
  watches: {
    Job: { concerns: (change: Change<Job>, see) => concernedByJob(change, see) },
    Pod: {
      indexes: orphansIndex,
      owner: 'Job',
      concerns: (change: Change<Pod>, see) => concernedByPod(change, see),
    },
  },
  reconcile(view) {
    const { object: job, memory, key, now } = view
    if (job.spec.managedBy !== undefined && job.spec.managedBy !== 'kubernetes.io/job-controller') return nothing
    const due = memory.batches.get(key)
    if (due !== undefined && due > now) return { writes: [], requeueAfterMs: due - now }
    memory.batches.delete(key)
    if (isFinished(job)) return nothing
    return reconcile(view)
  },
  reconcileAbsent: ({ lister }, key) => {
    const pod = key.startsWith(orphanPrefix) ? lister<Pod>('Pod').get(key.slice(1)) : undefined
    const owner = pod && controllerOf(pod)
    if (pod === undefined || !isTracked(pod)) return nothing
    const job = owner && lister<Job>('Job').get(`${pod.metadata.namespace}/${owner.name}`)
    return job?.metadata.uid === owner?.uid && job !== undefined ? nothing : { writes: [unmark(pod)] }
  },
})

/** A Job that is gone leaves pods with marks that nobody else takes. upstream: syncOrphanPod */
function* concernedByJob({ type, object, previous }: Change<Job>, { memory, lister }: See<Memory>): Iterable<string> {
  const key = keyOf(object)
  if (type === 'DELETED') {
    memory.failures.delete(object.metadata.uid)
    memory.batches.delete(key)
    for (const pod of lister<Pod>('Pod').by('controller', object.metadata.uid))
      if (isTracked(pod)) yield `${orphanPrefix}${keyOf(pod)}`
  } else if (previous === undefined || previous.metadata.generation !== object.metadata.generation)
    memory.batches.delete(key)
  else if (previous.metadata.deletionTimestamp === object.metadata.deletionTimestamp) return
  yield key
}

function* concernedByPod(change: Change<Pod>, see: See<Memory>): Iterable<string> {
  const { object, type } = change
  const owner = controllerOf(object)
  if (owner?.kind === 'Job' && type !== 'DELETED' && isTracked(object)) {
    const job = see.lister<Job>('Job').get(`${object.metadata.namespace}/${owner.name}`)
    if (job?.metadata.uid !== owner.uid) yield `${orphanPrefix}${keyOf(object)}`
  }
  for (const key of concernedOwners<Job>('Job', change, see, ({ spec }) => spec.selector)) {
    if (!see.memory.batches.has(key)) see.memory.batches.set(key, see.now + batchMs)
    yield key
  }
}

function reconcile(view: Sight): Plan {
  const { object: job, memory, lister, now } = view
  const orphans = lister<Pod>('Pod').by('orphans', job.metadata.namespace ?? '')
  const { mine, writes } = claim(view, view.owned<Pod>('Pod'), orphans)
  const ledger = openLedger(job)
  if (ledger.status.startTime === undefined && !job.spec.suspend) ledger.status.startTime = formatTime(now) as never
  const started = { ...job, status: { ...job.status, startTime: ledger.status.startTime } } as unknown as Job
  const counted = accountOf(started, mine, memory.failures.get(job.metadata.uid) ?? noFailures, now)
  memory.failures.set(job.metadata.uid, counted.failures)
  const work = counted.ending ? stop(counted) : manage(counted, ledger)
  const account = work.ending === counted.ending ? counted : { ...counted, ending: work.ending }
  ledger.status.active = work.active
  ledger.status.ready = account.ready - work.removedReady
  ledger.status.terminating = account.terminating + work.removed
  const rest = earliest(work.restMs, deadlineIn(account))
  return {
    writes: [...writes, ...work.writes],
    then: () => settle(job, ledger, account),
    ...(rest !== undefined && { requeueAfterMs: rest }),
  }
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)
}

function deadlineIn({ job, now, ending }: Account): number | undefined {
  const { activeDeadlineSeconds: seconds, suspend } = job.spec
  if (seconds === undefined || suspend || ending || job.status.startTime === undefined) return undefined
  return parseTime(job.status.startTime) + seconds * 1000 - now
}

/** First it is written down who has ended, then their marks are taken, then they are counted. upstream: trackJobStatusAndRemoveFinalizers */
function settle(job: Job, ledger: Ledger, account: Account): readonly Write[] {
  const { ending, now, pods } = account
  const tracked = new Set(pods.filter(isTracked).map(({ metadata }) => metadata.uid))
  countMarked(ledger, tracked, job)
  const marked = writeDown(ledger, account)
  if (ending) setCondition(ledger, ending.type, 'True', ending.reason, ending.message, now)
  if (marked.length === 0) finish(ledger, account)
  const unmarked = marked.map(unmark)
  // the end is told with the next look, when the marks are seen to be gone
  if (ending || marked.length === 0) return [...statusWrites(job, ledger), ...unmarked]
  return [...firstThenCount(job, ledger, unmarked, marked, tracked)]
}

function firstThenCount(
  job: Job,
  ledger: Ledger,
  unmarked: readonly Write[],
  marked: readonly Pod[],
  tracked: ReadonlySet<string>,
): readonly Write[] {
  const left = new Set(tracked)
  for (const { metadata } of marked) left.delete(metadata.uid)
  const first = statusWrites(job, { status: { ...ledger.status }, events: ledger.events })
  const [update, ...others] = first
  if (update?.do !== 'update') return [...first, ...unmarked]
  const done = (answer: KubeObject): readonly Write[] => {
    const next = openLedger(answer as Job)
    countMarked(next, left, job)
    return [...(update.done?.(answer) ?? []), ...unmarked, ...statusWrites(answer as Job, next)]
  }
  return [{ ...update, done }, ...others]
}

function unmark(pod: Pod): Write {
  const finalizers = (pod.metadata.finalizers ?? []).filter((name) => name !== trackingFinalizer)
  return patch(
    pod,
    { metadata: { finalizers: finalizers.length > 0 ? finalizers : null } },
    { refused: ({ code }) => (code === 404 ? forgive : undefined) },
  )
}

interface Work {
  readonly writes: readonly Write[]
  readonly active: number
  readonly removed: number
  readonly removedReady: number
  readonly restMs: number | undefined
  readonly ending: Account['ending']
}

/** A Job that is over takes its pods down. upstream: deleteActivePods */
function stop({ job, active, ending }: Account): Work {
  return { ...removal(job, active), active: 0, restMs: undefined, ending }
}

function removal(job: Job, pods: readonly Pod[]) {
  return { writes: deletePods(job, pods), removed: pods.length, removedReady: pods.filter(isReady).length }
}

/** upstream: manageJob, and what syncJob does after it */
function manage(account: Account, ledger: Ledger): Work {
  const { job, now, active } = account
  if (job.metadata.deletionTimestamp !== undefined)
    return { writes: [], active: active.length, removed: 0, removedReady: 0, restMs: undefined, ending: undefined }
  const work = change(account)
  if (isComplete(account, work.active)) {
    const message = 'Reached expected number of succeeded pods'
    return { ...work, ending: { type: 'SuccessCriteriaMet', reason: 'CompletionsReached', message } }
  }
  if (job.spec.suspend) {
    if (setCondition(ledger, 'Suspended', 'True', 'JobSuspended', 'Job suspended', now)) {
      delete ledger.status.startTime
      ledger.events.push(told(job, 'Suspended', 'Job suspended'))
    }
  } else if (setCondition(ledger, 'Suspended', 'False', 'JobResumed', 'Job resumed', now)) {
    ledger.status.startTime = formatTime(now) as never
    ledger.events.push(told(job, 'Resumed', 'Job resumed'))
  }
  return work
}

function told(object: Job, reason: string, message: string): Write {
  return { do: 'event', object, event: { type: 'Normal', reason, message } }
}

function isComplete({ job, succeeded }: Account, active: number): boolean {
  const { completions } = job.spec
  return active === 0 && (completions === undefined ? succeeded > 0 : succeeded >= completions)
}

function change(account: Account): Work {
  const { job, active, terminating } = account
  const base = { active: active.length, removed: 0, removedReady: 0, restMs: undefined, ending: undefined }
  if (job.spec.suspend) {
    const { writes, ...counts } = removal(job, active)
    return { ...base, ...counts, active: 0, writes: [...active.filter(isTracked).map(unmark), ...writes] }
  }
  const wanted = wantedOf(account)
  const surplus = surplusOf(account, Math.max(0, active.length - wanted))
  if (surplus.length > 0) {
    const { writes, ...counts } = removal(job, surplus)
    const unmarked = surplus.filter(isTracked).map(unmark)
    return { ...base, ...counts, active: active.length - surplus.length, writes: [...unmarked, ...writes] }
  }
  const { writes, count, restMs } = birthsOf(
    account,
    wanted - active.length - (replacesFailedOnly(job) ? terminating : 0),
  )
  return { ...base, writes, active: active.length + count, restMs }
}

function wantedOf({ job, active, succeeded }: Account): number {
  const { completions, parallelism = 1 } = job.spec
  if (completions === undefined) return succeeded > 0 ? active.length : parallelism
  return Math.max(0, Math.min(completions - succeeded, parallelism))
}

/** Of several pods for one number all but one go; then those that cost the least. upstream: activePodsForRemoval */
function surplusOf({ job, active, now }: Account, least: number): readonly Pod[] {
  if (!isIndexed(job)) return doomedPods(active, least, () => 0, now)
  const seen = new Set<number>()
  const doubles = active.filter((pod) => {
    const index = indexOf(job, pod)
    const isDouble = index < 0 || seen.has(index)
    seen.add(index)
    return isDouble
  })
  const others = active.filter((pod) => !doubles.includes(pod))
  return [...doubles, ...doomedPods(others, least - doubles.length, () => 0, now)]
}
