import {
  formatLabels,
  formatSelector,
  invalidValue,
  isEqual,
  notAllowed,
  notNegative,
  required,
  selects,
  unsupported,
  type DaemonSet,
  type Draft,
  type FieldError,
} from '../../api/index.ts'
import { ageColumn, containerImages, containerNames, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { defaultTemplate } from '../core/pod/defaults.ts'
import { templateErrors } from '../core/pod/spec.ts'
import type { PodSpecDraft, PodTemplate } from '../core/pod/types.ts'
import { podWarnings } from '../core/pod/warnings.ts'
import { goStruct } from '../rules/goStruct.ts'
import { isEmptySelector, isUsable, selectorErrors } from '../rules/labelSelector.ts'
import { immutable, sortedKeys } from '../rules/meta.ts'
import { collisionErrors, countOrPercentErrors, shareErrors, shareOf } from '../rules/podTemplate.ts'

const generationKey = 'deprecated.daemonset.template.generation'

/** Keeps one pod on every node, or on every node that fits. */
export const daemonSet = defineKind<DaemonSet>({
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  shortNames: ['ds'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  hasGeneration: true,
  defaults(draft) {
    const spec = (draft.spec ??= {} as typeof draft.spec)
    draft.status ??= {} as typeof draft.status
    for (const field of statusCounts) draft.status[field] ??= 0
    spec.template ??= {}
    defaultTemplate(spec.template as { spec?: PodSpecDraft })
    const strategy = (spec.updateStrategy ??= {})
    strategy.type ??= 'RollingUpdate'
    if (strategy.type === 'RollingUpdate') {
      strategy.rollingUpdate ??= {}
      strategy.rollingUpdate.maxUnavailable ??= 1
      strategy.rollingUpdate.maxSurge ??= 0
    }
    spec.revisionHistoryLimit ??= 10
  },
  prepareForCreate(draft) {
    draft.status = noStatus()
    setTemplateGeneration(draft, Math.max(templateGenerationOf(draft), 1))
  },
  prepareForUpdate(draft, old) {
    const isSame = isEqual(draft.spec.template, old.spec.template)
    setTemplateGeneration(draft, templateGenerationOf(old) + (isSame ? 0 : 1))
  },
  validate: ({ spec }) => specErrors(spec),
  // upstream's strategy looks at the whole, and so does its validation of an update once more
  validateUpdate: ({ spec }, old, meta) => [
    ...meta(),
    ...specErrors(spec),
    ...specErrors(spec),
    ...immutable('spec.selector', spec.selector, old.spec.selector),
  ],
  validateStatusUpdate: ({ status }, old) => [
    ...statusErrors(status),
    ...collisionErrors(status.collisionCount, old.status.collisionCount),
  ],
  warnings(next, old) {
    const isNew = old === undefined || templateGenerationOf(next) !== templateGenerationOf(old)
    return isNew && next.spec.template.spec ? podWarnings(next.spec.template as PodTemplate, 'spec.template') : []
  },
  columns: [
    nameColumn,
    { name: 'Desired', type: 'integer', cell: ({ status }) => status.desiredNumberScheduled },
    { name: 'Current', type: 'integer', cell: ({ status }) => status.currentNumberScheduled },
    { name: 'Ready', type: 'integer', cell: ({ status }) => status.numberReady },
    { name: 'Up-to-date', type: 'integer', cell: ({ status }) => status.updatedNumberScheduled ?? 0 },
    { name: 'Available', type: 'integer', cell: ({ status }) => status.numberAvailable ?? 0 },
    { name: 'Node Selector', cell: ({ spec }) => formatLabels(spec.template.spec?.nodeSelector ?? {}) || '<none>' },
    ageColumn,
    { name: 'Containers', priority: 1, cell: containerNames },
    { name: 'Images', priority: 1, cell: containerImages },
    { name: 'Selector', priority: 1, cell: ({ spec }) => formatSelector(spec.selector) || '<none>' },
  ],
})

type Spec = DaemonSet['spec']
type Annotated = { readonly metadata: { readonly annotations?: Readonly<Record<string, string>> } }

const statusCounts = ['currentNumberScheduled', 'numberMisscheduled', 'desiredNumberScheduled', 'numberReady'] as const

function noStatus(): Draft<DaemonSet['status']> {
  return { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 }
}

/** How often the template has changed; a field of old API versions, since then an annotation. */
function templateGenerationOf({ metadata }: Annotated): number {
  return Number(metadata.annotations?.[generationKey] ?? 0) || 0
}

function setTemplateGeneration(draft: Draft<DaemonSet>, generation: number): void {
  draft.metadata.annotations ??= {}
  draft.metadata.annotations[generationKey] = String(generation)
}

// upstream: pkg/apis/apps/validation/validation.go ValidateDaemonSetSpec
function specErrors(spec: Spec): readonly FieldError[] {
  const { selector, minReadySeconds, revisionHistoryLimit } = spec
  const template = spec.template as PodTemplate
  const errors: FieldError[] = [...selectorErrors('spec.selector', selector)]
  const labels = template.metadata?.labels
  const text = '`selector` does not match template `labels`'
  if ((selector === undefined || isUsable(selector)) && !selects(selector, labels))
    errors.push(invalidValue('spec.template.metadata.labels', sortedKeys(labels), text))
  if (selector !== undefined && isEmptySelector(selector))
    errors.push(invalidValue('spec.selector', selector, 'empty selector is invalid for daemonset'))
  errors.push(...templateErrors('spec.template', template))
  const { restartPolicy, activeDeadlineSeconds } = template.spec ?? {}
  if (restartPolicy !== 'Always')
    errors.push(unsupported('spec.template.spec.restartPolicy', restartPolicy, ['Always']))
  if (activeDeadlineSeconds !== undefined)
    errors.push(
      notAllowed('spec.template.spec.activeDeadlineSeconds', 'activeDeadlineSeconds in DaemonSet is not Supported'),
    )
  errors.push(...notNegative('spec.minReadySeconds', minReadySeconds))
  errors.push(...strategyErrors('spec.updateStrategy', spec.updateStrategy ?? {}))
  errors.push(...notNegative('spec.revisionHistoryLimit', revisionHistoryLimit))
  return errors
}

type Strategy = NonNullable<Spec['updateStrategy']>

function strategyErrors(path: string, strategy: Strategy): readonly FieldError[] {
  const { type, rollingUpdate } = strategy
  if (type === 'OnDelete') return []
  if (type !== 'RollingUpdate')
    return [unsupported(path, goStruct('DaemonSetStrategy', strategy), ['RollingUpdate', 'OnDelete'])]
  if (rollingUpdate === undefined) return [required(`${path}.rollingUpdate`)]
  return rollingUpdateErrors(`${path}.rollingUpdate`, rollingUpdate)
}

type RollingUpdate = NonNullable<Strategy['rollingUpdate']>

// upstream: ValidateRollingUpdateDaemonSet there
function rollingUpdateErrors(path: string, { maxUnavailable, maxSurge }: RollingUpdate): readonly FieldError[] {
  const errors = [
    ...countOrPercentErrors(`${path}.maxUnavailable`, maxUnavailable),
    ...countOrPercentErrors(`${path}.maxSurge`, maxSurge),
  ]
  errors.push(...shareErrors(`${path}.maxUnavailable`, maxUnavailable), ...shareErrors(`${path}.maxSurge`, maxSurge))
  const hasUnavailable = shareOf(maxUnavailable) !== 0
  const hasSurge = shareOf(maxSurge) !== 0
  if (hasUnavailable && hasSurge)
    errors.push(invalidValue(`${path}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero'))
  if (!hasUnavailable && !hasSurge) errors.push(required(`${path}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'))
  return errors
}

function statusErrors(status: DaemonSet['status']): readonly FieldError[] {
  const fields = [
    'currentNumberScheduled',
    'numberMisscheduled',
    'desiredNumberScheduled',
    'numberReady',
    'observedGeneration',
    'updatedNumberScheduled',
    'numberAvailable',
    'numberUnavailable',
    'collisionCount',
  ] as const
  return fields.flatMap((field) => notNegative(`status.${field}`, status[field]))
}
