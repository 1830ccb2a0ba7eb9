import { isEqual, type Node } from '../api/index.ts'
import type { PodInfo, Toleration } from './podInfo.ts'
import type { Labels } from './objects.ts'
import { allocatableOf, type Resources } from './resources.ts'

/** What a decision reads of a Node object, read once. Immutable. */
export interface NodeFacts {
  readonly name: string
  readonly node: Node
  readonly labels: Labels
  readonly zone: string
  readonly isUnschedulable: boolean
  /** NoSchedule and NoExecute */
  readonly hardTaints: readonly Taint[]
  /** PreferNoSchedule */
  readonly softTaints: readonly Taint[]
  readonly allocatable: Resources
  readonly podsMax: number
  readonly images: readonly NodeImage[]
}

export type Taint = NonNullable<Node['spec']['taints']>[number]
export type NodeImage = NonNullable<Node['status']['images']>[number]

/**
 * A node and what runs on it, kept by difference. Plain data: part of the scheduler's state. The numbers that every decision reads of
 * hundreds of nodes stand together in `amounts`, in the order of `Amount`.
 */
export interface NodeInfo {
  readonly name: string
  /** its number in tables of nodes; never given twice */
  readonly slot: number
  /** grows with each change that a decision can see */
  generation: number
  facts: NodeFacts
  /** what the filters of taints and cordons look at first */
  isOpen: boolean
  hasSoftTaints: boolean
  podCount: number
  podsMax: number
  amounts: Float64Array
  scalars: Map<string, number>
  /** by uid */
  pods: Map<string, PodInfo>
  podsWithPorts: number
  podsWithVolumes: number
}

/** Where a number stands in a node's `amounts`: what is used, what there is, and the cost that the scores count with. */
export const amount = Object.freeze({
  cpuMilli: 0,
  memoryBytes: 1,
  costCpuMilli: 2,
  costMemoryBytes: 3,
  cpuMilliMax: 4,
  memoryBytesMax: 5,
  ephemeralBytes: 6,
  ephemeralBytesMax: 7,
})

const nothing: readonly never[] = Object.freeze([])

/** Reads a Node. */
export function nodeFactsOf(node: Node): NodeFacts {
  const { metadata, spec, status } = node
  const taints = spec?.taints ?? nothing
  const allocatable = status?.allocatable as Readonly<Record<string, string>> | undefined
  return Object.freeze({
    name: metadata.name,
    node,
    labels: metadata.labels,
    zone: zoneOf(metadata.labels),
    isUnschedulable: spec?.unschedulable === true,
    hardTaints: taints.filter(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute'),
    softTaints: taints.filter(({ effect }) => effect === 'PreferNoSchedule'),
    allocatable: allocatableOf(allocatable),
    podsMax: Number(allocatable?.['pods'] ?? 0),
    images: status?.images ?? nothing,
  })
}

// upstream: component-helpers/node/topology/helpers.go GetZoneKey
function zoneOf(labels: Labels): string {
  const zone = labels?.['topology.kubernetes.io/zone'] ?? labels?.['failure-domain.beta.kubernetes.io/zone'] ?? ''
  const region = labels?.['topology.kubernetes.io/region'] ?? labels?.['failure-domain.beta.kubernetes.io/region'] ?? ''
  return zone === '' && region === '' ? '' : `${region}:${zone}`
}

/** Which of the things that decisions read differ between two states of a node. */
export interface NodeChange {
  readonly labels: boolean
  readonly taints: boolean
  readonly allocatable: boolean
  readonly images: boolean
}

/** Compares two states of a node; a heartbeat changes none of it. */
export function nodeChange(before: Node, after: Node): NodeChange {
  return {
    labels: !isEqual(before.metadata.labels, after.metadata.labels),
    taints: !isEqual(before.spec, after.spec),
    allocatable: !isEqual(before.status?.allocatable, after.status?.allocatable),
    images: !isEqual(before.status?.images, after.status?.images),
  }
}

/** A node without pods. */
export function createNodeInfo(facts: NodeFacts, slot: number): NodeInfo {
  const info: NodeInfo = {
    name: facts.name,
    slot,
    generation: 0,
    facts,
    isOpen: true,
    hasSoftTaints: false,
    podCount: 0,
    podsMax: 0,
    amounts: new Float64Array(8),
    scalars: new Map(),
    pods: new Map(),
    podsWithPorts: 0,
    podsWithVolumes: 0,
  }
  setFacts(info, facts)
  return info
}

/** Takes a node's new state over. */
export function setFacts(info: NodeInfo, facts: NodeFacts): void {
  info.generation++
  info.facts = facts
  info.isOpen = !facts.isUnschedulable && facts.hardTaints.length === 0
  info.hasSoftTaints = facts.softTaints.length > 0
  info.podsMax = facts.podsMax
  info.amounts[amount.cpuMilliMax] = facts.allocatable.cpuMilli
  info.amounts[amount.memoryBytesMax] = facts.allocatable.memoryBytes
  info.amounts[amount.ephemeralBytesMax] = facts.allocatable.ephemeralBytes
}

/** A copy to try things on. */
export function copyNodeInfo(info: NodeInfo): NodeInfo {
  return { ...info, amounts: info.amounts.slice(), scalars: new Map(info.scalars), pods: new Map(info.pods) }
}

/** Counts a pod in. */
export function addPodTo(node: NodeInfo, pod: PodInfo): void {
  node.pods.set(pod.uid, pod)
  count(node, pod, 1)
}

/** Counts a pod out, as it was counted in. */
export function removePodFrom(node: NodeInfo, uid: string): void {
  const pod = node.pods.get(uid)
  if (pod === undefined) return
  node.pods.delete(uid)
  count(node, pod, -1)
}

function count(node: NodeInfo, { requests, boundCost, hostPorts, volumes }: PodInfo, sign: 1 | -1): void {
  const { amounts, scalars } = node
  node.generation++
  node.podCount += sign
  amounts[amount.cpuMilli]! += sign * requests.cpuMilli
  amounts[amount.memoryBytes]! += sign * requests.memoryBytes
  amounts[amount.ephemeralBytes]! += sign * requests.ephemeralBytes
  amounts[amount.costCpuMilli]! += sign * boundCost.cpuMilli
  amounts[amount.costMemoryBytes]! += sign * boundCost.memoryBytes
  for (const [name, wanted] of requests.scalars) scalars.set(name, (scalars.get(name) ?? 0) + sign * wanted)
  if (hostPorts.length > 0) node.podsWithPorts += sign
  if (volumes.length > 0) node.podsWithVolumes += sign
}

/** Whether one of the tolerations lets a pod bear a taint. */
// upstream: staging/src/k8s.io/api/core/v1/toleration.go ToleratesTaint
export function isTolerated(tolerations: readonly Toleration[], taint: Taint): boolean {
  for (const { effect, key, operator, value } of tolerations) {
    if (effect && effect !== taint.effect) continue
    if (key && key !== taint.key) continue
    if (operator === 'Exists') return true
    if ((!operator || operator === 'Equal') && (value ?? '') === (taint.value ?? '')) return true
  }
  return false
}
