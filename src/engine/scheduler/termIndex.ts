import { noTerms, type AffinityTerm } from './affinityTerms.ts'
import type { NodeInfo } from './nodeInfo.ts'
import type { PodInfo } from './podInfo.ts'

/** The term of pods that run, with how many of them have it in each domain of its topology. */
export interface RunningTerm {
  readonly term: AffinityTerm
  /** by the value of the topology's label */
  readonly domains: Map<string, Holders>
  /** the same by a node's slot, for nodes that were asked about */
  readonly bySlot: (Holders | undefined)[]
  /** all of them */
  total: number
}

/** How many pods of a domain have a term. */
export interface Holders {
  pods: number
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
    for (const list of lists) for (const entry of index[list].values()) entry.bySlot[node.slot] = undefined
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

/** How many pods in the node's domain have the term. */
export function holdersNear(entry: RunningTerm, node: NodeInfo): number {
  const known = entry.bySlot[node.slot]
  if (known !== undefined) return known.pods
  const name = node.facts.labels?.[entry.term.topologyKey]
  if (name === undefined) return 0
  const holders = holdersIn(entry, name)
  while (entry.bySlot.length <= node.slot) entry.bySlot.push(undefined)
  entry.bySlot[node.slot] = holders
  return holders.pods
}

function entries(): Map<string, RunningTerm> {
  return new Map()
}

function shift(index: Map<string, RunningTerm>, term: AffinityTerm, node: NodeInfo, by: number): void {
  const name = node.facts.labels?.[term.topologyKey]
  if (name === undefined) return
  const id = `${term.weight} ${term.id}`
  let entry = index.get(id)
  if (entry === undefined) index.set(id, (entry = { term, domains: new Map(), bySlot: [], total: 0 }))
  holdersIn(entry, name).pods += by
  entry.total += by
  if (entry.total === 0) index.delete(id)
}

function holdersIn({ domains }: RunningTerm, name: string): Holders {
  let holders = domains.get(name)
  if (holders === undefined) domains.set(name, (holders = { pods: 0 }))
  return holders
}
