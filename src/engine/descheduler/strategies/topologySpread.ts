import { matches, type Node, textAt } from '../../api/index.ts'
import type { SpreadConstraint } from '../../scheduler/podInfo.ts'
import { unplaced, type PodInfo } from '../../scheduler/simulation.ts'
import type { StrategyArgs } from '../options.ts'
import { lowestFirst, type Round } from '../round.ts'

interface Domain {
  readonly nodes: string[]
  pods: PodInfo[]
}

/** Evicts from the fullest domains what their spread constraints would put elsewhere today. */
// upstream: pkg/framework/plugins/removepodsviolatingtopologyspreadconstraint
export function removePodsViolatingTopologySpreadConstraint(round: Round, args: StrategyArgs): void {
  const { constraints: actions = ['DoNotSchedule'], topologyBalanceNodeFit = true } = args
  const going = new Map<string, PodInfo>()
  for (const [id, pods] of podsByConstraint(round, actions)) {
    const { constraint, namespace } = id
    const domains = domainsOf(constraint, namespace, round)
    if (pods.length === 0 || isBalanced(domains, constraint)) continue
    for (const pod of surplusOf(domains, constraint, round, topologyBalanceNodeFit)) going.set(pod.uid, pod)
  }
  for (const pod of going.values())
    if (round.isEvictable(pod)) round.evict(pod, 'RemovePodsViolatingTopologySpreadConstraint')
}

interface Question {
  readonly constraint: SpreadConstraint
  readonly namespace: string
}

function podsByConstraint(round: Round, actions: readonly string[]): ReadonlyMap<Question, readonly PodInfo[]> {
  const questions = new Map<string, { readonly question: Question; readonly pods: PodInfo[] }>()
  for (const { metadata } of round.nodes)
    for (const pod of round.podsOn(metadata.name)) {
      const all = [
        ...(actions.includes('DoNotSchedule') ? pod.hardSpread : []),
        ...(actions.includes('ScheduleAnyway') ? pod.softSpread : []),
      ]
      for (const constraint of all) {
        const key = `${pod.namespace} ${constraint.topologyKey} ${constraint.maxSkew} ${constraint.selectorId}`
        const known = questions.get(key)
        if (known !== undefined) known.pods.push(pod)
        else questions.set(key, { question: { constraint, namespace: pod.namespace }, pods: [pod] })
      }
    }
  return new Map([...questions.values()].map(({ question, pods }) => [question, pods]))
}

function domainsOf({ topologyKey, selector }: SpreadConstraint, namespace: string, round: Round): readonly Domain[] {
  const domains = new Map<string, Domain>()
  for (const { metadata } of round.nodes as readonly Node[]) {
    const name = textAt(metadata.labels, topologyKey)
    if (name === undefined) continue
    let domain = domains.get(name)
    if (domain === undefined) domains.set(name, (domain = { nodes: [], pods: [] }))
    domain.nodes.push(metadata.name)
    for (const pod of round.podsOn(metadata.name))
      if (pod.namespace === namespace && selector !== undefined && matches(selector, pod.labels)) domain.pods.push(pod)
  }
  return [...domains.values()]
}

function isBalanced(domains: readonly Domain[], { maxSkew }: SpreadConstraint): boolean {
  const sizes = domains.map(({ pods }) => pods.length)
  return sizes.length < 2 || Math.max(...sizes) - Math.min(...sizes) <= maxSkew
}

/** The pods to move so that the domains come within the skew: from the fullest to the emptiest, again and again. */
function surplusOf(
  domains: readonly Domain[],
  { maxSkew }: SpreadConstraint,
  round: Round,
  mustFit: boolean,
): readonly PodInfo[] {
  const mean = domains.reduce((sum, { pods }) => sum + pods.length, 0) / domains.length
  const sorted = [...domains].sort((a, b) => a.pods.length - b.pods.length)
  for (const domain of sorted) domain.pods = leavingLast(domain.pods, round)
  const surplus: PodInfo[] = []
  let low = 0
  let high = sorted.length - 1
  while (low < high) {
    const [below, above] = [sorted[low]!, sorted[high]!]
    const skew = above.pods.length - below.pods.length
    if (skew <= maxSkew) {
      high--
      continue
    }
    const toMean = Math.min(Math.ceil(above.pods.length - mean), Math.ceil(mean - below.pods.length))
    const moving = Math.min(toMean, Math.ceil((skew - maxSkew) / 2))
    if (moving <= 0) {
      low++
      continue
    }
    const leaving = above.pods.splice(above.pods.length - moving, moving)
    for (const pod of leaving) if (!mustFit || fitsOutside(pod, above, round)) surplus.push(pod)
    below.pods.push(...leaving)
  }
  return surplus
}

/** Those that may be evicted last, the least important of them at the very end: they go first. */
function leavingLast(pods: readonly PodInfo[], round: Round): PodInfo[] {
  const staying = pods.filter((pod) => !round.isEvictable(pod))
  return [...staying, ...[...lowestFirst(pods.filter(round.isEvictable))].reverse()]
}

function fitsOutside(pod: PodInfo, { nodes: own }: Domain, { nodes, simulation }: Round): boolean {
  const others = nodes.map(({ metadata }) => metadata.name).filter((name) => !own.includes(name))
  simulation.remove(pod)
  const place = simulation.placeFor(unplaced(pod), others)
  simulation.place(pod, pod.pod.spec.nodeName!)
  return place !== undefined
}
