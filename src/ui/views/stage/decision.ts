import type { ScoreView, WhyView } from '../../protocol.ts'
import { madeOf, tieWords } from '../inspector/why.ts'

type Row = WhyView['rows'][number]

/** One moment of a decision that is played again. */
export interface Stage {
  readonly kind: 'start' | 'filter' | 'score' | 'end'
  readonly title: string
  /** what happens, for ears and eyes */
  readonly sentence: string
  /** plugins that have filtered, or scored, by now */
  readonly plugins: readonly string[]
  /** the plugin whose scores are being given, where it is one alone */
  readonly given?: string
}

/** How a node stands at a stage. */
export interface NodeStand {
  /** the filter that turned it down, once it has */
  readonly rejectedBy: string
  readonly message: string
  /** points so far */
  readonly score: number
  /** 0…1, of the best total of all */
  readonly share: number
  readonly isPicked: boolean
  /** how the score that is being given came about */
  readonly made: string
}

/** The stages of a decision. Filters that turn nobody down go by together, and so do scores that are the same everywhere. */
export function stagesOf(why: WhyView): readonly Stage[] {
  const start: Stage = {
    kind: 'start',
    title: 'All nodes',
    sentence: `${why.rows.length} ${why.rows.length === 1 ? 'node is' : 'nodes are'} looked at.`,
    plugins: [],
  }
  const tie = tieWords(why)
  const filters = filterStages(why)
  const scores = scoreStages(why)
  const end: Stage = {
    kind: 'end',
    title: 'Decision',
    sentence: tie === undefined ? why.sentence : `${why.sentence} ${tie}`,
    plugins: pluginsOf(why.rows),
  }
  return [start, ...filters, ...scores, end]
}

function filterStages(why: WhyView): readonly Stage[] {
  const stages: Stage[] = []
  const past: string[] = []
  let quiet: string[] = []
  const flush = () => {
    if (quiet.length === 0) return
    past.push(...quiet)
    const title = quiet.length > 2 ? `${quiet.length} filters` : quiet.join(', ')
    const sentence = `${quiet.join(', ')}: nobody is turned down.`
    stages.push({ kind: 'filter', title, sentence, plugins: [...past] })
    quiet = []
  }
  for (const plugin of orderOf(why)) {
    const out = why.rows.filter((row) => rejectionOf(row)?.plugin === plugin)
    if (out.length === 0) quiet.push(plugin)
    else {
      flush()
      past.push(plugin)
      const reasons = [...new Set(out.map((row) => rejectionOf(row)?.message ?? ''))].slice(0, 2).join('; ')
      const sentence = `${plugin} turns down ${namesOf(out)}: ${reasons}.`
      stages.push({ kind: 'filter', title: plugin, sentence, plugins: [...past] })
    }
  }
  // What comes after the last rejection was asked only where somebody was left to ask.
  if (why.rows.some((row) => rejectionOf(row) === undefined)) flush()
  return stages
}

function scoreStages({ rows }: WhyView): readonly Stage[] {
  const scored = rows.filter(({ scores }) => scores.length > 0)
  if (scored.length < 2) return []
  const all = pluginsOf(rows)
  const same = all.filter((plugin) => new Set(scored.map((row) => scoreOf(row, plugin))).size === 1)
  const telling = all.filter((plugin) => !same.includes(plugin))
  const stages: Stage[] = []
  const past = [...same]
  if (same.length > 0)
    stages.push({
      kind: 'score',
      title: same.length > 2 ? `${same.length} scores` : same.join(', '),
      sentence: `${same.join(', ')}: the same for all.`,
      plugins: [...past],
    })
  for (const plugin of telling) {
    past.push(plugin)
    const said = scored.map((row) => `${row.node} ${scoreWords(row, plugin)}`).slice(0, 8)
    const weight = viewOf(scored[0], plugin)?.weight ?? 1
    const times = weight === 1 ? '' : `, weight ${weight},`
    stages.push({
      kind: 'score',
      title: plugin,
      sentence: `${plugin}${times} gives ${said.join(', ')}.`,
      plugins: [...past],
      given: plugin,
    })
  }
  return stages
}

/** How a node stands at one of the stages. */
export function standOf(why: WhyView, stage: Stage, node: string): NodeStand | undefined {
  const row = why.rows.find((one) => one.node === node)
  if (row === undefined) return undefined
  const rejection = rejectionOf(row)
  const isOut =
    rejection !== undefined &&
    (stage.kind !== 'filter' ? stage.kind !== 'start' : stage.plugins.includes(rejection.plugin))
  const isScoring = stage.kind === 'score' || stage.kind === 'end'
  const score = isScoring ? row.scores.filter(({ plugin }) => stage.plugins.includes(plugin)).reduce(sum, 0) : 0
  const best = Math.max(1, ...why.rows.map(({ scores }) => scores.reduce(sum, 0)))
  return {
    rejectedBy: isOut ? rejection.plugin : '',
    message: isOut ? rejection.message : '',
    score,
    share: score / best,
    isPicked: stage.kind === 'end' && node === why.node,
    made: stage.given === undefined ? '' : madeOf(viewOf(row, stage.given)),
  }
}

const sum = (total: number, { score }: { readonly score: number }): number => total + score

function orderOf({ order, rows }: WhyView): readonly string[] {
  const rejecting = [...new Set(rows.flatMap((row) => rejectionOf(row)?.plugin ?? []))]
  return order === undefined || order.length === 0 ? rejecting : order
}

function pluginsOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap(({ scores }) => scores.map(({ plugin }) => plugin)))]
}

function viewOf(row: Row | undefined, plugin: string): ScoreView | undefined {
  return row?.scores.find((one) => one.plugin === plugin)
}

function scoreOf(row: Row, plugin: string): number {
  return viewOf(row, plugin)?.score ?? 0
}

/** `40 (raw 3 → 20 × 2)`. */
function scoreWords(row: Row, plugin: string): string {
  const score = String(Math.round(scoreOf(row, plugin)))
  const made = madeOf(viewOf(row, plugin))
  return made === '' || made === score ? score : `${score} (${made})`
}

function rejectionOf({ filters }: Row): { readonly plugin: string; readonly message: string } | undefined {
  return filters.find(({ message }) => message !== '' && !/^(passed|success)$/i.test(message))
}

function namesOf(rows: readonly Row[]): string {
  const names = rows.map(({ node }) => node)
  if (names.length > 4) return `${names.length} nodes`
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
