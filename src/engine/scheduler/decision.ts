import type { Attempt } from './cycle.ts'
import type { Code, Rejection } from './framework.ts'

/** Why a pod was placed where it was, or nowhere: one attempt of the scheduler, node by node. */
export interface DecisionRecord {
  readonly pod: string
  readonly result: DecisionResult
  readonly nodes: Readonly<Record<string, NodeVerdict>>
  /** the nodes that share the highest total; one of them was taken */
  readonly candidates: readonly string[]
  /** by rejected node */
  readonly codes: Readonly<Record<string, Code>>
  /** a plugin refused the pod before any node was looked at */
  readonly preFilter?: { readonly plugin: string; readonly message: string }
  /** what preemption would do on each node it tried */
  readonly dryRun?: Readonly<Record<string, DryRunVerdict>>
  readonly evaluated: number
  readonly feasible: number
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
}

/** What preemption would do on one node. */
export type DryRunVerdict =
  { readonly victims: readonly string[]; readonly pdbViolations: number } | { readonly message: string }

/** An attempt in few bytes; immutable, so that checkpoints share it. */
export interface CompactDecision {
  readonly pod: string
  readonly at: number
  readonly result: DecisionResult
  readonly feasible: readonly string[]
  readonly plugins: readonly string[]
  /** row by row, one for each plugin */
  readonly scores: Int16Array
  readonly rejected: readonly string[]
  /** how many nodes were looked at; of very many rejected ones, only the first are kept */
  readonly evaluated: number
  /** index into `reasons` for each rejected node */
  readonly why: Uint16Array
  readonly reasons: readonly { readonly plugin: string; readonly message: string; readonly code: Code }[]
  readonly preFilter: { readonly plugin: string; readonly message: string } | undefined
  readonly dryRun: Readonly<Record<string, DryRunVerdict>> | undefined
}

const rejectedMax = 1000

/** Notes an attempt down. */
export function noteOf(attempt: Attempt, at: number): CompactDecision {
  const { pod, feasible, framework, scorers, scores, refusal } = attempt
  const rejected = attempt.rejected.slice(0, rejectedMax)
  const table = new Int16Array(scores.length * feasible.length)
  scores.forEach((row, index) => table.set(row, index * feasible.length))
  return Object.freeze({
    pod: pod.key,
    at,
    result: resultOf(attempt),
    feasible: feasible.map(({ name }) => name),
    plugins: scorers.map((index) => framework.plugins[index]!.name),
    scores: table,
    rejected: rejected.map(({ name }) => name),
    evaluated: attempt.rejected.length + feasible.length,
    ...whyOf(attempt.rejections.slice(0, rejectedMax)),
    preFilter: refusal && { plugin: refusal.plugin, message: refusal.status.reasons.join(', ') },
    dryRun: dryRunOf(attempt),
  })
}

/** The whole record of a noted attempt. */
export function recordOf(note: CompactDecision): DecisionRecord {
  const nodes: Record<string, NodeVerdict> = {}
  const codes: Record<string, Code> = {}
  note.rejected.forEach((name, index) => {
    const { plugin, message, code } = note.reasons[note.why[index]!]!
    nodes[name] = { filters: { [plugin]: message }, scores: {} }
    codes[name] = code
  })
  const totals = note.feasible.map((name, column) => {
    const scores = Object.fromEntries(
      note.plugins.map((plugin, row) => [plugin, note.scores[row * note.feasible.length + column]!]),
    )
    const total = Object.values(scores).reduce((sum, score) => sum + score, 0)
    nodes[name] = { filters: {}, scores, ...(note.plugins.length > 0 && { total }) }
    return total
  })
  const best = totals.reduce((max, total) => (total > max ? total : max), -Infinity)
  return {
    pod: note.pod,
    result: note.result,
    nodes,
    candidates: note.feasible.filter((_, column) => totals[column] === best),
    codes,
    ...(note.preFilter && { preFilter: note.preFilter }),
    ...(note.dryRun && { dryRun: note.dryRun }),
    evaluated: note.evaluated,
    feasible: note.feasible.length,
  }
}

function resultOf({ node, message, nominatedNode, victims }: Attempt): DecisionResult {
  if (node !== undefined) return { node: node.name }
  return { message, ...(nominatedNode && { nominatedNode, victims: victims.map(({ key }) => key) }) }
}

function whyOf(rejections: readonly Rejection[]): Pick<CompactDecision, 'why' | 'reasons'> {
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
