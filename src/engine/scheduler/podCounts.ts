import type { NodeInfo } from './nodeInfo.ts'
import type { PodInfo } from './podInfo.ts'

/** Counts of pods by domain (a zone, a node, …) for one question, kept by difference. */
export interface DomainCounts {
  /** every domain that has a node, with its pods */
  readonly counts: ReadonlyMap<string, number>
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
  readonly ask: (question: Question) => DomainCounts
  readonly podAdded: (pod: PodInfo, node: NodeInfo) => void
  readonly podRemoved: (pod: PodInfo, node: NodeInfo) => void
  /** Both see the node with the pods it has. */
  readonly nodeAdded: (node: NodeInfo) => void
  readonly nodeRemoved: (node: NodeInfo) => void
}

interface Counter {
  readonly question: Question
  readonly counts: Map<string, number>
  readonly tally: number[]
  /** how many nodes each domain has */
  readonly sizes: Map<string, number>
  usedAt: number
}

const countersMax = 256

/** Makes the counts over some nodes, which the caller keeps; changes must be told. */
export function createPodCounts(nodes: () => Iterable<NodeInfo>): PodCounts {
  const counters = new Map<string, Counter>()
  let time = 0

  function ask(question: Question): DomainCounts {
    let counter = counters.get(question.id)
    if (counter === undefined) {
      if (counters.size >= countersMax) forgetOldest(counters)
      counter = { question, counts: new Map(), tally: [], sizes: new Map(), usedAt: 0 }
      for (const node of nodes()) enter(counter, node)
      counters.set(question.id, counter)
    }
    counter.usedAt = ++time
    return counter
  }

  function podMoved(pod: PodInfo, node: NodeInfo, by: 1 | -1): void {
    for (const counter of counters.values()) {
      if (!counter.question.counts(pod)) continue
      const domain = counter.question.domainOf(node)
      if (domain !== undefined) shift(counter, domain, by)
    }
  }

  return {
    ask,
    podAdded: (pod, node) => podMoved(pod, node, 1),
    podRemoved: (pod, node) => podMoved(pod, node, -1),
    nodeAdded(node) {
      for (const counter of counters.values()) enter(counter, node)
    },
    nodeRemoved(node) {
      for (const counter of counters.values()) leave(counter, node)
    },
  }
}

function enter(counter: Counter, node: NodeInfo): void {
  const domain = counter.question.domainOf(node)
  if (domain === undefined) return
  const size = counter.sizes.get(domain) ?? 0
  counter.sizes.set(domain, size + 1)
  if (size === 0) {
    counter.counts.set(domain, 0)
    bump(counter.tally, 0, 1)
  }
  shift(counter, domain, countOn(counter, node))
}

function leave(counter: Counter, node: NodeInfo): void {
  const domain = counter.question.domainOf(node)
  if (domain === undefined) return
  shift(counter, domain, -countOn(counter, node))
  const size = counter.sizes.get(domain)! - 1
  if (size > 0) {
    counter.sizes.set(domain, size)
    return
  }
  counter.sizes.delete(domain)
  counter.counts.delete(domain)
  bump(counter.tally, 0, -1)
}

function countOn({ question }: Counter, node: NodeInfo): number {
  let count = 0
  for (const pod of node.pods.values()) if (question.counts(pod)) count++
  return count
}

function shift({ counts, tally }: Counter, domain: string, by: number): void {
  if (by === 0) return
  const before = counts.get(domain) ?? 0
  counts.set(domain, before + by)
  bump(tally, before, -1)
  bump(tally, before + by, 1)
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
