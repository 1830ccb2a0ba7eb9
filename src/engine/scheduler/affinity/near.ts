import { matches, type Namespace, type Requirement, textAt } from '../../api/index.ts'
import { isAbout, type AffinityTerm } from '../affinityTerms.ts'
import type { NodeInfo } from '../nodeInfo.ts'
import type { Labels } from '../objects.ts'
import { countsOf, type DomainCounts } from '../podCounts.ts'
import type { PodInfo } from '../podInfo.ts'
import type { Snapshot } from '../snapshot.ts'

/** Counts by domain of one topology, with what preemption changed of them. */
export interface Near {
  readonly topologyKey: string
  readonly counts: DomainCounts
  readonly changes: ReadonlyMap<string, number>
}

/** No pod more and no pod fewer than counted. */
export const noChanges: ReadonlyMap<string, never> = new Map<string, never>()

/** Counts the pods that all terms are about, by the domains of a topology. */
export function nearOf(terms: readonly AffinityTerm[], topologyKey: string, { counts }: Snapshot): Near {
  return {
    topologyKey,
    counts: countsOf(counts, {
      id: `near ${topologyKey} ${terms.map(({ id }) => id).join(' ')}`,
      counts: (pod) => isAboutAll(terms, pod),
      domainOf: ({ facts }) => textAt(facts.labels, topologyKey),
    }),
    changes: noChanges,
  }
}

/** How many of the counted pods share the node's domain. */
export function countNear({ topologyKey, counts: { bySlot }, changes }: Near, { slot, facts }: NodeInfo): number {
  const count = bySlot[slot]?.pods ?? 0
  return changes === noChanges ? count : count + (changes.get(textAt(facts.labels, topologyKey) ?? '') ?? 0)
}

/** Whether no domain has such a pod. */
export function isNowhere({ counts: { domains, tally }, changes }: Near): boolean {
  let inhabited = domains.size - (tally[0] ?? 0)
  for (const [domain, by] of changes) {
    const count = domains.get(domain)?.pods ?? 0
    inhabited += (count + by !== 0 ? 1 : 0) - (count !== 0 ? 1 : 0)
  }
  return inhabited === 0
}

/** The same counts with so many more in the domain of a node with these labels. */
export function shifted(near: Near, labels: Labels, by: number): Near {
  const domain = labels?.[near.topologyKey]
  if (domain === undefined) return near
  return { ...near, changes: new Map(near.changes).set(domain, (near.changes.get(domain) ?? 0) + by) }
}

/** Whether every term is about a pod; their namespace selectors are worked out already. */
export function isAboutAll(terms: readonly AffinityTerm[], { namespace, labels }: PodInfo): boolean {
  return terms.every((term) => isAbout(term, namespace, labels, undefined))
}

/** The namespaces that a selector selects. */
export function namespacesOf(selector: readonly Requirement[], { objects }: Snapshot): readonly string[] {
  const names: string[] = []
  for (const { metadata } of objects.list<Namespace>('Namespace'))
    if (matches(selector, metadata.labels)) names.push(metadata.name)
  return names
}
