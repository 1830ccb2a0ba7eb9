import {
  each,
  invalidValue,
  isSubdomain,
  required,
  unsupported,
  type Draft,
  type FieldError,
  type RoleBinding,
} from '../../api/index.ts'
import type { Column } from '../column.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { isPathSegment } from '../networking/pathSegment.ts'

// upstream: pkg/apis/rbac/validation/validation.go, pkg/apis/rbac/v1/defaults.go

/** What RoleBinding and ClusterRoleBinding have in common. */
export type Binding = Pick<RoleBinding, 'metadata' | 'roleRef' | 'subjects'>
type Subject = NonNullable<Binding['subjects']>[number]

const group = 'rbac.authorization.k8s.io'

/** The API groups that go without saying. */
export function defaultBinding(draft: Draft<Binding>): void {
  draft.roleRef ??= { apiGroup: '', kind: '', name: '' }
  draft.roleRef.apiGroup ||= group
  draft.roleRef.kind ??= ''
  draft.roleRef.name ??= ''
  for (const subject of draft.subjects ?? [])
    if (!subject.apiGroup && (subject.kind === 'User' || subject.kind === 'Group')) subject.apiGroup = group
}

/** What is wrong with who gets which role. */
export function bindingErrors({ roleRef, subjects }: Binding, isNamespaced: boolean): readonly FieldError[] {
  const errors: FieldError[] = []
  const { apiGroup, kind, name } = roleRef
  if (apiGroup !== group) errors.push(unsupported('roleRef.apiGroup', apiGroup, [group]))
  const roles = isNamespaced ? ['Role', 'ClusterRole'] : ['ClusterRole']
  if (!roles.includes(kind)) errors.push(unsupported('roleRef.kind', kind, roles))
  if (!name) errors.push(required('roleRef.name'))
  else errors.push(...each('roleRef.name', name, isPathSegment(name)))
  subjects?.forEach((subject, index) => subjectErrors(errors, `subjects[${index}]`, subject, isNamespaced))
  return errors
}

function subjectErrors(errors: FieldError[], path: string, subject: Subject, isNamespaced: boolean): void {
  const { kind = '', name = '', namespace, apiGroup = '' } = subject
  if (name === '') errors.push(required(`${path}.name`))
  if (kind === 'ServiceAccount') {
    if (name !== '') errors.push(...each(`${path}.name`, name, isSubdomain(name)))
    if (apiGroup !== '') errors.push(unsupported(`${path}.apiGroup`, apiGroup, ['']))
    if (!isNamespaced && !namespace) errors.push(required(`${path}.namespace`))
  } else if (kind === 'User' || kind === 'Group') {
    if (apiGroup !== group) errors.push(unsupported(`${path}.apiGroup`, apiGroup, [group]))
  } else errors.push(unsupported(`${path}.kind`, kind, ['ServiceAccount', 'User', 'Group']))
}

/** A binding gives the role it was made for. */
export function roleChangeErrors({ roleRef: next }: Binding, { roleRef: old }: Binding): readonly FieldError[] {
  if (next.apiGroup === old.apiGroup && next.kind === old.kind && next.name === old.name) return []
  const value = { APIGroup: next.apiGroup, Kind: next.kind, Name: next.name }
  return [invalidValue('roleRef', value, 'cannot change roleRef')]
}

const named = (wanted: string) => (binding: Binding) =>
  (binding.subjects ?? [])
    .filter(({ kind }) => kind === wanted)
    .map(({ name, namespace }) => (wanted === 'ServiceAccount' ? `${namespace ?? ''}/${name}` : name))
    .join(', ')

/** How both bindings are shown. */
export const bindingColumns: readonly Column<RoleBinding>[] = Object.freeze([
  nameColumn,
  { name: 'Role', cell: ({ roleRef }: Binding) => `${roleRef.kind}/${roleRef.name}` },
  ageColumn,
  { name: 'Users', priority: 1, cell: named('User') },
  { name: 'Groups', priority: 1, cell: named('Group') },
  { name: 'ServiceAccounts', priority: 1, cell: named('ServiceAccount') },
])
