import { cpuMilli, wholeUnits, type Node } from '../../api/index.ts'
import type { PodInfo } from '../../scheduler/simulation.ts'
import type { StrategyArgs, Thresholds } from '../options.ts'
import { isSchedulable, lowestFirst, type Round } from '../round.ts'

type Amounts = Readonly<Record<string, number>>

interface Usage {
  readonly node: Node
  readonly capacity: Amounts
  readonly used: Record<string, number>
}

const usual = ['cpu', 'memory', 'pods']

/** Moves pods from nodes above the target thresholds, as long as nodes below the thresholds have room. */
// upstream: pkg/framework/plugins/nodeutilization/lownodeutilization.go
export function lowNodeUtilization(round: Round, args: StrategyArgs): void {
  const { thresholds = {}, targetThresholds = {}, numberOfNodes = 0, useDeviationThresholds = false } = args
  const resources = resourcesOf(thresholds)
  const all = round.nodes.map((node) => usageOf(node, resources, round))
  const missing = useDeviationThresholds ? 0 : 100
  const shift = useDeviationThresholds ? meanOf(all, resources) : undefined
  const low = limitsOf(resources, thresholds, missing, shift && ((mean, percent) => mean - percent), shift)
  const high = limitsOf(resources, targetThresholds, missing, shift && ((mean, percent) => mean + percent), shift)
  const under = all.filter(
    (usage) => isSchedulable(usage.node) && resources.every((name) => shareOf(usage, name) <= low[name]!),
  )
  const over = all.filter(
    (usage) => !under.includes(usage) && resources.some((name) => shareOf(usage, name) > high[name]!),
  )
  if (under.length === 0 || under.length <= numberOfNodes || under.length === all.length || over.length === 0) return
  const room = roomOn(under, resources, high)
  over.sort((a, b) => weightOf(b, resources) - weightOf(a, resources))
  const isOver = (usage: Usage): boolean => resources.some((name) => shareOf(usage, name) > high[name]!)
  for (const usage of over) evictWhile(usage, room, resources, round, 'LowNodeUtilization', isOver)
}

/** Empties nodes below the thresholds, so that an autoscaler can take them away; the others take the pods. */
// upstream: pkg/framework/plugins/nodeutilization/highnodeutilization.go
export function highNodeUtilization(round: Round, { thresholds = {}, numberOfNodes = 0 }: StrategyArgs): void {
  const resources = resourcesOf(thresholds)
  const all = round.nodes.map((node) => usageOf(node, resources, round))
  const limits = limitsOf(resources, thresholds, 100)
  const under = all.filter((usage) => resources.every((name) => shareOf(usage, name) <= limits[name]!))
  const others = all.filter((usage) => !under.includes(usage) && isSchedulable(usage.node))
  if (under.length === 0 || under.length <= numberOfNodes || under.length === all.length || others.length === 0) return
  const room = roomOn(others, resources, limitsOf(resources, {}, 100))
  under.sort((a, b) => weightOf(a, resources) - weightOf(b, resources))
  for (const usage of under) evictWhile(usage, room, resources, round, 'HighNodeUtilization', () => true)
}

function evictWhile(
  usage: Usage,
  room: Record<string, number>,
  resources: readonly string[],
  round: Round,
  strategy: string,
  goesOn: (usage: Usage) => boolean,
): void {
  const hasRoom = (): boolean => resources.every((name) => room[name]! > 0)
  for (const pod of lowestFirst(round.podsOn(usage.node.metadata.name))) {
    if (!goesOn(usage) || !hasRoom()) return
    if (!round.isEvictable(pod) || !round.evict(pod, strategy)) continue
    for (const name of resources) {
      const held = heldBy(pod, name)
      usage.used[name]! -= held
      room[name]! -= held
    }
  }
}

function resourcesOf(thresholds: Thresholds): readonly string[] {
  return [...new Set([...usual, ...Object.keys(thresholds)])]
}

function usageOf(node: Node, resources: readonly string[], round: Round): Usage {
  const allocatable = node.status?.allocatable as Readonly<Record<string, string>> | undefined
  const pods = round.podsOn(node.metadata.name)
  const capacity: Record<string, number> = {}
  const used: Record<string, number> = {}
  for (const name of resources) {
    capacity[name] = name === 'cpu' ? cpuMilli(allocatable?.[name]) : wholeUnits(allocatable?.[name])
    used[name] = pods.reduce((sum, pod) => sum + heldBy(pod, name), 0)
  }
  return { node, capacity, used }
}

function heldBy({ requests }: PodInfo, name: string): number {
  if (name === 'pods') return 1
  if (name === 'cpu') return requests.cpuMilli
  if (name === 'memory') return requests.memoryBytes
  return requests.scalars.find(([other]) => other === name)?.[1] ?? 0
}

function shareOf({ capacity, used }: Usage, name: string): number {
  return capacity[name] === 0 ? 0 : (used[name]! * 100) / capacity[name]!
}

function meanOf(all: readonly Usage[], resources: readonly string[]): Amounts {
  const mean = (name: string): number => all.reduce((sum, usage) => sum + shareOf(usage, name), 0) / (all.length || 1)
  return Object.fromEntries(resources.map((name) => [name, mean(name)]))
}

function limitsOf(
  resources: readonly string[],
  thresholds: Thresholds,
  missing: number,
  shift?: (mean: number, percent: number) => number,
  mean: Amounts = {},
): Amounts {
  const limit = (name: string): number => {
    const percent = thresholds[name] ?? missing
    if (shift === undefined) return percent
    return thresholds[name] === undefined ? 100 : Math.min(100, Math.max(0, shift(mean[name] ?? 0, percent)))
  }
  return Object.fromEntries(resources.map((name) => [name, limit(name)]))
}

function roomOn(nodes: readonly Usage[], resources: readonly string[], limits: Amounts): Record<string, number> {
  const left = ({ capacity, used }: Usage, name: string): number =>
    (capacity[name]! * limits[name]!) / 100 - used[name]!
  return Object.fromEntries(resources.map((name) => [name, nodes.reduce((sum, node) => sum + left(node, name), 0)]))
}

function weightOf(usage: Usage, resources: readonly string[]): number {
  return resources.reduce((sum, name) => sum + shareOf(usage, name), 0)
}
