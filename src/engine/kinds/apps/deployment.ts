import {
  formatSelector,
  invalidValue,
  isEqual,
  notAllowed,
  notNegative,
  required,
  unsupported,
  type Deployment,
  type FieldError,
} from '../../api/index.ts'
import { ageColumn, containerImages, containerNames, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { defaultTemplate } from '../core/pod/defaults.ts'
import type { PodSpecDraft, PodTemplate } from '../core/pod/types.ts'
import {
  collisionErrors,
  countErrors,
  countOrPercentErrors,
  shareErrors,
  shareOf,
  templateOrSelectorErrors,
  workloadWarnings,
} from '../rules/podTemplate.ts'
import { goStruct } from '../rules/goStruct.ts'
import { isEmptySelector, selectorErrors } from '../rules/labelSelector.ts'
import { immutable } from '../rules/meta.ts'

/** Rolls a set of pods from one version to the next. */
export const deployment = defineKind<Deployment>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  subresources: ['scale', 'status'],
  hasGeneration: true,
  // annotations are copied to ReplicaSets, so they count
  isNewGeneration: (next, old) =>
    !isEqual(next.spec, old.spec) || !isEqual(next.metadata.annotations ?? {}, old.metadata.annotations ?? {}),
  defaults(draft) {
    const spec = (draft.spec ??= {} as typeof draft.spec)
    draft.status ??= {}
    spec.template ??= {}
    defaultTemplate(spec.template as { spec?: PodSpecDraft })
    spec.replicas ??= 1
    const strategy = (spec.strategy ??= {})
    strategy.type ??= 'RollingUpdate'
    if (strategy.type === 'RollingUpdate') {
      strategy.rollingUpdate ??= {}
      strategy.rollingUpdate.maxUnavailable ??= '25%'
      strategy.rollingUpdate.maxSurge ??= '25%'
    }
    spec.revisionHistoryLimit ??= 10
    spec.progressDeadlineSeconds ??= 600
  },
  prepareForCreate(draft) {
    draft.status = {}
  },
  validate: ({ spec }) => specErrors(spec),
  validateUpdate: ({ spec }, old) => [
    ...specErrors(spec),
    ...immutable('spec.selector', spec.selector, old.spec.selector),
  ],
  validateStatusUpdate({ status }, old) {
    const errors = statusErrors(status)
    const collisions = collisionErrors(status.collisionCount, old.status.collisionCount)
    return collisions.length === 0 ? errors : [...errors, ...collisions]
  },
  warnings: (next, old) => workloadWarnings(next as unknown as Owner, old as unknown as Owner | undefined),
  columns: [
    nameColumn,
    { name: 'Ready', cell: ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}` },
    { name: 'Up-to-date', cell: ({ status }) => status.updatedReplicas ?? 0 },
    { name: 'Available', cell: ({ status }) => status.availableReplicas ?? 0 },
    ageColumn,
    { name: 'Containers', priority: 1, cell: containerNames },
    { name: 'Images', priority: 1, cell: containerImages },
    { name: 'Selector', priority: 1, cell: ({ spec }) => formatSelector(spec.selector) || '<none>' },
  ],
})

type Owner = Parameters<typeof workloadWarnings>[0]
type Spec = Deployment['spec']

// upstream: pkg/apis/apps/validation/validation.go ValidateDeploymentSpec
function specErrors(spec: Spec): readonly FieldError[] {
  const { replicas, selector, template, strategy, minReadySeconds = 0, progressDeadlineSeconds } = spec
  const errors: FieldError[] = [...notNegative('spec.replicas', replicas)]
  if (selector === undefined) errors.push(required('spec.selector'))
  else {
    errors.push(...selectorErrors('spec.selector', selector))
    if (isEmptySelector(selector))
      errors.push(invalidValue('spec.selector', selector, 'empty selector is invalid for deployment'))
  }
  errors.push(...templateOrSelectorErrors(selector, template as PodTemplate, 'ReplicaSet'))
  errors.push(...strategyErrors('spec.strategy', strategy ?? {}))
  errors.push(...notNegative('spec.minReadySeconds', minReadySeconds))
  errors.push(...notNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit))
  errors.push(...notNegative('spec.progressDeadlineSeconds', progressDeadlineSeconds))
  if (progressDeadlineSeconds !== undefined && progressDeadlineSeconds <= minReadySeconds)
    errors.push(
      invalidValue('spec.progressDeadlineSeconds', progressDeadlineSeconds, 'must be greater than minReadySeconds'),
    )
  return errors
}

type Strategy = NonNullable<Spec['strategy']>

function strategyErrors(path: string, strategy: Strategy): readonly FieldError[] {
  const { type, rollingUpdate } = strategy
  const at = `${path}.rollingUpdate`
  if (type === 'Recreate')
    return rollingUpdate === undefined
      ? []
      : [notAllowed(at, "may not be specified when strategy `type` is 'Recreate'")]
  if (type === 'RollingUpdate')
    return rollingUpdate === undefined
      ? [required(at, 'this should be defaulted and never be nil')]
      : rollingUpdateErrors(at, rollingUpdate)
  return [unsupported(path, goStruct('DeploymentStrategy', strategy), ['Recreate', 'RollingUpdate'])]
}

type RollingUpdate = NonNullable<Strategy['rollingUpdate']>

function rollingUpdateErrors(path: string, { maxUnavailable, maxSurge }: RollingUpdate): readonly FieldError[] {
  const errors = [
    ...countOrPercentErrors(`${path}.maxUnavailable`, maxUnavailable),
    ...countOrPercentErrors(`${path}.maxSurge`, maxSurge),
  ]
  if (shareOf(maxUnavailable) === 0 && shareOf(maxSurge) === 0)
    errors.push(invalidValue(`${path}.maxUnavailable`, maxUnavailable ?? 0, 'may not be 0 when `maxSurge` is 0'))
  return [...errors, ...shareErrors(`${path}.maxUnavailable`, maxUnavailable)]
}

const counts = [
  'observedGeneration',
  'replicas',
  'updatedReplicas',
  'readyReplicas',
  'availableReplicas',
  'unavailableReplicas',
  'terminatingReplicas',
  'collisionCount',
] as const
const limits = [
  ['updatedReplicas', 'replicas'],
  ['readyReplicas', 'replicas'],
  ['availableReplicas', 'replicas'],
  ['availableReplicas', 'readyReplicas'],
] as const

const statusErrors = (status: Deployment['status']): readonly FieldError[] => countErrors(status, counts, limits)
