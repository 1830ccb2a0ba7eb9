import type { User } from '../../api/index.ts'
import type { Attributes } from './attributes.ts'
import { decideForNode, nodeNameOf } from './nodeAuthorizer.ts'
import { decideByRoles, type Decision, type Policy } from './rbac.ts'

const yes: Decision = Object.freeze({ isAllowed: true, reason: '' })

/** Whether somebody is above all rules. */
export const isMaster = (user: User): boolean => user.groups.includes('system:masters')

/** Asks the authorizers in their order: the masters' group, nodes, roles. */
// upstream: pkg/kubeapiserver/authorizer/reload.go, staging/src/k8s.io/apiserver/pkg/authorization/union/union.go
export function decide(attributes: Attributes, policy: Policy): Decision {
  if (isMaster(attributes.user)) return yes
  const node = nodeNameOf(attributes.user)
  if (node === undefined) return decideByRoles(attributes, policy)
  const byNode = decideForNode(attributes, node, policy)
  if (byNode.isAllowed) return byNode
  const byRoles = decideByRoles(attributes, policy)
  if (byRoles.isAllowed) return byRoles
  return { isAllowed: false, reason: [byNode.reason, byRoles.reason].filter((text) => text !== '').join('\n') }
}
