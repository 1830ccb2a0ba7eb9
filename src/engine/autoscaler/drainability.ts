import { controllerOf, matches, requirementsOf, type KubeObject, type LabelSelector } from '../api/index.ts'
import type { AutoscalerSettings } from './options.ts'
import type { PodInfo } from './simulation.ts'
import { isDaemon } from './utilization.ts'

/** Why a pod keeps its node from being removed, in upstream's words. */
export type Blocker =
  'NotReplicated' | 'LocalStorageRequested' | 'NotSafeToEvictAnnotation' | 'UnmovableKubeSystemPod' | 'NotEnoughPdb'

/** A disruption budget, as far as it is read here. */
export interface Budget extends KubeObject {
  readonly spec: { readonly selector?: LabelSelector }
  readonly status?: { readonly disruptionsAllowed?: number }
}

const safeToEvict = 'cluster-autoscaler.kubernetes.io/safe-to-evict'
const safeVolumes = 'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes'

/** What speaks against moving a pod; undefined for one that may go, or that need not be asked. */
// upstream: cluster-autoscaler/simulator/drainability/rules
export function blockerOf(
  info: PodInfo,
  settings: AutoscalerSettings,
  budgets: readonly Budget[],
): Blocker | undefined {
  const { pod, isTerminating } = info
  if (isDaemon(info) || isTerminating) return undefined
  const annotation = pod.metadata.annotations?.[safeToEvict]
  const own = budgets.filter((budget) => isCovered(info, budget))
  if (annotation !== 'true') {
    if (controllerOf(pod) === undefined) return 'NotReplicated'
    if (info.namespace === 'kube-system' && settings.skipNodesWithSystemPods && own.length === 0)
      return 'UnmovableKubeSystemPod'
    if (annotation === 'false') return 'NotSafeToEvictAnnotation'
    if (settings.skipNodesWithLocalStorage && hasLocalStorage(info)) return 'LocalStorageRequested'
  }
  return own.some(({ status }) => (status?.disruptionsAllowed ?? 0) < 1) ? 'NotEnoughPdb' : undefined
}

function hasLocalStorage({ pod, volumes }: PodInfo): boolean {
  const safe = (pod.metadata.annotations?.[safeVolumes] ?? '').split(',')
  return volumes.some(
    ({ name, hostPath, emptyDir }) =>
      !safe.includes(name) && (hostPath !== undefined || (emptyDir !== undefined && emptyDir.medium !== 'Memory')),
  )
}

/** Whether a budget is about a pod. */
export function isCovered({ namespace, labels }: PodInfo, { metadata, spec }: Budget): boolean {
  const requirements = requirementsOf(spec.selector)
  return metadata.namespace === namespace && requirements !== undefined && matches(requirements, labels)
}
