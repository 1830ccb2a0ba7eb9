import type { CronJob, Job } from '../engine.ts'
import { humanDuration } from '../duration.ts'
import { parseTime } from '../engine.ts'
import { defineDescriber, type Sheet } from './defineDescriber.ts'
import { annotationLines, boolText, controllerText, eventLines, labelLines, longTime, selectorText } from './parts.ts'
import { templateLines } from './podTemplate.ts'

const unset = '<unset>'

/** One job: what it is to complete, and how far it is. */
// upstream: kubectl/pkg/describe/describe.go describeJob
export const jobDescriber = defineDescriber<Job>({
  group: 'batch',
  kind: 'Job',
  describe({ object, sheet, events, now }) {
    const { metadata, spec } = object
    sheet.line(0, 'Name:', metadata.name)
    sheet.line(0, 'Namespace:', metadata.namespace)
    sheet.line(0, 'Selector:', spec.selector ? selectorText(spec.selector) : '')
    labelLines(sheet, 0, 'Labels', metadata.labels)
    annotationLines(sheet, 0, metadata.annotations)
    const controller = controllerText(metadata.ownerReferences)
    if (controller !== undefined) sheet.line(0, 'Controlled By:', controller)
    if (spec.parallelism !== undefined) sheet.line(0, 'Parallelism:', spec.parallelism)
    sheet.line(0, 'Completions:', spec.completions ?? unset)
    if (spec.completionMode) sheet.line(0, 'Completion Mode:', spec.completionMode)
    if (spec.suspend !== undefined) sheet.line(0, 'Suspend:', spec.suspend)
    if (spec.backoffLimit !== undefined) sheet.line(0, 'Backoff Limit:', spec.backoffLimit)
    if (spec.ttlSecondsAfterFinished !== undefined)
      sheet.line(0, 'TTL Seconds After Finished:', spec.ttlSecondsAfterFinished)
    timeLines(sheet, object)
    if (spec.activeDeadlineSeconds !== undefined)
      sheet.line(0, 'Active Deadline Seconds:', `${spec.activeDeadlineSeconds}s`)
    progressLines(sheet, object)
    templateLines(sheet, spec.template)
    eventLines(sheet, events(), now)
  },
})

function timeLines(sheet: Sheet, { status }: Job): void {
  const { startTime, completionTime } = status ?? {}
  if (startTime) sheet.line(0, 'Start Time:', longTime(startTime))
  if (completionTime) sheet.line(0, 'Completed At:', longTime(completionTime))
  if (startTime && completionTime)
    sheet.line(0, 'Duration:', humanDuration(parseTime(completionTime) - parseTime(startTime)))
}

function progressLines(sheet: Sheet, { spec, status }: Job): void {
  const { active = 0, succeeded = 0, failed = 0, ready, completedIndexes } = status ?? {}
  const running = ready === undefined ? `${active} Active` : `${active} Active (${ready} Ready)`
  sheet.line(0, 'Pods Statuses:', `${running} / ${succeeded} Succeeded / ${failed} Failed`)
  if (spec.completionMode === 'Indexed') sheet.line(0, 'Completed Indexes:', cappedIndexes(completedIndexes))
}

const indexesMax = 50

function cappedIndexes(text: string | undefined): string {
  if (!text) return '<none>'
  const comma = text.indexOf(',', indexesMax)
  return comma < 0 ? text : `${text.slice(0, comma + 1)}...`
}

/** One cron job: when it runs, what it makes, what is running. */
// upstream: kubectl/pkg/describe/describe.go describeCronJob
export const cronJobDescriber = defineDescriber<CronJob>({
  group: 'batch',
  kind: 'CronJob',
  describe({ object, sheet, events, now }) {
    const { metadata, spec, status } = object
    sheet.line(0, 'Name:', metadata.name)
    sheet.line(0, 'Namespace:', metadata.namespace)
    labelLines(sheet, 0, 'Labels', metadata.labels)
    annotationLines(sheet, 0, metadata.annotations)
    sheet.line(0, 'Schedule:', spec.schedule)
    sheet.line(0, 'Concurrency Policy:', spec.concurrencyPolicy ?? '')
    sheet.line(0, 'Suspend:', boolText(spec.suspend))
    sheet.line(0, 'Time Zone:', spec.timeZone ?? unset)
    sheet.line(0, 'Successful Job History Limit:', spec.successfulJobsHistoryLimit ?? unset)
    sheet.line(0, 'Failed Job History Limit:', spec.failedJobsHistoryLimit ?? unset)
    const deadline = spec.startingDeadlineSeconds
    sheet.line(0, 'Starting Deadline Seconds:', deadline === undefined ? unset : `${deadline}s`)
    jobTemplateLines(sheet, spec.jobTemplate.spec)
    sheet.line(0, 'Last Schedule Time:', status?.lastScheduleTime ? longTime(status.lastScheduleTime) : unset)
    const active = status?.active ?? []
    sheet.line(0, 'Active Jobs:', active.length === 0 ? '<none>' : active.map(({ name }) => name).join(', '))
    eventLines(sheet, events(), now)
  },
})

function jobTemplateLines(sheet: Sheet, spec: CronJob['spec']['jobTemplate']['spec']): void {
  sheet.line(0, 'Selector:', spec?.selector ? selectorText(spec.selector) : unset)
  sheet.line(0, 'Parallelism:', spec?.parallelism ?? unset)
  sheet.line(0, 'Completions:', spec?.completions ?? unset)
  if (spec?.activeDeadlineSeconds !== undefined)
    sheet.line(0, 'Active Deadline Seconds:', `${spec.activeDeadlineSeconds}s`)
  templateLines(sheet, spec?.template)
}
