import type { Pod, ReplicaSet } from '../../api/index.ts'
import { remove } from '../controller.ts'
import { forgive } from '../perform.ts'
import { isOver } from '../pods.ts'
import { revisionOf } from './annotations.ts'
import { actualOf, availableOf, boundsOf, newReplicasFor, replicasOf, wantedOf } from './bounds.ts'
import { isComplete } from './conditions.ts'
import { activeOf, current, scale, syncRevision, type Rollout } from './rollout.ts'

const keepAll = 2147483647

/** One step of a rolling update. upstream: rolloutRolling in pkg/controller/deployment/rolling.go */
export function roll(rollout: Rollout): void {
  syncRevision(rollout, true)
  if (rollout.isOver) return
  if (growNew(rollout) || shrinkOld(rollout)) return
  if (isComplete(rollout.deployment, rollout.deployment.status ?? {})) cleanUp(rollout)
}

/** Old pods go first, all of them, then come the new ones. upstream: rolloutRecreate in pkg/controller/deployment/recreate.go */
export function recreate(rollout: Rollout): void {
  syncRevision(rollout, false)
  if (rollout.isOver) return
  let hasShrunk = false
  for (const set of activeOf(rollout.old)) hasShrunk = scale(rollout, set, 0) || hasShrunk
  if (hasShrunk || isOldAlive(rollout)) return
  if (rollout.fresh === undefined) syncRevision(rollout, true)
  if (rollout.isOver) return
  if (rollout.fresh) scale(rollout, rollout.fresh, replicasOf(rollout.deployment.spec))
  if (isComplete(rollout.deployment, rollout.deployment.status ?? {})) cleanUp(rollout)
}

// upstream: reconcileNewReplicaSet
function growNew(rollout: Rollout): boolean {
  const fresh = rollout.fresh!
  const wanted = replicasOf(rollout.deployment.spec)
  const size = replicasOf(fresh.spec)
  if (size === wanted) return false
  return scale(rollout, fresh, size > wanted ? wanted : newReplicasFor(rollout.deployment, rollout.sets, size))
}

// upstream: reconcileOldReplicaSets
function shrinkOld(rollout: Rollout): boolean {
  const { old } = rollout
  if (wantedOf(old) === 0) return false
  const fresh = rollout.fresh!
  const minAvailable = minAvailableOf(rollout)
  const missing = replicasOf(fresh.spec) - (fresh.status?.availableReplicas ?? 0)
  const most = wantedOf(rollout.sets) - minAvailable - missing
  if (most <= 0) return false
  const cleaned = dropUnhealthy(rollout, old, most)
  if (rollout.isStale) return true
  return dropAvailable(rollout, rollout.old, minAvailable) + cleaned > 0
}

function minAvailableOf({ deployment }: Rollout): number {
  return replicasOf(deployment.spec) - boundsOf(deployment).unavailable
}

/** Pods that serve nobody cost nothing. upstream: cleanupUnhealthyReplicas */
function dropUnhealthy(rollout: Rollout, old: readonly ReplicaSet[], most: number): number {
  let dropped = 0
  for (const set of old) {
    const size = replicasOf(set.spec)
    const unhealthy = size - (set.status?.availableReplicas ?? 0)
    if (size === 0 || unhealthy === 0 || dropped >= most) continue
    if (unhealthy < 0) {
      rollout.isOver = rollout.isStale = true
      return dropped
    }
    const count = Math.min(most - dropped, unhealthy)
    scale(rollout, set, size - count)
    dropped += count
  }
  return dropped
}

// upstream: scaleDownOldReplicaSetsForRollingUpdate
function dropAvailable(rollout: Rollout, old: readonly ReplicaSet[], minAvailable: number): number {
  const most = availableOf(rollout.sets) - minAvailable
  let dropped = 0
  for (const set of old) {
    const size = replicasOf(set.spec)
    const count = Math.min(size, most - dropped)
    if (count <= 0) continue
    scale(rollout, current(rollout, set), size - count)
    dropped += count
  }
  return dropped
}

/** Whether any pod of an older template still is, or may be, running. upstream: oldPodsRunning */
function isOldAlive(rollout: Rollout): boolean {
  const { old } = rollout
  if (actualOf(old) > 0) return true
  return old.some(({ metadata }) => {
    for (const { status } of rollout.see.lister<Pod>('Pod').by('controller', metadata.uid))
      if (!isOver(status.phase)) return true
    return false
  })
}

/** Deletes the oldest revisions beyond the history limit. upstream: cleanupDeployment */
export function cleanUp(rollout: Rollout): void {
  const { revisionHistoryLimit: limit = keepAll } = rollout.deployment.spec
  if (limit === keepAll) return
  const old = rollout.old.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
  const sorted = [...old].sort((a, b) => revisionOf(a) - revisionOf(b))
  for (const set of sorted.slice(0, Math.max(0, sorted.length - limit))) {
    if (isInUse(set)) continue
    rollout.writes.push(remove(set, undefined, { refused: ({ code }) => (code === 404 ? forgive : undefined) }))
  }
}

function isInUse({ spec, status, metadata }: ReplicaSet): boolean {
  const isStale = (metadata.generation ?? 0) > (status?.observedGeneration ?? 0)
  return replicasOf(spec) !== 0 || (status?.replicas ?? 0) !== 0 || isStale
}
