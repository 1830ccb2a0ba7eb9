import { controllerOf, isEqual, type OwnerReference, type Pod } from '../api/index.ts'
import type { Change } from '../client/index.ts'
import { isActive, isOver, isReady, isTerminating } from './pods.ts'

/** How many pods of which sort each controller has: kept by difference, so that nobody counts a thousand pods for each that changes. */
export type PodTally = Map<string, OwnerTally>

/** The pods of one controller, as counts. */
export interface OwnerTally {
  /** the controller's key */
  readonly owner: string
  /** those with the same labels together: seldom more than one */
  readonly groups: PodGroup[]
  /** active pods per node */
  readonly nodes: Map<string, number>
  terminating: number
}

/** Active pods that have the same labels. */
export interface PodGroup {
  readonly labels: Labels
  active: number
  ready: number
}

/** Whoever keeps such counts in its memory. */
interface Tallied {
  readonly memory: { readonly tally: PodTally }
}

type Labels = Readonly<Record<string, string>>

/** Takes a pod's change into account. Most changes alter nothing that is counted, or no more than where it is and whether it is ready. */
export function tallyPod({ type, object, previous }: Change<Pod>, { memory }: Tallied): void {
  const { tally } = memory
  const isThere = type !== 'DELETED'
  if (isThere && previous !== undefined && isInSameGroup(previous, object)) return recount(tally, previous, object)
  if (previous !== undefined) count(tally, previous, -1)
  if (isThere) count(tally, object, 1)
}

function isInSameGroup(before: Pod, after: Pod): boolean {
  const { status } = before
  return (
    before.metadata.ownerReferences === after.metadata.ownerReferences &&
    before.metadata.labels === after.metadata.labels &&
    before.metadata.deletionTimestamp === after.metadata.deletionTimestamp &&
    (status === after.status ||
      status.phase === after.status.phase ||
      isOver(status.phase) === isOver(after.status.phase))
  )
}

function recount(tally: PodTally, before: Pod, after: Pod): void {
  const turn = before.status === after.status ? 0 : Number(isReady(after)) - Number(isReady(before))
  const isMoved = before.spec.nodeName !== after.spec.nodeName
  if ((turn === 0 && !isMoved) || !isActive(after)) return
  const owner = controllerOf(after)
  if (owner === undefined) return
  const { groups, nodes } = tallyOf(tally, owner, after)
  groupOf(groups, after).ready += turn
  if (isMoved && before.spec.nodeName) bump(nodes, before.spec.nodeName, -1)
  if (isMoved && after.spec.nodeName) bump(nodes, after.spec.nodeName, 1)
}

function count(tally: PodTally, pod: Pod, by: 1 | -1): void {
  const owner = controllerOf(pod)
  if (owner === undefined) return
  const counts = tallyOf(tally, owner, pod)
  if (isActive(pod)) {
    countActive(counts.groups, pod, by)
    if (pod.spec.nodeName) bump(counts.nodes, pod.spec.nodeName, by)
  } else if (isTerminating(pod)) counts.terminating += by
  if (by < 0 && counts.groups.length === 0 && counts.terminating === 0) tally.delete(owner.uid)
}

function tallyOf(tally: PodTally, { uid, name }: OwnerReference, { metadata }: Pod): OwnerTally {
  let counts = tally.get(uid)
  if (counts === undefined) {
    counts = { owner: `${metadata.namespace}/${name}`, groups: [], nodes: new Map(), terminating: 0 }
    tally.set(uid, counts)
  }
  return counts
}

function countActive(groups: PodGroup[], pod: Pod, by: 1 | -1): void {
  const group = groupOf(groups, pod)
  group.active += by
  if (isReady(pod)) group.ready += by
  if (group.active === 0) groups.splice(groups.indexOf(group), 1)
}

function groupOf(groups: PodGroup[], { metadata }: Pod): PodGroup {
  const { labels = noLabels } = metadata
  for (const group of groups) if (isEqual(group.labels, labels)) return group
  const group = { labels, active: 0, ready: 0 }
  groups.push(group)
  return group
}

function bump(counts: Map<string, number>, key: string, by: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + by
  if (count === 0) counts.delete(key)
  else counts.set(key, count)
}

const noLabels: Labels = Object.freeze({})
