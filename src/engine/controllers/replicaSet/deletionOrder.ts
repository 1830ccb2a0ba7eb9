import type { Pod } from '../../api/index.ts'
import { parseTime } from '../../api/index.ts'
import { isReady, readySince, restartsOf } from '../pods.ts'

/**
 * The pods to delete first when there are too many: those that cost the least.
 * upstream: ActivePodsWithRanks in pkg/controller/controller_utils.go
 */
export function doomedPods(
  pods: readonly Pod[],
  count: number,
  siblingsOnNode: (node: string) => number,
  now: number,
): readonly Pod[] {
  if (count <= 0) return []
  if (count >= pods.length) return pods
  const ranked = pods.map((pod) => rankOf(pod, siblingsOnNode, now))
  return ranked
    .sort((a, b) => compareRanks(a, b, now))
    .slice(0, count)
    .map(({ pod }) => pod)
}

interface Rank {
  readonly pod: Pod
  readonly isAssigned: boolean
  readonly phase: number
  readonly isReady: boolean
  readonly cost: number
  readonly siblings: number
  /** since when it is ready, and when it was made; in virtual milliseconds */
  readonly readySince: number
  readonly restarts: number
  readonly initRestarts: number
  readonly bornAt: number
}

const phases: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 }
const costAnnotation = 'controller.kubernetes.io/pod-deletion-cost'

function rankOf(pod: Pod, siblingsOnNode: (node: string) => number, now: number): Rank {
  const { metadata, spec, status } = pod
  return {
    pod,
    isAssigned: Boolean(spec.nodeName),
    phase: phases[status.phase ?? ''] ?? 0,
    isReady: isReady(pod),
    cost: costOf(metadata.annotations?.[costAnnotation]),
    siblings: spec.nodeName ? siblingsOnNode(spec.nodeName) : 0,
    readySince: readySince(pod) ?? now,
    restarts: restartsOf(status.containerStatuses),
    initRestarts: restartsOf(status.initContainerStatuses),
    bornAt: parseTime(metadata.creationTimestamp),
  }
}

/** upstream: GetDeletionCostFromPodAnnotations: a whole number, without plus sign or leading zeros; anything else counts as none */
function costOf(text: string | undefined): number {
  return text !== undefined && /^(0|-?[1-9]\d*)$/.test(text) ? Number(text) : 0
}

// upstream: logarithmicRankDiff: ages are compared by the order of magnitude of their nanoseconds
function logOf(ageMs: number): number {
  return ageMs > 0 ? Math.floor(Math.log2(ageMs * 1e6)) : -1
}

function compareRanks(a: Rank, b: Rank, now: number): number {
  return (
    Number(a.isAssigned) - Number(b.isAssigned) ||
    a.phase - b.phase ||
    Number(a.isReady) - Number(b.isReady) ||
    a.cost - b.cost ||
    b.siblings - a.siblings ||
    (a.isReady && b.isReady ? byTime(a.readySince, b.readySince, a, b, now) : 0) ||
    b.restarts - a.restarts ||
    b.initRestarts - a.initRestarts ||
    byTime(a.bornAt, b.bornAt, a, b, now)
  )
}

/** The younger goes first, by order of magnitude; of two in one order, the one with the smaller uid; equal times decide nothing. */
function byTime(timeA: number, timeB: number, a: Rank, b: Rank, now: number): number {
  if (timeA === timeB) return 0
  return logOf(now - timeA) - logOf(now - timeB) || (a.pod.metadata.uid < b.pod.metadata.uid ? -1 : 1)
}
