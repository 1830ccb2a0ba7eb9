import type { PodInfo } from './simulation.ts'
import type { AutoscalerSettings, NodeGroup } from './options.ts'

/** One way to help: so many machines of a group, for these pods. */
export interface Option {
  readonly group: NodeGroup
  readonly count: number
  readonly pods: readonly PodInfo[]
  /** what one machine has for pods */
  readonly cpuMilli: number
  readonly memoryBytes: number
}

/** Picks one of the options; equals are drawn by lot. */
// upstream: cluster-autoscaler/expander
export function chooseOption(
  options: readonly Option[],
  { expander }: Pick<AutoscalerSettings, 'expander'>,
  random: (below: number) => number,
): Option | undefined {
  const markOf = marks[expander]
  const best = options.reduce((most, option) => Math.max(most, markOf(option)), -Infinity)
  const equals = options.filter((option) => markOf(option) === best)
  return equals.length > 1 ? equals[random(equals.length)] : equals[0]
}

/** The higher, the better. */
const marks: Readonly<Record<AutoscalerSettings['expander'], (option: Option) => number>> = {
  random: () => 0,
  'most-pods': ({ pods }) => pods.length,
  'least-nodes': ({ count }) => -count,
  'least-waste': (option) => -waste(option),
  priority: ({ group }) => group.priority ?? 0,
  price: (option) => -pricePerPod(option),
}

/** The share of cpu and that of memory which nobody would use, added up. */
function waste({ count, pods, cpuMilli, memoryBytes }: Option): number {
  const cpu = pods.reduce((sum, { requests }) => sum + requests.cpuMilli, 0)
  const memory = pods.reduce((sum, { requests }) => sum + requests.memoryBytes, 0)
  const left = (used: number, each: number): number => (each === 0 ? 0 : (each * count - used) / (each * count))
  return left(cpu, cpuMilli) + left(memory, memoryBytes)
}

// differs: upstream weighs the price of the nodes against a price list of what the pods ask for, and prefers nodes of a middle size
function pricePerPod({ group, count, pods }: Option): number {
  return ((group.costPerHour ?? 0) * count) / Math.max(1, pods.length)
}
