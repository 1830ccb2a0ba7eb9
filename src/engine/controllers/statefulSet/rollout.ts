import type { ControllerRevision, Pod, StatefulSet } from '../../api/index.ts'
import { revisionLabelOf, templateOf } from '../history.ts'
import { availableAt, isOver, isReady } from '../pods.ts'
import { ordinalOf, podFor, startOf } from './identity.ts'

/** A number that a set wants a pod for, and the pod that has it. */
export interface Slot {
  readonly ordinal: number
  readonly pod: Pod | undefined
}

/** What one look at a set's pods makes of them. */
export interface Stand {
  readonly set: StatefulSet
  readonly current: ControllerRevision
  readonly update: ControllerRevision
  readonly slots: readonly Slot[]
  /** pods beyond what is wanted, the highest number first */
  readonly condemned: readonly Pod[]
  readonly now: number
}

/** What is to be done next; `isFinal` where everything else must wait. */
export type Step =
  | { readonly do: 'create'; readonly ordinal: number }
  | { readonly do: 'delete'; readonly pod: Pod }
  | { readonly do: 'keep'; readonly pod: Pod }

/** Sorts a set's pods into places. */
export function standOf(
  set: StatefulSet,
  pods: readonly Pod[],
  current: ControllerRevision,
  update: ControllerRevision,
  now: number,
): Stand {
  const start = startOf(set)
  const end = start + (set.spec.replicas ?? 1)
  const byOrdinal = new Map<number, Pod>()
  const condemned: Pod[] = []
  for (const pod of pods) {
    const ordinal = ordinalOf(set, pod)
    if (ordinal >= start && ordinal < end) byOrdinal.set(ordinal, pod)
    else if (ordinal >= 0) condemned.push(pod)
  }
  const slots = Array.from({ length: end - start }, (_, index) => ({
    ordinal: start + index,
    pod: byOrdinal.get(start + index),
  }))
  condemned.sort((a, b) => ordinalOf(set, b) - ordinalOf(set, a))
  return { set, current, update, slots, condemned, now }
}

/** Whether a set makes and removes its pods all at once. */
export function isParallel({ spec }: StatefulSet): boolean {
  return spec.podManagementPolicy === 'Parallel'
}

const isGoing = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined
const isRunning = (pod: Pod): boolean => pod.status.phase === 'Running' && isReady(pod)

function isAvailable({ set, now }: Stand, pod: Pod): boolean {
  const at = availableAt(pod, set.spec.minReadySeconds ?? 0)
  return isRunning(pod) && at !== undefined && at <= now
}

/**
 * The steps of one reconciliation: first the pods that are wanted, in order, then those that are not, then the rolling update.
 * upstream: pkg/controller/statefulset/stateful_set_control.go updateStatefulSet
 */
export function stepsOf(stand: Stand): readonly Step[] {
  const steps: Step[] = []
  if (tend(stand, steps) || condemn(stand, steps)) return steps
  return replace(stand, steps)
}

/** True when nothing more may happen before these steps have shown; a parallel set never waits. upstream: processReplica, runForAll */
function tend(stand: Stand, steps: Step[]): boolean {
  const isOrdered = !isParallel(stand.set)
  for (const { ordinal, pod } of stand.slots) {
    if (pod === undefined) {
      steps.push({ do: 'create', ordinal })
      if (isOrdered) return true
    } else if (isOver(pod.status.phase)) {
      if (!isGoing(pod)) steps.push({ do: 'delete', pod })
      if (isOrdered) return true
    } else if (isOrdered && (isGoing(pod) || !isAvailable(stand, pod))) return true
    else steps.push({ do: 'keep', pod })
  }
  return false
}

/** upstream: processCondemned */
function condemn(stand: Stand, steps: Step[]): boolean {
  const isOrdered = !isParallel(stand.set)
  const firstUnhealthy = firstUnhealthyOf(stand)
  for (const pod of stand.condemned) {
    if (isGoing(pod)) {
      if (isOrdered) return true
      continue
    }
    if (isOrdered && !isAvailable(stand, pod) && pod !== firstUnhealthy) return true
    steps.push({ do: 'delete', pod })
    if (isOrdered) return true
  }
  return false
}

function firstUnhealthyOf({ slots, condemned }: Stand): Pod | undefined {
  const isHealthy = (pod: Pod): boolean => isRunning(pod) && !isGoing(pod)
  return (
    slots.find(({ pod }) => pod !== undefined && !isHealthy(pod))?.pod ??
    [...condemned].reverse().find((pod) => !isHealthy(pod))
  )
}

/** From the highest number down to the partition, one old pod at a time. upstream: the end of updateStatefulSet */
function replace(stand: Stand, steps: Step[]): readonly Step[] {
  const { set, update, slots } = stand
  const { type, rollingUpdate } = set.spec.updateStrategy ?? {}
  if (type === 'OnDelete') return steps
  const least = startOf(set) + (rollingUpdate?.partition ?? 0)
  for (const { ordinal, pod } of [...slots].reverse()) {
    if (ordinal < least || pod === undefined || isOver(pod.status.phase)) break
    if (revisionLabelOf(pod) !== update.metadata.name && !isGoing(pod)) return [...steps, { do: 'delete', pod }]
    if (isGoing(pod) || !isAvailable(stand, pod)) break
  }
  return steps
}

/** The pod of a number: below the partition from the old template, else from the new one. upstream: newVersionedStatefulSetPod */
export function newPod({ set, current, update }: Stand, ordinal: number): object {
  const { rollingUpdate, type } = set.spec.updateStrategy ?? {}
  const oldOnes =
    rollingUpdate !== undefined
      ? (rollingUpdate.partition ?? 0)
      : type === 'OnDelete'
        ? 0
        : (set.status.currentReplicas ?? 0)
  const revision = ordinal < startOf(set) + oldOnes ? current : update
  return podFor(set, templateOf(revision), revision.metadata.name, ordinal)
}

/** When the next pod becomes available by waiting. */
export function nextAvailableAt({ set, slots, condemned, now }: Stand): number | undefined {
  const seconds = set.spec.minReadySeconds ?? 0
  if (seconds === 0) return undefined
  let next: number | undefined
  for (const pod of [...slots.flatMap((slot) => slot.pod ?? []), ...condemned]) {
    const at = availableAt(pod, seconds)
    if (at !== undefined && at > now) next = Math.min(at, next ?? at)
  }
  return next
}

/** The set's pods in numbers. upstream: updateStatus */
export function countsOf(stand: Stand, pods: readonly Pod[]) {
  const counts = { replicas: 0, readyReplicas: 0, availableReplicas: 0, currentReplicas: 0, updatedReplicas: 0 }
  for (const pod of pods) {
    counts.replicas++
    if (isRunning(pod)) counts.readyReplicas++
    if (isAvailable(stand, pod)) counts.availableReplicas++
    if (isGoing(pod)) continue
    if (revisionLabelOf(pod) === stand.current.metadata.name) counts.currentReplicas++
    if (revisionLabelOf(pod) === stand.update.metadata.name) counts.updatedReplicas++
  }
  return counts
}
