import { invalidValue, notNegative, type FieldError, type Lease } from '../api/index.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './defineKind.ts'

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
function specErrors({ holderIdentity, leaseDurationSeconds, leaseTransitions }: Lease['spec']): readonly FieldError[] {
  const errors: FieldError[] = []
  if (holderIdentity === '') errors.push(invalidValue('spec.holderIdentity', holderIdentity, 'must not be empty'))
  if (leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0)
    errors.push(invalidValue('spec.leaseDurationSeconds', leaseDurationSeconds, 'must be greater than 0'))
  errors.push(...notNegative('spec.leaseTransitions', leaseTransitions))
  return errors
}
