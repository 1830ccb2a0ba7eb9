import { each, isSubdomain, required, type FieldError, type IPAddress } from '../../api/index.ts'
import { nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { isCanonicalIp } from '../rules/canonical.ts'
import { immutable } from '../rules/meta.ts'
import { isPathSegment, segmentErrors } from './pathSegment.ts'

/** An address that belongs to a Service; its name is the address. */
export const ipAddress = defineKind<IPAddress>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IPAddress',
  plural: 'ipaddresses',
  shortNames: ['ip'],
  namespaced: false,
  validateName: isCanonicalIp,
  defaults(draft) {
    draft.spec ??= {} as typeof draft.spec
  },
  validate: parentErrors,
  validateUpdate: (next, old) => immutable('spec.parentRef', next.spec.parentRef, old.spec.parentRef),
  columns: [nameColumn, { name: 'ParentRef', cell: parentText }],
})

type Parent = IPAddress['spec']['parentRef'] | undefined

function parentText({ spec }: IPAddress): string {
  const parent = spec.parentRef as Parent
  if (parent === undefined) return '<none>'
  const { group, resource, namespace, name } = parent
  const type = `${resource}${group ? `.${group}` : ''}`.toLowerCase()
  return `${type}/${namespace ? `${namespace}/` : ''}${name}`
}

// upstream: pkg/apis/networking/validation/validation.go validateIPAddressParentReference
function parentErrors({ spec }: IPAddress): readonly FieldError[] {
  const parent = spec.parentRef as Parent
  if (parent === undefined) return [required('spec.parentRef')]
  const { group, resource, namespace, name } = parent
  return [
    ...(group ? each('spec.parentRef.group', group, isSubdomain(group)) : []),
    ...segmentErrors('spec.parentRef.resource', resource),
    ...segmentErrors('spec.parentRef.name', name),
    ...(namespace ? each('spec.parentRef.namespace', namespace, isPathSegment(namespace)) : []),
  ]
}
