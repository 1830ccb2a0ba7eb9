import { textAt } from '../../api/index.ts'
import type { Requirement } from '../../api/index.ts'
import { isAbout, resolved, type AffinityTerm } from '../affinityTerms.ts'
import type { NodeInfo } from '../nodeInfo.ts'
import type { Labels } from '../objects.ts'
import type { PodInfo } from '../podInfo.ts'
import type { Snapshot } from '../snapshot.ts'
import { holdersNear, type RunningTerm } from '../termIndex.ts'
import { countNear, isAboutAll, isNowhere, namespacesOf, nearOf, noChanges, shifted, type Near } from './near.ts'

/** Whom a pod must be near, whom it must not meet, and who does not want to meet it. */
export interface Wants {
  readonly required: readonly AffinityTerm[]
  readonly requiredAnti: readonly AffinityTerm[]
  /** pods that match all required terms, one entry for each topology they speak of */
  readonly wanted: readonly Near[]
  /** pods that match an anti-affinity term, in the order of the terms */
  readonly avoided: readonly Near[]
  readonly namespaceLabels: Labels
  /** the running pods' anti-affinity terms that are about this pod, by topology */
  readonly shunning: ReadonlyMap<string, readonly RunningTerm[]>
  readonly shunningChanges: ReadonlyMap<string, ReadonlyMap<string, number>>
}

/** Makes a pod's terms ready to be asked about nodes. */
export function wantsOf(pod: PodInfo, shunning: Wants['shunning'], labels: Labels, snapshot: Snapshot): Wants {
  const find = (selector: readonly Requirement[]): readonly string[] => namespacesOf(selector, snapshot)
  const required = pod.terms.required.map((term) => resolved(term, find))
  const requiredAnti = pod.terms.requiredAnti.map((term) => resolved(term, find))
  return {
    required,
    requiredAnti,
    wanted: topologiesOf(required).map((topologyKey) => nearOf(required, topologyKey, snapshot)),
    avoided: requiredAnti.map((term) => nearOf([term], term.topologyKey, snapshot)),
    namespaceLabels: labels,
    shunning,
    shunningChanges: noChanges,
  }
}

function topologiesOf(terms: readonly AffinityTerm[]): readonly string[] {
  return terms.length === 1 ? [terms[0]!.topologyKey] : [...new Set(terms.map(({ topologyKey }) => topologyKey))]
}

/** The running pods' anti-affinity terms that are about a pod, by topology. */
export function shunningTerms(
  pod: PodInfo,
  labels: Labels,
  { terms }: Snapshot,
): ReadonlyMap<string, readonly RunningTerm[]> {
  if (terms.requiredAnti.size === 0) return noChanges
  const found = new Map<string, RunningTerm[]>()
  for (const running of terms.requiredAnti.values()) {
    const { term } = running
    if (!isAbout(term, pod.namespace, pod.labels, labels)) continue
    const list = found.get(term.topologyKey)
    if (list !== undefined) list.push(running)
    else found.set(term.topologyKey, [running])
  }
  return found
}

// the first pod of a group that wants to be together has nobody to join: it may go anywhere
/** Whether a node is near all that the pod must be near. */
export function isNearWanted({ required, wanted }: Wants, pod: PodInfo, node: NodeInfo): boolean {
  let isThere = true
  for (const near of wanted) {
    if (near.counts.bySlot[node.slot] === undefined) return false // the node lacks the label
    if (countNear(near, node) <= 0) isThere = false
  }
  return isThere || (wanted.every(isNowhere) && isAboutAll(required, pod))
}

/** Whether somebody near a node must not meet the pod. */
export function isShunned({ shunning, shunningChanges }: Wants, node: NodeInfo): boolean {
  for (const [key, terms] of shunning) {
    let count = shunningChanges === noChanges ? 0 : changeAt(shunningChanges, key, node)
    for (const term of terms) count += holdersNear(term, node)
    if (count > 0) return true
  }
  if (shunningChanges === noChanges) return false
  for (const key of shunningChanges.keys())
    if (!shunning.has(key) && changeAt(shunningChanges, key, node) > 0) return true
  return false
}

function changeAt(changes: Wants['shunningChanges'], key: string, { facts }: NodeInfo): number {
  return changes.get(key)?.get(textAt(facts.labels, key) ?? '') ?? 0
}

/** The same once a pod more, or one less, is on a node. */
export function changed(state: Wants, pod: PodInfo, other: PodInfo, { facts }: NodeInfo, by: 1 | -1): Wants {
  const { labels } = facts
  const isWanted = state.required.length > 0 && isAboutAll(state.required, other)
  return {
    ...state,
    wanted: isWanted ? state.wanted.map((near) => shifted(near, labels, by)) : state.wanted,
    avoided: state.avoided.map((near, index) =>
      isAbout(state.requiredAnti[index]!, other.namespace, other.labels, undefined) ? shifted(near, labels, by) : near,
    ),
    shunningChanges: shunningChanged(state, pod, other, labels, by),
  }
}

function shunningChanged(
  state: Wants,
  pod: PodInfo,
  other: PodInfo,
  labels: Labels,
  by: number,
): Wants['shunningChanges'] {
  let changes = state.shunningChanges
  for (const term of other.terms.requiredAnti) {
    const domain = labels?.[term.topologyKey]
    if (domain === undefined || !isAbout(term, pod.namespace, pod.labels, state.namespaceLabels)) continue
    const before = changes.get(term.topologyKey)
    const after = new Map(before).set(domain, (before?.get(domain) ?? 0) + by)
    changes = new Map(changes).set(term.topologyKey, after)
  }
  return changes
}
