import type { ResourceClaim } from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { immutable } from '../rules/meta.ts'
import { dropDeallocated, statusErrors } from './claimStatus.ts'
import { adminErrors, claimErrors, defaultClaim } from './deviceClaim.ts'

/** Asks for devices; the scheduler allocates them. */
export const resourceClaim = defineKind<ResourceClaim>({
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'ResourceClaim',
  plural: 'resourceclaims',
  namespaced: true,
  subresources: ['status'],
  answersWithDeleted: true,
  defaults(draft) {
    draft.spec ??= {}
    defaultClaim(draft.spec)
    draft.status ??= {}
  },
  prepareForCreate(draft) {
    draft.status = {}
  },
  allocate: ({ metadata, spec }, old, context) =>
    old === undefined ? adminErrors(spec, metadata.namespace, context) : [],
  prepareForStatusUpdate(draft, old) {
    dropDeallocated(draft.status, old.status)
  },
  validate: ({ spec }) => claimErrors('spec', spec),
  validateUpdate: (next, old, meta) => [...meta(), ...immutable('spec', next.spec, old.spec)],
  validateStatusUpdate: statusErrors,
  columns: [nameColumn, { name: 'State', cell: stateOf }, ageColumn],
})

// upstream: pkg/printers/internalversion/printers.go resourceClaimState
function stateOf({ metadata, status }: ResourceClaim): string {
  const states: string[] = metadata.deletionTimestamp ? ['deleted'] : []
  if (status.allocation !== undefined) states.push('allocated', ...(status.reservedFor?.length ? ['reserved'] : []))
  else if (!metadata.deletionTimestamp) states.push('pending')
  return states.join(',')
}
