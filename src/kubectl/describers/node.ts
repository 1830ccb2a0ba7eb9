import { ApiError, type Lease, type Node, type ResourceSlice } from '../engine.ts'
import type { Cluster } from '../cluster.ts'
import { defineDescriber, type Sheet } from './defineDescriber.ts'
import { annotationLines, eventLines, labelLines, longTime } from './parts.ts'
import { nodePodLines } from './nodePods.ts'

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
    sliceLines(sheet, cluster, metadata.name)
    systemLines(sheet, node)
    if (spec.podCIDR) sheet.line(0, 'PodCIDR:', spec.podCIDR)
    if ((spec.podCIDRs ?? []).length > 0) sheet.line(0, 'PodCIDRs:', spec.podCIDRs!.join(','))
    if (spec.providerID) sheet.line(0, 'ProviderID:', spec.providerID)
    nodePodLines(sheet, cluster, node, now)
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
  if (kind === undefined) return
  const target = { kind, namespace: 'kube-node-lease', name }
  const lease = allowed(() => cluster.get<Lease>(target))
  if (lease instanceof ApiError) return sheet.line(0, 'Lease:', `Failed to get lease: ${lease.message}`)
  sheet.line(0, 'Lease:')
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

const poolsMax = 10

/** The pools of devices that are this node's own. */
// upstream: kubectl/pkg/describe/describe.go describeNodeResourceSlices
function sliceLines(sheet: Sheet, cluster: Cluster, name: string): void {
  const kind = cluster.api.findKind('resourceslices.resource.k8s.io')
  if (kind === undefined) return
  const slices = allowed(() => cluster.list<ResourceSlice>(kind, undefined, { fieldSelector: `spec.nodeName=${name}` }))
  if (slices instanceof ApiError || slices.length === 0) return
  const pools = new Map<string, { driver: string; pool: string; slices: number; devices: number }>()
  for (const { spec } of slices) {
    const key = `${spec.driver}/${spec.pool.name}`
    const known = pools.get(key) ?? { driver: spec.driver, pool: spec.pool.name, slices: 0, devices: 0 }
    pools.set(key, { ...known, slices: known.slices + 1, devices: known.devices + (spec.devices ?? []).length })
  }
  sheet.line(0, 'Node-Local ResourceSlices:')
  sheet.line(1, 'Driver', 'Pool', 'Slices', 'Devices')
  sheet.line(1, '------', '----', '------', '-------')
  const keys = [...pools.keys()].sort()
  for (const key of keys.slice(0, poolsMax)) {
    const { driver, pool, slices: count, devices } = pools.get(key)!
    sheet.line(1, driver, pool, count, devices)
  }
  if (keys.length > poolsMax) sheet.line(1, `...and ${keys.length - poolsMax} more pools`)
}

/** What was asked for, or the server's refusal. */
function allowed<T>(ask: () => T): T | ApiError {
  try {
    return ask()
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
}
