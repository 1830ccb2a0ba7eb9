import { definePlugin, maxNodeScore, skip } from '../framework.ts'
import { isBestEffort } from './nodeResourcesFit.ts'

/** Prefers nodes whose cpu and memory a pod would leave used to a similar degree. */
// upstream: pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go
export const nodeResourcesBalancedAllocation = definePlugin({
  name: 'NodeResourcesBalancedAllocation',
  preScore: (pod) => (isBestEffort(pod) ? skip : {}),
  // since 1.36: how much better or worse the balance gets, around 75 for no change
  score({ requests }, { facts, cpuMilli, memoryBytes }) {
    const { allocatable } = facts
    const after = balance(cpuMilli + requests.cpuMilli, memoryBytes + requests.memoryBytes, allocatable)
    const before = balance(cpuMilli, memoryBytes, allocatable)
    return maxNodeScore / 2 + Math.trunc((maxNodeScore / 2 + after - before) / 2)
  },
})

function balance(cpu: number, memory: number, allocatable: { readonly cpuMilli: number; readonly memoryBytes: number }): number {
  if (allocatable.cpuMilli === 0 || allocatable.memoryBytes === 0) return maxNodeScore
  const deviation = Math.abs((share(cpu, allocatable.cpuMilli) - share(memory, allocatable.memoryBytes)) / 2)
  return Math.trunc((1 - deviation) * maxNodeScore)
}

function share(used: number, total: number): number {
  return used > total ? 1 : used / total
}
