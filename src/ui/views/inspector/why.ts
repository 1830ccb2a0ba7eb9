import type { NodeRow, PodRow, WhyView } from '../../protocol.ts'

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

/** The table of scores; undefined where fewer than two nodes were scored (a single feasible node is taken unscored). */
export function scoreTable({ rows, node }: WhyView) {
  const scored = rows.filter(({ scores }) => scores.length > 0)
  if (scored.length < 2) return undefined
  const plugins = [...new Set(scored.flatMap(({ scores }) => scores.map(({ plugin }) => plugin)))]
  const all = plugins.map((plugin) => scored.map((row) => row.scores.find((one) => one.plugin === plugin)?.score ?? 0))
  // Plugins that say the same of all nodes decide nothing, but belong to the sum.
  const telling = plugins.filter((_, index) => new Set(all[index]).size > 1)
  const columns = telling.length > 0 ? telling : plugins.slice(0, 4)
  const sums = scored.map((row) => ({
    node: row.node,
    cells: columns.map((plugin) => row.scores.find((one) => one.plugin === plugin)?.score ?? 0),
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

/** What a pod lacks on a node that only its size keeps it from: the smallest change that would place it there. */
export interface Shortage {
  readonly node: string
  /** free now, in thousandths of a core */
  readonly cpuFree: number
  readonly memoryFree: number
  /** how much too much is asked; 0 where it fits */
  readonly cpuShort: number
  readonly memoryShort: number
}

/** Nodes that only lack room, nearest to fitting first. Worked out from what the stage knows, requests against allocatable. */
export function shortages(why: WhyView, pod: PodRow, nodes: readonly NodeRow[]): readonly Shortage[] {
  const found = why.rows.flatMap((row) => {
    const rejection = row.filters.find(isRejection)
    const node = nodes.find(({ name }) => name === row.node)
    if (!node || (rejection && rejection.plugin !== 'NodeResourcesFit')) return []
    const cpuFree = node.cpu.allocatable - node.cpu.requested
    const memoryFree = node.memory.allocatable - node.memory.requested
    const cpuShort = Math.max(0, pod.cpuMilli - cpuFree)
    const memoryShort = Math.max(0, pod.memoryBytes - memoryFree)
    return cpuShort + memoryShort > 0 ? [{ node: row.node, cpuFree, memoryFree, cpuShort, memoryShort }] : []
  })
  const size = ({ cpuShort, memoryShort }: Shortage) =>
    cpuShort / Math.max(1, pod.cpuMilli) + memoryShort / Math.max(1, pod.memoryBytes)
  return found.sort((a, b) => size(a) - size(b))
}
