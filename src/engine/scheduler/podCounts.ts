import type { NodeInfo } from './nodeInfo.ts'
import type { PodInfo } from './podInfo.ts'

/** One zone, one node, or whatever else pods are counted by. */
export interface Domain {
  pods: number
  nodes: number
}

/** Counts of pods by domain for one question, kept by difference. */
export interface DomainCounts {
  /** every domain that has a node */
  readonly domains: ReadonlyMap<string, Domain>
  /** the domain of each node, by the node's slot */
  readonly bySlot: readonly (Domain | undefined)[]
  /** how many domains hold that many pods */
  readonly tally: readonly number[]
}

/** What is counted: which pods, and in which domain a node is, if any. */
export interface Question {
  /** the question in one text: equal questions share their counts */
  readonly id: string
  /** a label that all those have which are counted, where there is one: nobody else needs to be looked at */
  readonly label?: PodLabel | undefined
  readonly counts: (pod: PodInfo) => boolean
  readonly domainOf: (node: NodeInfo) => string | undefined
}

/** One label of a pod. */
export interface PodLabel {
  readonly key: string
  readonly value: string
}

/**
 * Answers "how many such pods are in each domain" without looking at all pods again for each decision. A memory of answers only:
 * it holds nothing that cannot be counted anew, so it is no part of the world's state.
 */
export interface PodCounts {
  readonly nodes: () => Iterable<NodeInfo>
  /** by the question's id */
  readonly counters: Map<string, Counter>
  /** those whose questions are about pods with a label, by its key and value */
  readonly labelled: Map<string, Map<string, Counter[]>>
  /** all others */
  readonly unlabelled: Counter[]
  /** grows with each question */
  time: number
}

interface Counter extends DomainCounts {
  readonly question: Question
  readonly domains: Map<string, Domain>
  readonly bySlot: (Domain | undefined)[]
  readonly tally: number[]
  usedAt: number
}

const countersMax = 256

/** Makes the counts over some nodes, which the caller keeps; changes must be told. */
export function createPodCounts(nodes: () => Iterable<NodeInfo>): PodCounts {
  return { nodes, counters: new Map(), labelled: new Map(), unlabelled: [], time: 0 }
}

/** The counts for a question, which are kept from now on. */
export function countsOf(counts: PodCounts, question: Question): DomainCounts {
  const { counters } = counts
  let counter = counters.get(question.id)
  if (counter === undefined) {
    if (counters.size >= countersMax) forgetOldest(counts)
    counter = { question, domains: new Map(), bySlot: [], tally: [], usedAt: 0 }
    for (const node of counts.nodes()) enter(counter, node)
    counters.set(question.id, counter)
    likeOf(counts, question).push(counter)
  }
  counter.usedAt = ++counts.time
  return counter
}

/** Takes note of a pod more on a node, or one less. */
export function podMoved({ labelled, unlabelled }: PodCounts, pod: PodInfo, node: NodeInfo, by: 1 | -1): void {
  for (const counter of unlabelled) countIn(counter, pod, node, by)
  for (const [key, byValue] of labelled) {
    const value = pod.labels?.[key]
    const counters = value === undefined ? undefined : byValue.get(value)
    if (counters !== undefined) for (const counter of counters) countIn(counter, pod, node, by)
  }
}

function countIn(counter: Counter, pod: PodInfo, node: NodeInfo, by: 1 | -1): void {
  const domain = counter.bySlot[node.slot]
  if (domain !== undefined && counter.question.counts(pod)) shift(counter, domain, by)
}

/** The counters whose questions are about the same label, or about none. */
function likeOf({ labelled, unlabelled }: PodCounts, { label }: Question): Counter[] {
  if (label === undefined) return unlabelled
  const byValue = labelled.get(label.key) ?? new Map<string, Counter[]>()
  const counters = byValue.get(label.value) ?? []
  labelled.set(label.key, byValue.set(label.value, counters))
  return counters
}

/** Takes note of a node with the pods it has. */
export function nodeAdded({ counters }: PodCounts, node: NodeInfo): void {
  for (const counter of counters.values()) enter(counter, node)
}

/** The same for one that goes. */
export function nodeRemoved({ counters }: PodCounts, node: NodeInfo): void {
  for (const counter of counters.values()) leave(counter, node)
}

function enter(counter: Counter, node: NodeInfo): void {
  const { question, domains, bySlot, tally } = counter
  const name = question.domainOf(node)
  while (bySlot.length <= node.slot) bySlot.push(undefined)
  if (name === undefined) return
  let domain = domains.get(name)
  if (domain === undefined) {
    domains.set(name, (domain = { pods: 0, nodes: 0 }))
    bump(tally, 0, 1)
  }
  bySlot[node.slot] = domain
  domain.nodes++
  shift(counter, domain, countOn(counter, node))
}

function leave(counter: Counter, node: NodeInfo): void {
  const domain = counter.bySlot[node.slot]
  if (domain === undefined) return
  counter.bySlot[node.slot] = undefined
  shift(counter, domain, -countOn(counter, node))
  domain.nodes--
  if (domain.nodes > 0) return
  counter.domains.delete(counter.question.domainOf(node)!)
  bump(counter.tally, 0, -1)
}

function countOn({ question }: Counter, node: NodeInfo): number {
  const { label } = question
  let count = 0
  for (const pod of node.pods.values())
    if ((label === undefined || pod.labels?.[label.key] === label.value) && question.counts(pod)) count++
  return count
}

function shift({ tally }: Counter, domain: Domain, by: number): void {
  if (by === 0) return
  bump(tally, domain.pods, -1)
  domain.pods += by
  bump(tally, domain.pods, 1)
}

function bump(tally: number[], at: number, by: number): void {
  while (tally.length <= at) tally.push(0)
  tally[at]! += by
}

function forgetOldest(counts: PodCounts): void {
  const { counters, labelled } = counts
  let oldest: Counter | undefined
  for (const counter of counters.values()) if (oldest === undefined || counter.usedAt < oldest.usedAt) oldest = counter
  if (oldest === undefined) return
  const { id, label } = oldest.question
  const like = likeOf(counts, oldest.question)
  counters.delete(id)
  like.splice(like.indexOf(oldest), 1)
  if (label === undefined || like.length > 0) return
  labelled.get(label.key)!.delete(label.value)
  if (labelled.get(label.key)!.size === 0) labelled.delete(label.key)
}
