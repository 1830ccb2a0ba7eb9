import { controllerOf } from '../api/index.ts'
import type { PodInfo } from '../scheduler/simulation.ts'
import type { EvictorOptions } from './options.ts'

const systemCritical = 2_000_000_000
const evictAnnotation = 'descheduler.alpha.kubernetes.io/evict'

/** Why a pod may not be evicted; undefined for one that may. */
// upstream: pkg/framework/plugins/defaultevictor
export function obstacleTo(
  info: PodInfo,
  options: EvictorOptions,
  replicasOf: (pod: PodInfo) => number,
): string | undefined {
  const { pod, priority, volumes } = info
  const { annotations, ownerReferences = [] } = pod.metadata
  if (annotations?.[evictAnnotation] !== undefined) return undefined
  const owner = controllerOf(pod)?.kind ?? ownerReferences[0]?.kind
  if (info.isTerminating) return 'pod is terminating'
  if (annotations?.['kubernetes.io/config.mirror'] !== undefined || owner === 'Node') return 'pod is a mirror pod'
  if (owner === 'DaemonSet' && options.evictDaemonSetPods !== true) return 'pod is related to daemonset'
  if (owner === undefined) {
    const isFailed = pod.status?.phase === 'Failed'
    if (!(isFailed && options.evictFailedBarePods)) return 'pod does not have any ownerRefs'
  }
  if (priority >= systemCritical && options.evictSystemCriticalPods !== true) return 'pod has system critical priority'
  if (options.priorityThreshold !== undefined && priority >= options.priorityThreshold)
    return 'pod has higher priority than specified priority class threshold'
  const isLocal = volumes.some(({ hostPath, emptyDir }) => hostPath !== undefined || emptyDir !== undefined)
  if (isLocal && options.evictLocalStoragePods !== true)
    return 'pod has local storage and descheduler is not configured with evictLocalStoragePods'
  const hasClaim = volumes.some(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined)
  if (hasClaim && options.ignorePvcPods === true)
    return 'pod has a PVC and descheduler is configured to ignore PVC pods'
  if (options.minReplicas !== undefined && options.minReplicas > 1 && replicasOf(info) < options.minReplicas)
    return `owner has ${replicasOf(info)} replicas which is less than minReplicas of ${options.minReplicas}`
  return undefined
}
