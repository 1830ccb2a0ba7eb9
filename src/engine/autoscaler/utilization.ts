import { controllerOf, cpuMilli, wholeUnits, type Node } from '../api/index.ts'
import type { PodInfo } from './simulation.ts'

/** What a node has for pods. */
export function sizeOf({ status }: Node): { readonly cpuMilli: number; readonly memoryBytes: number } {
  const allocatable = status?.allocatable as Readonly<Record<string, string>> | undefined
  return { cpuMilli: cpuMilli(allocatable?.['cpu']), memoryBytes: wholeUnits(allocatable?.['memory']) }
}

/** The larger of the shares of cpu and memory that pods ask for. */
// upstream: cluster-autoscaler/simulator/utilization/info.go
export function utilizationOf(node: Node, pods: readonly PodInfo[], ignoresDaemons: boolean): number {
  const size = sizeOf(node)
  const counted = ignoresDaemons ? pods.filter((pod) => !isDaemon(pod)) : pods
  const cpu = counted.reduce((sum, { requests }) => sum + requests.cpuMilli, 0)
  const memory = counted.reduce((sum, { requests }) => sum + requests.memoryBytes, 0)
  const share = (used: number, total: number): number => (total === 0 ? 0 : used / total)
  return Math.max(share(cpu, size.cpuMilli), share(memory, size.memoryBytes))
}

/** Whether a pod belongs to its node: of a DaemonSet, or a static pod. It goes when the node goes, and does not hold it. */
export function isDaemon({ pod }: PodInfo): boolean {
  const owner = controllerOf(pod)?.kind
  return (
    owner === 'DaemonSet' || owner === 'Node' || pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined
  )
}
