import { humanDuration } from '../duration.ts'
import { cpuMilli, parseQuantity, parseTime, type Lease, type Node, type Pod } from '../engine.ts'
import type { Cluster } from '../cluster.ts'
import { defineDescriber, type Sheet } from './defineDescriber.ts'
import { annotationLines, eventLines, labelLines, longTime } from './parts.ts'
import { formatBytes, formatCpu, podResources, totalResources } from './podResources.ts'

/** One node: its state, its size, and who uses how much of it. */
// upstream: kubectl/pkg/describe/describe.go describeNode
export const nodeDescriber = defineDescriber<Node>({
  group: '',
  kind: 'Node',
  describe({ object: node, sheet, cluster, events, now }) {
    const { metadata, spec } = node
    sheet.line(0, 'Name:', metadata.name)
    sheet.line(0, 'Roles:', rolesOf(node))
    labelLines(sheet, 0, 'Labels', metadata.labels)
    annotationLines(sheet, 0, metadata.annotations)
    sheet.line(0, 'CreationTimestamp:', longTime(metadata.creationTimestamp))
    taintLines(sheet, node)
    sheet.line(0, 'Unschedulable:', spec.unschedulable ?? false)
    leaseLines(sheet, cluster, metadata.name)
    conditionLines(sheet, node)
    sheet.line(0, 'Addresses:')
    for (const { type, address } of node.status?.addresses ?? []) sheet.line(1, `${type}:`, address)
    resourceLines(sheet, 'Capacity', node.status?.capacity)
    resourceLines(sheet, 'Allocatable', node.status?.allocatable)
    systemLines(sheet, node)
    if (spec.podCIDR) sheet.line(0, 'PodCIDR:', spec.podCIDR)
    if ((spec.podCIDRs ?? []).length > 0) sheet.line(0, 'PodCIDRs:', spec.podCIDRs!.join(','))
    if (spec.providerID) sheet.line(0, 'ProviderID:', spec.providerID)
    podLines(sheet, cluster, node, now)
    eventLines(sheet, events(), now)
  },
})

function rolesOf({ metadata }: Node): string {
  const prefix = 'node-role.kubernetes.io/'
  const labels = metadata.labels ?? {}
  const roles = Object.keys(labels).flatMap((key) => {
    if (key.startsWith(prefix)) return key.length > prefix.length ? [key.slice(prefix.length)] : []
    return key === 'kubernetes.io/role' && labels[key] !== '' ? [labels[key]!] : []
  })
  return roles.length === 0 ? '<none>' : [...new Set(roles)].sort().join(',')
}

function taintLines(sheet: Sheet, { spec }: Node): void {
  const taints = [...(spec.taints ?? [])].map(({ key, value, effect }) => ({
    key,
    effect,
    text: `${key}${value ? `=${value}` : ''}:${effect}`,
  }))
  const order = ['NoExecute', 'NoSchedule', 'PreferNoSchedule']
  const sorted = taints.sort((a, b) => order.indexOf(a.effect) - order.indexOf(b.effect) || (a.key < b.key ? -1 : 1))
  if (sorted.length === 0) sheet.line(0, 'Taints:', '<none>')
  sorted.forEach(({ text }, index) => sheet.line(0, index === 0 ? 'Taints:' : '', text))
}

function leaseLines(sheet: Sheet, cluster: Cluster, name: string): void {
  const kind = cluster.api.findKind('leases')
  const lease = kind && cluster.find<Lease>({ kind, namespace: 'kube-node-lease', name })
  sheet.line(0, 'Lease:')
  if (!lease) return sheet.line(1, '<unset>')
  sheet.line(1, 'HolderIdentity:', lease.spec.holderIdentity ?? '<unset>')
  sheet.line(1, 'AcquireTime:', lease.spec.acquireTime ? longTime(lease.spec.acquireTime) : '<unset>')
  sheet.line(1, 'RenewTime:', lease.spec.renewTime ? longTime(lease.spec.renewTime) : '<unset>')
}

function conditionLines(sheet: Sheet, { status }: Node): void {
  const conditions = status?.conditions ?? []
  if (conditions.length === 0) return
  sheet.line(0, 'Conditions:')
  sheet.line(1, 'Type', 'Status', 'LastHeartbeatTime', 'LastTransitionTime', 'Reason', 'Message')
  sheet.line(1, '----', '------', '-----------------', '------------------', '------', '-------')
  for (const { type, status: value, lastHeartbeatTime, lastTransitionTime, reason = '', message = '' } of conditions)
    sheet.line(
      1,
      `${type} `,
      `${value} `,
      `${longTime(lastHeartbeatTime)} `,
      `${longTime(lastTransitionTime)} `,
      `${reason} `,
      message,
    )
}

function resourceLines(sheet: Sheet, title: string, resources: Readonly<Record<string, string>> | undefined): void {
  if (Object.keys(resources ?? {}).length === 0) return
  sheet.line(0, `${title}:`)
  for (const name of Object.keys(resources!).sort()) sheet.line(1, `${name}:`, resources![name])
}

function systemLines(sheet: Sheet, { status }: Node): void {
  const info = status?.nodeInfo
  sheet.line(0, 'System Info:')
  sheet.line(1, 'Machine ID:', info?.machineID ?? '')
  sheet.line(1, 'System UUID:', info?.systemUUID ?? '')
  sheet.line(1, 'Boot ID:', info?.bootID ?? '')
  sheet.line(1, 'Kernel Version:', info?.kernelVersion ?? '')
  sheet.line(1, 'OS Image:', info?.osImage ?? '')
  sheet.line(1, 'Operating System:', info?.operatingSystem ?? '')
  sheet.line(1, 'Architecture:', info?.architecture ?? '')
  sheet.line(1, 'Container Runtime Version:', info?.containerRuntimeVersion ?? '')
  sheet.line(1, 'Kubelet Version:', info?.kubeletVersion ?? '')
}

function podLines(sheet: Sheet, cluster: Cluster, node: Node, now: number): void {
  const selector = `spec.nodeName=${node.metadata.name},status.phase!=Succeeded,status.phase!=Failed`
  const pods = cluster.list<Pod>(cluster.kind('pods'), undefined, { fieldSelector: selector })
  const { allocatable = {}, capacity = {} } = node.status ?? {}
  const total = Object.keys(allocatable).length > 0 ? allocatable : capacity
  const cpu = (milli: number): string => `${formatCpu(milli)} (${percent(milli, cpuMilli(total['cpu']))}%)`
  const bytes = (amount: number, name = 'memory'): string =>
    `${formatBytes(amount)} (${percent(amount, parseQuantity(total[name] ?? '0'))}%)`
  sheet.line(0, 'Non-terminated Pods:', `(${pods.length} in total)`)
  sheet.line(1, 'Namespace', 'Name', '', 'CPU Requests', 'CPU Limits', 'Memory Requests', 'Memory Limits', 'Age')
  sheet.line(1, '---------', '----', '', '------------', '----------', '---------------', '-------------', '---')
  for (const pod of pods) {
    const { requests, limits } = podResources(pod)
    const { namespace, name, creationTimestamp } = pod.metadata
    const age = humanDuration(now - parseTime(creationTimestamp))
    sheet.line(
      1,
      namespace,
      name,
      '',
      cpu(requests.cpuMilli),
      cpu(limits.cpuMilli),
      bytes(requests.bytes),
      bytes(limits.bytes),
      age,
    )
  }
  sheet.line(0, 'Allocated resources:')
  sheet.line(1, '(Total limits may be over 100 percent, i.e., overcommitted.)')
  sheet.line(1, 'Resource', 'Requests', 'Limits')
  sheet.line(1, '--------', '--------', '------')
  const { requests, limits } = totalResources(pods)
  sheet.line(1, 'cpu', cpu(requests.cpuMilli), cpu(limits.cpuMilli))
  sheet.line(1, 'memory', bytes(requests.bytes), bytes(limits.bytes))
  sheet.line(
    1,
    'ephemeral-storage',
    bytes(requests.storageBytes, 'ephemeral-storage'),
    bytes(limits.storageBytes, 'ephemeral-storage'),
  )
  for (const name of Object.keys(total).filter(isExtended).sort())
    sheet.line(1, name, requests.others[name] ?? '0', limits.others[name] ?? '0')
}

const isExtended = (name: string): boolean =>
  name.startsWith('hugepages-') || (name.includes('/') && !name.includes('kubernetes.io/'))
const percent = (amount: number, total: number): number =>
  total === 0 || Number.isNaN(total) ? 0 : Math.trunc((amount / total) * 100)
