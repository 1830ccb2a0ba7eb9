import type { Node } from '../api/index.ts'
import { blockerOf, type Blocker, type Budget } from './drainability.ts'
import type { AutoscalerSettings } from './options.ts'
import { unplaced, type PodInfo, type Simulation } from './simulation.ts'
import { isDaemon, utilizationOf } from './utilization.ts'

/** A node that nobody needs. */
export interface UnneededNode {
  readonly name: string
  readonly utilization: number
  /** what would have to move */
  readonly pods: readonly PodInfo[]
}

/** What keeps a node, for whoever asks why it is not removed. */
export type KeepReason = Blocker | 'NotUnderutilized' | 'ScaleDownDisabledAnnotation' | 'NoPlaceToMovePods'

/** A node that stays: why, and which pod or how many pods are the reason. */
export interface KeptNode {
  readonly reason: KeepReason
  /** `namespace/name` */
  readonly pod?: string
  readonly utilization?: number
}

/** Which nodes could go, and why the others could not. */
export interface ScaleDownPlan {
  readonly unneeded: readonly UnneededNode[]
  readonly kept: ReadonlyMap<string, KeptNode>
}

/** What the plan is made of; `simulation` is used up. */
export interface ScaleDownInput {
  /** nodes of groups, ready, not on their way out */
  readonly nodes: readonly Node[]
  readonly simulation: Simulation
  readonly budgets: readonly Budget[]
  readonly settings: AutoscalerSettings
}

const disabled = 'cluster-autoscaler.kubernetes.io/scale-down-disabled'

/** Finds the nodes whose pods would all find room elsewhere; each found is taken out before the next is looked at. */
// upstream: cluster-autoscaler/core/scaledown/planner, eligibility
export function planScaleDown({ nodes, simulation, budgets, settings }: ScaleDownInput): ScaleDownPlan {
  const unneeded: UnneededNode[] = []
  const kept = new Map<string, KeptNode>()
  const { scaleDownUtilizationThreshold: threshold, ignoreDaemonSetsUtilization } = settings
  const candidates = nodes.flatMap((node) => {
    const { name, annotations } = node.metadata
    const pods = simulation.podsOn(name)
    const utilization = utilizationOf(node, pods, ignoreDaemonSetsUtilization)
    if (annotations?.[disabled] === 'true') kept.set(name, { reason: 'ScaleDownDisabledAnnotation' })
    else if (utilization >= threshold) kept.set(name, { reason: 'NotUnderutilized', utilization })
    else return [{ name, utilization, pods: pods.filter((pod) => !isDaemon(pod)) }]
    return []
  })
  // empty nodes first: they cost nobody anything
  candidates.sort((a, b) => Number(a.pods.length > 0) - Number(b.pods.length > 0))
  for (const candidate of candidates) {
    const blocked = blockedBy(candidate.pods, settings, budgets)
    if (blocked !== undefined) kept.set(candidate.name, blocked)
    else if (!moves(candidate, simulation)) kept.set(candidate.name, { reason: 'NoPlaceToMovePods' })
    else unneeded.push(candidate)
  }
  return { unneeded, kept }
}

function blockedBy(
  pods: readonly PodInfo[],
  settings: AutoscalerSettings,
  budgets: readonly Budget[],
): { readonly reason: Blocker; readonly pod: string } | undefined {
  for (const pod of pods) {
    const reason = blockerOf(pod, settings, budgets)
    if (reason !== undefined) return { reason, pod: pod.key }
  }
  return undefined
}

/** Takes a node out of the simulation and its pods to others; all is as before where one of them finds no place. */
function moves({ name, pods }: UnneededNode, simulation: Simulation): boolean {
  const others = simulation.nodes().filter((other) => other !== name)
  const moved: PodInfo[] = []
  for (const pod of pods) {
    if (pod.isTerminating) continue
    simulation.remove(pod)
    const free = unplaced(pod)
    const place = simulation.placeFor(free, others)
    moved.push(pod)
    if (place !== undefined) simulation.place(free, place)
    else {
      for (const back of moved) {
        simulation.remove(back)
        simulation.place(back, name)
      }
      return false
    }
  }
  simulation.removeNode(name)
  return true
}
