import {
  invalidValue,
  isEqual,
  isLabel,
  notNegative,
  required,
  selects,
  tooLong,
  unsupported,
  type FieldError,
  type Job,
} from '../../api/index.ts'
import { templateErrors } from '../core/pod/spec.ts'
import type { PodTemplate } from '../core/pod/types.ts'
import { goStruct } from '../rules/goStruct.ts'
import { isUsable, selectorErrors } from '../rules/labelSelector.ts'
import { immutable, sortedKeys } from '../rules/meta.ts'
import { domainPathErrors } from '../networking/hosts.ts'
import { insideTemplate } from '../rules/podTemplate.ts'
import { failurePolicyErrors, successPolicyErrors } from './jobPolicies.ts'

// upstream: pkg/apis/batch/validation/validation.go

type Spec = Job['spec']

const mismatch = '`selector` does not match template `labels`'
const prefixed = ['batch.kubernetes.io/controller-uid', 'batch.kubernetes.io/job-name']

/** What is wrong with a Job; of an old one, labels that it was born without are not asked for. */
export function jobErrors(job: Job, old?: Job): readonly FieldError[] {
  const { metadata, spec } = job
  const oldLabels = (old?.spec.template as PodTemplate | undefined)?.metadata?.labels
  const needsPrefix = old === undefined || prefixed.every((key) => oldLabels?.[key] !== undefined)
  const errors = [...generatedErrors(job, needsPrefix), ...wholeSpecErrors(spec)]
  if (spec.completionMode === 'Indexed' && (spec.completions ?? 0) > 0) {
    const longest = `${metadata.name}-${spec.completions! - 1}`
    if (isLabel(longest).length > 0)
      errors.push(
        invalidValue('metadata.name', metadata.name, `will not able to create pod with invalid DNS label: ${longest}`),
      )
  }
  return errors
}

/** A selector made by the server must still be the one it made. */
function generatedErrors({ metadata, spec }: Job, needsPrefix: boolean): readonly FieldError[] {
  if (spec.manualSelector === true || spec.selector === undefined) return []
  const { uid, name } = metadata
  const expected: Record<string, string> = { 'controller-uid': uid, 'job-name': name }
  if (needsPrefix) {
    expected['batch.kubernetes.io/controller-uid'] = uid
    expected['batch.kubernetes.io/job-name'] = name
  }
  const labels = (spec.template as PodTemplate).metadata?.labels
  const errors: FieldError[] = []
  for (const key in expected) {
    const path = `spec.template.metadata.labels[${key}]`
    if (labels?.[key] === undefined) errors.push(required(path, `must be '${expected[key]!}'`))
    else if (labels[key] !== expected[key])
      errors.push(invalidValue(path, sortedKeys(labels), `must be '${expected[key]!}'`))
  }
  if (isUsable(spec.selector) && !selects(spec.selector, expected))
    errors.push(invalidValue('spec.selector', spec.selector, '`selector` not auto-generated'))
  return errors
}

/** What is wrong with a Job's spec, its selector included. */
function wholeSpecErrors(spec: Spec): readonly FieldError[] {
  const errors = [...jobSpecErrors(spec, 'spec')]
  const labels = (spec.template as PodTemplate).metadata?.labels
  if (spec.selector === undefined) errors.push(required('spec.selector'))
  else errors.push(...selectorErrors('spec.selector', spec.selector))
  if ((spec.selector === undefined || isUsable(spec.selector)) && !selects(spec.selector, labels))
    errors.push(invalidValue('spec.template.metadata.labels', sortedKeys(labels), mismatch))
  return errors
}

const counts = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
] as const

const managedByMax = 63

/** What is wrong with a Job's spec, or with the one in a CronJob's template. */
export function jobSpecErrors(spec: Spec, path: string): readonly FieldError[] {
  const errors: FieldError[] = []
  for (const field of counts) errors.push(...notNegative(`${path}.${field}`, spec[field]))
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined)
    errors.push(required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'))
  if (spec.managedBy !== undefined) {
    errors.push(...domainPathErrors(`${path}.managedBy`, spec.managedBy))
    if (spec.managedBy.length > managedByMax) errors.push(tooLong(`${path}.managedBy`, managedByMax))
  }
  modeErrors(errors, path, spec)
  if (spec.podFailurePolicy !== undefined) failurePolicyErrors(errors, `${path}.podFailurePolicy`, spec)
  if (spec.successPolicy !== undefined) successErrors(errors, `${path}.successPolicy`, spec)
  replacementErrors(errors, `${path}.podReplacementPolicy`, spec)
  errors.push(...templateErrors(`${path}.template`, spec.template as PodTemplate))
  restartErrors(errors, `${path}.template.spec.restartPolicy`, spec)
  return errors
}

function modeErrors(errors: FieldError[], path: string, spec: Spec): void {
  const { completionMode: mode = 'NonIndexed' } = spec
  if (mode !== 'NonIndexed' && mode !== 'Indexed')
    errors.push(unsupported(`${path}.completionMode`, mode, ['NonIndexed', 'Indexed']))
  if (mode === 'Indexed') indexedErrors(errors, path, spec)
  if (mode !== 'NonIndexed') return
  for (const field of ['backoffLimitPerIndex', 'maxFailedIndexes'] as const)
    if (spec[field] !== undefined)
      errors.push(invalidValue(`${path}.${field}`, spec[field], 'requires indexed completion mode'))
}

const most = 100_000
const mostWhenHuge = 10_000
const hugeText = `when completions are above ${most} and used with backoff limit per index`

function indexedErrors(errors: FieldError[], path: string, spec: Spec): void {
  const { completions, parallelism = 0, maxFailedIndexes: failed, backoffLimitPerIndex } = spec
  if (completions === undefined) errors.push(required(`${path}.completions`, 'when completion mode is Indexed'))
  const atMost = (field: string, value: number, max: number, text: string): void => {
    if (value > max)
      errors.push(invalidValue(`${path}.${field}`, value, `must be less than or equal to ${max}${text && ` ${text}`}`))
  }
  atMost('parallelism', parallelism, most, 'when completion mode is Indexed')
  if (completions !== undefined && failed !== undefined && failed > completions)
    errors.push(invalidValue(`${path}.maxFailedIndexes`, failed, 'must be less than or equal to completions'))
  atMost('maxFailedIndexes', failed ?? 0, most, '')
  if ((completions ?? 0) <= most || backoffLimitPerIndex === undefined) return
  if (failed === undefined)
    errors.push(required(`${path}.maxFailedIndexes`, `must be specified when completions is above ${most}`))
  atMost('parallelism', parallelism, mostWhenHuge, hugeText)
  atMost('maxFailedIndexes', failed ?? 0, mostWhenHuge, hugeText)
}

function successErrors(errors: FieldError[], path: string, spec: Spec): void {
  if (spec.completionMode === 'Indexed') return successPolicyErrors(errors, path, spec)
  errors.push(invalidValue(path, goStruct('SuccessPolicy', spec.successPolicy!), 'requires indexed completion mode'))
}

function replacementErrors(
  errors: FieldError[],
  path: string,
  { podReplacementPolicy: policy, podFailurePolicy }: Spec,
) {
  if (policy === undefined) return
  const known = podFailurePolicy === undefined ? ['Failed', 'TerminatingOrFailed'] : ['Failed']
  if (!known.includes(policy)) errors.push(unsupported(path, policy, known))
}

function restartErrors(errors: FieldError[], path: string, { template, podFailurePolicy }: Spec): void {
  const policy = template.spec?.restartPolicy ?? ''
  if (policy === '' || policy === 'Always') errors.push(required(path, 'valid values: "OnFailure", "Never"'))
  else if (policy !== 'OnFailure' && policy !== 'Never') errors.push(unsupported(path, policy, ['OnFailure', 'Never']))
  else if (podFailurePolicy !== undefined && policy !== 'Never')
    errors.push(invalidValue(path, policy, 'only "Never" is supported when podFailurePolicy is specified'))
}

/** What an update of a Job may not do. */
// upstream: ValidateJobSpecUpdate there; it looks at the whole spec once more
export function jobUpdateErrors({ spec }: Job, { spec: old, status }: Job): readonly FieldError[] {
  const errors = [...wholeSpecErrors(spec), ...completionErrors(spec, old)]
  const mark = (field: keyof Spec, value: unknown = spec[field]): void => {
    if (!isEqual(spec[field], old[field])) errors.push(...immutable(`spec.${field}`, value, undefined))
  }
  errors.push(...immutable('spec.selector', spec.selector, old.selector))
  const isWaiting = old.suspend === true && status.startTime === undefined
  if (!isEqual(spec.template, isWaiting ? changeable(spec, old) : old.template))
    errors.push(invalidValue('spec.template', insideTemplate(spec.template as PodTemplate), 'field is immutable'))
  mark('completionMode')
  mark('podFailurePolicy', spec.podFailurePolicy && goStruct('PodFailurePolicy', spec.podFailurePolicy))
  mark('backoffLimitPerIndex')
  mark('managedBy')
  mark('successPolicy', spec.successPolicy && goStruct('SuccessPolicy', spec.successPolicy))
  return errors
}

function completionErrors(spec: Spec, old: Spec): readonly FieldError[] {
  if (spec.completionMode !== 'Indexed') return immutable('spec.completions', spec.completions, old.completions)
  if (spec.completions === undefined || spec.completions === old.completions) return []
  if (spec.completions === spec.parallelism) return []
  return [invalidValue('spec.completions', spec.completions, 'can only be modified in tandem with spec.parallelism')]
}

/** The old template with what a Job that has never started may still change taken from the new one. */
function changeable(spec: Spec, old: Spec): unknown {
  const next = spec.template as PodTemplate
  const before = old.template as PodTemplate
  if (next.spec === undefined || before.spec === undefined) return before
  const metadata: Record<string, unknown> = { ...before.metadata }
  put(metadata, 'annotations', next.metadata?.annotations)
  put(metadata, 'labels', next.metadata?.labels)
  const podSpec: Record<string, unknown> = { ...before.spec }
  for (const field of ['nodeSelector', 'tolerations', 'schedulingGates'] as const) put(podSpec, field, next.spec[field])
  put(podSpec, 'affinity', affinityWith(next.spec, before.spec))
  for (const field of ['containers', 'initContainers'] as const)
    put(podSpec, field, resized(before.spec[field], next.spec[field]))
  return { ...before, metadata, spec: podSpec }
}

type PodSpec = NonNullable<PodTemplate['spec']>

/** Only the node affinity of a suspended Job may change. */
function affinityWith({ affinity: next }: PodSpec, { affinity: before }: PodSpec): unknown {
  const { nodeAffinity: _gone, ...others } = before ?? {}
  if (next === undefined) return Object.keys(others).length === 0 ? undefined : others
  return next.nodeAffinity === undefined ? others : { ...others, nodeAffinity: next.nodeAffinity }
}

function resized(before: PodSpec['initContainers'], next: PodSpec['initContainers']): unknown {
  if (before?.length !== next?.length) return before
  return before?.map((container, index) => {
    const whole: Record<string, unknown> = { ...container }
    put(whole, 'resources', next![index]!.resources)
    return whole
  })
}

function put(target: Record<string, unknown>, field: string, value: unknown): void {
  if (value === undefined) delete target[field]
  else target[field] = value
}
