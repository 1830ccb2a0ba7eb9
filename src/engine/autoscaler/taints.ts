import type { Node } from '../api/index.ts'

/** On nodes that are being drained and removed: no pod goes there any more. */
export const toBeDeletedTaint = 'ToBeDeletedByClusterAutoscaler'

/** On nodes that nobody needs: pods rather go elsewhere. */
export const candidateTaint = 'DeletionCandidateOfClusterAutoscaler'

export type Taint = NonNullable<Node['spec']['taints']>[number]

/** Whether a node has a taint of that key. */
export function hasTaint({ spec }: Node, key: string): boolean {
  return spec?.taints?.some((taint) => taint.key === key) ?? false
}

/** A node's taints with one more, or without it. Its value is the time in seconds, as upstream writes it. */
export function taintsWith(node: Node, key: string, effect: 'NoSchedule' | 'PreferNoSchedule', now: number): Taint[] {
  return [...taintsWithout(node, key), { key, value: String(Math.floor(now / 1000)), effect }]
}

/** A node's taints but those of a key. */
export function taintsWithout({ spec }: Node, key: string): Taint[] {
  return (spec?.taints ?? []).filter((taint) => taint.key !== key)
}
