import {
  duplicate,
  invalidValue,
  isEqual,
  notNegative,
  parseTime,
  required,
  type FieldError,
  type Job,
} from '../../api/index.ts'
import { withoutValue } from './jobPolicies.ts'
import { commonIndex, readIndexes } from './indexes.ts'

// upstream: pkg/apis/batch/validation/validation.go validateJobStatus, pkg/registry/batch/job/strategy.go getStatusValidationOptions

type Status = Job['status']

const isTrue = ({ conditions }: Status, type: string): boolean =>
  conditions?.some((condition) => condition.type === type && condition.status === 'True') === true

const isFinished = (status: Status): boolean => isTrue(status, 'Complete') || isTrue(status, 'Failed')

/** What a report of a Job's state may not say; most checks look only at what the report changes. */
export function jobStatusErrors(next: Job, old: Job): readonly FieldError[] {
  const errors: FieldError[] = []
  countErrors(errors, next.status)
  finishErrors(errors, next, old)
  indexErrors(errors, next, old)
  successErrors(errors, next)
  changeErrors(errors, next, old)
  return errors
}

function countErrors(errors: FieldError[], status: Status): void {
  for (const field of ['active', 'succeeded', 'failed', 'ready', 'terminating'] as const)
    errors.push(...notNegative(`status.${field}`, status[field]))
  const seen = new Set<string>()
  for (const list of ['succeeded', 'failed'] as const)
    status.uncountedTerminatedPods?.[list]?.forEach((uid, index) => {
      const path = `status.uncountedTerminatedPods.${list}[${index}]`
      if (uid === '') errors.push(invalidValue(path, uid, 'must not be empty'))
      else if (seen.has(uid)) errors.push(duplicate(path, uid))
      else seen.add(uid)
    })
}

function finishErrors(errors: FieldError[], { status }: Job, { status: old }: Job): void {
  const condition = (detail: string): void => void errors.push(withoutValue('status.conditions', detail))
  const isNew = (type: string): boolean => isTrue(status, type) && !isTrue(old, type)
  const isNewlyFinished = isFinished(status) && !isFinished(old)
  const { completionTime, startTime } = status
  const changes = (field: keyof Status): boolean => !isEqual(status[field], old[field])
  if ((isNew('Complete') || isNew('Failed')) && isTrue(status, 'Complete') && isTrue(status, 'Failed'))
    condition('cannot set Complete=True and Failed=true conditions')
  if ((isNew('Complete') || isNew('FailureTarget')) && isTrue(status, 'Complete') && isTrue(status, 'FailureTarget'))
    condition('cannot set Complete=True and FailureTarget=true conditions')
  if (changes('completionTime') && completionTime !== undefined && !isTrue(status, 'Complete'))
    errors.push(
      invalidValue(
        'status.completionTime',
        completionTime,
        'cannot set completionTime when there is no Complete=True condition',
      ),
    )
  if ((isNew('Complete') || changes('completionTime')) && completionTime === undefined && isTrue(status, 'Complete'))
    errors.push(required('status.completionTime', 'completionTime is required for Complete jobs'))
  if ((changes('startTime') || changes('completionTime')) && startTime && completionTime)
    if (parseTime(completionTime) < parseTime(startTime))
      errors.push(
        invalidValue('status.completionTime', completionTime, 'completionTime cannot be set before startTime'),
      )
  if (isNew('Failed') && !isTrue(status, 'FailureTarget'))
    condition('cannot set Failed=True condition without the FailureTarget=true condition')
  if (isNew('Complete') && !isTrue(status, 'SuccessCriteriaMet'))
    condition('cannot set Complete=True condition without the SuccessCriteriaMet=true condition')
  const { active = 0, uncountedTerminatedPods: uncounted } = status
  if ((isNewlyFinished || changes('active')) && active > 0 && isFinished(status))
    errors.push(invalidValue('status.active', active, 'active>0 is invalid for finished job'))
  if ((isNewlyFinished || changes('startTime')) && startTime === undefined && isFinished(status))
    errors.push(required('status.startTime', 'startTime is required for finished job'))
  const waiting = (uncounted?.failed?.length ?? 0) + (uncounted?.succeeded?.length ?? 0)
  if ((isNewlyFinished || changes('uncountedTerminatedPods')) && isFinished(status) && waiting > 0)
    errors.push(
      invalidValue(
        'status.uncountedTerminatedPods',
        { Succeeded: uncounted?.succeeded ?? null, Failed: uncounted?.failed ?? null },
        'uncountedTerminatedPods needs to be empty for finished job',
      ),
    )
}

function indexErrors(errors: FieldError[], { spec, status }: Job, { status: old }: Job): void {
  const { completedIndexes = '', failedIndexes } = status
  const { completions, backoffLimitPerIndex, completionMode } = spec
  const completedChanged = completedIndexes !== (old.completedIndexes ?? '')
  const failedChanged = failedIndexes !== old.failedIndexes
  const complain = (field: string, value: string, detail: string): void =>
    void errors.push(invalidValue(`status.${field}`, value, detail))
  if (completedChanged && completions !== undefined) {
    const read = readIndexes(completedIndexes, completions)
    if ('error' in read) complain('completedIndexes', completedIndexes, `error parsing completedIndexes: ${read.error}`)
  }
  if (failedChanged && completions !== undefined && backoffLimitPerIndex !== undefined && failedIndexes !== undefined) {
    const read = readIndexes(failedIndexes, completions)
    if ('error' in read) complain('failedIndexes', failedIndexes, `error parsing failedIndexes: ${read.error}`)
  }
  if (completedChanged && completedIndexes !== '' && completionMode !== 'Indexed')
    complain(
      'completedIndexes',
      completedIndexes,
      'cannot set non-empty completedIndexes when non-indexed completion mode',
    )
  if (failedChanged && backoffLimitPerIndex === undefined && failedIndexes !== undefined)
    complain('failedIndexes', failedIndexes, 'cannot set non-null failedIndexes when backoffLimitPerIndex is null')
  if ((completedChanged || failedChanged) && completions !== undefined && failedIndexes !== undefined) {
    const index = commonIndex(completedIndexes, failedIndexes, completions)
    if (index !== undefined)
      complain('failedIndexes', failedIndexes, `failedIndexes and completedIndexes overlap at index: ${index}`)
  }
}

function successErrors(errors: FieldError[], { spec, status }: Job): void {
  const { terminating = 0, ready, active = 0 } = status
  if (terminating > 0 && isFinished(status))
    errors.push(invalidValue('status.terminating', terminating, 'terminating>0 is invalid for finished job'))
  if (ready !== undefined && ready > active)
    errors.push(invalidValue('status.ready', ready, 'cannot set more ready pods than active'))
  const condition = (detail: string): void => void errors.push(withoutValue('status.conditions', detail))
  const isMet = isTrue(status, 'SuccessCriteriaMet')
  if (isMet && isTrue(status, 'Failed')) condition('cannot set SuccessCriteriaMet=True and Failed=true conditions')
  if (isMet && isTrue(status, 'FailureTarget'))
    condition('cannot set SuccessCriteriaMet=True and FailureTarget=true conditions')
  if (spec.successPolicy !== undefined && !isMet && isTrue(status, 'Complete'))
    condition('cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True')
}

function changeErrors(errors: FieldError[], { spec, status }: Job, { status: old }: Job): void {
  const condition = (detail: string): void => void errors.push(withoutValue('status.conditions', detail))
  for (const type of ['Failed', 'Complete', 'FailureTarget'])
    if (isTrue(old, type) && !isTrue(status, type)) condition(`cannot disable the terminal ${type}=True condition`)
  for (const field of ['failed', 'succeeded'] as const)
    if ((status[field] ?? 0) < (old[field] ?? 0))
      errors.push(invalidValue(`status.${field}`, status[field] ?? 0, `cannot decrease the ${field} counter`))
  if (status.completionTime && old.completionTime && status.completionTime !== old.completionTime)
    errors.push(invalidValue('status.completionTime', status.completionTime, 'completionTime cannot be mutated'))
  if (old.startTime !== undefined && old.startTime !== status.startTime && spec.suspend !== true)
    errors.push(required('status.startTime', 'startTime cannot be removed for unsuspended job'))
  if (isTrue(old, 'SuccessCriteriaMet') && !isTrue(status, 'SuccessCriteriaMet'))
    condition('cannot disable the SuccessCriteriaMet=True condition')
  if (isTrue(old, 'Complete') && !isTrue(old, 'SuccessCriteriaMet') && isTrue(status, 'SuccessCriteriaMet'))
    condition('cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions')
}
