import { matches, type Namespace, type Requirement } from '../../api/index.ts'
import { isAbout, resolved, type AffinityTerm } from '../affinityTerms.ts'
import { definePlugin, maxNodeScore, skip, success, unresolvable, unschedulable } from '../framework.ts'
import type { NodeInfo } from '../nodeInfo.ts'
import type { Labels } from '../objects.ts'
import type { DomainCounts } from '../podCounts.ts'
import type { PodInfo } from '../podInfo.ts'
import { namespaceLabels, type Snapshot } from '../snapshot.ts'
import { holdersNear, type RunningTerm } from '../termIndex.ts'

const lonely = unresolvable("node(s) didn't match pod affinity rules")
const crowded = unschedulable("node(s) didn't match pod anti-affinity rules")
const unwelcome = unschedulable("node(s) didn't satisfy existing pods anti-affinity rules")

/** how much the required affinity of a running pod draws a pod it is about. upstream: hardPodAffinityWeight */
const hardWeight = 1

/** Counts by domain of one topology, with what preemption changed of them. */
interface Near {
  readonly topologyKey: string
  readonly counts: DomainCounts
  readonly changes: ReadonlyMap<string, number>
}

interface State {
  readonly required: readonly AffinityTerm[]
  readonly requiredAnti: readonly AffinityTerm[]
  /** pods that match all required terms, one entry for each term's topology */
  readonly wanted: readonly Near[]
  /** pods that match an anti-affinity term, in the order of the terms */
  readonly avoided: readonly Near[]
  readonly namespaceLabels: Labels
  /** the running pods' anti-affinity terms that are about this pod, by topology */
  readonly shunning: ReadonlyMap<string, readonly RunningTerm[]>
  readonly shunningChanges: ReadonlyMap<string, ReadonlyMap<string, number>>
}

/** One thing that draws a pod to a domain, or away from it. */
interface Pull {
  readonly near: Near | RunningTerm
  readonly weight: number
}

/** Keeps pods near those they need and away from those they must not meet, and weighs their wishes about others. */
// upstream: pkg/scheduler/framework/plugins/interpodaffinity
export const interPodAffinity = definePlugin<State, readonly Pull[]>({
  name: 'InterPodAffinity',
  eventsToRegister: {
    'Pod/Add': (pod, { other }) => pod.terms.required.some((term) => mayBeAbout(term, other!)),
    'Pod/UpdateLabel': () => true,
    'Pod/Delete': (pod, { other }) =>
      pod.terms.requiredAnti.some((term) => mayBeAbout(term, other!)) ||
      other!.terms.requiredAnti.some((term) => mayBeAbout(term, pod)),
    'OwnPod/UpdateLabel': () => true,
    'Node/Add': () => true,
    'Node/UpdateLabel': () => true,
    'Namespace/Update': () => true,
  },
  preFilter(pod, snapshot) {
    const { required, requiredAnti } = pod.terms
    const labels = namespaceLabels(snapshot, pod.namespace)
    const shunning = shunningTerms(pod, labels, snapshot)
    if (shunning.size === 0 && required.length === 0 && requiredAnti.length === 0) return skip
    return { state: stateOf(pod, shunning, labels, snapshot) }
  },
  addPod: (state, pod, added, node) => changed(state, pod, added, node, 1),
  removePod: (state, pod, removed, node) => changed(state, pod, removed, node, -1),
  filter(pod, node, state) {
    if (state.wanted.length > 0 && !isNearWanted(state, pod, node)) return lonely
    for (const near of state.avoided) if (countNear(near, node) > 0) return crowded
    return isShunned(state, node) ? unwelcome : success
  },
  preScore(pod, _nodes, snapshot) {
    const pulls = pullsOn(pod, snapshot)
    return pulls.length === 0 ? skip : { state: pulls }
  },
  score(_pod, node, pulls) {
    let score = 0
    for (const { near, weight } of pulls)
      score += weight * ('term' in near ? holdersNear(near, node) : countNear(near, node))
    return score
  },
  normalizeScore(scores) {
    let min = Infinity
    let max = -Infinity
    for (const score of scores) {
      if (score < min) min = score
      if (score > max) max = score
    }
    for (let index = 0; index < scores.length; index++)
      scores[index] = max > min ? Math.trunc(maxNodeScore * ((scores[index]! - min) / (max - min))) : 0
  },
})

function stateOf(pod: PodInfo, shunning: State['shunning'], labels: Labels, snapshot: Snapshot): State {
  const find = (selector: readonly Requirement[]): readonly string[] => namespacesOf(selector, snapshot)
  const required = pod.terms.required.map((term) => resolved(term, find))
  const requiredAnti = pod.terms.requiredAnti.map((term) => resolved(term, find))
  return {
    required,
    requiredAnti,
    wanted: required.map(({ topologyKey }) => nearOf(required, topologyKey, snapshot)),
    avoided: requiredAnti.map((term) => nearOf([term], term.topologyKey, snapshot)),
    namespaceLabels: labels,
    shunning,
    shunningChanges: noChanges,
  }
}

const noChanges: ReadonlyMap<string, never> = new Map<string, never>()

/** Counts the pods that all terms are about, by the domains of a topology. */
function nearOf(terms: readonly AffinityTerm[], topologyKey: string, { counts }: Snapshot): Near {
  return {
    topologyKey,
    counts: counts.ask({
      id: `near ${topologyKey} ${terms.map(({ id }) => id).join(' ')}`,
      counts: (pod) => isAboutAll(terms, pod),
      domainOf: ({ facts }) => facts.labels?.[topologyKey],
    }),
    changes: noChanges,
  }
}

function isAboutAll(terms: readonly AffinityTerm[], { namespace, labels }: PodInfo): boolean {
  return terms.every((term) => isAbout(term, namespace, labels, undefined))
}

function namespacesOf(selector: readonly Requirement[], { objects }: Snapshot): readonly string[] {
  const names: string[] = []
  for (const { metadata } of objects.list<Namespace>('Namespace'))
    if (matches(selector, metadata.labels)) names.push(metadata.name)
  return names
}

function shunningTerms(pod: PodInfo, labels: Labels, { terms }: Snapshot): ReadonlyMap<string, readonly RunningTerm[]> {
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

function countNear({ topologyKey, counts: { bySlot }, changes }: Near, { slot, facts }: NodeInfo): number {
  const count = bySlot[slot]?.pods ?? 0
  return changes === noChanges ? count : count + (changes.get(facts.labels?.[topologyKey] ?? '') ?? 0)
}

// the first pod of a group that wants to be together has nobody to join: it may go anywhere
function isNearWanted({ required, wanted }: State, pod: PodInfo, node: NodeInfo): boolean {
  let isThere = true
  for (const near of wanted) {
    if (near.counts.bySlot[node.slot] === undefined) return false // the node lacks the label
    if (countNear(near, node) <= 0) isThere = false
  }
  return isThere || (wanted.every(isNowhere) && isAboutAll(required, pod))
}

/** Whether no domain has such a pod. */
function isNowhere({ counts: { domains, tally }, changes }: Near): boolean {
  let inhabited = domains.size - (tally[0] ?? 0)
  for (const [domain, by] of changes) {
    const count = domains.get(domain)?.pods ?? 0
    inhabited += (count + by !== 0 ? 1 : 0) - (count !== 0 ? 1 : 0)
  }
  return inhabited === 0
}

function isShunned({ shunning, shunningChanges }: State, node: NodeInfo): boolean {
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

function changeAt(changes: State['shunningChanges'], key: string, { facts }: NodeInfo): number {
  return changes.get(key)?.get(facts.labels?.[key] ?? '') ?? 0
}

function changed(state: State, pod: PodInfo, other: PodInfo, { facts }: NodeInfo, by: 1 | -1): State {
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

function shifted(near: Near, labels: Labels, by: number): Near {
  const domain = labels?.[near.topologyKey]
  if (domain === undefined) return near
  return { ...near, changes: new Map(near.changes).set(domain, (near.changes.get(domain) ?? 0) + by) }
}

function shunningChanged(
  state: State,
  pod: PodInfo,
  other: PodInfo,
  labels: Labels,
  by: number,
): State['shunningChanges'] {
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

/** Everything that draws this pod somewhere: its own wishes, and the terms of running pods that are about it. */
function pullsOn(pod: PodInfo, snapshot: Snapshot): readonly Pull[] {
  const { preferred, preferredAnti } = pod.terms
  const pulls: Pull[] = []
  const find = (selector: readonly Requirement[]): readonly string[] => namespacesOf(selector, snapshot)
  const own = (terms: readonly AffinityTerm[], sign: number): void => {
    for (const term of terms) {
      const near = nearOf([resolved(term, find)], term.topologyKey, snapshot)
      if (!isNowhere(near)) pulls.push({ near, weight: sign * term.weight })
    }
  }
  own(preferred, 1)
  own(preferredAnti, -1)
  const { terms } = snapshot
  if (terms.required.size + terms.preferred.size + terms.preferredAnti.size === 0) return pulls
  const labels = namespaceLabels(snapshot, pod.namespace)
  const others = (running: ReadonlyMap<string, RunningTerm>, weightOf: (term: AffinityTerm) => number): void => {
    for (const near of running.values())
      if (isAbout(near.term, pod.namespace, pod.labels, labels)) pulls.push({ near, weight: weightOf(near.term) })
  }
  others(terms.required, () => hardWeight)
  others(terms.preferred, ({ weight }) => weight)
  others(terms.preferredAnti, ({ weight }) => -weight)
  return pulls
}

/** As `isAbout`, where a namespace selector is taken to match: a hint may err on the side of another try. */
function mayBeAbout(term: AffinityTerm, { namespace, labels }: PodInfo): boolean {
  if (term.selector === undefined || !matches(term.selector, labels)) return false
  return term.namespaceSelector !== undefined || term.namespaces.includes(namespace)
}
