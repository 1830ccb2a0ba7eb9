import { roleRefOf, subjectFlags, subjectsOf } from './bindingParts.ts'
import { defineGenerator } from './generator.ts'

/** Create a cluster role binding for a particular cluster role. */
// upstream: kubectl/pkg/cmd/create/create_clusterrolebinding.go
export const createClusterRoleBinding = defineGenerator({
  name: 'clusterrolebinding',
  usage:
    'create clusterrolebinding NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  summary: 'Create a cluster role binding for a particular cluster role',
  makes: {
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    kind: 'ClusterRoleBinding',
    plural: 'clusterrolebindings',
    namespaced: false,
  },
  failure: 'failed to create clusterrolebinding:',
  flags: { ...subjectFlags, clusterrole: { ...subjectFlags.clusterrole, isRequired: true } },
  make: ({ flags }, name) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name },
    ...subjectsOf(flags),
    roleRef: roleRefOf('ClusterRole', flags.clusterrole),
  }),
})
