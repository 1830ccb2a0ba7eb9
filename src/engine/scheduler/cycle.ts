import { must, runMachine, type ChartHost } from '../sim/index.ts'
import {
  emptyAttempt,
  filterNode,
  outsideReason,
  preFilter,
  withoutPod,
  withPod,
  type Attempt,
  type AttemptInput,
} from './filtering.ts'
import type { Failure, Plugin, PreScoreAnswer } from './framework.ts'
import { failureMessage } from './message.ts'
import type { NodeInfo } from './nodeInfo.ts'
import { schedulingCycleMachine, type CycleEvent } from './schedulingCycleMachine.ts'
import type { Snapshot } from './snapshot.ts'

export type { Attempt, AttemptInput } from './filtering.ts'

const charts = runMachine<object, CycleEvent>(schedulingCycleMachine)
const still: ChartHost<object, CycleEvent> = { schedule: () => 0, cancel: () => undefined, perform: () => undefined }

/** Looks for a node for a pod. Nothing outside the attempt changes. */
// upstream: pkg/scheduler/schedule_one.go schedulePod
export function runCycle(input: AttemptInput): Attempt {
  const attempt = emptyAttempt(input)
  const chart = charts.start({}, still)
  for (let stage = stages[chart.at]; stage !== undefined; stage = stages[chart.at])
    charts.send(chart, events[stage(attempt)], still)
  attempt.at = chart.at
  return attempt
}

type Stage = (attempt: Attempt) => CycleEvent['type']

const events: Readonly<Record<CycleEvent['type'], CycleEvent>> = {
  passed: { type: 'passed' },
  refused: { type: 'refused' },
  nominated: { type: 'nominated' },
  single: { type: 'single' },
  none: { type: 'none' },
}

const stages: Readonly<Record<string, Stage>> = { preFilter, filterNominated, filter, postFilter, score, select }

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
  const wanted = feasibleNodesToFind(nodes.length, attempt.framework.percentageOfNodesToScore)
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
function feasibleNodesToFind(nodes: number, percentage: number): number {
  if (nodes < 100 || percentage >= 100) return nodes
  const percent = percentage > 0 ? percentage : Math.max(50 - Math.floor(nodes / 125), 5)
  return Math.max(Math.floor((nodes * percent) / 100), 100)
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
  const outside = [outsideReason(narrowed.by)]
  for (let left = snapshot.nodes.length - rejections.length; left > 0; left--) yield outside
}

function failureOf(attempt: Attempt): Failure {
  const { pod, snapshot, states, refusal, rejected, rejections, random } = attempt
  return {
    pod,
    snapshot,
    states,
    refusedBy: refusal?.plugin ?? '',
    rejections: new Map(rejected.map((node, index) => [node.name, rejections[index]!])),
    filter: (node, tried) => filterNode(attempt, node, tried),
    withPod: (tried, added, node) => withPod(attempt, tried, added, node),
    withoutPod: (tried, removed, node) => withoutPod(attempt, tried, removed, node),
    random,
  }
}

function score(attempt: Attempt): CycleEvent['type'] {
  const { framework, pod, snapshot, feasible } = attempt
  attempt.totals = new Array<number>(feasible.length).fill(0)
  for (const index of framework.score) {
    const plugin = framework.plugins[index]!
    const { skip, every, state } = plugin.preScore?.(pod, feasible, snapshot) ?? scoreAll
    if (skip) continue
    attempt.scorers.push(index)
    if (every === undefined) scoreNodes(plugin, attempt, state, framework.weights[index]!)
    else scoreEvery(every, attempt, framework.weights[index]!)
  }
  return 'passed'
}

const scoreAll: PreScoreAnswer<undefined> = Object.freeze({})

function scoreNodes(
  { score, normalizeScore }: Plugin,
  { pod, feasible, raws, scores, totals }: Attempt,
  state: unknown,
  weight: number,
): void {
  const raw = new Array<number>(feasible.length).fill(0)
  for (let column = 0; column < raw.length; column++) raw[column] = score!(pod, feasible[column]!, state)
  const row = normalizeScore === undefined && weight === 1 ? raw : raw.slice()
  normalizeScore?.(row, feasible, state)
  for (let column = 0; column < row.length; column++) totals[column]! += row[column]! *= weight
  raws.push(raw)
  scores.push(row)
}

function scoreEvery(every: number, { raws, scores, totals }: Attempt, weight: number): void {
  if (every !== 0) for (let column = 0; column < totals.length; column++) totals[column]! += every * weight
  raws.push(every)
  scores.push(every * weight)
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
