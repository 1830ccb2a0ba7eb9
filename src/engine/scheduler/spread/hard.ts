import { matches } from '../../api/index.ts'
import { success, unresolvable, unschedulable, type Status } from '../framework.ts'
import type { NodeInfo } from '../nodeInfo.ts'
import { countsOf, type DomainCounts, type Question } from '../podCounts.ts'
import type { PodInfo, SpreadConstraint } from '../podInfo.ts'
import type { Snapshot } from '../snapshot.ts'
import { questionOf } from './questions.ts'

/** A constraint that must hold, ready to be asked about nodes. */
export interface Hard {
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

const skewed = unschedulable("node(s) didn't match pod topology spread constraints")
const unlabelled = unresolvable("node(s) didn't match pod topology spread constraints (missing required label)")

/** Makes a constraint ready; `all` are those of the pod, and nodes must have the keys of all of them. */
export function hardOf(
  constraint: SpreadConstraint,
  all: readonly SpreadConstraint[],
  pod: PodInfo,
  { counts }: Snapshot,
): Hard {
  const question = questionOf(constraint, all, pod)
  return withMax({
    constraint,
    counts: countsOf(counts, question),
    self: constraint.selector !== undefined && matches(constraint.selector, pod.labels) ? 1 : 0,
    domainOf: question.domainOf,
    changes: noChanges,
  })
}

/** Whether a node would still be within the skew. */
export function isWithin(hard: Hard, node: NodeInfo): Status {
  const domain = hard.counts.bySlot[node.slot]
  if (domain === undefined || hard.changes !== noChanges) return isWithinSlowly(hard, node)
  return domain.pods > hard.countMax ? skewed : success
}

/** The same for a node that takes no part in the counts, and for what preemption tries. */
function isWithinSlowly({ constraint, counts, changes, countMax }: Hard, { facts }: NodeInfo): Status {
  const domain = facts.labels?.[constraint.topologyKey]
  if (domain === undefined) return unlabelled
  return (counts.domains.get(domain)?.pods ?? 0) + (changes.get(domain) ?? 0) > countMax ? skewed : success
}

/** skew: the domain's pods and the new one, less those of the emptiest domain, must not exceed maxSkew. */
function withMax(hard: Omit<Hard, 'countMax'>): Hard {
  return { ...hard, countMax: hard.constraint.maxSkew - hard.self + fewest(hard) }
}

const noChanges: ReadonlyMap<string, number> = new Map()

/** The constraints as they are once a pod more, or one less, is on a node. */
export function changed(
  state: readonly Hard[],
  pod: PodInfo,
  other: PodInfo,
  node: NodeInfo,
  by: 1 | -1,
): readonly Hard[] {
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
