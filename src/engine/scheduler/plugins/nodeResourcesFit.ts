import { definePlugin, maxNodeScore, success, unresolvable, unschedulable, type Status } from '../framework.ts'
import type { NodeFacts, NodeInfo } from '../nodeInfo.ts'
import type { PodInfo } from '../podInfo.ts'
import type { Resources } from '../resources.ts'

/** Keeps pods off nodes without room for what they request, and prefers nodes with much left over. */
export const nodeResourcesFit = definePlugin({
  name: 'NodeResourcesFit',
  eventsToRegister: {
    'Pod/Delete': () => true,
    'Pod/UpdateScaleDown': () => true,
    'OwnPod/UpdateScaleDown': () => true,
    'Node/Add': ({ requests }, { node }) => fitsEmpty(requests, node!),
    'Node/UpdateAllocatable': ({ requests }, { node, nodeBefore }) =>
      fitsEmpty(requests, node!) && hasGrown(requests, node!, nodeBefore!),
  },
  filter: (pod, node) => (fits(pod.requests, node) ? success : shortage(pod.requests, node)),
  // upstream: pkg/scheduler/framework/plugins/noderesources/least_allocated.go
  score({ ownCost }, { facts, costCpuMilli, costMemoryBytes }) {
    const { cpuMilli, memoryBytes } = facts.allocatable
    if (cpuMilli === 0) return memoryBytes === 0 ? 0 : leftOver(costMemoryBytes + ownCost.memoryBytes, memoryBytes)
    const cpuScore = leftOver(costCpuMilli + ownCost.cpuMilli, cpuMilli)
    if (memoryBytes === 0) return cpuScore
    return Math.floor((cpuScore + leftOver(costMemoryBytes + ownCost.memoryBytes, memoryBytes)) / 2)
  },
})

function leftOver(requested: number, allocatable: number): number {
  return requested > allocatable ? 0 : Math.floor(((allocatable - requested) * maxNodeScore) / allocatable)
}

function fits(want: Resources, { facts, cpuMilli, memoryBytes, ephemeralBytes, scalars, pods }: NodeInfo): boolean {
  const { allocatable, podsMax } = facts
  if (pods.size + 1 > podsMax) return false
  if (want.cpuMilli > 0 && want.cpuMilli > allocatable.cpuMilli - cpuMilli) return false
  if (want.memoryBytes > 0 && want.memoryBytes > allocatable.memoryBytes - memoryBytes) return false
  if (want.ephemeralBytes > 0 && want.ephemeralBytes > allocatable.ephemeralBytes - ephemeralBytes) return false
  for (const [name, amount] of want.scalars)
    if (amount > 0 && amount > scalarOf(allocatable, name) - (scalars.get(name) ?? 0)) return false
  return true
}

// upstream: pkg/scheduler/framework/plugins/noderesources/fit.go fitsRequest
function shortage(want: Resources, node: NodeInfo): Status {
  const { allocatable, podsMax } = node.facts
  const reasons: string[] = []
  let isHopeless = false
  const demand = (name: string, wanted: number, total: number, used: number): void => {
    if (wanted === 0 || wanted <= total - used) return
    reasons.push(`Insufficient ${name}`)
    isHopeless ||= wanted > total
  }
  if (node.pods.size + 1 > podsMax) reasons.push('Too many pods')
  demand('cpu', want.cpuMilli, allocatable.cpuMilli, node.cpuMilli)
  demand('memory', want.memoryBytes, allocatable.memoryBytes, node.memoryBytes)
  demand('ephemeral-storage', want.ephemeralBytes, allocatable.ephemeralBytes, node.ephemeralBytes)
  for (const [name, amount] of want.scalars) demand(name, amount, scalarOf(allocatable, name), node.scalars.get(name) ?? 0)
  return isHopeless ? unresolvable(...reasons) : unschedulable(...reasons)
}

function scalarOf({ scalars }: Resources, name: string): number {
  return scalars.find(([other]) => other === name)?.[1] ?? 0
}

function fitsEmpty(want: Resources, { allocatable, podsMax }: NodeFacts): boolean {
  return (
    podsMax > 0 &&
    want.cpuMilli <= allocatable.cpuMilli &&
    want.memoryBytes <= allocatable.memoryBytes &&
    want.ephemeralBytes <= allocatable.ephemeralBytes &&
    want.scalars.every(([name, amount]) => amount <= scalarOf(allocatable, name))
  )
}

/** Whether a node has more of something that the pod asks for than before. */
function hasGrown(want: Resources, { allocatable: now, podsMax }: NodeFacts, { allocatable: was, podsMax: podsWas }: NodeFacts): boolean {
  return (
    podsMax > podsWas ||
    (want.cpuMilli > 0 && now.cpuMilli > was.cpuMilli) ||
    (want.memoryBytes > 0 && now.memoryBytes > was.memoryBytes) ||
    (want.ephemeralBytes > 0 && now.ephemeralBytes > was.ephemeralBytes) ||
    want.scalars.some(([name]) => scalarOf(now, name) > scalarOf(was, name))
  )
}

/** Whether a pod asks for neither cpu nor memory. */
export function isBestEffort({ requests }: PodInfo): boolean {
  return requests.cpuMilli === 0 && requests.memoryBytes === 0
}
