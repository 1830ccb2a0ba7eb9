import {
  each,
  invalidValue,
  isQualifiedName,
  notAllowed,
  notNegative,
  unsupported,
  type FieldError,
  type Lease,
} from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'

/** A sign of life that runs out unless it is renewed. */
export const lease = defineKind<Lease>({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
  needsResourceVersion: true,
  defaults(draft) {
    draft.spec ??= {}
  },
  validate: ({ spec }) => specErrors(spec),
  validateUpdate: ({ spec }) => specErrors(spec),
  columns: [nameColumn, { name: 'Holder', cell: ({ spec }) => spec.holderIdentity ?? '' }, ageColumn],
})

// upstream: pkg/apis/coordination/validation/validation.go ValidateLeaseSpec
function specErrors(spec: Lease['spec']): readonly FieldError[] {
  const { leaseDurationSeconds, leaseTransitions, strategy, preferredHolder } = spec
  const errors: FieldError[] = []
  if (leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0)
    errors.push(invalidValue('spec.leaseDurationSeconds', leaseDurationSeconds, 'must be greater than 0'))
  errors.push(...notNegative('spec.leaseTransitions', leaseTransitions))
  if (strategy !== undefined) errors.push(...strategyErrors(strategy))
  if (preferredHolder && !strategy)
    errors.push(notAllowed('spec.preferredHolder', 'may only be specified if `strategy` is defined'))
  return errors
}

const path = 'spec.strategy.strategy' // upstream names the field twice

function strategyErrors(strategy: string): readonly FieldError[] {
  if (strategy.includes('/')) return each(path, strategy, isQualifiedName(strategy))
  return strategy === 'OldestEmulationVersion' ? [] : [unsupported(path, strategy, ['OldestEmulationVersion'])]
}
