import { invalidValue, notNegative, required, unsupported, type CronJob, type FieldError } from '../../api/index.ts'
import { jobSpecErrors } from './jobRules.ts'
import { parseSchedule } from '../../api/cron/schedule.ts'
import { isTimeZone } from '../../api/cron/timeZones.ts'

const policies = ['Allow', 'Forbid', 'Replace']
const nameMax = 52

/** What is wrong with a CronJob; of an update, `old` is what it replaces. */
// upstream: pkg/apis/batch/validation/validation.go validateCronJobSpec
export function cronJobErrors({ metadata, spec }: CronJob, old: CronJob | undefined): readonly FieldError[] {
  const errors: FieldError[] = []
  if (!spec.schedule) errors.push(required('spec.schedule'))
  else scheduleErrors(errors, 'spec.schedule', spec, old?.spec.schedule.includes('TZ') === true)
  errors.push(...notNegative('spec.startingDeadlineSeconds', spec.startingDeadlineSeconds))
  if (old === undefined || old.spec.timeZone !== spec.timeZone) zoneErrors(errors, 'spec.timeZone', spec.timeZone)
  const { concurrencyPolicy: policy = '' } = spec
  if (policy === '') errors.push(required('spec.concurrencyPolicy'))
  else if (!policies.includes(policy)) errors.push(unsupported('spec.concurrencyPolicy', policy, policies))
  templateErrors(errors, 'spec.jobTemplate.spec', spec.jobTemplate.spec!)
  errors.push(...notNegative('spec.successfulJobsHistoryLimit', spec.successfulJobsHistoryLimit))
  errors.push(...notNegative('spec.failedJobsHistoryLimit', spec.failedJobsHistoryLimit))
  // a Job's name is the CronJob's and eleven letters more
  if (old === undefined && metadata.name.length > nameMax)
    errors.push(invalidValue('metadata.name', metadata.name, `must be no more than ${nameMax} characters`))
  return errors
}

function scheduleErrors(errors: FieldError[], path: string, { schedule, timeZone }: CronJob['spec'], hadZone: boolean) {
  const parsed = parseSchedule(schedule)
  if ('error' in parsed) errors.push(invalidValue(path, schedule, parsed.error))
  if (!schedule.includes('TZ')) return
  if (!hadZone)
    errors.push(invalidValue(path, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'))
  else if (timeZone !== undefined)
    errors.push(invalidValue(path, schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule'))
}

const partPattern = /^[A-Za-z.\-_0-9+]{1,14}$/

function zoneErrors(errors: FieldError[], path: string, zone: string | undefined): void {
  if (zone === undefined) return
  const complain = (detail: string): void => void errors.push(invalidValue(path, zone, detail))
  if (zone === '') return complain('timeZone must be nil or non-empty string')
  const isBad = (part: string): boolean =>
    part === '.' || part === '..' || part.startsWith('-') || !partPattern.test(part)
  if (zone.split('/').some(isBad)) return complain(`unknown time zone ${zone}`)
  if (zone.toLowerCase() === 'local')
    complain('timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones')
  if (zone !== 'Local' && !isTimeZone(zone)) complain(`unknown time zone ${zone}`)
}

type JobSpec = NonNullable<CronJob['spec']['jobTemplate']['spec']>

function templateErrors(errors: FieldError[], path: string, spec: JobSpec): void {
  errors.push(...jobSpecErrors(spec, path))
  if (spec.selector !== undefined)
    errors.push(invalidValue(`${path}.selector`, spec.selector, '`selector` will be auto-generated'))
  if (spec.manualSelector === true)
    errors.push(unsupported(`${path}.manualSelector`, spec.manualSelector, ['nil', 'false']))
}
