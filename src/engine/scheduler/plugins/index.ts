import type { Plugin } from '../framework.ts'
import { defaultBinder } from './defaultBinder.ts'
import { defaultPreemption } from './defaultPreemption.ts'
import { dynamicResources } from './dynamicResources.ts'
import { imageLocality } from './imageLocality.ts'
import { interPodAffinity } from './interPodAffinity.ts'
import { nodeAffinity } from './nodeAffinity.ts'
import { nodeName } from './nodeName.ts'
import { nodePorts } from './nodePorts.ts'
import { nodeResourcesBalancedAllocation } from './nodeResourcesBalancedAllocation.ts'
import { nodeResourcesFit } from './nodeResourcesFit.ts'
import { nodeUnschedulable } from './nodeUnschedulable.ts'
import { nodeVolumeLimits } from './nodeVolumeLimits.ts'
import { podTopologySpread } from './podTopologySpread.ts'
import { prioritySort } from './prioritySort.ts'
import { schedulingGates } from './schedulingGates.ts'
import { taintToleration } from './taintToleration.ts'
import { volumeBinding } from './volumeBinding.ts'
import { volumeRestrictions } from './volumeRestrictions.ts'
import { volumeZone } from './volumeZone.ts'

/** Every plugin, in the order of the default profile. */
export const plugins: readonly Plugin[] = [
  schedulingGates,
  prioritySort,
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit,
  volumeRestrictions,
  nodeVolumeLimits,
  volumeBinding,
  volumeZone,
  podTopologySpread,
  interPodAffinity,
  dynamicResources,
  defaultPreemption,
  nodeResourcesBalancedAllocation,
  imageLocality,
  defaultBinder,
]
