import type { Pod } from '../../api/index.ts'
import { surgeOf, unavailableOf } from './bounds.ts'
import { isAvailable, isFresh, noWork, type Sight, type Work } from './sight.ts'

/** The next step from old pods to new ones. upstream: rollingUpdate in pkg/controller/daemon/update.go */
export function rollingUpdate(sight: Sight): Work {
  let wanted = 0
  for (const node of sight.nodes) if (sight.judge(node).shouldRun) wanted++
  const surge = surgeOf(sight.set, wanted)
  return surge === 0 ? replace(sight, unavailableOf(sight.set, wanted)) : surgeBy(sight, surge, wanted)
}

/** Deletes old pods, as many as may be missing; the next look makes new ones. */
function replace(sight: Sight, unavailableMax: number): Work {
  const work = noWork()
  const candidates: Pod[] = []
  let unavailable = 0
  for (const pods of sight.podsOn.values()) {
    const { fresh, stale, isClear } = pairOn(pods, sight)
    // whatever is unclear, missing or double, the ordinary management sees to
    if (!isClear || Boolean(fresh) === Boolean(stale)) unavailable++
    else if (fresh !== undefined) unavailable += isAvailable(fresh, sight) ? 0 : 1
    else if (!isAvailable(stale!, sight)) {
      work.deaths.push(stale!)
      unavailable++
    } else if (unavailable < unavailableMax) candidates.push(stale!)
  }
  work.deaths.push(...candidates.slice(0, Math.max(0, unavailableMax - unavailable)))
  return work
}

/** Makes new pods beside the old ones, which go once the new ones are available. */
function surgeBy(sight: Sight, surgeMax: number, wanted: number): Work {
  const work = noWork()
  const candidates: string[] = []
  const misplaced: Pod[] = []
  const nodes = new Map(sight.nodes.map((node) => [node.metadata.name, node]))
  let surging = 0
  let available = 0
  for (const [name, pods] of sight.podsOn) {
    const { fresh, stale, isClear } = pairOn(pods, sight)
    if (!isClear) {
      surging++
      continue
    }
    const counted = stale ?? fresh
    if (counted !== undefined && isAvailable(counted, sight)) available++
    if (stale === undefined) continue
    const node = nodes.get(name)
    if (fresh !== undefined) {
      if (isAvailable(fresh, sight)) work.deaths.push(stale)
      else surging++
    } else if (node === undefined || !sight.judge(node).shouldRun) misplaced.push(stale)
    else if (!isAvailable(stale, sight)) work.births.push(name)
    else if (surging < surgeMax) candidates.push(name)
  }
  // a pod that is to move elsewhere goes only when enough others are there
  work.deaths.push(...misplaced.slice(0, Math.max(0, available - wanted)))
  work.births.push(...candidates.slice(0, Math.max(0, surgeMax - surging)))
  return work
}

interface Pair {
  readonly fresh: Pod | undefined
  readonly stale: Pod | undefined
  /** no more than one of each */
  readonly isClear: boolean
}

// upstream: findUpdatedPodsOnNode
function pairOn(pods: readonly Pod[], sight: Sight): Pair {
  let fresh: Pod | undefined
  let stale: Pod | undefined
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp !== undefined) continue
    const isNew = isFresh(pod, sight)
    if (isNew ? fresh : stale) return { fresh: undefined, stale: undefined, isClear: false }
    if (isNew) fresh = pod
    else stale = pod
  }
  return { fresh, stale, isClear: true }
}
