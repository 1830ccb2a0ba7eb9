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
  readonly counts: (pod: PodInfo) => boolean
  readonly domainOf: (node: NodeInfo) => string | undefined
}

/**
 * Answers "how many such pods are in each domain" without looking at all pods again for each decision. A memory of answers only:
 * it holds nothing that cannot be counted anew, so it is no part of the world's state.
 */
export interface PodCounts {
  readonly nodes: () => Iterable<NodeInfo>
  /** by the question's id */
  readonly counters: Map<string, Counter>
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
  return { nodes, counters: new Map(), time: 0 }
}

/** The counts for a question, which are kept from now on. */
export function countsOf(counts: PodCounts, question: Question): DomainCounts {
  const { counters } = counts
  let counter = counters.get(question.id)
  if (counter === undefined) {
    if (counters.size >= countersMax) forgetOldest(counters)
    counter = { question, domains: new Map(), bySlot: [], tally: [], usedAt: 0 }
    for (const node of counts.nodes()) enter(counter, node)
    counters.set(question.id, counter)
  }
  counter.usedAt = ++counts.time
  return counter
}

/** Takes note of a pod more on a node, or one less. */
export function podMoved({ counters }: PodCounts, pod: PodInfo, node: NodeInfo, by: 1 | -1): void {
  for (const counter of counters.values()) {
    const domain = counter.bySlot[node.slot]
    if (domain !== undefined && counter.question.counts(pod)) shift(counter, domain, by)
  }
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
  let count = 0
  for (const pod of node.pods.values()) if (question.counts(pod)) count++
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

function forgetOldest(counters: Map<string, Counter>): void {
  let oldest: Counter | undefined
  for (const counter of counters.values()) if (oldest === undefined || counter.usedAt < oldest.usedAt) oldest = counter
  if (oldest !== undefined) counters.delete(oldest.question.id)
}
