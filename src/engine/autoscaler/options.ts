import type { MachineOrder } from '../scheduler/index.ts'

/** What every machine of a node group is like. */
export type MachineTemplate = Partial<Omit<MachineOrder, 'name'>>

/** Machines of one kind that can be ordered and given back. */
export interface NodeGroup {
  readonly name: string
  readonly min: number
  readonly max: number
  readonly template: MachineTemplate
  /** how many there are at the start; as many as must be, unless said otherwise */
  readonly initial?: number
  /** in any currency: lessons are played for it */
  readonly costPerHour?: number
  /** from the order until the machine is switched on */
  readonly bootMs?: number
  /** for the expander `priority`: the highest goes first */
  readonly priority?: number
}

/** How one of several groups is chosen that could all help. */
export type Expander = 'least-waste' | 'priority' | 'random' | 'most-pods' | 'least-nodes' | 'price'

/** What a scenario says of the cluster autoscaler; the rest is as upstream's flags have it. */
export interface AutoscalerOptions {
  readonly groups: readonly NodeGroup[]
  readonly expander?: Expander
  readonly scanIntervalMs?: number
  readonly maxNodesTotal?: number
  readonly maxNodeProvisionMs?: number
  readonly scaleDown?: boolean
  readonly scaleDownUtilizationThreshold?: number
  readonly scaleDownUnneededMs?: number
  readonly scaleDownDelayAfterAddMs?: number
  readonly scaleDownDelayAfterFailureMs?: number
  readonly maxGracefulTerminationSeconds?: number
  readonly maxPodEvictionMs?: number
  readonly skipNodesWithLocalStorage?: boolean
  readonly skipNodesWithSystemPods?: boolean
  readonly ignoreDaemonSetsUtilization?: boolean
}

/** All options, each with its value. */
export type AutoscalerSettings = Required<AutoscalerOptions>

/** upstream: cluster-autoscaler/config/flags */
const defaults: Omit<AutoscalerSettings, 'groups'> = {
  expander: 'least-waste',
  scanIntervalMs: 10_000,
  maxNodesTotal: 0,
  maxNodeProvisionMs: 900_000,
  scaleDown: true,
  scaleDownUtilizationThreshold: 0.5,
  scaleDownUnneededMs: 600_000,
  scaleDownDelayAfterAddMs: 600_000,
  scaleDownDelayAfterFailureMs: 180_000,
  maxGracefulTerminationSeconds: 600,
  maxPodEvictionMs: 120_000,
  skipNodesWithLocalStorage: true,
  skipNodesWithSystemPods: true,
  ignoreDaemonSetsUtilization: false,
}

/** How long a machine takes from its order to its switch, where its group does not say. */
export const bootMsDefault = 30_000

/** An option that makes no sense. */
export class AutoscalerOptionsError extends Error {
  override name = 'AutoscalerOptionsError'
}

const expanders: readonly string[] = ['least-waste', 'priority', 'random', 'most-pods', 'least-nodes', 'price']

/** The settings that options come to; throws an AutoscalerOptionsError. */
export function settingsOf(options: AutoscalerOptions): AutoscalerSettings {
  const settings = { ...defaults, ...options }
  const names = new Set<string>()
  for (const { name, min, max } of settings.groups) {
    if (!name || names.has(name)) throw new AutoscalerOptionsError(`each node group needs a name of its own: "${name}"`)
    names.add(name)
    if (!(Number.isInteger(min) && Number.isInteger(max) && min >= 0 && max >= min))
      throw new AutoscalerOptionsError(`node group ${name}: min and max must be numbers, and min not above max`)
  }
  if (!expanders.includes(settings.expander))
    throw new AutoscalerOptionsError(`expander must be one of ${expanders.join(', ')}`)
  if (!(settings.scanIntervalMs >= 1000)) throw new AutoscalerOptionsError('scanIntervalMs must be a second at least')
  return settings
}
