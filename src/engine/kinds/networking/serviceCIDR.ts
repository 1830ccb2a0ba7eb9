import { invalidValue, required, each, type FieldError, type ServiceCIDR } from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { isCanonicalCidr } from '../rules/canonical.ts'
import { parseCidr } from './cidr.ts'

/** A range that addresses of Services are taken from. */
export const serviceCIDR = defineKind<ServiceCIDR>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'ServiceCIDR',
  plural: 'servicecidrs',
  namespaced: false,
  subresources: ['status'],
  defaults(draft) {
    draft.spec ??= {}
    draft.status ??= {}
  },
  prepareForCreate(draft) {
    draft.status = {}
  },
  validate: ({ spec }) => rangeErrors(spec.cidrs ?? []),
  validateUpdate: ({ spec: next }, { spec: old }) => changeErrors(next.cidrs ?? [], old.cidrs ?? []),
  columns: [nameColumn, { name: 'CIDRs', cell: ({ spec }) => (spec.cidrs ?? []).join(',') }, ageColumn],
})

type Ranges = readonly string[]

const path = 'spec.cidrs'

// upstream: pkg/apis/networking/validation/validation.go validateServiceCIDRSpec
function rangeErrors(cidrs: Ranges): readonly FieldError[] {
  if (cidrs.length === 0) return [required(path, 'at least one CIDR required')]
  if (cidrs.length > 2) return [invalidValue(path, { CIDRs: cidrs }, 'may only hold up to 2 values')]
  const errors = cidrs.flatMap((cidr, index) => each(`${path}[${index}]`, cidr, isCanonicalCidr(cidr)))
  const [first, second] = cidrs.map((cidr) => parseCidr(cidr)?.family)
  if (cidrs.length === 2 && first !== undefined && first === second)
    errors.push(
      invalidValue(
        path,
        cidrs,
        'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64',
      ),
    )
  return errors
}

const fixed = 'field is immutable'

/** A range stays; a second one may join it once. */
function changeErrors(next: Ranges, old: Ranges): readonly FieldError[] {
  if (next.length === old.length)
    return next.flatMap((cidr, index) => (cidr === old[index] ? [] : [invalidValue(`${path}[${index}]`, cidr, fixed)]))
  if (old.length !== 1 || next.length !== 2) return [invalidValue(path, next, fixed)]
  const changed = next[0] === old[0] ? [] : [invalidValue(`${path}[0]`, next[0], fixed)]
  return [...changed, ...rangeErrors(next)]
}
