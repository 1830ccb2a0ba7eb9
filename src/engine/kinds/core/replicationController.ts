import {
  formatLabels,
  invalidValue,
  notAllowed,
  notNegative,
  required,
  selectsAll,
  unsupported,
  type Draft,
  type FieldError,
  type ReplicationController,
} from '../../api/index.ts'
import { ageColumn, containerImages, containerNames, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { sortedKeys } from '../rules/meta.ts'
import { countErrors } from '../rules/podTemplate.ts'
import { defaultTemplate } from './pod/defaults.ts'
import { templateErrors } from './pod/spec.ts'
import type { PodSpecDraft, PodTemplate } from './pod/types.ts'
import { nameWarnings, podWarnings } from './pod/warnings.ts'

/** What ReplicaSets took the place of. */
export const replicationController = defineKind<ReplicationController>({
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  shortNames: ['rc'],
  categories: ['all'],
  namespaced: true,
  subresources: ['scale', 'status'],
  hasGeneration: true,
  storagePrefix: 'controllers',
  defaultPropagation: 'Orphan',
  defaults: fillIn,
  prepareForCreate(draft) {
    draft.status = { replicas: 0 }
  },
  validate: ({ spec }) => specErrors(spec),
  validateUpdate: ({ spec }, _old, meta) => {
    const errors = specErrors(spec)
    return errors.length === 0 ? meta() : [...meta(), ...errors, ...errors]
  },
  validateStatusUpdate: ({ status }) => statusErrors(status),
  warnings(next, old) {
    const name = old === undefined ? nameWarnings(next.metadata.name, 'Pod names and hostnames') : []
    const isNew = old === undefined || next.metadata.generation !== old.metadata.generation
    const template = next.spec.template as PodTemplate | undefined
    return isNew && template?.spec ? [...name, ...podWarnings(template, 'spec.template')] : name
  },
  columns: [
    nameColumn,
    { name: 'Desired', type: 'integer', cell: ({ spec }) => spec.replicas ?? 0 },
    { name: 'Current', type: 'integer', cell: ({ status }) => status.replicas ?? 0 },
    { name: 'Ready', type: 'integer', cell: ({ status }) => status.readyReplicas ?? 0 },
    ageColumn,
    { name: 'Containers', priority: 1, cell: (one) => containerNames(templated(one)) },
    { name: 'Images', priority: 1, cell: (one) => containerImages(templated(one)) },
    { name: 'Selector', priority: 1, cell: ({ spec }) => formatLabels(spec.selector ?? {}) || '<none>' },
  ],
  selectableFields: { 'status.replicas': ({ status }) => String(status.replicas ?? 0) },
})

type Spec = ReplicationController['spec']
type Templated = Parameters<typeof containerNames>[0]

const templated = ({ spec }: ReplicationController): Templated =>
  ({ spec: { template: spec.template ?? {} } }) as Templated

// upstream: pkg/apis/core/v1/defaults.go SetDefaults_ReplicationController
function fillIn(draft: Draft<ReplicationController>): void {
  const spec = (draft.spec ??= {})
  draft.status ??= { replicas: 0 }
  draft.status.replicas ??= 0
  const template = spec.template as { metadata?: { labels?: Record<string, string> }; spec?: PodSpecDraft } | undefined
  if (template !== undefined) {
    defaultTemplate(template)
    const labels = template.metadata?.labels
    if (labels !== undefined && isEmpty(spec.selector)) spec.selector = { ...labels }
    if (labels !== undefined && isEmpty(draft.metadata.labels)) draft.metadata.labels = { ...labels }
  }
  spec.replicas ??= 1
}

function isEmpty(labels: Readonly<Record<string, string>> | undefined): boolean {
  for (const _ in labels) return false
  return true
}

// upstream: pkg/apis/core/validation/validation.go ValidateReplicationControllerSpec
function specErrors({ minReadySeconds, replicas, selector, template }: Spec): readonly FieldError[] {
  const errors: FieldError[] = [...notNegative('spec.minReadySeconds', minReadySeconds)]
  if (isEmpty(selector)) errors.push(required('spec.selector'))
  errors.push(...notNegative('spec.replicas', replicas))
  if (template === undefined) return [...errors, required('spec.template')]
  const labels = (template as PodTemplate).metadata?.labels
  if (!isEmpty(selector) && !selectsAll(selector!, labels ?? {}))
    errors.push(
      invalidValue('spec.template.metadata.labels', sortedKeys(labels), '`selector` does not match template `labels`'),
    )
  errors.push(...templateErrors('spec.template', template as PodTemplate))
  const { restartPolicy, activeDeadlineSeconds } = template.spec ?? {}
  if (restartPolicy !== 'Always')
    errors.push(unsupported('spec.template.spec.restartPolicy', restartPolicy ?? '', ['Always']))
  if (activeDeadlineSeconds !== undefined)
    errors.push(
      notAllowed(
        'spec.template.spec.activeDeadlineSeconds',
        'activeDeadlineSeconds in ReplicationController is not Supported',
      ),
    )
  return errors
}

const counts = ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas', 'observedGeneration'] as const
const limits = [
  ['fullyLabeledReplicas', 'replicas'],
  ['readyReplicas', 'replicas'],
  ['availableReplicas', 'replicas'],
  ['availableReplicas', 'readyReplicas'],
] as const

const statusErrors = (status: ReplicationController['status']): readonly FieldError[] =>
  countErrors(status, counts, limits)
