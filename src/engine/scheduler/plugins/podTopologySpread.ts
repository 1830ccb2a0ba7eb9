import {
  controllerOf,
  matches,
  requirementsOf,
  type LabelSelector,
  type ReplicaSet,
  type Requirement,
  type Service,
} from '../../api/index.ts'
import { definePlugin, maxNodeScore, skip, success, unresolvable, unschedulable, type Status } from '../framework.ts'
import type { NodeInfo } from '../nodeInfo.ts'
import { isTolerated } from '../nodeInfo.ts'
import { isRequired } from '../nodeSelector.ts'
import type { DomainCounts, Question } from '../podCounts.ts'
import type { PodInfo, SpreadConstraint } from '../podInfo.ts'
import type { Snapshot } from '../snapshot.ts'

const hostname = 'kubernetes.io/hostname'
const zone = 'topology.kubernetes.io/zone'

const skewed = unschedulable("node(s) didn't match pod topology spread constraints")
const unlabelled = unresolvable("node(s) didn't match pod topology spread constraints (missing required label)")

interface Hard {
  readonly constraint: SpreadConstraint
  readonly counts: DomainCounts
  /** 1 when the pod itself counts */
  readonly self: number
  /** which nodes take part, and in which domain */
  readonly domainOf: Question['domainOf']
  /** pods more or fewer than counted, by domain: preemption tries things */
  readonly changes: ReadonlyMap<string, number>
  /** how many pods a domain may have at most before this one comes */
  readonly countMax: number
}

interface Soft {
  readonly constraint: SpreadConstraint
  /** by domain; by node for the hostname */
  readonly counts: DomainCounts
  readonly weight: number
}

interface SoftState {
  readonly softs: readonly Soft[]
  /** nodes without one of the keys get nothing */
  readonly ignored: ReadonlySet<string>
}

/** Spreads the pods of one kind evenly over zones, nodes or other domains. */
// upstream: pkg/scheduler/framework/plugins/podtopologyspread
export const podTopologySpread = definePlugin<readonly Hard[], SoftState>({
  name: 'PodTopologySpread',
  eventsToRegister: {
    'Pod/Add': (pod, { other }) => concerns(pod, other!),
    'Pod/UpdateLabel': (pod, { other, otherBefore }) =>
      concerns(pod, other!) !== (otherBefore !== undefined && concerns(pod, otherBefore)),
    'Pod/Delete': (pod, { other }) => concerns(pod, other!),
    'OwnPod/UpdateLabel': () => true,
    'Node/Add': (pod, { node }) => hasKeys(pod, node!.labels),
    'Node/Delete': (pod, { node }) => hasKeys(pod, node!.labels),
    'Node/UpdateLabel': (pod, { node, nodeBefore }) => hasKeys(pod, node!.labels) || hasKeys(pod, nodeBefore!.labels),
    'Node/UpdateTaint': (pod) => pod.hardSpread.some(({ honorsTaints }) => honorsTaints),
  },
  preFilter(pod, snapshot) {
    if (pod.hardSpread.length === 0) return skip
    return { state: pod.hardSpread.map((constraint) => hardOf(constraint, pod, snapshot)) }
  },
  addPod: (state, pod, added, node) => changed(state, pod, added, node, 1),
  removePod: (state, pod, removed, node) => changed(state, pod, removed, node, -1),
  filter(_pod, node, state) {
    for (const hard of state) {
      const domain = hard.counts.bySlot[node.slot]
      if (domain === undefined || hard.changes !== noChanges) {
        const status = filterSlowly(hard, node)
        if (status !== success) return status
      } else if (domain.pods > hard.countMax) return skewed
    }
    return success
  },
  preScore(pod, nodes, snapshot) {
    const isExplicit = (pod.pod.spec.topologySpreadConstraints?.length ?? 0) > 0
    const constraints = isExplicit ? pod.softSpread : defaultConstraints(pod, snapshot)
    if (constraints.length === 0) return skip
    return { state: softState(constraints, isExplicit, pod, nodes, snapshot) }
  },
  score(_pod, node, { softs, ignored }) {
    if (ignored.size > 0 && ignored.has(node.name)) return 0
    let score = 0
    for (const { constraint, counts, weight } of softs) {
      const domain = counts.bySlot[node.slot]
      if (domain !== undefined) score += domain.pods * weight + (constraint.maxSkew - 1)
    }
    return Math.round(score)
  },
  normalizeScore(scores, nodes, { ignored }) {
    let min = Infinity
    let max = -Infinity
    for (let index = 0; index < scores.length; index++) {
      if (ignored.has(nodes[index]!.name)) continue
      if (scores[index]! < min) min = scores[index]!
      if (scores[index]! > max) max = scores[index]!
    }
    for (let index = 0; index < scores.length; index++) {
      if (ignored.has(nodes[index]!.name)) scores[index] = 0
      else if (max === 0) scores[index] = maxNodeScore
      else scores[index] = Math.trunc((maxNodeScore * (max + min - scores[index]!)) / max)
    }
  },
})

/** The same for a node that takes no part in the counts, and for what preemption tries. */
function filterSlowly({ constraint, counts, changes, countMax }: Hard, { facts }: NodeInfo): Status {
  const domain = facts.labels?.[constraint.topologyKey]
  if (domain === undefined) return unlabelled
  return (counts.domains.get(domain)?.pods ?? 0) + (changes.get(domain) ?? 0) > countMax ? skewed : success
}

function hardOf(constraint: SpreadConstraint, pod: PodInfo, { counts }: Snapshot): Hard {
  const question = questionOf(constraint, pod.hardSpread, pod)
  return withMax({
    constraint,
    counts: counts.ask(question),
    self: constraint.selector !== undefined && matches(constraint.selector, pod.labels) ? 1 : 0,
    domainOf: question.domainOf,
    changes: noChanges,
  })
}

/** skew: the domain's pods and the new one, less those of the emptiest domain, must not exceed maxSkew. */
function withMax(hard: Omit<Hard, 'countMax'>): Hard {
  return { ...hard, countMax: hard.constraint.maxSkew - hard.self + fewest(hard) }
}

const noChanges: ReadonlyMap<string, number> = new Map()

/** Which pods count for a constraint, and which nodes take part: those with all keys that the pod's own wishes leave. */
function questionOf(
  constraint: SpreadConstraint,
  all: readonly SpreadConstraint[] | undefined,
  pod: PodInfo,
): Question {
  const { topologyKey, honorsAffinity, honorsTaints, selectorId } = constraint
  const keys = all?.map((other) => other.topologyKey)
  const { nodeSelector, affinity } = pod.pod.spec
  const wishes = honorsAffinity &&
    pod.requiredNodes && [nodeSelector, affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution]
  return {
    id: JSON.stringify([
      'spread',
      pod.namespace,
      selectorId,
      topologyKey,
      keys,
      wishes || 0,
      honorsTaints && pod.tolerations,
    ]),
    counts: countsFor(constraint, pod.namespace),
    domainOf({ facts }: NodeInfo): string | undefined {
      const { labels } = facts
      if (keys !== undefined && !keys.every((key) => labels?.[key] !== undefined)) return undefined
      if (honorsAffinity && !isRequired(pod.requiredNodes, facts)) return undefined
      if (honorsTaints && !facts.hardTaints.every((taint) => isTolerated(pod.tolerations, taint))) return undefined
      return labels?.[topologyKey]
    },
  }
}

// an empty selector counts nothing, although it matches the pod itself. upstream: common.go countPodsMatchSelector
function countsFor({ selector }: SpreadConstraint, namespace: string): Question['counts'] {
  if (selector === undefined || selector.length === 0) return () => false
  return (other) => other.namespace === namespace && !other.isTerminating && matches(selector, other.labels)
}

function changed(state: readonly Hard[], pod: PodInfo, other: PodInfo, node: NodeInfo, by: 1 | -1): readonly Hard[] {
  if (other.namespace !== pod.namespace) return state
  return state.map((hard) => {
    const { selector } = hard.constraint
    if (selector === undefined || !matches(selector, other.labels)) return hard
    const domain = hard.domainOf(node)
    if (domain === undefined) return hard
    return withMax({ ...hard, changes: new Map(hard.changes).set(domain, (hard.changes.get(domain) ?? 0) + by) })
  })
}

/** The pods of the emptiest domain; none, where there are fewer domains than asked for. */
function fewest({ constraint, counts: { domains, tally }, changes }: Omit<Hard, 'countMax'>): number {
  if (domains.size < constraint.minDomains) return 0
  let min = Infinity
  const shadowed: number[] = []
  for (const [domain, by] of changes) {
    const count = domains.get(domain)?.pods
    if (count === undefined) continue
    min = Math.min(min, count + by)
    shadowed[count] = (shadowed[count] ?? 0) + 1
  }
  for (let count = 0; count < tally.length && count < min; count++)
    if (tally[count]! - (shadowed[count] ?? 0) > 0) return count
  return min === Infinity ? 2147483647 : min
}

function softState(
  constraints: readonly SpreadConstraint[],
  needsAllKeys: boolean,
  pod: PodInfo,
  nodes: readonly NodeInfo[],
  { counts }: Snapshot,
): SoftState {
  const ignored = needsAllKeys ? nodesWithoutKeys(constraints, nodes) : noNodes
  const softs = constraints.map((constraint) => {
    const isHost = constraint.topologyKey === hostname
    const domains = isHost ? nodes.length - ignored.size : countDomains(constraint.topologyKey, nodes, ignored)
    const question = isHost
      ? perNode(constraint, pod)
      : questionOf(constraint, needsAllKeys ? constraints : undefined, pod)
    return { constraint, counts: counts.ask(question), weight: Math.log(domains + 2) }
  })
  return { softs, ignored }
}

const noNodes: ReadonlySet<string> = new Set()

function nodesWithoutKeys(constraints: readonly SpreadConstraint[], nodes: readonly NodeInfo[]): ReadonlySet<string> {
  const ignored = new Set<string>()
  for (const { name, facts } of nodes)
    if (constraints.some(({ topologyKey }) => facts.labels?.[topologyKey] === undefined)) ignored.add(name)
  return ignored
}

/** How many distinct values the label has; nodes without it are one domain of their own. */
function countDomains(key: string, nodes: readonly NodeInfo[], ignored: ReadonlySet<string>): number {
  const values = new Set<string>()
  for (const { name, facts } of nodes)
    if (ignored.size === 0 || !ignored.has(name)) values.add(facts.labels?.[key] ?? '')
  return values.size
}

function perNode(constraint: SpreadConstraint, { namespace }: PodInfo): Question {
  const id = JSON.stringify(['node', namespace, constraint.selectorId])
  return {
    id,
    counts: countsFor(constraint, namespace),
    domainOf: ({ name, facts }) => facts.labels?.[hostname] && name,
  }
}

/** The System defaults, for pods that belong together by a Service or an owner and say nothing themselves. */
function defaultConstraints(pod: PodInfo, snapshot: Snapshot): readonly SpreadConstraint[] {
  const selector = ownersSelector(pod, snapshot)
  if (selector.length === 0) return []
  const rest = {
    minDomains: 1,
    selector,
    selectorId: JSON.stringify(selector),
    honorsAffinity: true,
    honorsTaints: false,
  }
  return [
    { topologyKey: hostname, maxSkew: 3, ...rest },
    { topologyKey: zone, maxSkew: 5, ...rest },
  ]
}

// upstream: pkg/scheduler/framework/plugins/helper/spread.go DefaultSelector
function ownersSelector(pod: PodInfo, { objects }: Snapshot): readonly Requirement[] {
  const merged: Record<string, string> = {}
  for (const { spec } of objects.within<Service>('Service', pod.namespace)) {
    const selector = spec.selector as Readonly<Record<string, string>> | undefined
    if (selector !== undefined && isSelecting(selector, pod)) Object.assign(merged, selector)
  }
  const owner = controllerOf(pod.pod)
  if (owner?.kind === 'ReplicationController') Object.assign(merged, replicationSelector(pod, owner.name, objects))
  const equal = requirementsOf({ matchLabels: merged })!
  if (owner?.kind !== 'ReplicaSet' && owner?.kind !== 'StatefulSet') return equal
  const set = objects.get<ReplicaSet>(owner.kind, `${pod.namespace}/${owner.name}`)
  return [...equal, ...(requirementsOf(set?.spec.selector as LabelSelector | undefined) ?? [])]
}

function isSelecting(selector: Readonly<Record<string, string>>, { labels }: PodInfo): boolean {
  for (const key in selector) if (labels?.[key] !== selector[key]) return false
  return true
}

function replicationSelector(pod: PodInfo, name: string, objects: Snapshot['objects']): object | undefined {
  const controller = objects.get('ReplicationController', `${pod.namespace}/${name}`)
  return (controller as { spec?: { selector?: object } } | undefined)?.spec?.selector
}

function concerns(pod: PodInfo, other: PodInfo): boolean {
  return (
    other.namespace === pod.namespace &&
    pod.hardSpread.some(({ selector }) => selector !== undefined && matches(selector, other.labels))
  )
}

function hasKeys({ hardSpread }: PodInfo, labels: Readonly<Record<string, string>> | undefined): boolean {
  return hardSpread.every(({ topologyKey }) => labels?.[topologyKey] !== undefined)
}
