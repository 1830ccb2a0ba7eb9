import { definePlugin, maxNodeScore, skip, type Plugin } from '../framework.ts'
import { amount, type NodeInfo } from '../nodeInfo.ts'
import type { PodInfo } from '../podInfo.ts'
import { isBestEffort } from './nodeResourcesFit.ts'

const usual = ['cpu', 'memory']

/** Prefers nodes whose cpu and memory a pod would leave used to a similar degree. */
export const nodeResourcesBalancedAllocation = createNodeResourcesBalancedAllocation()

/** The plugin as a profile wants it: over other resources. */
// upstream: pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go
export function createNodeResourcesBalancedAllocation(resources: readonly string[] = usual): Plugin {
  const isUsual = resources.length === 2 && usual.every((name) => resources.includes(name))
  return definePlugin({
    name: 'NodeResourcesBalancedAllocation',
    reads: ['requests'],
    preScore: (pod) => (isBestEffort(pod) && isUsual ? skip : {}),
    score: isUsual ? scoreOfTwo : (pod, node) => scoreOfAll(resources, pod, node),
  })
}

// since 1.36: how much better or worse the balance gets, around 75 for no change
function scoreOfTwo({ requests }: PodInfo, { amounts }: NodeInfo): number {
  const cpu = amounts[amount.cpuMilli]!
  const memory = amounts[amount.memoryBytes]!
  const cpuMax = amounts[amount.cpuMilliMax]!
  const memoryMax = amounts[amount.memoryBytesMax]!
  const after = balance(cpu + requests.cpuMilli, cpuMax, memory + requests.memoryBytes, memoryMax)
  return maxNodeScore / 2 + Math.trunc((maxNodeScore / 2 + after - balance(cpu, cpuMax, memory, memoryMax)) / 2)
}

function balance(cpu: number, cpuMax: number, memory: number, memoryMax: number): number {
  if (cpuMax === 0 || memoryMax === 0) return maxNodeScore
  const deviation = Math.abs((Math.min(cpu / cpuMax, 1) - Math.min(memory / memoryMax, 1)) / 2)
  return Math.trunc((1 - deviation) * maxNodeScore)
}

function scoreOfAll(resources: readonly string[], pod: PodInfo, node: NodeInfo): number {
  const demands = resources.map((name) => demandOf(name, pod, node)).filter(({ total }) => total > 0)
  const before = evenness(demands.map(({ total, used }) => Math.min(used / total, 1)))
  const after = evenness(demands.map(({ total, used, wanted }) => Math.min((used + wanted) / total, 1)))
  return maxNodeScore / 2 + Math.trunc((maxNodeScore / 2 + after - before) / 2)
}

function demandOf(
  name: string,
  { requests }: PodInfo,
  { amounts, facts, scalars }: NodeInfo,
): { readonly total: number; readonly used: number; readonly wanted: number } {
  if (name === 'cpu')
    return { total: amounts[amount.cpuMilliMax]!, used: amounts[amount.cpuMilli]!, wanted: requests.cpuMilli }
  if (name === 'memory')
    return { total: amounts[amount.memoryBytesMax]!, used: amounts[amount.memoryBytes]!, wanted: requests.memoryBytes }
  const wanted = requests.scalars.find(([other]) => other === name)?.[1] ?? 0
  const total = facts.allocatable.scalars.find(([other]) => other === name)?.[1] ?? 0
  // a special resource counts only for pods that want it
  return { total: wanted === 0 ? 0 : total, used: scalars.get(name) ?? 0, wanted }
}

function evenness(shares: readonly number[]): number {
  if (shares.length < 2) return maxNodeScore
  if (shares.length === 2) return Math.trunc((1 - Math.abs((shares[0]! - shares[1]!) / 2)) * maxNodeScore)
  const mean = shares.reduce((sum, one) => sum + one, 0) / shares.length
  const variance = shares.reduce((sum, one) => sum + (one - mean) ** 2, 0) / shares.length
  return Math.trunc((1 - Math.sqrt(variance)) * maxNodeScore)
}
