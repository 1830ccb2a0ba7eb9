import { text } from '../../args/flags.ts'
import { CommandError } from '../../errors.ts'
import { roleRefOf, subjectFlags, subjectsOf } from './bindingParts.ts'
import { defineGenerator } from './generator.ts'

/** Create a role binding for a particular role or cluster role. */
// upstream: kubectl/pkg/cmd/create/create_rolebinding.go
export const createRoleBinding = defineGenerator({
  name: 'rolebinding',
  usage:
    'create rolebinding NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  summary: 'Create a role binding for a particular role or cluster role',
  makes: {
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    kind: 'RoleBinding',
    plural: 'rolebindings',
    namespaced: true,
  },
  failure: 'failed to create rolebinding:',
  flags: { ...subjectFlags, role: text('The Role') },
  make({ flags }, name) {
    const { role, clusterrole } = flags
    if ((role === '') === (clusterrole === ''))
      throw new CommandError('exactly one of clusterrole or role must be specified')
    return {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name },
      ...subjectsOf(flags),
      roleRef: role === '' ? roleRefOf('ClusterRole', clusterrole) : roleRefOf('Role', role),
    }
  },
})
