import { controllerOf, type Pod } from '../api/index.ts'
import type { Change } from '../client/index.ts'
import { isActive, isOver, isReady, isTerminating } from './pods.ts'

/** How many pods of which sort each controller has: kept by difference, so that nobody counts a thousand pods for each that changes. */
export type PodTally = Map<string, OwnerTally>

/** The pods of one controller, as counts. */
export interface OwnerTally {
  /** by their labels, as text */
  groups: Map<string, PodGroup>
  /** active pods per node */
  nodes: Map<string, number>
  terminating: number
}

/** Active pods that have the same labels. */
export interface PodGroup {
  readonly labels: Readonly<Record<string, string>>
  active: number
  ready: number
}

/** Takes a pod's change into account. */
export function tallyPod(tally: PodTally, { type, object, previous }: Change<Pod>): void {
  if (type !== 'DELETED' && previous !== undefined && countsAs(previous, object)) return
  if (previous !== undefined) count(tally, previous, -1)
  if (type !== 'DELETED') count(tally, object, 1)
}

/** Most changes of a pod alter nothing that is counted. */
function countsAs(before: Pod, after: Pod): boolean {
  return (
    before.metadata.ownerReferences === after.metadata.ownerReferences &&
    before.metadata.labels === after.metadata.labels &&
    before.metadata.deletionTimestamp === after.metadata.deletionTimestamp &&
    before.spec.nodeName === after.spec.nodeName &&
    isOver(before.status.phase) === isOver(after.status.phase) &&
    isReady(before) === isReady(after)
  )
}

function count(tally: PodTally, pod: Pod, by: 1 | -1): void {
  const owner = controllerOf(pod)
  if (owner === undefined) return
  const counts = tallyOf(tally, owner.uid)
  if (isActive(pod)) {
    countActive(counts, pod, by)
    if (pod.spec.nodeName) bump(counts.nodes, pod.spec.nodeName, by)
  } else if (isTerminating(pod)) counts.terminating += by
  if (by < 0 && counts.groups.size === 0 && counts.terminating === 0) tally.delete(owner.uid)
}

function tallyOf(tally: PodTally, uid: string): OwnerTally {
  let counts = tally.get(uid)
  if (counts === undefined) tally.set(uid, (counts = { groups: new Map(), nodes: new Map(), terminating: 0 }))
  return counts
}

function countActive({ groups }: OwnerTally, pod: Pod, by: 1 | -1): void {
  const labels = pod.metadata.labels ?? noLabels
  const text = textOf(labels)
  let group = groups.get(text)
  if (group === undefined) groups.set(text, (group = { labels, active: 0, ready: 0 }))
  group.active += by
  if (isReady(pod)) group.ready += by
  if (group.active === 0) groups.delete(text)
}

function bump(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by
  if (count === 0) counts.delete(key)
  else counts.set(key, count)
}

const noLabels: Readonly<Record<string, string>> = Object.freeze({})

function textOf(labels: Readonly<Record<string, string>>): string {
  let text = ''
  for (const key in labels) text += `${key}=${labels[key]},`
  return text
}
