import {
  invalidValue,
  isPercent,
  notAllowed,
  notNegative,
  selects,
  unsupported,
  type FieldError,
  type LabelSelector,
} from '../../api/index.ts'
import { templateErrors } from '../core/pod/spec.ts'
import type { PodSpec, PodTemplate } from '../core/pod/types.ts'
import { inside } from '../core/pod/update.ts'
import { nameWarnings, podWarnings } from '../core/pod/warnings.ts'
import { goStruct } from './goStruct.ts'
import { isEmptySelector, isUsable } from './labelSelector.ts'
import { sortedKeys } from './meta.ts'

interface Owner {
  readonly metadata: { readonly name: string; readonly generation?: number }
  readonly spec: { readonly template?: PodTemplate }
}

/** What is wrong with the template of a workload whose pods run for ever, and with its labels. */
// upstream: pkg/apis/apps/validation/validation.go ValidatePodTemplateSpecForReplicaSet
export function lastingTemplateErrors(
  path: string,
  template: PodTemplate | undefined,
  selector: LabelSelector | undefined,
  word: string,
): readonly FieldError[] {
  const errors: FieldError[] = []
  const labels = template?.metadata?.labels
  const asksForSomething = selector === undefined || !isEmptySelector(selector)
  if (asksForSomething && !selects(selector, labels))
    errors.push(
      invalidValue(`${path}.metadata.labels`, sortedKeys(labels), '`selector` does not match template `labels`'),
    )
  errors.push(...templateErrors(path, template))
  const { restartPolicy, activeDeadlineSeconds } = template?.spec ?? {}
  if (restartPolicy === 'OnFailure' || restartPolicy === 'Never')
    errors.push(unsupported(`${path}.spec.restartPolicy`, restartPolicy, ['Always']))
  if (activeDeadlineSeconds !== undefined)
    errors.push(notAllowed(`${path}.spec.activeDeadlineSeconds`, `activeDeadlineSeconds in ${word} is not Supported`))
  return errors
}

/** A selector that cannot be used hides what is wrong with the template. */
export function templateOrSelectorErrors(
  selector: LabelSelector | undefined,
  template: PodTemplate | undefined,
  word: string,
): readonly FieldError[] {
  if (selector !== undefined && !isUsable(selector))
    return [invalidValue('spec.selector', selector, 'invalid label selector')]
  return lastingTemplateErrors('spec.template', template, selector, word)
}

/** Warnings of a workload: about its name when it is born, about its template when that may have changed. */
export function workloadWarnings(next: Owner, old: Owner | undefined): readonly string[] {
  const name = old === undefined ? nameWarnings(next.metadata.name, 'Pod names and hostnames') : []
  const isNew = old === undefined || next.metadata.generation !== old.metadata.generation
  return isNew && next.spec.template?.spec ? [...name, ...podWarnings(next.spec.template, 'spec.template')] : name
}

/** A template as the API server holds it inside; Go prints maps by their keys. */
export function insideTemplate(template: PodTemplate): Readonly<Record<string, unknown>> {
  const spec = template.spec ?? ({ containers: [] } as PodSpec)
  const meta: Record<string, unknown> = { ...goStruct('TemplateMeta', template) }
  for (const field of ['labels', 'annotations'])
    if (meta[field]) meta[field] = sortedKeys(meta[field] as Readonly<Record<string, string>>)
  return { ...meta, Spec: inside(spec) }
}

/** A number of pods, or a share of them. */
export function countOrPercentErrors(path: string, value: string | number | undefined): readonly FieldError[] {
  if (typeof value === 'string') return isPercent(value).map((text) => invalidValue(path, value, text))
  return notNegative(path, value)
}

/** A number of pods, or the number before the `%` of a share of them; a text that is no share counts as the number it spells. */
// upstream: pkg/apis/apps/validation/validation.go getIntOrPercentValue
export function shareOf(value: string | number | undefined): number {
  if (typeof value !== 'string') return value ?? 0
  return /^(\d+%|[+-]?\d+)$/.test(value) ? Number.parseInt(value, 10) : 0
}

/** A share of pods cannot be more than all of them. */
// upstream: IsNotMoreThan100Percent there
export function shareErrors(path: string, value: string | number | undefined): readonly FieldError[] {
  const isTooMuch = typeof value === 'string' && isPercent(value).length === 0 && shareOf(value) > 100
  return isTooMuch ? [invalidValue(path, value, 'must not be greater than 100%')] : []
}

/** What the statuses of workloads count. */
interface Counts {
  readonly observedGeneration?: number
  readonly collisionCount?: number
  readonly replicas?: number
  readonly readyReplicas?: number
  readonly availableReplicas?: number
  readonly updatedReplicas?: number
  readonly currentReplicas?: number
  readonly fullyLabeledReplicas?: number
  readonly unavailableReplicas?: number
  readonly terminatingReplicas?: number
}

/** Whether counts are as they nearly always are, so that none of any kind's rules for them is broken. */
function areFine(counts: Counts): boolean {
  const { replicas = 0, readyReplicas = 0, availableReplicas = 0, updatedReplicas = 0, currentReplicas = 0 } = counts
  const { fullyLabeledReplicas = 0, unavailableReplicas = 0, terminatingReplicas = 0 } = counts
  const { observedGeneration = 0, collisionCount = 0 } = counts
  return (
    readyReplicas <= replicas &&
    availableReplicas <= readyReplicas &&
    updatedReplicas <= replicas &&
    currentReplicas <= replicas &&
    fullyLabeledReplicas <= replicas &&
    availableReplicas >= 0 &&
    updatedReplicas >= 0 &&
    currentReplicas >= 0 &&
    fullyLabeledReplicas >= 0 &&
    unavailableReplicas >= 0 &&
    terminatingReplicas >= 0 &&
    observedGeneration >= 0 &&
    collisionCount >= 0
  )
}

const none: readonly FieldError[] = Object.freeze([])

/** Counters of a status that cannot exceed another; each limit is told by its own words, if it has some. */
export function countErrors(
  status: Counts,
  fields: readonly (keyof Counts)[],
  limits: readonly (readonly [field: keyof Counts, limit: keyof Counts, words?: string])[],
): readonly FieldError[] {
  if (areFine(status)) return none
  const counts = status
  const errors: FieldError[] = []
  for (const field of fields)
    if ((counts[field] ?? 0) < 0) errors.push(...notNegative(`status.${field}`, counts[field]))
  for (const [field, limit, words = limit === 'replicas' ? 'status.replicas' : limit] of limits)
    if ((counts[field] ?? 0) > (counts[limit] ?? 0))
      errors.push(invalidValue(`status.${field}`, counts[field], `cannot be greater than ${words}`))
  return errors
}

/** How often a name made by hashing was taken already can only grow. */
export function collisionErrors(next = 0, old = 0): readonly FieldError[] {
  return next < old ? [invalidValue('status.collisionCount', next, 'cannot be decremented')] : none
}
