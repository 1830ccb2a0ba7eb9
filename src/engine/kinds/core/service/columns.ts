import { formatLabels, type Service } from '../../../api/index.ts'
import type { Column } from '../../column.ts'
import { ageColumn, nameColumn } from '../../columns.ts'

/** What `kubectl get services` shows. */
// upstream: pkg/printers/internalversion/printers.go printService
export const serviceColumns: readonly Column<Service>[] = [
  nameColumn,
  { name: 'Type', cell: ({ spec }) => spec.type ?? '' },
  { name: 'Cluster-IP', cell: ({ spec }) => spec.clusterIPs?.[0] ?? '<none>' },
  { name: 'External-IP', cell: externalText },
  { name: 'Port(s)', cell: ({ spec }) => (spec.ports ?? []).map(portText).join(',') || '<none>' },
  ageColumn,
  { name: 'Selector', priority: 1, cell: ({ spec }) => formatLabels(spec.selector) || '<none>' },
]

function portText({ port, nodePort, protocol }: NonNullable<Service['spec']['ports']>[number]): string {
  return nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`
}

const shown = 16 // upstream: loadBalancerWidth

function externalText({ spec, status }: Service): string {
  const ips = spec.externalIPs ?? []
  if (spec.type === 'ExternalName') return spec.externalName ?? ''
  if (spec.type !== 'LoadBalancer') return ips.join(',') || '<none>'
  const ingress = status.loadBalancer?.ingress ?? []
  const balancer = [...new Set(ingress.map(({ ip, hostname }) => ip || hostname || ''))].sort().join(',')
  const short = balancer.length > shown ? `${balancer.slice(0, shown - 3)}...` : balancer
  const all = [...(short === '' ? [] : [short]), ...ips]
  return all.length === 0 ? '<pending>' : all.join(',')
}
