import type { StrategyArgs, StrategyName } from '../options.ts'
import type { Round } from '../round.ts'
import { removeDuplicates } from './duplicates.ts'
import { removePodsViolatingTopologySpreadConstraint } from './topologySpread.ts'
import { highNodeUtilization, lowNodeUtilization } from './utilization.ts'
import {
  removePodsViolatingInterPodAntiAffinity,
  removePodsViolatingNodeAffinity,
  removePodsViolatingNodeTaints,
} from './violations.ts'

/** Every strategy by its name: those about single pods first, then those about balance, as upstream runs them. */
export const strategies: Readonly<Record<StrategyName, (round: Round, args: StrategyArgs) => void>> = {
  RemovePodsViolatingNodeAffinity: removePodsViolatingNodeAffinity,
  RemovePodsViolatingNodeTaints: removePodsViolatingNodeTaints,
  RemovePodsViolatingInterPodAntiAffinity: removePodsViolatingInterPodAntiAffinity,
  RemoveDuplicates: removeDuplicates,
  RemovePodsViolatingTopologySpreadConstraint: removePodsViolatingTopologySpreadConstraint,
  LowNodeUtilization: lowNodeUtilization,
  HighNodeUtilization: highNodeUtilization,
}
