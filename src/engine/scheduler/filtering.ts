import { remember, type KnownAnswers } from './answers.ts'
import type { DryRun, Rejection, Scores, States } from './framework.ts'
import { refusalMessage } from './message.ts'
import { addPodTo, copyNodeInfo, type NodeInfo } from './nodeInfo.ts'
import type { PodInfo } from './podInfo.ts'
import { noPlugins, type Framework, type Selection } from './profile.ts'
import type { CycleEvent } from './schedulingCycleMachine.ts'
import type { Snapshot } from './snapshot.ts'

/** One attempt to place one pod: what went in, and what the stages have found so far. */
export interface Attempt {
  readonly framework: Framework
  readonly pod: PodInfo
  readonly snapshot: Snapshot
  /** all nodes, in the order in which they are tried */
  readonly nodes: readonly NodeInfo[]
  readonly random: (below: number) => number
  /** where in the list of nodes the search begins */
  readonly start: number
  /** how many nodes were looked at; the next attempt begins behind them */
  processed: number
  /** states of PreFilter, where there are any, and the plugins that filter, by place in the profile */
  states: unknown[]
  filters: Selection
  /** what is known of the nodes from pods like this one */
  known: KnownAnswers | undefined
  /** the only nodes in question, with the plugins that said so */
  narrowed: { readonly names: ReadonlySet<string>; readonly by: readonly string[] } | undefined
  /** the plugin that refused the pod as a whole */
  refusal: Rejection | undefined
  feasible: NodeInfo[]
  rejected: NodeInfo[]
  rejections: Rejection[]
  /** the plugins that score, as a set */
  scorers: number
  /** one row for each of them, one column for each feasible node; a number alone where all nodes score the same */
  scores: (number | Scores)[]
  /** the same rows before they were normalised and weighed */
  raws: (number | Scores)[]
  totals: Scores
  node: NodeInfo | undefined
  message: string
  /** PostFilter's nomination; the empty string takes an earlier one back */
  nominatedNode: string | undefined
  victims: readonly PodInfo[]
  dryRun: readonly DryRun[]
  /** where the chart came to rest */
  at: string
}

/** What an attempt starts from. */
export type AttemptInput = Pick<Attempt, 'framework' | 'pod' | 'snapshot' | 'random' | 'start'>

/** An attempt that has not begun. */
export function emptyAttempt({ framework, pod, snapshot, random, start }: AttemptInput): Attempt {
  return {
    framework,
    pod,
    snapshot,
    nodes: snapshot.nodes(),
    random,
    start,
    processed: 0,
    states: [],
    filters: noPlugins,
    known: undefined,
    narrowed: undefined,
    refusal: undefined,
    feasible: [],
    rejected: [],
    rejections: [],
    scorers: 0,
    scores: [],
    raws: [],
    totals: [],
    node: undefined,
    message: '',
    nominatedNode: undefined,
    victims: nothing,
    dryRun: nothing,
    at: '',
  }
}

const nothing: readonly never[] = Object.freeze([])

/** Lets each plugin look at the pod as a whole: it may refuse it, leave only some nodes, or have nothing to say. */
export function preFilter(attempt: Attempt): CycleEvent['type'] {
  const { framework, pod, snapshot, nodes: all } = attempt
  if (all.length === 0) {
    attempt.message = 'no nodes available to schedule pods'
    return 'none'
  }
  let filters = framework.filter.bits
  for (const index of framework.preFilter) {
    const plugin = framework.plugins[index]!
    const { skip, status, state, nodes } = plugin.preFilter!(pod, snapshot)
    if (status !== undefined) {
      attempt.refusal = { plugin: plugin.name, status }
      attempt.message = refusalMessage(all.length, status.reasons.join(', '))
      return 'refused'
    }
    if (skip) filters &= ~(1 << index)
    if (state !== undefined) attempt.states[index] = state
    if (nodes !== undefined) narrow(attempt, nodes, plugin.name)
  }
  attempt.filters = framework.filter.among(filters)
  return pod.pod.status?.nominatedNodeName ? 'nominated' : 'passed'
}

function narrow(attempt: Attempt, nodes: ReadonlySet<string>, plugin: string): void {
  const { narrowed } = attempt
  const names = narrowed === undefined ? nodes : new Set([...narrowed.names].filter((name) => nodes.has(name)))
  attempt.narrowed = { names, by: [...(narrowed?.by ?? []), plugin] }
}

/** Filters one node as it is; the filters that look at it alone are asked only where it has changed since they were. */
export function filterKnown(attempt: Attempt, node: NodeInfo): Rejection | undefined {
  const { snapshot, filters, states } = attempt
  if (snapshot.nominated.size > 0) return filterNode(attempt, node, states)
  const { local, places } = filters
  const { rejections } = attempt.known!
  const isKnown = rejections.generations[node.slot] === node.generation
  const rejection = isKnown
    ? rejections.values[node.slot]
    : remember(rejections, node, runFilters(attempt, node, states, 0, local))
  return rejection ?? (local < places.length ? runFilters(attempt, node, states, local) : undefined)
}

/** Filters one node; with pods nominated to it, the pod must fit both beside them and without them. */
export function filterNode(attempt: Attempt, node: NodeInfo, states: States): Rejection | undefined {
  const { pod, snapshot } = attempt
  const nominated = snapshot.nominated.size > 0 ? snapshot.nominated.get(node.name) : undefined
  if (nominated !== undefined) {
    const rejection = filterBeside(
      attempt,
      node,
      states,
      [...nominated.values()].filter((other) => holdsRoom(other, pod)),
    )
    if (rejection !== undefined) return rejection
  }
  return runFilters(attempt, node, states)
}

function holdsRoom(other: PodInfo, pod: PodInfo): boolean {
  return other.priority >= pod.priority && other.uid !== pod.uid
}

function filterBeside(
  attempt: Attempt,
  node: NodeInfo,
  states: States,
  others: readonly PodInfo[],
): Rejection | undefined {
  if (others.length === 0) return undefined
  const crowded = copyNodeInfo(node)
  let crowdedStates = states
  for (const other of others) {
    addPodTo(crowded, other)
    crowdedStates = withPod(attempt, crowdedStates, other, crowded)
  }
  return runFilters(attempt, crowded, crowdedStates)
}

function runFilters(
  { framework: { plugins }, filters: { places }, pod }: Attempt,
  node: NodeInfo,
  states: States,
  from = 0,
  to = places.length,
): Rejection | undefined {
  for (let turn = from; turn < to; turn++) {
    const index = places[turn]!
    const plugin = plugins[index]!
    const status = plugin.filter!(pod, node, states[index])
    if (status.code !== 'Success') return { plugin: plugin.name, status }
  }
  return undefined
}

/** The states as if one more pod ran on the node. */
export function withPod(
  { framework: { plugins }, filters: { places }, pod }: Attempt,
  states: States,
  added: PodInfo,
  node: NodeInfo,
): States {
  const next = [...states]
  for (const index of places) {
    const { addPod } = plugins[index]!
    if (addPod !== undefined) next[index] = addPod(states[index], pod, added, node)
  }
  return next
}

/** The states as if one pod less ran on the node. */
export function withoutPod(
  { framework: { plugins }, filters: { places }, pod }: Attempt,
  states: States,
  removed: PodInfo,
  node: NodeInfo,
): States {
  const next = [...states]
  for (const index of places) {
    const { removePod } = plugins[index]!
    if (removePod !== undefined) next[index] = removePod(states[index], pod, removed, node)
  }
  return next
}

/** What is said of nodes that a PreFilter plugin has ruled out. */
export function outsideReason(by: readonly string[]): string {
  return `node(s) didn't satisfy plugin(s) [${[...by].sort().join(' ')}]`
}
