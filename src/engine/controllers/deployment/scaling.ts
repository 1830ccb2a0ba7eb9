import type { ReplicaSet } from '../../api/index.ts'
import { desiredIn, maxIn } from './annotations.ts'
import { boundsOf, isRolling, replicasOf, wantedOf } from './bounds.ts'
import { activeOf, byAge, current, resize, scale, type Rollout } from './rollout.ts'

/** Whether somebody has changed the number of replicas since the ReplicaSets were last scaled. upstream: isScalingEvent */
export function isScaled({ deployment, sets }: Rollout): boolean {
  const wanted = replicasOf(deployment.spec)
  for (const set of sets) if (replicasOf(set.spec) > 0 && (desiredIn(set) ?? wanted) !== wanted) return true
  return false
}

/** Shares a new number of replicas among the ReplicaSets, without rolling. upstream: scale in pkg/controller/deployment/sync.go */
export function share(rollout: Rollout): void {
  const { deployment } = rollout
  const wanted = replicasOf(deployment.spec)
  const only = activeOrLatest(rollout)
  if (only !== undefined) return void scale(rollout, only, wanted)
  if (isSaturated(rollout)) {
    for (const set of activeOf(rollout.old)) scale(rollout, set, 0)
  } else if (isRolling(deployment.spec)) shareInProportion(rollout)
}

/** The one ReplicaSet to scale, if it is clear which. upstream: FindActiveOrLatest */
function activeOrLatest(rollout: Rollout): ReplicaSet | undefined {
  const { fresh, old, sets } = rollout
  const active = activeOf(sets)
  if (active.length > 1) return undefined
  return active[0] ?? fresh ?? old[old.length - 1]
}

/** The new ReplicaSet has all it should have, and all of it is available. upstream: IsSaturated */
function isSaturated({ fresh, deployment }: Rollout): boolean {
  const wanted = replicasOf(deployment.spec)
  if (fresh === undefined) return false
  return (
    replicasOf(fresh.spec) === wanted &&
    desiredIn(fresh) === wanted &&
    (fresh.status?.availableReplicas ?? 0) === wanted
  )
}

function shareInProportion(rollout: Rollout): void {
  const { deployment } = rollout
  const active = activeOf(rollout.sets)
  const wanted = replicasOf(deployment.spec)
  const allowed = wanted > 0 ? wanted + boundsOf(deployment).surge : 0
  const toAdd = allowed - wantedOf(active)
  const sorted = [...active].sort(toAdd > 0 ? bySizeNewer : bySizeOlder)
  const sizes = sizesFor(rollout, sorted, toAdd)
  sorted.forEach((set, position) => resize(rollout, current(rollout, set), sizes[position]!))
}

function sizesFor(rollout: Rollout, sorted: readonly ReplicaSet[], toAdd: number): number[] {
  let added = 0
  const sizes = sorted.map((set) => {
    const part = toAdd === 0 ? 0 : partOf(rollout, set, toAdd, added)
    added += part
    return replicasOf(set.spec) + part
  })
  if (toAdd !== 0 && sizes.length > 0) sizes[0] = Math.max(0, sizes[0]! + toAdd - added)
  return sizes
}

/** upstream: GetReplicaSetProportion */
function partOf(rollout: Rollout, set: ReplicaSet, toAdd: number, added: number): number {
  if (replicasOf(set.spec) === 0 || toAdd === added) return 0
  const part = fractionOf(rollout, set)
  return toAdd > 0 ? Math.min(part, toAdd - added) : Math.max(part, toAdd - added)
}

/** upstream: getReplicaSetFraction */
function fractionOf({ deployment }: Rollout, { spec, ...set }: ReplicaSet): number {
  const size = replicasOf(spec)
  const wanted = replicasOf(deployment.spec)
  if (wanted === 0) return -size
  const maxBefore = maxIn({ spec, ...set } as ReplicaSet) || (deployment.status?.replicas ?? 0)
  if (maxBefore === 0) return 0
  return Math.round((size * (wanted + boundsOf(deployment).surge)) / maxBefore) - size
}

function bySizeNewer(a: ReplicaSet, b: ReplicaSet): number {
  return replicasOf(b.spec) - replicasOf(a.spec) || byAge(b, a)
}

function bySizeOlder(a: ReplicaSet, b: ReplicaSet): number {
  return replicasOf(b.spec) - replicasOf(a.spec) || byAge(a, b)
}
