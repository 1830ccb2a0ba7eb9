import { maxNodeScore } from '../framework.ts'
import { amount, type NodeInfo } from '../nodeInfo.ts'
import type { PodInfo } from '../podInfo.ts'

/** How NodeResourcesFit scores, as a profile says it. */
export interface ScoringStrategy {
  readonly type: 'LeastAllocated' | 'MostAllocated' | 'RequestedToCapacityRatio'
  readonly resources: readonly { readonly name: string; readonly weight: number }[]
  /** for the ratio: scores between 0 and 10 at some utilisations, straight lines between them */
  readonly shape: readonly ShapePoint[]
}

/** One corner of a broken line. */
export interface ShapePoint {
  readonly utilization: number
  readonly score: number
}

/** Makes the score of a strategy: the weighted mean over its resources, those that a node lacks left out. */
// upstream: pkg/scheduler/framework/plugins/noderesources/resource_allocation.go and the three strategies beside it
export function scoreBy({ type, resources, shape }: ScoringStrategy): (pod: PodInfo, node: NodeInfo) => number {
  const isRatio = type === 'RequestedToCapacityRatio'
  const scoreOf = type === 'LeastAllocated' ? leftOver : isRatio ? ratioOf(shape) : taken
  return (pod, node) => {
    let sum = 0
    let weights = 0
    for (const { name, weight } of resources) {
      const { total, used } = demandOn(name, pod, node)
      if (total === 0) continue
      const score = scoreOf(used, total)
      if (isRatio && score <= 0) continue
      sum += score * weight
      weights += weight
    }
    if (weights === 0) return 0
    return isRatio ? Math.round(sum / weights) : Math.floor(sum / weights)
  }
}

interface Demand {
  readonly total: number
  /** the new pod included */
  readonly used: number
}

const nothing: Demand = Object.freeze({ total: 0, used: 0 })

/** What a node has of a resource, and what would be used of it: cpu and memory with a guess for containers that do not say. */
function demandOn(name: string, { ownCost, requests }: PodInfo, { amounts, facts, scalars }: NodeInfo): Demand {
  if (name === 'cpu')
    return { total: amounts[amount.cpuMilliMax]!, used: amounts[amount.costCpuMilli]! + ownCost.cpuMilli }
  if (name === 'memory')
    return { total: amounts[amount.memoryBytesMax]!, used: amounts[amount.costMemoryBytes]! + ownCost.memoryBytes }
  if (name === 'ephemeral-storage')
    return {
      total: amounts[amount.ephemeralBytesMax]!,
      used: amounts[amount.ephemeralBytes]! + requests.ephemeralBytes,
    }
  const wanted = requests.scalars.find(([other]) => other === name)?.[1] ?? 0
  if (wanted === 0) return nothing // a special resource weighs only for pods that want it
  const total = facts.allocatable.scalars.find(([other]) => other === name)?.[1] ?? 0
  return { total, used: (scalars.get(name) ?? 0) + wanted }
}

function leftOver(used: number, total: number): number {
  return used > total ? 0 : Math.floor(((total - used) * maxNodeScore) / total)
}

function taken(used: number, total: number): number {
  return Math.floor((Math.min(used, total) * maxNodeScore) / total)
}

const customScoreMax = 10
const utilizationMax = 100

function ratioOf(points: readonly ShapePoint[]): (used: number, total: number) => number {
  const shape = points.map(({ utilization, score }) => ({
    utilization,
    score: score * (maxNodeScore / customScoreMax),
  }))
  return (used, total) => heightAt(shape, used > total ? utilizationMax : Math.floor((used * utilizationMax) / total))
}

function heightAt(shape: readonly ShapePoint[], utilization: number): number {
  for (let index = 0; index < shape.length; index++) {
    const { utilization: right, score: high } = shape[index]!
    if (utilization > right) continue
    if (index === 0) return high
    const { utilization: left, score: low } = shape[index - 1]!
    return low + Math.trunc(((high - low) * (utilization - left)) / (right - left))
  }
  return shape[shape.length - 1]?.score ?? 0
}
