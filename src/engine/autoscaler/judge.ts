import type { Node, Pod } from '../api/index.ts'

/** upstream: --expendable-pods-priority-cutoff */
const expendableBelow = -10

/** A pod that the scheduler has found no node for, and that is not waiting for one to be made room on. */
export function isHelpless({ metadata, spec, status }: Pod): boolean {
  if (spec.nodeName || metadata.deletionTimestamp !== undefined || status?.nominatedNodeName) return false
  if ((spec.priority ?? 0) < expendableBelow) return false
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled')
  return scheduled?.status === 'False' && scheduled.reason === 'Unschedulable'
}

/** A node that is there and Ready. */
export function isReady(node: Node | undefined): node is Node {
  return node?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
}
