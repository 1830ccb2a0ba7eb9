import type { NodeInfo } from '../nodeInfo.ts'
import { countsOf, type DomainCounts } from '../podCounts.ts'
import type { PodInfo, SpreadConstraint } from '../podInfo.ts'
import type { Snapshot } from '../snapshot.ts'
import { hostname, perNode, questionOf } from './questions.ts'

interface Soft {
  readonly constraint: SpreadConstraint
  /** by domain; by node for the hostname */
  readonly counts: DomainCounts
  readonly weight: number
}

/** The constraints of one pod that are wishes. */
export interface SoftState {
  readonly softs: readonly Soft[]
  /** nodes without one of the keys get nothing; undefined where none is without */
  readonly ignored: ReadonlySet<string> | undefined
}

/** Makes wishes ready to be asked about the nodes that passed the filters. */
export function softState(
  constraints: readonly SpreadConstraint[],
  needsAllKeys: boolean,
  pod: PodInfo,
  nodes: readonly NodeInfo[],
  snapshot: Snapshot,
): SoftState {
  const ignored = needsAllKeys ? nodesWithoutKeys(constraints, nodes) : undefined
  const softs: Soft[] = []
  for (const constraint of constraints) {
    const isHost = constraint.topologyKey === hostname
    const domains = isHost
      ? nodes.length - (ignored?.size ?? 0)
      : countDomains(constraint.topologyKey, nodes, ignored, snapshot)
    const question = isHost
      ? perNode(constraint, pod)
      : questionOf(constraint, needsAllKeys ? constraints : undefined, pod)
    softs.push({ constraint, counts: countsOf(snapshot.counts, question), weight: Math.log(domains + 2) })
  }
  return { softs, ignored }
}

function nodesWithoutKeys(
  constraints: readonly SpreadConstraint[],
  nodes: readonly NodeInfo[],
): ReadonlySet<string> | undefined {
  let ignored: Set<string> | undefined
  for (const { topologyKey } of constraints)
    for (const { name, facts } of nodes)
      if (facts.labels?.[topologyKey] === undefined) (ignored ??= new Set()).add(name)
  return ignored
}

/** How many distinct values the label has; nodes without it are one domain of their own. */
function countDomains(
  key: string,
  nodes: readonly NodeInfo[],
  ignored: ReadonlySet<string> | undefined,
  snapshot: Snapshot,
): number {
  if (ignored === undefined && nodes.length === snapshot.nodes().length) return snapshot.countValues(key)
  const values = new Set<string>()
  for (const { name, facts } of nodes) if (!ignored?.has(name)) values.add(facts.labels?.[key] ?? '')
  return values.size
}
