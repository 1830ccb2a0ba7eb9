import {
  definePlugin,
  maxNodeScore,
  success,
  unresolvable,
  unschedulable,
  type Plugin,
  type Status,
} from '../framework.ts'
import { amount, type NodeFacts, type NodeInfo } from '../nodeInfo.ts'
import type { PodInfo } from '../podInfo.ts'
import type { Resources } from '../resources.ts'

/** What a profile may say of the plugin. */
export interface FitArgs {
  readonly score?: (pod: PodInfo, node: NodeInfo) => number
  /** extended resources that are somebody else's business, by name or by what stands before the slash */
  readonly ignored?: readonly string[]
  readonly ignoredGroups?: readonly string[]
}

/** Keeps pods off nodes without room for what they request, and prefers nodes with much left over. */
export const nodeResourcesFit = createNodeResourcesFit({})

/** The plugin as a profile wants it. */
export function createNodeResourcesFit({ score = leastAllocated, ignored = [], ignoredGroups = [] }: FitArgs): Plugin {
  const isIgnored = (name: string): boolean => ignored.includes(name) || ignoredGroups.includes(name.split('/')[0]!)
  const isAllCounted = ignored.length + ignoredGroups.length === 0
  const counted = isAllCounted
    ? (requests: Resources) => requests
    : (requests: Resources) => ({ ...requests, scalars: requests.scalars.filter(([name]) => !isIgnored(name)) })
  return definePlugin({
    name: 'NodeResourcesFit',
    reads: ['requests', 'ownCost'],
    eventsToRegister: {
      'Pod/Delete': () => true,
      'Pod/UpdateScaleDown': ({ requests }, { other, otherBefore }) => givesBack(requests, other!, otherBefore!),
      'OwnPod/UpdateScaleDown': () => true,
      'Node/Add': ({ requests }, { node }) => fitsEmpty(counted(requests), node!),
      'Node/UpdateAllocatable': ({ requests }, { node, nodeBefore }) =>
        fitsEmpty(counted(requests), node!) && hasGrown(requests, node!, nodeBefore!),
    },
    filter: isAllCounted
      ? ({ requests }, node) => (fits(requests, node) ? success : shortage(requests, node))
      : ({ requests }, node) => {
          const wanted = counted(requests)
          return fits(wanted, node) ? success : shortage(wanted, node)
        },
    score,
  })
}

// upstream: pkg/scheduler/framework/plugins/noderesources/least_allocated.go
function leastAllocated({ ownCost }: PodInfo, { amounts }: NodeInfo): number {
  const cpuMax = amounts[amount.cpuMilliMax]!
  const memoryMax = amounts[amount.memoryBytesMax]!
  const cpuScore = cpuMax === 0 ? 0 : leftOver(amounts[amount.costCpuMilli]! + ownCost.cpuMilli, cpuMax)
  const memoryScore = memoryMax === 0 ? 0 : leftOver(amounts[amount.costMemoryBytes]! + ownCost.memoryBytes, memoryMax)
  if (cpuMax === 0 || memoryMax === 0) return cpuScore + memoryScore // a resource the node does not have does not weigh
  return Math.floor((cpuScore + memoryScore) / 2)
}

/** Whether a pod that was scaled down gives back something of what is wanted. */
function givesBack(want: Resources, { requests: now }: PodInfo, { requests: was }: PodInfo): boolean {
  return (
    (want.cpuMilli > 0 && now.cpuMilli < was.cpuMilli) ||
    (want.memoryBytes > 0 && now.memoryBytes < was.memoryBytes) ||
    (want.ephemeralBytes > 0 && now.ephemeralBytes < was.ephemeralBytes) ||
    want.scalars.some(([name, amount]) => amount > 0 && scalarOf(now, name) < scalarOf(was, name))
  )
}

function leftOver(requested: number, allocatable: number): number {
  return requested > allocatable ? 0 : Math.floor(((allocatable - requested) * maxNodeScore) / allocatable)
}

function fits(want: Resources, node: NodeInfo): boolean {
  if (node.podCount >= node.podsMax) return false
  const { amounts } = node
  const { cpuMilli, memoryBytes, ephemeralBytes, scalars } = want
  if (cpuMilli > 0 && cpuMilli > amounts[amount.cpuMilliMax]! - amounts[amount.cpuMilli]!) return false
  if (memoryBytes > 0 && memoryBytes > amounts[amount.memoryBytesMax]! - amounts[amount.memoryBytes]!) return false
  if (ephemeralBytes > 0 && ephemeralBytes > amounts[amount.ephemeralBytesMax]! - amounts[amount.ephemeralBytes]!)
    return false
  return scalars.length === 0 || hasScalars(scalars, node)
}

function hasScalars(wanted: Resources['scalars'], { facts, scalars }: NodeInfo): boolean {
  return wanted.every(
    ([name, want]) => want === 0 || want <= scalarOf(facts.allocatable, name) - (scalars.get(name) ?? 0),
  )
}

// upstream: pkg/scheduler/framework/plugins/noderesources/fit.go fitsRequest
function shortage(want: Resources, node: NodeInfo): Status {
  const { facts, amounts, scalars } = node
  const reasons: string[] = []
  let isHopeless = false
  const demand = (name: string, wanted: number, total: number, used: number): void => {
    if (wanted === 0 || wanted <= total - used) return
    reasons.push(`Insufficient ${name}`)
    isHopeless ||= wanted > total
  }
  if (node.podCount >= node.podsMax) reasons.push('Too many pods')
  demand('cpu', want.cpuMilli, facts.allocatable.cpuMilli, amounts[amount.cpuMilli]!)
  demand('memory', want.memoryBytes, facts.allocatable.memoryBytes, amounts[amount.memoryBytes]!)
  demand('ephemeral-storage', want.ephemeralBytes, facts.allocatable.ephemeralBytes, amounts[amount.ephemeralBytes]!)
  for (const [name, wanted] of want.scalars)
    demand(name, wanted, scalarOf(facts.allocatable, name), scalars.get(name) ?? 0)
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
    want.scalars.every(([name, wanted]) => wanted <= scalarOf(allocatable, name))
  )
}

/** Whether a node has more of something that the pod asks for than before. */
function hasGrown(
  want: Resources,
  { allocatable: now, podsMax }: NodeFacts,
  { allocatable: was, podsMax: podsWas }: NodeFacts,
): boolean {
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
