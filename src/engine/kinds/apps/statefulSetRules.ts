import {
  each,
  invalidValue,
  isEqual,
  isLabel,
  notAllowed,
  notNegative,
  required,
  selects,
  unsupported,
  type FieldError,
  type StatefulSet,
} from '../../api/index.ts'
import { podAnnotationErrors } from '../core/pod/annotations.ts'
import { templateErrors } from '../core/pod/spec.ts'
import type { PodTemplate, Volume } from '../core/pod/types.ts'
import { claimSpecErrors } from '../core/volume/claim.ts'
import type { ClaimTemplate } from '../rules/claimTemplate.ts'
import { goStruct } from '../rules/goStruct.ts'
import { isEmptySelector, isUsable, selectorErrors } from '../rules/labelSelector.ts'
import { annotationErrors, labelErrors, sortedKeys } from '../rules/meta.ts'
import { collisionErrors, countErrors } from '../rules/podTemplate.ts'

type Spec = StatefulSet['spec']

const managementPolicies = ['OrderedReady', 'Parallel']
const retentionPolicies = ['Retain', 'Delete']

/** What is wrong with a StatefulSet's spec; of an old one, what cannot change any more is tolerated. */
// upstream: pkg/apis/apps/validation/validation.go ValidateStatefulSetSpec
export function statefulSetErrors(spec: Spec, { isOld }: { readonly isOld: boolean }): readonly FieldError[] {
  const { podManagementPolicy: policy = '', selector } = spec
  const errors: FieldError[] = []
  if (policy === '') errors.push(required('spec.podManagementPolicy'))
  else if (!managementPolicies.includes(policy))
    errors.push(invalidValue('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'"))
  strategyErrors(errors, 'spec.updateStrategy', spec.updateStrategy ?? {})
  for (const field of ['whenDeleted', 'whenScaled'] as const) {
    const word = spec.persistentVolumeClaimRetentionPolicy?.[field]
    if (word !== undefined && !retentionPolicies.includes(word))
      errors.push(unsupported(`spec.persistentVolumeClaimRetentionPolicy.${field}`, word, retentionPolicies))
  }
  errors.push(...notNegative('spec.replicas', spec.replicas))
  errors.push(...notNegative('spec.minReadySeconds', spec.minReadySeconds))
  errors.push(...notNegative('spec.ordinals.start', spec.ordinals?.start))
  if (!isOld) claimErrors(errors, spec.volumeClaimTemplates as readonly ClaimTemplate[] | undefined)
  if (selector === undefined) errors.push(required('spec.selector'))
  else {
    errors.push(...selectorErrors('spec.selector', selector))
    if (isEmptySelector(selector))
      errors.push(invalidValue('spec.selector', selector, 'empty selector is invalid for statefulset'))
  }
  if (selector !== undefined && !isUsable(selector)) errors.push(invalidValue('spec.selector', selector, ''))
  else ownTemplateErrors(errors, spec, isOld)
  const { restartPolicy, activeDeadlineSeconds } = spec.template.spec ?? {}
  if (restartPolicy !== 'Always')
    errors.push(unsupported('spec.template.spec.restartPolicy', restartPolicy ?? '', ['Always']))
  if (activeDeadlineSeconds !== undefined)
    errors.push(
      notAllowed('spec.template.spec.activeDeadlineSeconds', 'activeDeadlineSeconds in StatefulSet is not Supported'),
    )
  if (!isOld && spec.serviceName) errors.push(...each('spec.serviceName', spec.serviceName, isLabel(spec.serviceName)))
  return errors
}

type Strategy = NonNullable<Spec['updateStrategy']>

function strategyErrors(errors: FieldError[], path: string, strategy: Strategy): void {
  const { type = '', rollingUpdate } = strategy
  const at = `${path}.rollingUpdate`
  if (type === '') errors.push(required(path))
  else if (type === 'OnDelete') {
    if (rollingUpdate === undefined) return
    const value = goStruct('RollingUpdateStatefulSet', rollingUpdate)
    errors.push(invalidValue(at, value, "only allowed for updateStrategy 'RollingUpdate'"))
  } else if (type !== 'RollingUpdate')
    errors.push(invalidValue(path, goStruct('StatefulSetStrategy', strategy), "must be 'RollingUpdate' or 'OnDelete'"))
  else errors.push(...notNegative(`${at}.partition`, rollingUpdate?.partition))
}

function claimErrors(errors: FieldError[], claims: readonly ClaimTemplate[] | undefined): void {
  claims?.forEach(({ metadata, spec }, index) => {
    const path = `spec.volumeClaimTemplates[${index}]`
    errors.push(...labelErrors(`${path}.metadata.labels`, metadata?.labels))
    errors.push(...annotationErrors(`${path}.metadata.annotations`, metadata?.annotations))
    errors.push(...claimSpecErrors(`${path}.spec`, spec ?? {}))
  })
}

function ownTemplateErrors(errors: FieldError[], spec: Spec, isOld: boolean): void {
  const template = spec.template as PodTemplate
  const labels = template.metadata?.labels
  const asksForSomething = spec.selector === undefined || !isEmptySelector(spec.selector)
  if (asksForSomething && !selects(spec.selector, labels))
    errors.push(
      invalidValue('spec.template.metadata.labels', sortedKeys(labels), '`selector` does not match template `labels`'),
    )
  const path = 'spec.template'
  if (!isOld) return void errors.push(...templateErrors(path, withClaims(spec)))
  errors.push(...labelErrors(`${path}.labels`, labels))
  errors.push(...annotationErrors(`${path}.annotations`, template.metadata?.annotations))
  if (template.spec)
    errors.push(...podAnnotationErrors(`${path}.annotations`, template.metadata?.annotations, template.spec))
}

/** The template as its pods will be: each claim is a volume of the claim's name, in place of any other of that name. */
function withClaims({ template, volumeClaimTemplates }: Spec): PodTemplate {
  const whole = template as PodTemplate
  if (!volumeClaimTemplates?.length || whole.spec === undefined) return whole
  const names = volumeClaimTemplates.map(({ metadata }) => metadata?.name ?? '')
  const claims: Volume[] = names.map((name) => ({ name, persistentVolumeClaim: { claimName: name } }))
  const others = (whole.spec.volumes ?? []).filter(({ name }) => !names.includes(name))
  return { ...whole, spec: { ...whole.spec, volumes: [...others, ...claims] } }
}

const mutable = [
  'replicas',
  'template',
  'updateStrategy',
  'minReadySeconds',
  'ordinals',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
] as const

/** What an update of a StatefulSet may not do. */
// upstream: ValidateStatefulSetUpdate there
export function statefulSetUpdateErrors({ spec }: StatefulSet, old: StatefulSet): readonly FieldError[] {
  const isOldGood =
    isEqual(spec.template, old.spec.template) || statefulSetErrors(old.spec, { isOld: false }).length === 0
  const errors = [...statefulSetErrors(spec, { isOld: true })]
  if (isOldGood && !isEqual(spec.template, old.spec.template))
    for (const error of templateErrors('spec.template', withClaims(spec)))
      if (!errors.some((other) => isEqual(other, error))) errors.push(error)
  const munged: Record<string, unknown> = { ...spec }
  for (const field of mutable) {
    if (old.spec[field] === undefined) delete munged[field]
    else munged[field] = old.spec[field]
  }
  if (!isEqual(munged, old.spec))
    errors.push(
      notAllowed(
        'spec',
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', " +
          "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      ),
    )
  return errors
}

const counts = [
  'replicas',
  'readyReplicas',
  'currentReplicas',
  'updatedReplicas',
  'availableReplicas',
  'observedGeneration',
  'collisionCount',
] as const
const limits = [
  ['readyReplicas', 'replicas'],
  ['currentReplicas', 'replicas'],
  ['updatedReplicas', 'replicas'],
  ['availableReplicas', 'replicas'],
  ['availableReplicas', 'readyReplicas', 'status.readyReplicas'],
] as const

/** What a report of a StatefulSet's state may not say. */
export function statefulSetStatusErrors({ status }: StatefulSet, old: StatefulSet): readonly FieldError[] {
  const errors = countErrors(status, counts, limits)
  return [...errors, ...collisionErrors(status.collisionCount, old.status.collisionCount)]
}
