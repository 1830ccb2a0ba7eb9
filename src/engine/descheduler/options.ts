/** The strategies there are, by upstream's names. */
export type StrategyName =
  | 'RemovePodsViolatingNodeAffinity'
  | 'RemovePodsViolatingNodeTaints'
  | 'RemovePodsViolatingInterPodAntiAffinity'
  | 'RemoveDuplicates'
  | 'RemovePodsViolatingTopologySpreadConstraint'
  | 'LowNodeUtilization'
  | 'HighNodeUtilization'

/** Shares of what nodes have, in percent, by resource: `cpu`, `memory`, `pods` or an extended one. */
export type Thresholds = Readonly<Record<string, number>>

/** The arguments of all strategies in one: which of them are read depends on the strategy. */
export interface StrategyArgs {
  readonly thresholds?: Thresholds
  readonly targetThresholds?: Thresholds
  readonly useDeviationThresholds?: boolean
  /** nodes must be more than so many before anything is done about them */
  readonly numberOfNodes?: number
  readonly excludeOwnerKinds?: readonly string[]
  readonly excludedTaints?: readonly string[]
  readonly includePreferNoSchedule?: boolean
  readonly constraints?: readonly string[]
  readonly topologyBalanceNodeFit?: boolean
}

/** Which pods may be evicted at all. */
export interface EvictorOptions {
  readonly evictLocalStoragePods?: boolean
  readonly evictSystemCriticalPods?: boolean
  readonly evictDaemonSetPods?: boolean
  readonly evictFailedBarePods?: boolean
  readonly ignorePvcPods?: boolean
  /** only pods that another node would take */
  readonly nodeFit?: boolean
  readonly minReplicas?: number
  readonly priorityThreshold?: number
}

/** What a scenario says of the descheduler. */
export interface DeschedulerOptions {
  readonly strategies: readonly { readonly name: StrategyName; readonly args?: StrategyArgs }[]
  readonly intervalMs?: number
  readonly evictor?: EvictorOptions
  readonly maxNoOfPodsToEvictPerNode?: number
  readonly maxNoOfPodsToEvictPerNamespace?: number
}

/** upstream leaves the interval to whoever starts it; its Helm chart says five minutes */
export const intervalMsDefault = 300_000

/** An option that makes no sense. */
export class DeschedulerOptionsError extends Error {
  override name = 'DeschedulerOptionsError'
}

/** Complains about options that upstream's descheduler would not start with. */
// upstream: pkg/framework/plugins/nodeutilization/validation.go
export function checkOptions({ strategies, intervalMs = intervalMsDefault }: DeschedulerOptions): void {
  if (!(intervalMs >= 1000)) throw new DeschedulerOptionsError('intervalMs must be a second at least')
  for (const { name, args = {} } of strategies) {
    if (name !== 'LowNodeUtilization' && name !== 'HighNodeUtilization') continue
    const { thresholds = {}, targetThresholds } = args
    checkThresholds('thresholds', thresholds)
    if (name === 'HighNodeUtilization') continue
    checkThresholds('targetThresholds', targetThresholds ?? {})
    for (const [resource, percent] of Object.entries(thresholds)) {
      if (targetThresholds?.[resource] === undefined)
        throw new DeschedulerOptionsError('thresholds and targetThresholds configured different resources')
      if (percent > targetThresholds[resource] && args.useDeviationThresholds !== true)
        throw new DeschedulerOptionsError(`thresholds' ${resource} percentage is greater than targetThresholds'`)
    }
  }
}

function checkThresholds(field: string, thresholds: Thresholds): void {
  if (Object.keys(thresholds).length === 0)
    throw new DeschedulerOptionsError(`${field} config is not valid: no resource threshold is configured`)
  for (const [resource, percent] of Object.entries(thresholds))
    if (!(percent >= 0 && percent <= 100))
      throw new DeschedulerOptionsError(`${field} config is not valid: ${resource} threshold not in [0, 100] range`)
}
