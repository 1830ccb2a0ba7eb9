import { labels } from './workload.ts'

const rbac = 'rbac.authorization.k8s.io'
const apiVersion = `${rbac}/v1`
const subjects = [{ kind: 'ServiceAccount', name: 'metrics-server', namespace: 'kube-system' }]

/** What the metrics server may do, and who may read what it serves. */
export const roles = [
  {
    apiVersion,
    kind: 'ClusterRole',
    metadata: {
      name: 'system:aggregated-metrics-reader',
      labels: {
        ...labels,
        [`${rbac}/aggregate-to-admin`]: 'true',
        [`${rbac}/aggregate-to-edit`]: 'true',
        [`${rbac}/aggregate-to-view`]: 'true',
      },
    },
    rules: [{ apiGroups: ['metrics.k8s.io'], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] }],
  },
  {
    apiVersion,
    kind: 'ClusterRole',
    metadata: { name: 'system:metrics-server', labels },
    rules: [
      { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
      { apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] },
    ],
  },
  {
    apiVersion,
    kind: 'RoleBinding',
    metadata: { name: 'metrics-server-auth-reader', namespace: 'kube-system', labels },
    roleRef: { apiGroup: rbac, kind: 'Role', name: 'extension-apiserver-authentication-reader' },
    subjects,
  },
  binding('metrics-server:system:auth-delegator', 'system:auth-delegator'),
  binding('system:metrics-server', 'system:metrics-server'),
] as const

function binding(name: string, role: string) {
  const roleRef = { apiGroup: rbac, kind: 'ClusterRole', name: role }
  return { apiVersion, kind: 'ClusterRoleBinding', metadata: { name, labels }, roleRef, subjects }
}
