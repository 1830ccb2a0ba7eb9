import { amount, fieldsOf, flag, listOf, mapOf, oneOf, text, whole } from './checks.ts'

const weekMs = 7 * 24 * 3_600_000
const percentages = mapOf(text(317), amount(0, 100), 20)
const words = listOf(text(400), 50)

const strategy = fieldsOf(
  {
    name: oneOf(
      'RemovePodsViolatingNodeAffinity',
      'RemovePodsViolatingNodeTaints',
      'RemovePodsViolatingInterPodAntiAffinity',
      'RemoveDuplicates',
      'RemovePodsViolatingTopologySpreadConstraint',
      'LowNodeUtilization',
      'HighNodeUtilization',
    ),
    args: fieldsOf({
      thresholds: percentages,
      targetThresholds: percentages,
      useDeviationThresholds: flag,
      numberOfNodes: whole(0, 5_000),
      excludeOwnerKinds: words,
      excludedTaints: words,
      includePreferNoSchedule: flag,
      constraints: words,
      topologyBalanceNodeFit: flag,
    }),
  },
  ['name'],
)

/** The options of a descheduler, as far as one can see by looking at each alone. */
export const descheduler = fieldsOf(
  {
    strategies: listOf(strategy, 20),
    intervalMs: whole(1_000, weekMs),
    evictor: fieldsOf({
      evictLocalStoragePods: flag,
      evictSystemCriticalPods: flag,
      evictDaemonSetPods: flag,
      evictFailedBarePods: flag,
      ignorePvcPods: flag,
      nodeFit: flag,
      minReplicas: whole(0, 1e9),
      priorityThreshold: whole(-(2 ** 31), 2 ** 31),
    }),
    maxNoOfPodsToEvictPerNode: whole(0, 1e6),
    maxNoOfPodsToEvictPerNamespace: whole(0, 1e6),
  },
  ['strategies'],
)
