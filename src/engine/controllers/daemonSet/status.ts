import { isEqual, type DaemonSet, type Pod } from '../../api/index.ts'
import { updateStatus, type Write } from '../controller.ts'
import { availableAt, isOver, isReady } from '../pods.ts'
import { byAge, byTarget, isAvailable, isFresh, type Sight } from './sight.ts'

/** The status as it is after what was just done: with the pods made, without those that were gone at once. */
// upstream: updateDaemonSetStatus in pkg/controller/daemon/daemon_controller.go, which asks the cache again
export function statusWrites(
  sight: Sight,
  pods: readonly Pod[],
  made: readonly string[],
  deleted: readonly Pod[],
  collisionCount: number,
): readonly Write[] {
  const { set } = sight
  const counts = countNodes(sight, pods, new Set(made), new Set(deleted.filter(isGoneAtOnce)))
  const { updatedNumberScheduled: _, numberAvailable: __, numberUnavailable: ___, ...kept } = set.status ?? {}
  const collided = collisionCount > 0 && { collisionCount }
  const next = { ...kept, ...counts, ...collided, observedGeneration: set.metadata.generation ?? 0 }
  return isEqual(next, set.status) ? [] : [updateStatus({ ...set, status: next } as DaemonSet)]
}

/** Nobody has to stop a pod that has ended, or that was never placed. */
function isGoneAtOnce({ status, spec, metadata }: Pod): boolean {
  return (isOver(status.phase) || !spec.nodeName) && !metadata.finalizers?.length
}

function countNodes(sight: Sight, pods: readonly Pod[], made: ReadonlySet<string>, gone: ReadonlySet<Pod>): object {
  const podsOn = byTarget(
    pods.filter((pod) => !gone.has(pod)),
    true,
  )
  const n = { desired: 0, current: 0, misscheduled: 0, ready: 0, updated: 0, available: 0 }
  for (const node of sight.nodes) {
    const { name } = node.metadata
    const here = podsOn.get(name)
    const isScheduled = here !== undefined || made.has(name)
    if (!sight.judge(node).shouldRun) {
      if (isScheduled) n.misscheduled++
      continue
    }
    n.desired++
    if (!isScheduled) continue
    n.current++
    const oldest = here?.sort(byAge)[0]
    if (oldest === undefined || isFresh(oldest, sight)) n.updated++
    if (oldest === undefined || !isReady(oldest)) continue
    n.ready++
    if (isAvailable(oldest, sight)) n.available++
  }
  const unavailable = n.desired - n.available
  return {
    currentNumberScheduled: n.current,
    numberMisscheduled: n.misscheduled,
    desiredNumberScheduled: n.desired,
    numberReady: n.ready,
    ...(n.updated > 0 && { updatedNumberScheduled: n.updated }),
    ...(n.available > 0 && { numberAvailable: n.available }),
    ...(unavailable > 0 && { numberUnavailable: unavailable }),
  }
}

/** How long until the next ready pod becomes available by waiting; undefined when none does. */
export function untilAvailable({ set, now }: Sight, pods: readonly Pod[]): number | undefined {
  const { minReadySeconds = 0 } = set.spec
  if (minReadySeconds === 0) return undefined
  let next: number | undefined
  for (const pod of pods) {
    const at = availableAt(pod, minReadySeconds)
    if (at !== undefined && at > now) next = Math.min(at - now, next ?? Infinity)
  }
  return next
}
