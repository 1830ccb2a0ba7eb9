import type { DaemonSet } from '../../api/index.ts'

type IntOrPercent = number | string | undefined

/** How many more pods than nodes a rolling update may have. upstream: SurgeCount in pkg/controller/daemon/util/daemonset_util.go */
export function surgeOf(set: DaemonSet, nodes: number): number {
  return isRolling(set) ? scaled(boundsOf(set).maxSurge, nodes) : 0
}

/** How many pods a rolling update may take away at once; one if it could go neither way. upstream: updatedDesiredNodeCounts */
export function unavailableOf(set: DaemonSet, nodes: number): number {
  if (!isRolling(set)) return 0
  const count = scaled(boundsOf(set).maxUnavailable, nodes)
  return count === 0 && surgeOf(set, nodes) === 0 ? 1 : count
}

/** Whether pods are replaced by the controller itself. */
export function isRolling({ spec }: DaemonSet): boolean {
  return (spec.updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate'
}

function boundsOf({ spec }: DaemonSet): { readonly maxSurge?: IntOrPercent; readonly maxUnavailable?: IntOrPercent } {
  return spec.updateStrategy?.rollingUpdate ?? {}
}

/** Both shares are rounded up. */
function scaled(value: IntOrPercent, nodes: number): number {
  if (value === undefined) return 0
  return typeof value === 'number' ? value : Math.ceil((Number(value.replace('%', '')) * nodes) / 100)
}
