import type { ScoreView, WhyView } from '../../protocol.ts'

type Row = WhyView['rows'][number]

/** The filters in the order in which the scheduler runs them, and what a narrow column calls them. */
export const filterOrder: readonly { readonly plugin: string; readonly short: string }[] = [
  { plugin: 'NodeUnschedulable', short: 'Unsched.' },
  { plugin: 'NodeName', short: 'Name' },
  { plugin: 'TaintToleration', short: 'Taints' },
  { plugin: 'NodeAffinity', short: 'Affinity' },
  { plugin: 'NodePorts', short: 'Ports' },
  { plugin: 'NodeResourcesFit', short: 'Fit' },
  { plugin: 'VolumeRestrictions', short: 'Volume use' },
  { plugin: 'NodeVolumeLimits', short: 'Volume limits' },
  { plugin: 'VolumeBinding', short: 'Volumes' },
  { plugin: 'VolumeZone', short: 'Volume zone' },
  { plugin: 'PodTopologySpread', short: 'Spread' },
  { plugin: 'InterPodAffinity', short: 'Pod affinity' },
  { plugin: 'DynamicResources', short: 'Devices' },
]

/** Those that are shown even where none rejects: the ones people meet first. */
const alwaysShown = [
  'NodeUnschedulable',
  'TaintToleration',
  'NodeAffinity',
  'NodePorts',
  'NodeResourcesFit',
  'VolumeBinding',
  'PodTopologySpread',
  'InterPodAffinity',
]

export type Verdict = 'passed' | 'rejected' | 'skipped'

/** One node's line in the table of filters. */
export interface FilterRow {
  readonly node: string
  readonly verdicts: readonly Verdict[]
  /** what the filter that rejected it said */
  readonly reason: string
  readonly isFeasible: boolean
}

/** The table of filters: a node stops at its first rejection. */
export function filterTable({ rows }: WhyView): {
  columns: readonly { plugin: string; short: string }[]
  rows: readonly FilterRow[]
} {
  const rejecting = new Set(rows.flatMap(({ filters }) => filters.filter(isRejection).map(({ plugin }) => plugin)))
  const known = filterOrder.filter(({ plugin }) => alwaysShown.includes(plugin) || rejecting.has(plugin))
  const others = [...rejecting].filter((plugin) => !filterOrder.some((one) => one.plugin === plugin))
  const columns = [...known, ...others.map((plugin) => ({ plugin, short: plugin }))]
  return { columns, rows: rows.map((row) => filterRow(row, columns)) }
}

function filterRow(row: Row, columns: readonly { plugin: string }[]): FilterRow {
  const rejection = row.filters.find(isRejection)
  const at = rejection ? columns.findIndex(({ plugin }) => plugin === rejection.plugin) : columns.length
  const verdicts = columns.map((_, index): Verdict => (index < at ? 'passed' : index === at ? 'rejected' : 'skipped'))
  return { node: row.node, verdicts, reason: rejection?.message ?? '', isFeasible: !rejection }
}

function isRejection({ message }: { readonly message: string }): boolean {
  return message !== '' && !/^(passed|success)$/i.test(message)
}

/** One score as the table shows it: what counts, and how it came about. */
export interface ScoreCell {
  readonly score: number
  /** `raw 1850 → 92 × 1` */
  readonly made: string
}

/** The table of scores; undefined where fewer than two nodes were scored (a single feasible node is taken unscored). */
export function scoreTable({ rows, node }: WhyView, isWhole = false) {
  const scored = rows.filter(({ scores }) => scores.length > 0)
  if (scored.length < 2) return undefined
  const plugins = [...new Set(scored.flatMap(({ scores }) => scores.map(({ plugin }) => plugin)))]
  // Plugins that say the same of all nodes decide nothing, but belong to the sum.
  const telling = plugins.filter((plugin) => new Set(scored.map((row) => scoreOf(row, plugin)?.score ?? 0)).size > 1)
  const columns = isWhole ? plugins : telling.length > 0 ? telling : plugins.slice(0, 4)
  const sums = scored.map((row) => ({
    node: row.node,
    cells: columns.map((plugin): ScoreCell => ({
      score: scoreOf(row, plugin)?.score ?? 0,
      made: madeOf(scoreOf(row, plugin)),
    })),
    total: row.total ?? row.scores.reduce((sum, { score }) => sum + score, 0),
    isPicked: row.node === node,
  }))
  const top = Math.max(1, ...sums.map(({ total }) => total))
  return {
    columns,
    hidden: plugins.length - columns.length,
    rows: sums.sort((a, b) => b.total - a.total).map((row) => ({ ...row, share: row.total / top })),
  }
}

function scoreOf(row: Row, plugin: string): ScoreView | undefined {
  return row.scores.find((one) => one.plugin === plugin)
}

/** How a weighted score came about, from what the plugin counted on. */
export function madeOf(score: ScoreView | undefined): string {
  if (score?.raw === undefined || score.normalized === undefined) return ''
  const { raw, normalized, weight = 1 } = score
  const times = weight === 1 ? '' : ` × ${weight}`
  return raw === normalized ? `${figure(raw)}${times}` : `raw ${figure(raw)} → ${figure(normalized)}${times}`
}

/** A figure as short as it may be: whole, or with what a plugin counts below one. */
function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 10 ? 2 : 0)
}

/** What there is to say of nodes that were equally good. */
export function tieWords({ tied = [], node, draw }: WhyView): string | undefined {
  if (draw === undefined || tied.length < 2) return undefined
  const shown = tied.slice(0, 5)
  const others = tied.length > shown.length ? ` and ${tied.length - shown.length} more` : ''
  const names = others ? shown.join(', ') + others : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
  return `A tie: ${names} have the same total. No lot is drawn: ${draw.slice(draw.indexOf(';') + 1).trim() || node}.`
}

/** `NodeResourcesBalancedAllocation` → `Balanced allocation`. */
export function pluginWords(plugin: string): string {
  const words = plugin.replace(/^NodeResources/, '').replace(/([a-z])([A-Z])/g, '$1 $2')
  return words.charAt(0) + words.slice(1).toLowerCase()
}

/** The scheduler's message in parts; the reasons, `2 Insufficient cpu`, are told from the rest. */
export function messageParts(message: string): readonly { readonly text: string; readonly isReason: boolean }[] {
  const head = /^\d+\/\d+ nodes are available: /.exec(message)?.[0]
  if (!head) return [{ text: message, isReason: false }]
  const end = message.indexOf('. ', head.length)
  const stop = end < 0 ? message.replace(/\.$/, '').length : end
  const reasons = message.slice(head.length, stop).split(/, (?=\d+ )/)
  const parts = [{ text: head, isReason: false }]
  for (const [index, text] of reasons.entries()) {
    if (index > 0) parts.push({ text: ', ', isReason: false })
    parts.push({ text, isReason: true })
  }
  return [...parts, { text: message.slice(stop), isReason: false }]
}
