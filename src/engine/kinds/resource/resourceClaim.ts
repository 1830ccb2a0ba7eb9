import { notAllowed, required, type FieldError, type ResourceClaim } from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { immutable } from '../rules/meta.ts'
import { claimErrors, defaultClaim } from './deviceClaim.ts'
import { setErrors } from './lists.ts'

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

// upstream: pkg/apis/resource/validation/validation.go validateResourceClaimStatusUpdate
function statusErrors(
  { metadata, status: next }: ResourceClaim,
  { status: old }: ResourceClaim,
): readonly FieldError[] {
  const errors: FieldError[] = []
  const path = 'status.reservedFor'
  const needed = ['resource', 'name', 'uid'] as const
  const check = (place: string, user: NonNullable<typeof next.reservedFor>[number]): void => {
    for (const field of needed) if (!user[field]) errors.push(required(`${place}.${field}`))
  }
  setErrors(errors, path, next.reservedFor, 256, check, ({ uid }) => uid)
  if (next.reservedFor?.length) {
    const known = new Set(old.reservedFor?.map(({ uid }) => uid))
    if (next.allocation === undefined) errors.push(notAllowed(path, 'may not be specified when `allocated` is not set'))
    else if (metadata.deletionTimestamp && next.reservedFor.some(({ uid }) => !known.has(uid)))
      errors.push(
        notAllowed(path, 'new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set'),
      )
  }
  if (old.allocation !== undefined && next.allocation !== undefined)
    errors.push(...immutable('status.allocation', next.allocation, old.allocation))
  return errors
}
