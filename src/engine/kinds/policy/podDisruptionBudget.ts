import {
  invalidValue,
  notNegative,
  unsupported,
  type Draft,
  type FieldError,
  type PodDisruptionBudget,
} from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { isPathSegment } from '../networking/pathSegment.ts'
import { conditionErrors } from '../rules/conditions.ts'
import { goStruct } from '../rules/goStruct.ts'
import { selectorErrors } from '../rules/labelSelector.ts'
import { countOrPercentErrors, shareErrors } from '../rules/podTemplate.ts'

/** How many pods of an application may be evicted at a time. */
export const podDisruptionBudget = defineKind<PodDisruptionBudget>({
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  shortNames: ['pdb'],
  namespaced: true,
  subresources: ['status'],
  hasGeneration: true,
  needsResourceVersion: true,
  validateName: isPathSegment,
  defaults(draft) {
    draft.spec ??= {}
    draft.status ??= {} as typeof draft.status
    for (const field of counts) draft.status[field] ??= 0
  },
  prepareForCreate(draft) {
    draft.status = noStatus()
  },
  validate: ({ spec }) => specErrors(spec),
  validateUpdate: ({ spec }) => specErrors(spec),
  validateStatusUpdate: ({ status }) => [
    ...conditionErrors('status.conditions', status.conditions),
    ...counts.flatMap((field) => notNegative(`status.${field}`, status[field])),
  ],
  columns: [
    nameColumn,
    { name: 'Min Available', cell: ({ spec }) => textOf(spec.minAvailable) },
    { name: 'Max Unavailable', cell: ({ spec }) => textOf(spec.maxUnavailable) },
    { name: 'Allowed Disruptions', type: 'integer', cell: ({ status }) => status.disruptionsAllowed ?? 0 },
    ageColumn,
  ],
})

type Spec = PodDisruptionBudget['spec']

const counts = ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'] as const
const policies = ['AlwaysAllow', 'IfHealthyBudget']

function noStatus(): Draft<PodDisruptionBudget['status']> {
  return { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 }
}

const textOf = (value: string | number | undefined): string => (value === undefined ? 'N/A' : String(value))

// upstream: pkg/apis/policy/validation/validation.go ValidatePodDisruptionBudgetSpec
function specErrors(spec: Spec): readonly FieldError[] {
  const { minAvailable, maxUnavailable, unhealthyPodEvictionPolicy: policy } = spec
  const errors: FieldError[] = []
  if (minAvailable !== undefined && maxUnavailable !== undefined)
    errors.push(
      invalidValue(
        'spec',
        goStruct('PodDisruptionBudgetSpec', spec),
        'minAvailable and maxUnavailable cannot be both set',
      ),
    )
  for (const field of ['minAvailable', 'maxUnavailable'] as const) {
    errors.push(...countOrPercentErrors(`spec.${field}`, spec[field]), ...shareErrors(`spec.${field}`, spec[field]))
  }
  errors.push(...selectorErrors('spec.selector', spec.selector))
  if (policy !== undefined && !policies.includes(policy))
    errors.push(unsupported('spec.unhealthyPodEvictionPolicy', policy, policies))
  return errors
}
