import type { Attempt } from './cycle.ts'
import type { Code, Rejection } from './framework.ts'
import type { NodeInfo } from './nodeInfo.ts'
import type { Wake } from './queueState.ts'

/** Why a pod was placed where it was, or nowhere: one attempt of the scheduler, node by node. */
export interface DecisionRecord {
  readonly pod: string
  /** virtual time of the attempt */
  readonly at: number
  readonly result: DecisionResult
  readonly nodes: Readonly<Record<string, NodeVerdict>>
  /** the nodes that share the highest total; one of them was taken */
  readonly candidates: readonly string[]
  /** how one of several equal nodes was taken */
  readonly draw?: string
  /** by rejected node */
  readonly codes: Readonly<Record<string, Code>>
  /** a plugin refused the pod before any node was looked at */
  readonly preFilter?: { readonly plugin: string; readonly message: string }
  /** what preemption would do on each node it tried */
  readonly dryRun?: Readonly<Record<string, DryRunVerdict>>
  readonly evaluated: number
  readonly feasible: number
  /** the plugins that filtered, in the order in which each node met them */
  readonly filters: readonly string[]
  /** the plugins that scored, each with the weight its normalised score is multiplied by */
  readonly scorers: readonly { readonly plugin: string; readonly weight: number }[]
  /** nodes in the order they were looked at begin with this one */
  readonly from: string
  /** what put the pod into the active queue, and how often it had been tried, this attempt included */
  readonly wake?: Wake
  readonly attempts: number
  /** attempts before this one, the oldest first; only the last few are kept */
  readonly earlier: readonly PastAttempt[]
}

/** An attempt of which only the outcome is remembered. */
export interface PastAttempt {
  readonly at: number
  /** the node, or the message */
  readonly outcome: string
  readonly wake?: Wake
}

/** Where the pod goes, or the message of its condition. */
export type DecisionResult =
  | { readonly node: string; readonly victims?: readonly string[] }
  | { readonly message: string; readonly nominatedNode?: string; readonly victims?: readonly string[] }

/** What the plugins said of one node. Without scores, no other node was feasible. */
export interface NodeVerdict {
  /** by the plugin that turned it down */
  readonly filters: Readonly<Record<string, string>>
  /** weighted, by plugin */
  readonly scores: Readonly<Record<string, number>>
  readonly total?: number
  /** how many of the record's `filters` it passed: all of them, or those before the one that turned it down */
  readonly passed: number
  /** by plugin: as the plugin counts, and between 0 and 100 */
  readonly raw: Readonly<Record<string, number>>
  readonly normalized: Readonly<Record<string, number>>
}

/** What preemption would do on one node. */
export type DryRunVerdict =
  { readonly victims: readonly string[]; readonly pdbViolations: number } | { readonly message: string }

/** An attempt in few bytes; immutable, so that checkpoints share it. */
export interface CompactDecision {
  readonly pod: string
  readonly uid: string
  readonly at: number
  readonly result: DecisionResult
  readonly feasible: readonly string[]
  readonly plugins: readonly string[]
  readonly weights: readonly number[]
  /** one row for each plugin, one column for each feasible node; a row of one number only says so in one number */
  readonly scores: readonly Row[]
  /** the same before they were normalised and weighed */
  readonly raws: readonly Row[]
  readonly rejected: readonly string[]
  /** how many nodes were looked at; of very many rejected ones, only the first are kept */
  readonly evaluated: number
  /** index into `reasons` for each rejected node */
  readonly why: Uint16Array
  readonly reasons: readonly { readonly plugin: string; readonly message: string; readonly code: Code }[]
  readonly preFilter: { readonly plugin: string; readonly message: string } | undefined
  readonly dryRun: Readonly<Record<string, DryRunVerdict>> | undefined
  readonly filters: readonly string[]
  readonly from: string
  readonly wake: Wake | undefined
  readonly attempts: number
  readonly earlier: readonly PastAttempt[]
}

type Row = number | readonly number[]

/** How a pod came to be tried. */
export interface Occasion {
  readonly at: number
  readonly wake?: Wake | undefined
  readonly attempts?: number
}

const rejectedMax = 1000

/** Notes an attempt down. What it says in the same words as an earlier one is shared with it. */
export function noteOf(
  attempt: Attempt,
  { at, wake, attempts = 1 }: Occasion,
  earlier: CompactDecision | undefined = undefined,
): CompactDecision {
  const { pod, feasible, framework, scorers, scores, raws, refusal, filters, nodes, start } = attempt
  const rejected = attempt.rejected.length > rejectedMax ? attempt.rejected.slice(0, rejectedMax) : attempt.rejected
  const { why, reasons } = attempt.rejections.length === 0 ? noRejections : whyOf(attempt.rejections)
  const { names, weights } = framework.score.among(scorers)
  return Object.freeze({
    pod: pod.key,
    uid: pod.uid,
    at,
    result: resultOf(attempt),
    feasible: namesOf(feasible, earlier?.feasible),
    plugins: names,
    weights,
    scores: packed(scores),
    raws: packed(raws),
    rejected: namesOf(rejected, earlier?.rejected),
    evaluated: attempt.rejected.length + feasible.length,
    why,
    reasons,
    preFilter: refusal && { plugin: refusal.plugin, message: refusal.status.reasons.join(', ') },
    dryRun: dryRunOf(attempt),
    filters: filters.names,
    from: nodes.length > 0 ? nodes[start % nodes.length]!.name : '',
    wake,
    attempts,
    earlier: noAttempts,
  })
}

const noAttempts: readonly PastAttempt[] = Object.freeze([])

/** The names of nodes: the list that is known, where it is the same. */
function namesOf(nodes: readonly NodeInfo[], known: readonly string[] = noNames): readonly string[] {
  if (areNamed(nodes, known)) return known
  const names = new Array<string>(nodes.length)
  for (let index = 0; index < nodes.length; index++) names[index] = nodes[index]!.name
  return names
}

function areNamed(nodes: readonly NodeInfo[], names: readonly string[]): boolean {
  if (nodes.length !== names.length) return false
  for (let index = 0; index < names.length; index++) if (nodes[index]!.name !== names[index]) return false
  return true
}

const noNames: readonly string[] = Object.freeze([])

function packed(rows: readonly Row[]): readonly Row[] {
  const list = new Array<Row>(rows.length)
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index]!
    list[index] = typeof row !== 'number' && isConstant(row) ? (row[0] ?? 0) : row
  }
  return list
}

function isConstant(row: readonly number[]): boolean {
  for (let index = 1; index < row.length; index++) if (row[index] !== row[0]) return false
  return true
}

const earlierMax = 8

/** The note of a later attempt at the same pod, which remembers the outcomes of those before. */
export function following(note: CompactDecision, before: CompactDecision | undefined): CompactDecision {
  if (before === undefined || before.uid !== note.uid) return note
  const { at, wake, result } = before
  const outcome = 'node' in result ? result.node : result.message
  const past: PastAttempt = Object.freeze({ at, outcome, ...(wake && { wake }) })
  return Object.freeze({ ...note, earlier: Object.freeze([...before.earlier.slice(1 - earlierMax), past]) })
}

/** The whole record of a noted attempt. */
export function recordOf(note: CompactDecision): DecisionRecord {
  const nodes: Record<string, NodeVerdict> = {}
  const codes: Record<string, Code> = {}
  note.rejected.forEach((name, index) => {
    const { plugin, message, code } = note.reasons[note.why[index]!]!
    const passed = Math.max(0, note.filters.indexOf(plugin))
    nodes[name] = { filters: { [plugin]: message }, scores: {}, passed, raw: {}, normalized: {} }
    codes[name] = code
  })
  const totals = note.feasible.map((name, column) => {
    nodes[name] = verdictOf(note, column)
    return nodes[name].total ?? 0
  })
  const best = totals.reduce((max, total) => (total > max ? total : max), -Infinity)
  const candidates = note.feasible.filter((_, column) => totals[column] === best)
  return {
    pod: note.pod,
    at: note.at,
    result: note.result,
    nodes,
    candidates,
    ...(candidates.length > 1 && { draw: drawOf(candidates, note) }),
    codes,
    ...(note.preFilter && { preFilter: note.preFilter }),
    ...(note.dryRun && { dryRun: note.dryRun }),
    evaluated: note.evaluated,
    feasible: note.feasible.length,
    filters: note.filters,
    scorers: note.plugins.map((plugin, row) => ({ plugin, weight: note.weights[row]! })),
    from: note.from,
    ...(note.wake && { wake: note.wake }),
    attempts: note.attempts,
    earlier: note.earlier,
  }
}

function verdictOf({ plugins, weights, scores, raws, filters }: CompactDecision, column: number): NodeVerdict {
  const weighted: Record<string, number> = {}
  const raw: Record<string, number> = {}
  const normalized: Record<string, number> = {}
  let total = 0
  plugins.forEach((plugin, row) => {
    const score = numberAt(scores[row], column)
    weighted[plugin] = score
    normalized[plugin] = score / (weights[row]! || 1)
    raw[plugin] = numberAt(raws[row], column)
    total += score
  })
  const verdict = { filters: {}, scores: weighted, passed: filters.length, raw, normalized }
  return plugins.length > 0 ? { ...verdict, total } : verdict
}

function numberAt(row: Row = 0, column: number): number {
  return typeof row === 'number' ? row : row[column]!
}

function drawOf(candidates: readonly string[], { result, from }: CompactDecision): string {
  const taken = 'node' in result ? result.node : ''
  return `${candidates.length} nodes share the highest total; ${taken} comes first in the scheduler's heap of nodes, which it looked at from ${from} on`
}

function resultOf({ node, message, nominatedNode, victims }: Attempt): DecisionResult {
  if (node !== undefined) return { node: node.name }
  return { message, ...(nominatedNode && { nominatedNode, victims: victims.map(({ key }) => key) }) }
}

type Rejected = Pick<CompactDecision, 'why' | 'reasons'>

const noRejections: Rejected = Object.freeze({ why: new Uint16Array(0), reasons: Object.freeze([]) })

function whyOf(all: readonly Rejection[]): Rejected {
  const rejections = all.slice(0, rejectedMax)
  const reasons: { plugin: string; message: string; code: Code }[] = []
  const places = new Map<string, number>()
  const why = new Uint16Array(rejections.length)
  rejections.forEach(({ plugin, status }, index) => {
    const message = [...status.reasons].sort().join(', ')
    const key = `${plugin} ${status.code} ${message}`
    let place = places.get(key)
    if (place === undefined) {
      places.set(key, (place = reasons.length))
      reasons.push({ plugin, message, code: status.code })
    }
    why[index] = place
  })
  return { why, reasons }
}

function dryRunOf({ dryRun }: Attempt): CompactDecision['dryRun'] {
  if (dryRun.length === 0) return undefined
  return Object.fromEntries(
    dryRun.map(({ node, victims, pdbViolations, reasons }) => [
      node,
      reasons === undefined
        ? { victims: victims.map(({ key }) => key), pdbViolations }
        : { message: reasons.join(', ') },
    ]),
  )
}
