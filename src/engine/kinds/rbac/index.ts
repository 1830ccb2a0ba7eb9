import { clusterRole } from './clusterRole.ts'
import { clusterRoleBinding } from './clusterRoleBinding.ts'
import { role } from './role.ts'
import { roleBinding } from './roleBinding.ts'

/** The kinds of this API group, in the order of `kubectl api-resources`. */
export const rbacKinds = [clusterRole, clusterRoleBinding, role, roleBinding] as const
