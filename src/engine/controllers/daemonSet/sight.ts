import type { DaemonSet, Node, Pod } from '../../api/index.ts'
import { availableAt, isOver } from '../pods.ts'
import { isUpdated, targetOf } from './podTemplate.ts'
import type { Verdict } from './placement.ts'

/** All that one reconciliation of a DaemonSet looks at. */
export interface Sight {
  readonly set: DaemonSet
  readonly hash: string
  readonly generation: string | undefined
  readonly now: number
  readonly nodes: readonly Node[]
  readonly judge: (node: Node) => Verdict
  /** its pods by the node they are meant for, but for those that are over and only wait to go */
  readonly podsOn: ReadonlyMap<string, readonly Pod[]>
  readonly backoffs: Map<string, Backoff>
}

/** How long to leave a failed pod alone on one node. */
export interface Backoff {
  ms: number
  since: number
}

/** What is to be made and deleted, and when to look again. */
export interface Work {
  /** nodes that need a pod */
  readonly births: string[]
  readonly deaths: Pod[]
  readonly events: { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string }[]
  /** when to look again, in virtual milliseconds from now */
  againMs: number | undefined
}

/** Nothing to do, yet. */
export function noWork(): Work {
  return { births: [], deaths: [], events: [], againMs: undefined }
}

/** Pods by the node they are meant for. upstream: getNodesToDaemonPods */
export function byTarget(pods: readonly Pod[], withLeaving: boolean): Map<string, Pod[]> {
  const map = new Map<string, Pod[]>()
  for (const pod of pods) {
    if (!withLeaving && isOver(pod.status.phase) && pod.metadata.deletionTimestamp !== undefined) continue
    const node = targetOf(pod)
    if (node === undefined) continue
    const list = map.get(node)
    if (list === undefined) map.set(node, [pod])
    else list.push(pod)
  }
  return map
}

/** Whether a pod has been ready for as long as the set asks. */
export function isAvailable(pod: Pod, { set, now }: Pick<Sight, 'set' | 'now'>): boolean {
  const at = availableAt(pod, set.spec.minReadySeconds ?? 0)
  return at !== undefined && at <= now
}

/** Whether a pod is of the set's newest template. */
export function isFresh(pod: Pod, { hash, generation }: Pick<Sight, 'hash' | 'generation'>): boolean {
  return isUpdated(pod, hash, generation)
}

/** Those with a node first, then the oldest. upstream: podByCreationTimestampAndPhase */
export function byAge(a: Pod, b: Pod): number {
  const [placedA, placedB] = [Boolean(a.spec.nodeName), Boolean(b.spec.nodeName)]
  if (placedA !== placedB) return placedA ? -1 : 1
  const [bornA, bornB] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp]
  if (bornA !== bornB) return bornA < bornB ? -1 : 1
  return a.metadata.name < b.metadata.name ? -1 : 1
}
