import {
  formatSelector,
  invalidValue,
  notNegative,
  required,
  type FieldError,
  type ReplicaSet,
} from '../../api/index.ts'
import { ageColumn, containerImages, containerNames, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { defaultTemplate } from '../core/pod/defaults.ts'
import type { PodSpecDraft, PodTemplate } from '../core/pod/types.ts'
import { countErrors, templateOrSelectorErrors, workloadWarnings } from '../rules/podTemplate.ts'
import { isEmptySelector, selectorErrors } from '../rules/labelSelector.ts'
import { immutable } from '../rules/meta.ts'

/** Keeps a fixed number of identical pods alive. */
export const replicaSet = defineKind<ReplicaSet>({
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  subresources: ['scale', 'status'],
  hasGeneration: true,
  defaults(draft) {
    const spec = (draft.spec ??= {} as typeof draft.spec)
    draft.status ??= { replicas: 0 }
    draft.status.replicas ??= 0
    spec.template ??= {}
    defaultTemplate(spec.template as { spec?: PodSpecDraft })
    spec.replicas ??= 1
  },
  prepareForCreate(draft) {
    draft.status = { replicas: 0 }
  },
  validate: ({ spec }) => specErrors(spec),
  // upstream's strategy looks at the whole, and so does its validation of an update once more
  validateUpdate: ({ spec }, old, meta) => [
    ...meta(),
    ...specErrors(spec),
    ...specErrors(spec),
    ...immutable('spec.selector', spec.selector, old.spec.selector),
  ],
  validateStatusUpdate: ({ status }) => statusErrors(status),
  warnings: (next, old) => workloadWarnings(next as unknown as Owner, old as unknown as Owner | undefined),
  columns: [
    nameColumn,
    { name: 'Desired', type: 'integer', cell: ({ spec }) => spec.replicas ?? 0 },
    { name: 'Current', type: 'integer', cell: ({ status }) => status.replicas ?? 0 },
    { name: 'Ready', type: 'integer', cell: ({ status }) => status.readyReplicas ?? 0 },
    ageColumn,
    { name: 'Containers', priority: 1, cell: (one) => containerNames(one as Templated) },
    { name: 'Images', priority: 1, cell: (one) => containerImages(one as Templated) },
    { name: 'Selector', priority: 1, cell: ({ spec }) => formatSelector(spec.selector) || '<none>' },
  ],
  selectableFields: { 'status.replicas': ({ status }) => String(status.replicas ?? 0) },
})

type Owner = Parameters<typeof workloadWarnings>[0]
type Templated = Parameters<typeof containerNames>[0]

// upstream: pkg/apis/apps/validation/validation.go ValidateReplicaSetSpec
function specErrors({ replicas, minReadySeconds, selector, template }: ReplicaSet['spec']): readonly FieldError[] {
  const errors = [...notNegative('spec.replicas', replicas), ...notNegative('spec.minReadySeconds', minReadySeconds)]
  if (selector === undefined) errors.push(required('spec.selector'))
  else {
    errors.push(...selectorErrors('spec.selector', selector))
    if (isEmptySelector(selector))
      errors.push(invalidValue('spec.selector', selector, 'empty selector is invalid for deployment'))
  }
  errors.push(...templateOrSelectorErrors(selector, template as PodTemplate, 'ReplicaSet'))
  return errors
}

const counts = [
  'replicas',
  'fullyLabeledReplicas',
  'readyReplicas',
  'availableReplicas',
  'terminatingReplicas',
  'observedGeneration',
] as const
const limits = [
  ['fullyLabeledReplicas', 'replicas'],
  ['readyReplicas', 'replicas'],
  ['availableReplicas', 'replicas'],
  ['availableReplicas', 'readyReplicas'],
] as const

const statusErrors = (status: ReplicaSet['status']): readonly FieldError[] => countErrors(status, counts, limits)
