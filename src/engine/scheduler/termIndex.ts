import type { AffinityTerm } from './affinityTerms.ts'
import { noTerms } from './affinityTerms.ts'
import type { NodeInfo } from './nodeInfo.ts'
import type { PodInfo } from './podInfo.ts'

/** The term of pods that run, with how many of them have it in each domain of its topology. */
export interface RunningTerm {
  readonly term: AffinityTerm
  readonly domains: ReadonlyMap<string, number>
}

/** The terms of running pods, each distinct one once: `required` affinity, anti-affinity, and both kinds of wishes. */
export interface TermIndex {
  readonly required: ReadonlyMap<string, RunningTerm>
  readonly requiredAnti: ReadonlyMap<string, RunningTerm>
  readonly preferred: ReadonlyMap<string, RunningTerm>
  readonly preferredAnti: ReadonlyMap<string, RunningTerm>
  readonly podAdded: (pod: PodInfo, node: NodeInfo) => void
  readonly podRemoved: (pod: PodInfo, node: NodeInfo) => void
  readonly nodeAdded: (node: NodeInfo) => void
  readonly nodeRemoved: (node: NodeInfo) => void
}

interface Entry {
  readonly term: AffinityTerm
  readonly domains: Map<string, number>
}

const lists = ['required', 'requiredAnti', 'preferred', 'preferredAnti'] as const

/** Indexes the pods of some nodes; later changes must be told. Derived from them alone, so it is no part of the world's state. */
export function createTermIndex(nodes: Iterable<NodeInfo>): TermIndex {
  const index = { required: entries(), requiredAnti: entries(), preferred: entries(), preferredAnti: entries() }

  function podMoved(pod: PodInfo, node: NodeInfo, by: 1 | -1): void {
    if (pod.terms === noTerms) return
    for (const list of lists) for (const term of pod.terms[list]) shift(index[list], term, node, by)
  }

  function nodeMoved(node: NodeInfo, by: 1 | -1): void {
    for (const pod of node.pods.values()) podMoved(pod, node, by)
  }

  for (const node of nodes) nodeMoved(node, 1)
  return {
    ...index,
    podAdded: (pod, node) => podMoved(pod, node, 1),
    podRemoved: (pod, node) => podMoved(pod, node, -1),
    nodeAdded: (node) => nodeMoved(node, 1),
    nodeRemoved: (node) => nodeMoved(node, -1),
  }
}

function entries(): Map<string, Entry> {
  return new Map()
}

function shift(index: Map<string, Entry>, term: AffinityTerm, node: NodeInfo, by: number): void {
  const domain = node.facts.labels?.[term.topologyKey]
  if (domain === undefined) return
  const id = `${term.weight} ${term.id}`
  let entry = index.get(id)
  if (entry === undefined) index.set(id, (entry = { term, domains: new Map() }))
  const count = (entry.domains.get(domain) ?? 0) + by
  if (count !== 0) entry.domains.set(domain, count)
  else entry.domains.delete(domain)
  if (entry.domains.size === 0) index.delete(id)
}
