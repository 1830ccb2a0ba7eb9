import { each, invalidValue, isEqual, isQualifiedName, required, type Event, type FieldError } from '../../api/index.ts'
import { immutable } from '../rules/meta.ts'

const wordMax = 128
const noteMax = 1024

/** What is wrong with an event by the rules of old; `controllerField`: what the asked version calls the reporting controller. */
// upstream: pkg/apis/core/validation/events.go legacyValidateEvent
export function eventErrors(event: Event, controllerField: string): readonly FieldError[] {
  const { metadata, involvedObject, eventTime } = event
  const own = metadata.namespace ?? ''
  const other = involvedObject?.namespace ?? ''
  const isOdd = other === '' ? own !== 'default' && !(eventTime && own === 'kube-system') : !eventTime && own !== other
  const errors: FieldError[] = isOdd
    ? [invalidValue('involvedObject.namespace', other, 'does not match event.namespace')]
    : []
  if (eventTime) reportErrors(errors, event, controllerField)
  return errors
}

function reportErrors(errors: FieldError[], event: Event, controllerField: string): void {
  const { reportingComponent: controller = '', reportingInstance, action, reason, message = '' } = event
  if (controller === '') errors.push(required(controllerField))
  errors.push(...each(controllerField, controller, isQualifiedName(controller)))
  for (const [field, value = ''] of Object.entries({ reportingInstance, action, reason })) {
    if (value === '') errors.push(required(field))
    if (value.length > wordMax) errors.push(tooWordy(field, wordMax))
  }
  if (message.length > noteMax) errors.push(tooWordy('message', noteMax))
}

const tooWordy = (field: string, max: number): FieldError =>
  invalidValue(field, '', `can have at most ${max} characters`)

/** What the newer API asks of an event besides. */
// upstream: ValidateEventCreate there
export function strictErrors(event: Event): readonly FieldError[] {
  const { eventTime, type = '', firstTimestamp, lastTimestamp, count, source } = event
  const errors: FieldError[] = [...seriesErrors(event)]
  if (!eventTime) errors.push(required('eventTime'))
  if (type !== 'Normal' && type !== 'Warning') errors.push(invalidValue('type', '', `has invalid value: ${type}`))
  const unset = { firstTimestamp, lastTimestamp, count, source: source?.component || source?.host }
  for (const [field, value] of Object.entries(unset))
    if (value) errors.push(invalidValue(field, '', 'needs to be unset'))
  return errors
}

function seriesErrors({ series }: Event): readonly FieldError[] {
  if (!series) return []
  const errors: FieldError[] = []
  if ((series.count ?? 0) < 2) errors.push(invalidValue('series.count', '', 'should be at least 2'))
  if (!series.lastObservedTime) errors.push(required('series.lastObservedTime'))
  return errors
}

const fixed = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'reason',
  'type',
  'eventTime',
  'action',
  'related',
] as const

/** Through the newer API an event changes only by having happened again. */
// upstream: ValidateEventUpdate there
export function strictUpdateErrors(next: Event, old: Event): readonly FieldError[] {
  const errors: FieldError[] = isEqual(next.series, old.series) ? [] : [...seriesErrors(next)]
  for (const field of fixed) errors.push(...immutable(field, next[field], old[field]))
  errors.push(...immutable('reportingController', next.reportingComponent, old.reportingComponent))
  errors.push(...immutable('reportingInstance', next.reportingInstance, old.reportingInstance))
  return errors
}
