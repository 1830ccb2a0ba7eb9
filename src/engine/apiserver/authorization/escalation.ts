import {
  forbidden,
  isEqual,
  type ClusterRole,
  type ClusterRoleBinding,
  type KubeObject,
  type Role,
  type RoleBinding,
  type User,
} from '../../api/index.ts'
import { must } from '../../sim/index.ts'
import { resourceOf, type Passage } from '../passage.ts'
import { about } from './attributes.ts'
import { decide, isMaster } from './authorizer.ts'
import { aggregate, rulesFor, rulesOfRole, type Policy, type RoleRef } from './rbac.ts'
import type { PolicyRule } from './policy/rule.ts'
import { ruleOf } from './policy/rule.ts'
import { compacted, formatRule, missingFrom, quotedList } from './rules.ts'

const group = 'rbac.authorization.k8s.io'

/** Nobody hands out rights they do not have, unless they have the verb `escalate` or `bind`. */
// upstream: pkg/registry/rbac/{role,clusterrole,rolebinding,clusterrolebinding}/policybased/storage.go
export function checkEscalation(passage: Passage, policy: Policy): void {
  const { kind, user, draft, old } = passage
  if (isMaster(user)) return
  const next = must(draft, 'a write has a draft') as KubeObject
  if (kind.kind === 'Role' || kind.kind === 'ClusterRole')
    checkRole(passage, next as Role | ClusterRole, old as Role | ClusterRole | undefined, policy)
  else checkBinding(passage, next as AnyBinding, old as AnyBinding | undefined, policy)
}

type AnyBinding = RoleBinding | ClusterRoleBinding

type AnyRole = Role | ClusterRole

function checkRole(passage: Passage, next: AnyRole, old: AnyRole | undefined, policy: Policy): void {
  const { kind, user, namespace } = passage
  const aggregation = (role: AnyRole | undefined): unknown => (role as ClusterRole | undefined)?.aggregationRule
  if (old !== undefined && isEqual(old.rules ?? [], next.rules ?? []) && isEqual(aggregation(old), aggregation(next)))
    return
  const { name } = next.metadata
  const escalate = about(user, 'escalate', { group, resource: kind.plural, namespace, name })
  if (decide(escalate, policy).isAllowed) return
  const granted = (next.rules ?? []) as readonly PolicyRule[]
  const why = unheld(user, namespace, granted, policy)
  if (why !== undefined) throw forbidden(resourceOf(kind), name, why)
  if (aggregation(next) === undefined && aggregation(old) === undefined) return
  if (unheld(user, '', everything, policy) !== undefined)
    throw forbidden(resourceOf(kind), name, 'must have cluster-admin privileges to use an aggregationRule')
}

const everything: readonly PolicyRule[] = ['* | * | *', '* | url | *'].map(ruleOf)

function checkBinding(passage: Passage, next: AnyBinding, old: AnyBinding | undefined, policy: Policy): void {
  const { kind, user, namespace } = passage
  if (old !== undefined && isEqual(old.roleRef, next.roleRef) && isEqual(old.subjects ?? [], next.subjects ?? []))
    return
  const { name } = next.metadata
  if (mayBind(user, next.roleRef, namespace, policy)) return
  const { rules, error } = rulesOfRole(next.roleRef, namespace, policy)
  if (error !== undefined) throw error
  const why = unheld(user, namespace, rules, policy)
  if (why !== undefined) throw forbidden(resourceOf(kind), name, why)
}

function mayBind(user: User, { kind, name }: RoleRef, namespace: string, policy: Policy): boolean {
  const resource = kind === 'Role' ? 'roles' : 'clusterroles'
  return decide(about(user, 'bind', { group, resource, namespace, name }), policy).isAllowed
}

/** What of the rules somebody does not hold, in upstream's words; undefined where they hold all. */
// upstream: pkg/registry/rbac/validation/rule.go ConfirmNoEscalation
function unheld(user: User, namespace: string, wanted: readonly PolicyRule[], policy: Policy): string | undefined {
  const { rules, errors } = rulesFor(user, namespace, policy)
  const missing = missingFrom(rules, wanted)
  if (missing.length === 0) return undefined
  const lines = [...new Set(compacted(missing).map(formatRule))].sort()
  const tail = errors.length === 0 ? '' : `; resolution errors: ${aggregate(errors)}`
  const who = `user ${JSON.stringify(user.name)} (groups=${quotedList(user.groups)})`
  return `${who} is attempting to grant RBAC permissions not currently held:\n${lines.join('\n')}${tail}`
}
