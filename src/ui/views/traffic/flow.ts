import { link, curveBumpX, scaleLinear } from 'd3'
import type { PodRow, TrafficRow } from '../../protocol.ts'

/** A stop on the way of requests. */
export interface Hop {
  readonly id: string
  readonly column: number
  readonly title: string
  readonly kind: string
  readonly rps: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly pod?: PodRow
}

export interface Ribbon {
  readonly id: string
  readonly d: string
  readonly width: number
  readonly rps: number
  /** whose colour it has */
  readonly to: string
  readonly middle: { readonly x: number; readonly y: number }
}

export interface Flow {
  readonly hops: readonly Hop[]
  readonly ribbons: readonly Ribbon[]
  readonly columns: readonly { readonly x: number; readonly title: string }[]
  readonly height: number
}

interface Edge {
  readonly from: string
  readonly to: string
  readonly rps: number
}

const widest = 30
const boxWidth = 158
const podHeight = 42
const boxHeight = 58
/** who sends has a line more, of what failed */
const sourceHeight = 66
const gap = 12
const head = 26

/** Lays requests out in columns, client first; a ribbon's width is linear in requests per second. */
export function layFlow(rows: readonly TrafficRow[], pods: ReadonlyMap<string, PodRow>, width: number): Flow {
  const edges = mergeEdges(rows)
  const columnOf = columnsOf(edges)
  const count = Math.max(1, ...[...columnOf.values()].map((column) => column + 1))
  const step = count > 1 ? (width - boxWidth - 4) / (count - 1) : 0
  const hops = layHops(edges, columnOf, pods, (column) => column * step, rows)
  const byId = new Map(hops.map((hop) => [hop.id, hop]))
  const thickness = scaleLinear([0, Math.max(1, ...hops.map(({ rps }) => rps))], [0, widest])
  const titles = columnTitles(hops, count)
  return {
    hops,
    ribbons: layRibbons(edges, byId, thickness),
    columns: titles.map((title, column) => ({ x: column * step, title })),
    height: Math.max(120, ...hops.map(({ y, height }) => y + height)) + 16,
  }
}

function mergeEdges(rows: readonly TrafficRow[]): readonly Edge[] {
  const merged = new Map<string, Edge>()
  for (const { from, to, rps } of rows.flatMap(({ edges }) => edges)) {
    const id = `${from} ${to}`
    merged.set(id, { from, to, rps: (merged.get(id)?.rps ?? 0) + rps })
  }
  return [...merged.values()]
}

/** The longest way from a source, so that every ribbon runs to the right; bounded, because a mesh may run in circles. */
function columnsOf(edges: readonly Edge[]): ReadonlyMap<string, number> {
  const columns = new Map<string, number>()
  for (const { from, to } of edges) columns.set(from, 0).set(to, columns.get(to) ?? 0)
  for (let round = 0; round < 8; round += 1) {
    let isSettled = true
    for (const { from, to } of edges) {
      const wanted = (columns.get(from) ?? 0) + 1
      if ((columns.get(to) ?? 0) >= wanted || wanted > 8) continue
      columns.set(to, wanted)
      isSettled = false
    }
    if (isSettled) break
  }
  return columns
}

function layHops(
  edges: readonly Edge[],
  columnOf: ReadonlyMap<string, number>,
  pods: ReadonlyMap<string, PodRow>,
  xOf: (column: number) => number,
  rows: readonly TrafficRow[],
): readonly Hop[] {
  const names = partsOf(rows)
  const below = new Map<number, number>()
  const hops = [...columnOf].map(([id, column]): Hop => {
    const pod = pods.get(podKeyOf(id))
    const rps = Math.max(sum(edges, 'to', id), sum(edges, 'from', id))
    const height = pod ? podHeight : column === 0 ? sourceHeight : boxHeight
    const y = below.get(column) ?? head
    below.set(column, y + height + gap)
    const { kind, title } = pod ? { kind: 'Pod', title: pod.suffix || pod.name } : names(id, column)
    return { id, column, title, kind, rps, x: xOf(column), y, width: boxWidth, height, ...(pod ? { pod } : {}) }
  })
  return centred(hops, below)
}

function centred(hops: readonly Hop[], below: ReadonlyMap<number, number>): readonly Hop[] {
  const tallest = Math.max(...below.values(), head)
  return hops.map((hop) => ({ ...hop, y: hop.y + (tallest - (below.get(hop.column) ?? head)) / 2 }))
}

function layRibbons(
  edges: readonly Edge[],
  hops: ReadonlyMap<string, Hop>,
  thickness: (rps: number) => number,
): readonly Ribbon[] {
  const used = new Map<string, number>()
  const curve = link<unknown, { x: number; y: number }>(curveBumpX)
    .x(({ x }) => x)
    .y(({ y }) => y)
  return edges.flatMap(({ from, to, rps }) => {
    const [source, target] = [hops.get(from), hops.get(to)]
    if (!source || !target) return []
    const width = thickness(rps)
    const start = { x: source.x + source.width, y: slot(used, `out ${from}`, source, thickness(source.rps), width) }
    const end = { x: target.x, y: slot(used, `in ${to}`, target, thickness(target.rps), width) }
    const d = curve({ source: start, target: end })
    const middle = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 }
    return d ? [{ id: `${from} ${to}`, d, width: Math.max(width, 0.75), rps, to, middle }] : []
  })
}

/** The next free place for a ribbon on the side of a box, all of them centred. */
function slot(used: Map<string, number>, side: string, hop: Hop, total: number, width: number): number {
  const start = used.get(side) ?? hop.y + (hop.height - total) / 2
  used.set(side, start + width)
  return start + width / 2
}

function sum(edges: readonly Edge[], end: 'from' | 'to', id: string): number {
  return edges.reduce((total, edge) => total + (edge[end] === id ? edge.rps : 0), 0)
}

/** `Pod/default/web-x` and `default/web-x` are the same pod. */
function podKeyOf(id: string): string {
  return id.startsWith('Pod/') ? id.slice(4) : id
}

function partsOf(rows: readonly TrafficRow[]): (id: string, column: number) => { kind: string; title: string } {
  const services = new Set(rows.map(({ service }) => service))
  return (id, column) => {
    const parts = id.split('/')
    if (/^[A-Z]/.test(id) && parts.length > 1) return { kind: parts[0] ?? '', title: parts.at(-1) ?? id }
    if (services.has(id)) return { kind: 'Service', title: parts.at(-1) ?? id }
    return { kind: column === 0 ? 'client' : '', title: id }
  }
}

function columnTitles(hops: readonly Hop[], count: number): readonly string[] {
  return Array.from({ length: count }, (_, column) => {
    const inside = hops.filter((hop) => hop.column === column)
    if (inside.some(({ pod }) => pod)) return 'Endpoints'
    return column === 0 ? 'Clients' : (inside[0]?.kind ?? '')
  })
}
