import { epochMs, formatTime, isEqual, parseTime, type CronJob, type Draft, type Job } from '../../api/index.ts'
import { parseSchedule, type Schedule } from '../../api/cron/schedule.ts'
import { ownerReference } from '../claim.ts'
import {
  create,
  defineController,
  event,
  remove,
  updateStatus,
  type Plan,
  type View,
  type Write,
} from '../controller.ts'
import { forgive } from '../perform.ts'
import { isNamespaceTerminating } from '../podControl.ts'
import { conditionOf } from '../job/account.ts'
import { dueOf, untilNext } from './times.ts'
import { offsetOf } from './zones.ts'

type Status = Draft<CronJob['status']>
type Sight = View<CronJob>

/** A CronJob's status in the making, and what is told of it. */
interface Draught {
  readonly status: Status
  readonly writes: Write[]
}

/**
 * Makes a Job whenever its schedule comes round, and clears away old ones.
 * upstream: pkg/controller/cronjob/cronjob_controllerv2.go
 */
export const cronJobController = defineController<CronJob>({
  name: 'cronjob-controller',
  for: 'CronJob',
  owns: ['Job'],
  ignoresOwnStatus: true,
  reconcile(view) {
    const { object: cronJob } = view
    const jobs = view.owned<Job>('Job')
    const draught: Draught = { status: copyOf(cronJob), writes: [] }
    clearAway(cronJob, jobs, draught)
    lookThrough(view, jobs, draught)
    if (cronJob.metadata.deletionTimestamp !== undefined || cronJob.spec.suspend) return done(view, draught)
    const schedule = parseSchedule(cronJob.spec.schedule)
    if ('error' in schedule) {
      const text = `unparseable schedule: "${cronJob.spec.schedule}" : ${schedule.error}`
      draught.writes.push(event(cronJob, 'Warning', 'UnparseableSchedule', text))
      return done(view, draught)
    }
    return run(view, schedule, draught)
  },
})

function copyOf({ status }: CronJob): Status {
  return { ...status, ...(status.active && { active: [...status.active] }) } as Status
}

/** The finished Jobs beyond those that are kept go, the oldest first. upstream: cleanupFinishedJobs */
function clearAway(cronJob: CronJob, jobs: readonly Job[], draught: Draught): void {
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = cronJob.spec
  const sorted = [...jobs].sort((a, b) => startOf(a) - startOf(b) || (a.metadata.name < b.metadata.name ? -1 : 1))
  const good = sorted.filter((job) => conditionOf(job, 'Complete'))
  const bad = sorted.filter((job) => conditionOf(job, 'Failed'))
  const excess = (list: readonly Job[], limit: number | undefined): readonly Job[] =>
    limit === undefined ? [] : list.slice(0, Math.max(0, list.length - limit))
  for (const job of [...excess(good, successfulJobsHistoryLimit), ...excess(bad, failedJobsHistoryLimit)])
    if (job.metadata.deletionTimestamp === undefined) removeJob(cronJob, job, draught)
}

function startOf({ status, metadata }: Job): number {
  return parseTime(status.startTime ?? metadata.creationTimestamp)
}

function removeJob(cronJob: CronJob, job: Job, draught: Draught): void {
  const { name, uid } = job.metadata
  strike(draught, uid)
  draught.writes.push(
    remove(
      job,
      { propagationPolicy: 'Background' },
      {
        done: () => [event(cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${name}`)],
        refused: ({ code }) => (code === 404 ? forgive : undefined),
        lastWords: ({ message }) => [event(cronJob, 'Warning', 'FailedDelete', `Deleted job: ${message}`)],
      },
    ),
  )
}

function strike({ status }: Draught, uid: string | undefined): boolean {
  const left = (status.active ?? []).filter((ref) => ref.uid !== uid)
  const isStruck = left.length < (status.active?.length ?? 0)
  if (left.length > 0) status.active = left
  else delete status.active
  return isStruck
}

/** What has become of the Jobs. upstream: the first half of syncCronJob */
function lookThrough({ object: cronJob, find }: Sight, jobs: readonly Job[], draught: Draught): void {
  const { status, writes } = draught
  const say = (type: 'Normal' | 'Warning', reason: string, message: string): void =>
    void writes.push(event(cronJob, type, reason, message))
  for (const job of jobs) {
    const { name, uid } = job.metadata
    const isListed = status.active?.some((ref) => ref.uid === uid) ?? false
    const end = conditionOf(job, 'Complete') ?? conditionOf(job, 'Failed')
    if (!isListed && end === undefined) {
      const fresh = find<CronJob>('CronJob', cronJob.metadata.name, cronJob.metadata.namespace)
      if (!fresh?.status.active?.some((ref) => ref.uid === uid))
        say('Warning', 'UnexpectedJob', `Saw a job that the controller did not create or forgot: ${name}`)
    } else if (isListed && end !== undefined) {
      strike(draught, uid)
      say('Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${end.type}`)
    }
    const at = conditionOf(job, 'Complete') && job.status.completionTime
    if (
      at &&
      (status.lastSuccessfulTime === undefined || parseTime(at) > parseTime(status.lastSuccessfulTime as never))
    )
      status.lastSuccessfulTime = at as never
  }
  const known = new Set(jobs.map(({ metadata }) => metadata.uid))
  for (const { uid, name = '' } of [...(status.active ?? [])]) {
    if (known.has(uid!) || find<Job>('Job', name, cronJob.metadata.namespace)) continue
    strike(draught, uid)
    say('Normal', 'MissingJob', `Active job went missing: ${name}`)
  }
}

/** Starts what is due, unless something speaks against it. upstream: the second half of syncCronJob */
function run(view: Sight, schedule: Schedule, draught: Draught): Plan {
  const { object: cronJob, now } = view
  const { writes, status } = draught
  const say = (type: 'Normal' | 'Warning', reason: string, message: string): void =>
    void writes.push(event(cronJob, type, reason, message))
  const due = dueOf(cronJob, schedule, now, true)
  if (due === undefined) {
    say('Warning', 'InvalidSchedule', `invalid schedule: ${cronJob.spec.schedule} : ${tooClose}`)
    return done(view, draught)
  }
  if (due.missed > 100) say('Warning', 'TooManyMissedTimes', tooMany)
  const at = due.latest
  if (at === undefined) return done(view, draught, schedule)
  const { startingDeadlineSeconds: deadline, concurrencyPolicy } = cronJob.spec
  if (deadline !== undefined && at + deadline * 1000 < now) {
    say('Warning', 'MissSchedule', `Missed scheduled time to start a job: ${longTime(at)}`)
    return done(view, draught, schedule)
  }
  const name = `${cronJob.metadata.name}-${Math.floor((epochMs + at) / 60_000)}`
  const isUsed =
    status.active?.some((ref) => ref.name === name) || status.lastScheduleTime === (formatTime(at) as never)
  if (isUsed) return done(view, draught, schedule)
  if (concurrencyPolicy === 'Forbid' && (status.active?.length ?? 0) > 0) {
    say('Normal', 'JobAlreadyActive', alreadyActive)
    return done(view, draught, schedule)
  }
  if (concurrencyPolicy === 'Replace') replaceActive(view, draught)
  return start(view, schedule, draught, name, at)
}

const tooClose = 'time difference between two schedules is less than 1 second'
const tooMany = 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew'
const alreadyActive = 'Not starting job because prior execution is running and concurrency policy is Forbid'

function replaceActive({ object: cronJob, lister }: Sight, draught: Draught): void {
  for (const { name } of [...(draught.status.active ?? [])]) {
    const job = lister<Job>('Job').get(`${cronJob.metadata.namespace}/${name}`)
    if (job !== undefined) removeJob(cronJob, job, draught)
  }
}

function start(view: Sight, schedule: Schedule, draught: Draught, name: string, at: number): Plan {
  const { object: cronJob, now } = view
  const { status, writes } = draught
  writes.push(
    create('Job', jobFor(cronJob, name, at), {
      namespace: cronJob.metadata.namespace,
      done({ apiVersion, kind, metadata }) {
        const { namespace, resourceVersion, uid } = metadata
        const ref = { apiVersion, kind, name, namespace, resourceVersion, uid }
        const next = { ...status, active: [...(status.active ?? []), ref], lastScheduleTime: formatTime(at) }
        return [
          event(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${name}`),
          updateStatus({ ...cronJob, status: next } as unknown as CronJob),
        ]
      },
      refused: (error) => (isNamespaceTerminating(error) || error.code === 409 ? forgive : undefined),
      lastWords: ({ message }) => [event(cronJob, 'Warning', 'FailedCreate', `Error creating job: ${message}`)],
    }),
  )
  return { writes, requeueAfterMs: untilNext(started(cronJob, at), schedule, now), isPoll: true }
}

const started = (cronJob: CronJob, at: number): CronJob =>
  ({ ...cronJob, status: { ...cronJob.status, lastScheduleTime: formatTime(at) } }) as unknown as CronJob

/** upstream: getJobFromTemplate2 */
function jobFor(cronJob: CronJob, name: string, at: number): object {
  const { metadata, spec } = cronJob.spec.jobTemplate
  const annotations = {
    ...metadata?.annotations,
    'batch.kubernetes.io/cronjob-scheduled-timestamp': zonedTime(cronJob.spec.timeZone, at),
  }
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      ...(metadata?.labels && { labels: metadata.labels }),
      annotations,
      ownerReferences: [ownerReference(cronJob)],
    },
    spec,
  }
}

function zonedTime(zone: string | undefined, at: number): string {
  const minutes = Math.round(offsetOf(zone, at) / 60_000)
  if (minutes === 0) return formatTime(at)
  const two = (value: number): string => String(value).padStart(2, '0')
  const size = Math.abs(minutes)
  const suffix = `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
  return formatTime(at + minutes * 60_000).replace('Z', suffix)
}

const weekdays = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Go's RFC1123Z: `Tue, 01 Sep 2026 08:01:00 +0000`. */
function longTime(at: number): string {
  const [date = '', time = ''] = formatTime(at).slice(0, -1).split('T')
  const [year, month, day] = date.split('-')
  const weekday = weekdays[Math.floor((epochMs + at) / 86_400_000) % 7]
  return `${weekday}, ${day} ${months[Number(month) - 1]} ${year} ${time} +0000`
}

function done({ object: cronJob, now }: Sight, { status, writes }: Draught, schedule?: Schedule): Plan {
  const isSame = isEqual(status, cronJob.status)
  const all = isSame ? writes : [...writes, updateStatus({ ...cronJob, status } as unknown as CronJob)]
  if (schedule === undefined) return { writes: all }
  const restMs = untilNext(cronJob, schedule, now)
  return Number.isFinite(restMs) ? { writes: all, requeueAfterMs: restMs, isPoll: true } : { writes: all }
}
