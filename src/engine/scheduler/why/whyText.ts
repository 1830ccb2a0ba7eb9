import type { DecisionRecord, NodeVerdict } from '../decision.ts'
import { commandOf } from './remedy.ts'
import type { Why } from './why.ts'

const nodesMax = 12
const remediesMax = 8

/** The answer to "why?" as lines of text, for a terminal and for whoever listens rather than looks. */
export function whyText(why: Why): string {
  const { decision, sentence } = why
  const lines = [sentence]
  if (why.queue !== undefined) lines.push(queueLine(why))
  if (decision !== undefined) {
    lines.push(...wakeLines(decision))
    lines.push('', ...('node' in decision.result ? scoreLines(decision) : refusalLines(decision)))
  }
  if (why.remedies.length > 0) lines.push('', 'What would place it (each by itself):', ...remedyLines(why))
  return `${lines.join('\n')}\n`
}

function queueLine({ queue }: Why): string {
  const { list, place, attempts, gatedBy, rejectedBy, until } = queue!
  const lists = { active: 'active', backOff: 'back-off', unschedulable: 'unschedulable' } as const
  const tries = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`
  const base = `Queue: ${lists[list]}, place ${place + 1}, ${tries}`
  if (gatedBy !== '') return `${base}, held by ${gatedBy}`
  if (list === 'backOff') return `${base}, until ${secondsOf(until)}`
  return list === 'unschedulable' ? `${base}, waiting for what ${rejectedBy.join(' or ')} waits for` : base
}

function wakeLines({ at, attempts, wake, earlier }: DecisionRecord): string[] {
  const line = `Attempt ${attempts} at ${secondsOf(at)}`
  if (wake === undefined) return [line]
  const about = wake.about === '' ? '' : ` (${wake.about})`
  const hint = wake.plugin === '' ? '' : `, which ${wake.plugin} had waited for`
  const before = earlier.map((past) => `  before, at ${secondsOf(past.at)}: ${past.outcome}`)
  return [`${line}, woken by ${wake.event}${about}${hint}`, ...before]
}

function secondsOf(ms: number): string {
  return `${Math.round(ms) / 1000}s`
}

function refusalLines(decision: DecisionRecord): string[] {
  const { result, preFilter, nodes, dryRun = {} } = decision
  const lines = 'message' in result ? [`Message: ${result.message}`] : []
  if (preFilter !== undefined)
    lines.push(`Refused before any node was looked at: ${preFilter.plugin}: ${preFilter.message}`)
  const names = Object.keys(nodes)
  if (names.length > 0)
    lines.push(
      '',
      ...columns([
        ['NODE', 'PASSED', 'FAILED', 'REASON'],
        ...names.slice(0, nodesMax).map((name) => refusalRow(name, nodes[name]!, decision)),
      ]),
    )
  if (names.length > nodesMax) lines.push(`… and ${names.length - nodesMax} more nodes`)
  const runs = Object.entries(dryRun).slice(0, nodesMax)
  if (runs.length > 0)
    lines.push(
      '',
      ...columns([
        ['NODE', 'PREEMPTION'],
        ...runs.map(([name, run]) => [
          name,
          'message' in run
            ? run.message
            : `would evict ${run.victims.join(', ')}${run.pdbViolations > 0 ? ` (${run.pdbViolations} against a budget)` : ''}`,
        ]),
      ]),
    )
  if ('nominatedNode' in result && result.nominatedNode)
    lines.push(`Nominated to ${result.nominatedNode}, where ${result.victims?.join(', ') ?? ''} must go first`)
  return lines
}

function refusalRow(name: string, { filters, passed }: NodeVerdict, { filters: all }: DecisionRecord): string[] {
  const [plugin = '', message = 'fits'] = Object.entries(filters)[0] ?? []
  return [name, `${passed}/${all.length}`, plugin || '-', message]
}

function scoreLines(decision: DecisionRecord): string[] {
  const { nodes, scorers, candidates, draw, evaluated, feasible, filters } = decision
  const counted = `${feasible} of ${evaluated} nodes looked at passed all ${filters.length} filters`
  if (scorers.length === 0) return [`${counted}; the only one is taken without scores.`]
  const taken = 'node' in decision.result ? decision.result.node : ''
  const scored = Object.keys(nodes).filter((name) => nodes[name]!.total !== undefined)
  scored.sort((a, b) => (a === taken ? -1 : b === taken ? 1 : nodes[b]!.total! - nodes[a]!.total!))
  const told = scorers.filter(({ plugin }) => new Set(scored.map((name) => nodes[name]!.scores[plugin])).size > 1)
  const rows = scored.slice(0, nodesMax).map((name) =>
    scoreRow(
      name,
      nodes[name]!,
      told.map(({ plugin }) => plugin),
    ),
  )
  const heads = told.map(({ plugin, weight }) => (weight === 1 ? plugin : `${plugin}×${weight}`))
  const same = scorers.filter((scorer) => !told.includes(scorer)).map(({ plugin }) => plugin)
  const lines = [`${counted}:`, '', ...columns([['NODE', 'TOTAL', ...heads], ...rows])]
  if (scored.length > nodesMax) lines.push(`… and ${scored.length - nodesMax} more nodes`)
  if (same.length > 0) lines.push(`The same everywhere: ${same.join(', ')}`)
  if (draw !== undefined)
    lines.push(`Tie: ${draw} (${candidates.slice(0, nodesMax).join(', ')}${candidates.length > nodesMax ? ', …' : ''})`)
  const refused = Object.keys(nodes).filter((name) => nodes[name]!.total === undefined)
  for (const name of refused.slice(0, nodesMax))
    lines.push(`Not ${name}: ${Object.values(nodes[name]!.filters).join(', ')}`)
  return lines
}

function scoreRow(name: string, { total = 0, scores, raw }: NodeVerdict, plugins: readonly string[]): string[] {
  return [name, String(total), ...plugins.map((plugin) => scoreText(scores[plugin] ?? 0, raw[plugin] ?? 0))]
}

function scoreText(score: number, raw: number): string {
  return score === raw ? String(score) : `${score} (raw ${raw})`
}

function remedyLines({ remedies }: Why): string[] {
  return remedies.slice(0, remediesMax).flatMap(({ sentence, apply }, index) => [
    `  ${index + 1}. ${sentence}`,
    // only the first line is indented: a here-document ends where its last word stands at the margin
    ...apply.map((step) => `     ${commandOf(step)}`),
  ])
}

/** Rows as columns with three spaces between, as kubectl prints them. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('   ')
      .trimEnd(),
  )
}
