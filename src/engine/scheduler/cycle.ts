import { must, runMachine, type ChartHost } from '../sim/index.ts'
import type { DryRun, Failure, Plugin, PreScoreAnswer, Rejection, Scores, States } from './framework.ts'
import { failureMessage, refusalMessage } from './message.ts'
import { addPodTo, copyNodeInfo, type NodeInfo } from './nodeInfo.ts'
import type { PodInfo } from './podInfo.ts'
import type { Framework } from './profile.ts'
import { schedulingCycleMachine, type CycleEvent } from './schedulingCycleMachine.ts'
import type { Snapshot } from './snapshot.ts'

/** One attempt to place one pod: what went in, and what the stages have found so far. */
export interface Attempt {
  readonly framework: Framework
  readonly pod: PodInfo
  readonly snapshot: Snapshot
  readonly random: (below: number) => number
  /** where in the list of nodes the search begins */
  readonly start: number
  /** how many nodes were looked at; the next attempt begins behind them */
  processed: number
  /** states of PreFilter and the plugins that filter, by place in the profile */
  states: unknown[]
  filters: readonly number[]
  /** the only nodes in question, with the plugins that said so */
  narrowed: { readonly names: ReadonlySet<string>; readonly by: readonly string[] } | undefined
  /** the plugin that refused the pod as a whole */
  refusal: Rejection | undefined
  feasible: NodeInfo[]
  rejected: NodeInfo[]
  rejections: Rejection[]
  /** one row for each scoring plugin, one column for each feasible node */
  scorers: number[]
  scores: Scores[]
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

const charts = runMachine<object, CycleEvent>(schedulingCycleMachine)
const still: ChartHost<object, CycleEvent> = { schedule: () => 0, cancel: () => undefined, perform: () => undefined }

/** Looks for a node for a pod. Nothing outside the attempt changes. */
// upstream: pkg/scheduler/schedule_one.go schedulePod
export function runCycle({ framework, pod, snapshot, random, start }: AttemptInput): Attempt {
  const attempt: Attempt = {
    framework,
    pod,
    snapshot,
    random,
    start,
    processed: 0,
    states: framework.plugins.map(nothing),
    filters: [],
    narrowed: undefined,
    refusal: undefined,
    feasible: [],
    rejected: [],
    rejections: [],
    scorers: [],
    scores: [],
    totals: [],
    node: undefined,
    message: '',
    nominatedNode: undefined,
    victims: [],
    dryRun: [],
    at: '',
  }
  const chart = charts.start({}, still)
  for (let stage = stages[chart.at]; stage !== undefined; stage = stages[chart.at])
    charts.send(chart, events[stage(attempt)], still)
  attempt.at = chart.at
  return attempt
}

const nothing = (): undefined => undefined

type Stage = (attempt: Attempt) => CycleEvent['type']

const events: Readonly<Record<CycleEvent['type'], CycleEvent>> = {
  passed: { type: 'passed' },
  refused: { type: 'refused' },
  nominated: { type: 'nominated' },
  single: { type: 'single' },
  none: { type: 'none' },
}

const stages: Readonly<Record<string, Stage>> = { preFilter, filterNominated, filter, postFilter, score, select }

function preFilter(attempt: Attempt): CycleEvent['type'] {
  const { framework, pod, snapshot } = attempt
  if (snapshot.nodes.length === 0) {
    attempt.message = 'no nodes available to schedule pods'
    return 'none'
  }
  const skipped: number[] = []
  for (const index of framework.preFilter) {
    const plugin = framework.plugins[index]!
    const { skip, status, state, nodes } = plugin.preFilter!(pod, snapshot)
    if (status !== undefined) {
      attempt.refusal = { plugin: plugin.name, status }
      attempt.message = refusalMessage(snapshot.nodes.length, status.reasons.join(', '))
      return 'refused'
    }
    if (skip) skipped.push(index)
    attempt.states[index] = state
    if (nodes !== undefined) narrow(attempt, nodes, plugin.name)
  }
  attempt.filters =
    skipped.length === 0 ? framework.filter : framework.filter.filter((index) => !skipped.includes(index))
  return pod.pod.status?.nominatedNodeName ? 'nominated' : 'passed'
}

function narrow(attempt: Attempt, nodes: ReadonlySet<string>, plugin: string): void {
  const { narrowed } = attempt
  const names = narrowed === undefined ? nodes : new Set([...narrowed.names].filter((name) => nodes.has(name)))
  attempt.narrowed = { names, by: [...(narrowed?.by ?? []), plugin] }
}

/** A pod that made room on a node is not asked whether another would be nicer. */
function filterNominated(attempt: Attempt): CycleEvent['type'] {
  const { pod, snapshot } = attempt
  const node = snapshot.node(pod.pod.status.nominatedNodeName!)
  if (node === undefined || filterNode(attempt, node, attempt.states) !== undefined) return 'none'
  attempt.feasible = [node]
  attempt.node = node
  return 'single'
}

function filter(attempt: Attempt): CycleEvent['type'] {
  const { snapshot, feasible, rejected, rejections, narrowed } = attempt
  const nodes = narrowed === undefined ? snapshot.nodes : namedNodes(narrowed.names, snapshot)
  const wanted = feasibleNodesToFind(nodes.length)
  let index = nodes.length > 0 ? attempt.start % nodes.length : 0
  for (let left = nodes.length; left > 0 && feasible.length < wanted; left--) {
    const node = nodes[index]!
    index = index + 1 === nodes.length ? 0 : index + 1
    const rejection = filterNode(attempt, node, attempt.states)
    if (rejection === undefined) feasible.push(node)
    else {
      rejected.push(node)
      rejections.push(rejection)
    }
  }
  attempt.processed = feasible.length + rejected.length
  if (feasible.length > 1) return 'passed'
  attempt.node = feasible[0]
  return feasible.length === 1 ? 'single' : 'none'
}

function namedNodes(names: ReadonlySet<string>, snapshot: Snapshot): readonly NodeInfo[] {
  return [...names].flatMap((name) => snapshot.node(name) ?? [])
}

// upstream: numFeasibleNodesToFind: a large cluster is not searched to the end
function feasibleNodesToFind(nodes: number): number {
  if (nodes < 100) return nodes
  const percent = Math.max(50 - Math.floor(nodes / 125), 5)
  return Math.max(Math.floor((nodes * percent) / 100), 100)
}

/** Filters one node; with pods nominated to it, the pod must fit both beside them and without them. */
function filterNode(attempt: Attempt, node: NodeInfo, states: States): Rejection | undefined {
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
  { framework: { plugins }, filters, pod }: Attempt,
  node: NodeInfo,
  states: States,
): Rejection | undefined {
  for (const index of filters) {
    const plugin = plugins[index]!
    const status = plugin.filter!(pod, node, states[index])
    if (status.code !== 'Success') return { plugin: plugin.name, status }
  }
  return undefined
}

function withPod(
  { framework: { plugins }, filters, pod }: Attempt,
  states: States,
  added: PodInfo,
  node: NodeInfo,
): States {
  const next = [...states]
  for (const index of filters) {
    const { addPod } = plugins[index]!
    if (addPod !== undefined) next[index] = addPod(states[index], pod, added, node)
  }
  return next
}

function withoutPod(
  { framework: { plugins }, filters, pod }: Attempt,
  states: States,
  removed: PodInfo,
  node: NodeInfo,
): States {
  const next = [...states]
  for (const index of filters) {
    const { removePod } = plugins[index]!
    if (removePod !== undefined) next[index] = removePod(states[index], pod, removed, node)
  }
  return next
}

/** The pod fits nowhere: says so, and asks the plugins whether something can be done. */
function postFilter(attempt: Attempt): CycleEvent['type'] {
  const { framework, snapshot } = attempt
  if (attempt.refusal === undefined) attempt.message = failureMessage(snapshot.nodes.length, reasonsOf(attempt))
  const messages: string[] = []
  const failure = failureOf(attempt)
  for (const plugin of framework.postFilter) {
    const answer = plugin.postFilter!(failure)
    if (answer.nominatedNode !== undefined) attempt.nominatedNode = answer.nominatedNode
    attempt.dryRun = answer.dryRun ?? attempt.dryRun
    if (answer.nominatedNode) {
      attempt.victims = answer.victims ?? []
      return 'passed'
    }
    if (answer.message !== '') messages.push(answer.message)
    if (answer.stop) break
  }
  if (messages.length > 0) attempt.message += ` ${messages.join(', ')}`
  return 'passed'
}

function* reasonsOf({ rejections, narrowed, snapshot }: Attempt): Generator<readonly string[]> {
  for (const { status } of rejections) yield status.reasons
  if (narrowed === undefined) return
  const outside = [`node(s) didn't satisfy plugin(s) [${[...narrowed.by].sort().join(' ')}]`]
  for (let left = snapshot.nodes.length - rejections.length; left > 0; left--) yield outside
}

function failureOf(attempt: Attempt): Failure {
  const { pod, snapshot, states, refusal, rejected, rejections, random } = attempt
  return {
    pod,
    snapshot,
    states,
    isWhole: refusal !== undefined,
    rejections: new Map(rejected.map((node, index) => [node.name, rejections[index]!])),
    filter: (node, tried) => filterNode(attempt, node, tried),
    withPod: (tried, added, node) => withPod(attempt, tried, added, node),
    withoutPod: (tried, removed, node) => withoutPod(attempt, tried, removed, node),
    random,
  }
}

function score(attempt: Attempt): CycleEvent['type'] {
  const { framework, pod, snapshot, feasible } = attempt
  const totals = new Array<number>(feasible.length).fill(0)
  for (const index of framework.score) {
    const plugin = framework.plugins[index]!
    const { skip, every, state } = plugin.preScore?.(pod, feasible, snapshot) ?? scoreAll
    if (skip) continue
    const row = new Array<number>(feasible.length).fill(every ?? 0)
    if (every === undefined) scoreNodes(row, plugin, attempt, state)
    weigh(row, totals, framework.weights[index]!)
    attempt.scorers.push(index)
    attempt.scores.push(row)
  }
  attempt.totals = totals
  return 'passed'
}

const scoreAll: PreScoreAnswer<undefined> = Object.freeze({})

function scoreNodes(row: Scores, { score, normalizeScore }: Plugin, { pod, feasible }: Attempt, state: unknown): void {
  for (let column = 0; column < row.length; column++) row[column] = score!(pod, feasible[column]!, state)
  normalizeScore?.(row, feasible, state)
}

function weigh(row: Scores, totals: Scores, weight: number): void {
  for (let column = 0; column < row.length; column++) totals[column]! += row[column]! *= weight
}

function select(attempt: Attempt): CycleEvent['type'] {
  attempt.node = must(attempt.feasible[heapRoot(attempt.totals)], 'a node was found to be feasible')
  return 'passed'
}

/**
 * Which of the highest totals is taken: the root of the binary heap that upstream builds over the nodes in the order they were looked at.
 * That is often, but not always, the first of them.
 */
// upstream: schedule_one.go selectHost; since 1.35 equals are no longer drawn by lot unless there are extenders
export function heapRoot(totals: readonly number[]): number {
  const heap: number[] = [] // for the few nodes of most clusters, a typed array costs more to make than to use
  for (let index = 0; index < totals.length; index++) heap.push(index)
  for (let start = (heap.length >> 1) - 1; start >= 0; start--) siftDown(heap, start, totals)
  return heap[0]!
}

function siftDown(heap: number[], start: number, totals: readonly number[]): void {
  for (let parent = start; ;) {
    const left = 2 * parent + 1
    if (left >= heap.length) return
    const right = left + 1
    const child = right < heap.length && totals[heap[right]!]! > totals[heap[left]!]! ? right : left
    if (totals[heap[child]!]! <= totals[heap[parent]!]!) return
    const swapped = heap[child]!
    heap[child] = heap[parent]!
    heap[parent] = swapped
    parent = child
  }
}
