import { ApiError, formatMicroTime, formatTime, type Node } from '../../api/index.ts'
import { nodeNow, ownOf, type Kubelet } from './context.ts'
import type { KubeletEvent } from './kubeletMachine.ts'
import { networkText } from './podWorker.ts'

type NodeCondition = NonNullable<Node['status']['conditions']>[number]

/** The versions every machine shows. */
const nodeInfo = {
  kernelVersion: '6.8.0-31-generic',
  osImage: 'Ubuntu 24.04 LTS',
  containerRuntimeVersion: 'containerd://2.1.4',
  kubeletVersion: 'v1.36.3',
  kubeProxyVersion: '',
  operatingSystem: 'linux',
  architecture: 'amd64',
}

const readyText = 'kubelet is posting ready status'
const bootingText = 'CSINode is not yet initialized'

/** Where a node's sign of life is kept. */
export const leaseOf = (node: string) => ({ kind: 'Lease', namespace: 'kube-node-lease', name: node }) as const

/** How often a node says that it is alive, and how often it repeats a status that did not change. */
const renewMs = 10_000
const heartbeatMs = 300_000

/** Effects of a kubelet's chart: how it joins, and what it says of its node. upstream: pkg/kubelet/kubelet_node_status.go */
export const registrationEffects: Readonly<Record<string, (kubelet: Kubelet) => void>> = {
  announce: (kubelet) => nodeEvent(kubelet, 'Starting', 'Starting kubelet.'),
  register(kubelet) {
    // a chart's effect never sends at once: the answer is on its way
    if (register(kubelet))
      kubelet.sim.schedule(1, ownOf(kubelet).kubelet, { type: 'node.registered' } satisfies KubeletEvent)
  },
  announceAgain: announceHealth,
  turnReady(kubelet) {
    writeStatus(kubelet, true, readyText)
    nodeEvent(kubelet, 'NodeReady', `Node ${kubelet.machine.name} status is now: NodeReady`)
  },
  beat: beatLater,
  turnNotReady(kubelet) {
    writeStatus(kubelet, false, networkText)
    nodeEvent(kubelet, 'NodeNotReady', `Node ${kubelet.machine.name} status is now: NodeNotReady`)
  },
}

function nodeEvent({ events, machine }: Kubelet, reason: string, message: string): void {
  const { name } = machine
  // upstream: a kubelet's events name the node by its name where a uid should stand
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: name, resourceVersion: '', creationTimestamp: '' },
  }
  events.event(node, { type: 'Normal', reason, message, host: name })
}

function announceHealth(kubelet: Kubelet): void {
  for (const reason of ['NodeHasSufficientMemory', 'NodeHasNoDiskPressure', 'NodeHasSufficientPID'])
    nodeEvent(kubelet, reason, `Node ${kubelet.machine.name} status is now: ${reason}`)
}

/** Makes the Node, or finds the one of an earlier life; false while the API server does not answer. */
function register(kubelet: Kubelet): boolean {
  announceHealth(kubelet)
  try {
    if (nodeNow(kubelet) === undefined) createNode(kubelet, false)
    takeUpLease(kubelet)
    return kubelet.client.process.isUp()
  } catch (error) {
    if (error instanceof ApiError) return false
    throw error
  }
}

/** Writes a Node that is there from the beginning of a cluster: ready, with nothing to tell. */
export function joinReady(kubelet: Kubelet): void {
  createNode(kubelet, true)
  untaint(kubelet)
  keepLease(kubelet)
  beatLater(kubelet)
}

/** A node that has long been Ready has long lost the taint that each new one gets. */
function untaint({ client, machine }: Kubelet): void {
  const taints = machine.taints.length > 0 ? machine.taints : null
  client.patch({ kind: 'Node', name: machine.name }, { spec: { taints } }, 'merge')
}

function createNode(kubelet: Kubelet, isReady: boolean): void {
  const { client, machine } = kubelet
  const node = client.create<Node>('Node', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: machine.name,
      labels: machine.labels,
      annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
    },
    spec: machine.taints.length > 0 ? { taints: machine.taints } : {},
    status: statusOf(kubelet, undefined, isReady, isReady ? readyText : bootingText),
  })
  // a status that came with the object may have been dropped by the server
  if (node.status?.conditions === undefined) writeStatus(kubelet, isReady, isReady ? readyText : bootingText)
}

/** Makes the lease if need be, and renews it from now on; false where there is no Node that could own it. */
function keepLease({ client, machine, sim }: Kubelet): boolean {
  const target = leaseOf(machine.name)
  if (client.find('Lease', target.name, target.namespace) === undefined) {
    const node = client.find<Node>('Node', machine.name)
    if (node === undefined) return false
    const owner = { apiVersion: 'v1', kind: 'Node', name: machine.name, uid: node.metadata.uid }
    const spec = { holderIdentity: machine.name, leaseDurationSeconds: 40, renewTime: formatMicroTime(sim.now()) }
    client.create(
      'Lease',
      {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name: target.name, ownerReferences: [owner] },
        spec,
      },
      target.namespace,
    )
  }
  client.keepLease(target, renewMs)
  return true
}

/** Stops renewing: from here on the node looks dead. Must be called while the API server can still be told. */
export function dropLease({ client, machine }: Kubelet): void {
  client.dropLease(leaseOf(machine.name))
}

/** How long a lease that cannot be made is left alone. upstream: component-helpers/apimachinery/lease/controller.go maxBackoff */
const leaseRestMs = 7_000

/** Renews again after a cut, or makes anew what somebody deleted; where that is refused it is tried again. */
export function takeUpLease(kubelet: Kubelet): void {
  const { client, machine } = kubelet
  if (!client.process.isUp() || client.isLeaseKept(leaseOf(machine.name))) return
  try {
    if (keepLease(kubelet)) return
  } catch (error) {
    if (!(error instanceof ApiError)) throw error // their namespace is gone, for one
  }
  leaseLater(kubelet, leaseRestMs)
}

/** Looks after the node's lease in a while. */
export function leaseLater(kubelet: Kubelet, delayMs: number): void {
  const { sim, state } = kubelet
  if (state.isLeaseDue) return
  state.isLeaseDue = true
  sim.schedule(delayMs, ownOf(kubelet).lease, { type: 'lease.due' })
}

/** The moment has come. */
export function leaseDue(kubelet: Kubelet): void {
  kubelet.state.isLeaseDue = false
  takeUpLease(kubelet)
}

/** Writes the node's status; what it said before keeps its times. */
export function writeStatus(kubelet: Kubelet, isReady: boolean, message: string): void {
  const node = nodeNow(kubelet)
  if (node === undefined) return
  try {
    kubelet.client.updateStatus<Node>({
      ...node,
      status: { ...node.status, ...statusOf(kubelet, node, isReady, message) },
    })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error // tried again with the next heartbeat
  }
}

/** Writes the status as it is now. */
export function tellStatus(kubelet: Kubelet): void {
  const isReady = kubelet.state.isNetworkReady
  writeStatus(kubelet, isReady, isReady ? readyText : networkText)
}

/** How often a kubelet compares the node with what it knows; only after it was away can there be a difference. */
const compareMs = 10_000

/** Plans to look at the node again, now that the API server answers. upstream: kubelet.go nodeStatusUpdateFrequency */
export function compareLater(kubelet: Kubelet): void {
  const { sim, state } = kubelet
  const phase = state.relistPhase * 10
  const next = phase + (Math.floor((sim.now() - phase) / compareMs) + 1) * compareMs
  sim.schedule(next - sim.now(), ownOf(kubelet).compare, { type: 'comparison.due' })
}

/** Writes the status where the node says something else: somebody has called it Unknown meanwhile. */
export function compareStatus(kubelet: Kubelet): void {
  const ready = nodeNow(kubelet)?.status.conditions?.find(({ type }) => type === 'Ready')
  if (ready !== undefined && ready.status !== (kubelet.state.isNetworkReady ? 'True' : 'False')) tellStatus(kubelet)
}

/** Repeats the status again and again, so that its heartbeat shows life. */
export function heartbeat(kubelet: Kubelet): void {
  tellStatus(kubelet)
  beatLater(kubelet)
}

/** Plans the next heartbeat. */
export function beatLater(kubelet: Kubelet): void {
  kubelet.sim.schedulePeriodic(heartbeatMs, ownOf(kubelet).heartbeat, { type: 'heartbeat.due' })
}

function statusOf(
  { machine, state, sim }: Kubelet,
  node: Node | undefined,
  isReady: boolean,
  message: string,
): Node['status'] {
  const { name, address, capacity, allocatable } = machine
  const now = formatTime(sim.now())
  const before = node?.status?.conditions ?? []
  const conditions = [
    ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
    ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
    ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
    ['Ready', isReady ? 'True' : 'False', isReady ? 'KubeletReady' : 'KubeletNotReady', message],
  ].map(([type, status, reason, text]) => {
    const old = before.find((condition) => condition.type === type)
    const lastTransitionTime = old !== undefined && old.status === status ? old.lastTransitionTime : now
    return {
      type,
      status,
      lastHeartbeatTime: now,
      lastTransitionTime,
      reason,
      message: text,
    } as unknown as NodeCondition
  })
  const images = Object.values(state.images)
  return {
    capacity,
    allocatable,
    conditions,
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: { machineID: `machine-${name}`, systemUUID: `uuid-${name}`, bootID: `boot-${name}`, ...nodeInfo },
    ...(images.length > 0 && { images: images.slice(0, 50) }),
  } as unknown as Node['status']
}
