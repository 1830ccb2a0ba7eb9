import { must, runMachine, type ChartHost } from '../sim/index.ts'
import { answersFor, remember } from './answers.ts'
import {
  emptyAttempt,
  filterKnown,
  filterNode,
  outsideReason,
  preFilter,
  withoutPod,
  withPod,
  type Attempt,
  type AttemptInput,
} from './filtering.ts'
import type { Failure, PreScoreAnswer, Scores } from './framework.ts'
import { failureMessage } from './message.ts'
import type { NodeInfo } from './nodeInfo.ts'
import { schedulingCycleMachine, type CycleEvent } from './schedulingCycleMachine.ts'
import type { Snapshot } from './snapshot.ts'

export type { Attempt, AttemptInput } from './filtering.ts'

/** Looks for a node for a pod. Nothing outside the attempt changes. */
// upstream: pkg/scheduler/schedule_one.go schedulePod
export function runCycle(input: AttemptInput): Attempt {
  const attempt = emptyAttempt(input)
  let stage = firstStage
  while (stage.run !== undefined) stage = must(stage.ways[stage.run(attempt)], 'the chart has no way on', stage.at)
  attempt.at = stage.at
  return attempt
}

type Verdict = CycleEvent['type']

/** A state of the chart: its work, and the state that each verdict leads to. */
interface Stage {
  readonly at: string
  readonly run: ((attempt: Attempt) => Verdict) | undefined
  readonly ways: Record<Verdict, Stage | undefined>
}

const work: Readonly<Record<string, Stage['run']>> = { preFilter, filterNominated, filter, postFilter, score, select }
const verdicts: readonly Verdict[] = ['passed', 'refused', 'nominated', 'single', 'none']
const charts = runMachine<object, CycleEvent>(schedulingCycleMachine)
const still: ChartHost<object, CycleEvent> = { schedule: () => 0, cancel: () => undefined, perform: () => undefined }
const firstStage = stageAt(charts.start({}, still).at, new Map())

// the chart has neither guards nor effects: where it leads is always the same, so it is asked once
function stageAt(at: string, stages: Map<string, Stage>): Stage {
  const known = stages.get(at)
  if (known !== undefined) return known
  const ways = { passed: undefined, refused: undefined, nominated: undefined, single: undefined, none: undefined }
  const stage: Stage = { at, run: work[at], ways }
  stages.set(at, stage)
  for (const type of verdicts) {
    const chart = { at, context: {}, timers: {} }
    if (charts.send(chart, { type }, still)) stage.ways[type] = stageAt(chart.at, stages)
  }
  return stage
}

/** A pod that made room on a node is not asked whether another would be nicer. */
function filterNominated(attempt: Attempt): Verdict {
  const { pod, snapshot } = attempt
  const node = snapshot.node(pod.pod.status.nominatedNodeName!)
  if (node === undefined || filterNode(attempt, node, attempt.states) !== undefined) return 'none'
  attempt.feasible = [node]
  attempt.node = node
  return 'single'
}

function filter(attempt: Attempt): Verdict {
  const { framework, filters, pod, snapshot, feasible, rejected, rejections, narrowed } = attempt
  attempt.known = answersFor(snapshot.answers, framework, filters, pod)
  const nodes = narrowed === undefined ? attempt.nodes : namedNodes(narrowed.names, snapshot)
  const wanted = feasibleNodesToFind(nodes.length, framework.percentageOfNodesToScore)
  let index = nodes.length > 0 ? attempt.start % nodes.length : 0
  for (let left = nodes.length; left > 0 && feasible.length < wanted; left--) {
    const node = nodes[index]!
    index = index + 1 === nodes.length ? 0 : index + 1
    const rejection = filterKnown(attempt, node)
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
function postFilter(attempt: Attempt): Verdict {
  const { framework } = attempt
  if (attempt.refusal === undefined) attempt.message = failureMessage(attempt.nodes.length, reasonsOf(attempt))
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

function* reasonsOf({ rejections, narrowed, nodes }: Attempt): Generator<readonly string[]> {
  for (const { status } of rejections) yield status.reasons
  if (narrowed === undefined) return
  const outside = [outsideReason(narrowed.by)]
  for (let left = nodes.length - rejections.length; left > 0; left--) yield outside
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

function score(attempt: Attempt): Verdict {
  const { framework, pod, snapshot, feasible } = attempt
  const totals = new Array<number>(feasible.length)
  for (let column = 0; column < totals.length; column++) totals[column] = 0
  attempt.totals = totals
  for (const place of framework.score.places) {
    const plugin = framework.plugins[place]!
    const answer = plugin.preScore?.(pod, feasible, snapshot) ?? scoreAll
    if (answer.skip) continue
    attempt.scorers |= 1 << place
    if (answer.every === undefined) scoreNodes(place, attempt, answer.state)
    else scoreEvery(answer.every, answer.raw ?? answer.every, attempt, framework.weights[place]!)
  }
  return 'passed'
}

const scoreAll: PreScoreAnswer<undefined> = Object.freeze({})

function scoreNodes(place: number, attempt: Attempt, state: unknown): void {
  const { framework, feasible, raws, scores, totals } = attempt
  const { normalizeScore } = framework.plugins[place]!
  const weight = framework.weights[place]!
  const raw = rawScores(place, attempt, state)
  const row = normalizeScore === undefined && weight === 1 ? raw : raw.slice()
  normalizeScore?.(row, feasible, state)
  for (let column = 0; column < row.length; column++) totals[column]! += row[column]! *= weight
  raws.push(raw)
  scores.push(row)
}

/** A plugin that looks at one node alone is asked only about the nodes that have changed since. */
function rawScores(place: number, { framework, pod, feasible, known }: Attempt, state: unknown): Scores {
  const { reads, score } = framework.plugins[place]!
  const answers = reads === undefined ? undefined : known!.scores[place]!
  const raw = new Array<number>(feasible.length)
  for (let column = 0; column < raw.length; column++) {
    const node = feasible[column]!
    if (answers === undefined) raw[column] = score!(pod, node, state)
    else if (answers.generations[node.slot] === node.generation) raw[column] = answers.values[node.slot]!
    else raw[column] = remember(answers, node, score!(pod, node, state))
  }
  return raw
}

function scoreEvery(every: number, raw: number, { raws, scores, totals }: Attempt, weight: number): void {
  if (every !== 0) for (let column = 0; column < totals.length; column++) totals[column]! += every * weight
  raws.push(raw)
  scores.push(every * weight)
}

function select(attempt: Attempt): Verdict {
  attempt.node = must(attempt.feasible[heapRoot(attempt.totals)], 'a node was found to be feasible')
  return 'passed'
}

/**
 * Which of the highest totals is taken: the root of the binary heap that upstream builds over the nodes in the order they were looked at.
 * That is often, but not always, the first of them.
 */
// upstream: schedule_one.go selectHost; since 1.35 equals are no longer drawn by lot unless there are extenders
export function heapRoot(totals: readonly number[]): number {
  const heap = new Array<number>(totals.length) // for few nodes, a typed array costs more to make than to use
  for (let index = 0; index < heap.length; index++) heap[index] = index
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
