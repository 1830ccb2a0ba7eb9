import { metricsGroup, type NodeMetrics } from '../../api/index.ts'
import { nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'

/** What a node uses. */
// upstream: kubernetes-sigs/metrics-server pkg/api/node.go
export const nodeMetrics = defineKind<NodeMetrics>({
  group: metricsGroup,
  version: 'v1beta1',
  kind: 'NodeMetrics',
  plural: 'nodes',
  singular: '',
  namespaced: false,
  verbs: ['get', 'list'],
  isComputed: true,
  storagePrefix: `${metricsGroup}/nodes`,
  columns: [
    nameColumn,
    { name: 'cpu', format: 'quantity', cell: ({ usage }) => usage['cpu'] },
    { name: 'memory', format: 'quantity', cell: ({ usage }) => usage['memory'] },
    { name: 'Window', format: 'duration', cell: ({ window }) => window },
  ],
})
