import { definePlugin, maxNodeScore, skip } from '../framework.ts'
import { amount } from '../nodeInfo.ts'
import { isBestEffort } from './nodeResourcesFit.ts'

/** Prefers nodes whose cpu and memory a pod would leave used to a similar degree. */
// upstream: pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go
export const nodeResourcesBalancedAllocation = definePlugin({
  name: 'NodeResourcesBalancedAllocation',
  preScore: (pod) => (isBestEffort(pod) ? skip : {}),
  // since 1.36: how much better or worse the balance gets, around 75 for no change
  score({ requests }, { amounts }) {
    const cpu = amounts[amount.cpuMilli]!
    const memory = amounts[amount.memoryBytes]!
    const cpuMax = amounts[amount.cpuMilliMax]!
    const memoryMax = amounts[amount.memoryBytesMax]!
    const after = balance(cpu + requests.cpuMilli, cpuMax, memory + requests.memoryBytes, memoryMax)
    return maxNodeScore / 2 + Math.trunc((maxNodeScore / 2 + after - balance(cpu, cpuMax, memory, memoryMax)) / 2)
  },
})

function balance(cpu: number, cpuMax: number, memory: number, memoryMax: number): number {
  if (cpuMax === 0 || memoryMax === 0) return maxNodeScore
  const deviation = Math.abs((share(cpu, cpuMax) - share(memory, memoryMax)) / 2)
  return Math.trunc((1 - deviation) * maxNodeScore)
}

function share(used: number, total: number): number {
  return used > total ? 1 : used / total
}
