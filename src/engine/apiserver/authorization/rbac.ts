import {
  notFound,
  type ApiError,
  type ClusterRole,
  type ClusterRoleBinding,
  type KubeObject,
  type Role,
  type RoleBinding,
  type User,
} from '../../api/index.ts'
import type { Kind, StrategyContext } from '../../kinds/defineKind.ts'
import type { Attributes } from './attributes.ts'
import type { PolicyRule } from './policy/rule.ts'
import { ruleAllows } from './rules.ts'

/** What an authorizer says: yes, or nothing, with a reason. */
export interface Decision {
  readonly isAllowed: boolean
  readonly reason: string
}

/** What RBAC reads: the store's roles and bindings. */
export type Policy = Pick<StrategyContext, 'find' | 'list'>

/** The role that a binding gives. */
export interface RoleRef {
  readonly kind: string
  readonly name: string
}

interface Subject {
  readonly kind: string
  readonly name: string
  readonly namespace?: string
}

type AnyBinding = (RoleBinding | ClusterRoleBinding) & KubeObject

/** Called for each rule that applies to somebody; `false` ends the walk. */
type Visit = (rule: PolicyRule | undefined, source: () => string, error: ApiError | undefined) => boolean

/** Asks the roles that are bound to somebody. */
// upstream: plugin/pkg/auth/authorizer/rbac/rbac.go
export function decideByRoles(attributes: Attributes, policy: Policy): Decision {
  let reason: string | undefined
  const errors: string[] = []
  visitRules(attributes.user, attributes.namespace, policy, (rule, source, error) => {
    if (rule !== undefined && ruleAllows(rule, attributes)) {
      reason = `RBAC: allowed by ${source()}`
      return false
    }
    if (error !== undefined) errors.push(error.message)
    return true
  })
  if (reason !== undefined) return { isAllowed: true, reason }
  return { isAllowed: false, reason: errors.length === 0 ? '' : `RBAC: ${aggregate(errors)}` }
}

/** All rules that apply to somebody in a namespace, or in the whole cluster where there is none. */
export function rulesFor(
  user: User,
  namespace: string,
  policy: Policy,
): { readonly rules: readonly PolicyRule[]; readonly errors: readonly string[] } {
  const rules: PolicyRule[] = []
  const errors: string[] = []
  visitRules(user, namespace, policy, (rule, _source, error) => {
    if (rule !== undefined) rules.push(rule)
    if (error !== undefined) errors.push(error.message)
    return true
  })
  return { rules, errors }
}

/** One message stands alone, several are put in brackets, equal ones once. */
export function aggregate(messages: readonly string[]): string {
  const distinct = [...new Set(messages)]
  return distinct.length === 1 ? distinct[0]! : `[${distinct.join(', ')}]`
}

// upstream: pkg/registry/rbac/validation/rule.go VisitRulesFor
function visitRules(user: User, namespace: string, policy: Policy, visit: Visit): void {
  for (const binding of policy.list<ClusterRoleBinding>('ClusterRoleBinding'))
    if (!visitBinding(user, '', binding as AnyBinding, policy, visit)) return
  if (namespace === '') return
  for (const binding of policy.list<RoleBinding>('RoleBinding', namespace))
    if (!visitBinding(user, namespace, binding as AnyBinding, policy, visit)) return
}

function visitBinding(user: User, namespace: string, binding: AnyBinding, policy: Policy, visit: Visit): boolean {
  const subject = binding.subjects?.find((one) => isSubject(one, user, namespace))
  if (subject === undefined) return true
  const source = (): string => describe(binding, subject, namespace)
  const { rules, error } = rulesOfRole(binding.roleRef, namespace, policy)
  if (error !== undefined) return visit(undefined, source, error)
  for (const rule of rules) if (!visit(rule, source, undefined)) return false
  return true
}

/** The rules that a binding gives away; an error where the role is not there. */
export function rulesOfRole(
  { kind, name }: RoleRef,
  namespace: string,
  policy: Policy,
): { readonly rules: readonly PolicyRule[]; readonly error?: ApiError } {
  const role =
    kind === 'Role' ? policy.find<Role>('Role', name, namespace) : policy.find<ClusterRole>('ClusterRole', name)
  if (role !== undefined) return { rules: (role.rules ?? []) as readonly PolicyRule[] }
  return { rules: [], error: notFound({ group: 'rbac.authorization.k8s.io', resource: kind.toLowerCase() }, name) }
}

function isSubject({ kind, name, namespace: home }: Subject, user: User, namespace: string): boolean {
  if (kind === 'User') return user.name === name
  if (kind === 'Group') return user.groups.includes(name)
  if (kind !== 'ServiceAccount') return false
  const place = home || namespace
  return place !== '' && user.name === `system:serviceaccount:${place}:${name}`
}

function describe(binding: AnyBinding, subject: Subject, namespace: string): string {
  const { name } = binding.metadata
  const title = namespace === '' ? `ClusterRoleBinding "${name}"` : `RoleBinding "${name}/${namespace}"`
  const who = subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace || namespace}` : subject.name
  return `${title} of ${binding.roleRef.kind} "${binding.roleRef.name}" to ${subject.kind} "${who}"`
}

/** Whether writes of this kind hand out rights. */
export const isPolicyKind = ({ group }: Kind): boolean => group === 'rbac.authorization.k8s.io'
