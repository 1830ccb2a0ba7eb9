import { formatQuantity, metricsGroup, parseQuantity, type PodMetrics } from '../../api/index.ts'
import { nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'

/** What the containers of a pod use. */
// upstream: kubernetes-sigs/metrics-server pkg/api/pod.go
export const podMetrics = defineKind<PodMetrics>({
  group: metricsGroup,
  version: 'v1beta1',
  kind: 'PodMetrics',
  plural: 'pods',
  singular: '',
  namespaced: true,
  verbs: ['get', 'list'],
  isComputed: true,
  storagePrefix: `${metricsGroup}/pods`,
  columns: [
    nameColumn,
    {
      name: 'cpu',
      format: 'quantity',
      cell: ({ containers }) => formatQuantity(`${sum(containers, 'cpu', 1e9)}n`, 'nano'),
    },
    {
      name: 'memory',
      format: 'quantity',
      cell: ({ containers }) => formatQuantity(`${sum(containers, 'memory', 1 / 1024)}Ki`),
    },
    { name: 'Window', format: 'duration', cell: ({ window }) => window },
  ],
})

function sum(containers: PodMetrics['containers'], resource: string, parts: number): number {
  return containers.reduce((total, { usage }) => total + Math.round(parseQuantity(usage[resource] ?? '0') * parts), 0)
}
