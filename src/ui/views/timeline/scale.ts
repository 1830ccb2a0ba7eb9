import { scaleLinear } from 'd3'
import type { Mark } from '../../protocol.ts'

/** Lengths that a timeline may show, in virtual ms: it grows by leaps, so that it stands still most of the time. */
const spans = [10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800, 43200, 86400, 172800, 604800].map(
  (seconds) => seconds * 1000,
)
const roomAhead = 0.94

/** How much the ruler shows: the shortest span that holds everything with some room ahead. */
export function spanFor(end: number): number {
  return spans.find((span) => end <= span * roomAhead) ?? Math.ceil(end / 604_800_000 + 1) * 604_800_000
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400].map(
  (seconds) => seconds * 1000,
)

/** The moments that the ruler names: round ones, with room for their words. */
export function rulesFor(span: number, width: number): readonly number[] {
  const most = Math.max(2, Math.floor(width / 110))
  const step = steps.find((one) => span / one <= most) ?? span
  return Array.from({ length: Math.floor(span / step) + 1 }, (_, index) => index * step)
}

/** Moment to px and back. */
export function timeScale(span: number, width: number) {
  return scaleLinear([0, span], [0, width]).clamp(true)
}

/** Marks that stand so close that they are drawn as one. */
export interface Cluster {
  readonly x: number
  readonly at: number
  readonly kind: Mark['kind']
  readonly label: string
  readonly count: number
  readonly seq: number
}

const closeness: Record<'phase' | 'other', number> = { phase: 1.5, other: 9 }

/** Thin ticks more than a px apart, and icons that do not cover each other; the label tells of all that a mark stands for. */
export function clusterMarks(marks: readonly Mark[], toX: (at: number) => number): readonly Cluster[] {
  const last = new Map<string, { -readonly [Key in keyof Cluster]: Cluster[Key] }>()
  const clusters: { -readonly [Key in keyof Cluster]: Cluster[Key] }[] = []
  for (const mark of [...marks].sort((a, b) => a.at - b.at)) {
    const x = toX(mark.at)
    const lane = mark.kind === 'phase' ? 'phase' : mark.kind
    const before = last.get(lane)
    if (before && x - before.x < closeness[mark.kind === 'phase' ? 'phase' : 'other']) {
      before.count += 1
      continue
    }
    const cluster = { x, at: mark.at, kind: mark.kind, label: mark.label, count: 1, seq: mark.seq }
    last.set(lane, cluster)
    clusters.push(cluster)
  }
  return clusters
}

/** A cluster's words, placed where they cover no other. */
export interface PlacedLabel {
  readonly x: number
  readonly row: 'above' | 'below'
  readonly text: string
  readonly isStart: boolean
}

/** Room that something else than a label takes. */
export interface Reserved {
  readonly row: PlacedLabel['row']
  readonly from: number
  readonly to: number
}

const letterWidth = 5.6
const tagPadding = 12

/** The room of a branch's chip that begins at `from`. */
export function tagRoom(from: number, text: string): Reserved {
  return { row: 'below', from, to: from + text.length * letterWidth + tagPadding }
}

/** The room that a branch's line takes on its way from the track down to its chip. */
export function connectorRoom(x: number): Reserved {
  return { row: 'below', from: x - 2, to: x + 18 }
}

/** Names marks below the track, or above it, or not at all where there is no room: what you did first, faults next. */
export function placeLabels(
  clusters: readonly Cluster[],
  width: number,
  reserved: readonly Reserved[] = [],
): readonly PlacedLabel[] {
  const rank: Record<Mark['kind'], number> = { you: 0, fault: 0, goal: 1, node: 2, trouble: 3, phase: 9 }
  const taken: Reserved[] = [...reserved]
  const placed: PlacedLabel[] = []
  const named = clusters.filter(({ kind, label }) => kind !== 'phase' && kind !== 'trouble' && label !== '')
  for (const cluster of [...named].sort((a, b) => rank[a.kind] - rank[b.kind] || b.at - a.at)) {
    const label = shorten(cluster.label)
    const text = cluster.count > 1 ? `${label} +${cluster.count - 1}` : label
    const half = (text.length * letterWidth) / 2
    const isStart = cluster.x < half
    const [from, to] = isStart ? [cluster.x, cluster.x + 2 * half] : [cluster.x - half, cluster.x + half]
    if (to > width + 12) continue
    const rows: readonly PlacedLabel['row'][] = cluster.kind === 'node' ? ['above', 'below'] : ['below', 'above']
    const row = rows.find((one) =>
      taken.every((other) => other.row !== one || to + 6 < other.from || from - 6 > other.to),
    )
    if (!row) continue
    taken.push({ row, from, to })
    placed.push({ x: cluster.x, row, text, isStart })
  }
  return placed
}

const longest = 26

function shorten(label: string): string {
  const words = label
    .replace(/ --\S+/g, '')
    .replace(/^kubectl /, '')
    .replace(/^[A-Z]\w+\//, '')
  return words.length > longest ? `${words.slice(0, longest - 1)}…` : words
}

/** The colour of a thin tick: its label names the phase (a `PodLook`), where it names one. */
export function tickColour(label: string): string {
  const words: readonly (readonly [RegExp, string])[] = [
    [/not.?ready|unhealthy/i, 'notready'],
    [/ready|running|started/i, 'ready'],
    [/crash|backoff/i, 'crash'],
    [/image/i, 'imagepull'],
    [/error|oom|failed/i, 'error'],
    [/terminat|kill|delet/i, 'terminating'],
    [/evict/i, 'evicted'],
    [/complet|succeeded/i, 'completed'],
    [/creat|pull|init|schedul/i, 'creating'],
  ]
  const phase = words.find(([pattern]) => pattern.test(label))?.[1] ?? 'pending'
  return `var(--ph-${phase})`
}
