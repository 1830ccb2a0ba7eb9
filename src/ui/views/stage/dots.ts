import { quadtree } from 'd3'
import type { Quadtree } from 'd3'
import type { Load, NodeRow, PodRow } from '../../protocol.ts'
import { isTrouble, phaseOf } from './phases.ts'
import type { Phase } from './phases.ts'

/** A pod as a dot, in px of the canvas. */
export interface Dot {
  readonly key: string
  readonly x: number
  readonly y: number
  readonly phase: Phase
  readonly owner: string
  readonly isTrouble: boolean
}

/** A node as a cell. */
export interface Cell {
  readonly name: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly isReady: boolean
  readonly isCordoned: boolean
  /** CPU and memory in percent of what the node has; none where there is no room for bars */
  readonly loads: readonly BarShare[]
}

/** A load bar in whole percent of its node's capacity. */
export interface BarShare {
  readonly name: string
  readonly requested: number
  readonly allocatable: number
}

/** Everything that the canvas draws, and how tall it has to be. */
export interface DotsLayout {
  readonly cells: readonly Cell[]
  readonly dots: readonly Dot[]
  readonly height: number
  readonly hasNames: boolean
  /** how much larger than at their smallest dots and words are drawn */
  readonly zoom: number
}

const gap = 5
/** room in a cell around its dots, px */
export const pad = 7
/** how far apart dots stand: as far as there is room, and 10 or 7 where there is not */
const roomySteps: readonly number[] = [26, 24, 22, 20, 18, 16, 14, 12]
const plainStep = 10
/** px from one load bar to the next */
export const barStep = 12

/** Lays nodes out in a grid of cells and pods within them, in the order of the tiles. */
export function layDots(
  nodes: readonly { readonly row: NodeRow; readonly pods: readonly PodRow[] }[],
  width: number,
  room: number,
): DotsLayout {
  const count = Math.max(1, nodes.length)
  const fullest = Math.max(1, ...nodes.map(({ pods }) => pods.length))
  const columns = columnsFor(count, width, room)
  const cellWidth = (width - gap * (columns - 1)) / columns
  const rows = Math.ceil(count / columns)
  const shapes = roomySteps.map((step) => shapeFor(step, fullest, cellWidth))
  const shape =
    shapes.find(({ cellHeight }) => rows * (cellHeight + gap) <= room) ??
    shapeFor(stepFor(fullest, cellWidth - 2 * pad), fullest, cellWidth)
  const { step, zoom, head, inset, perRow, cellHeight, hasNames } = shape
  const cells = nodes.map(({ row }, index): Cell => ({
    name: row.name,
    x: (index % columns) * (cellWidth + gap),
    y: Math.floor(index / columns) * (cellHeight + gap),
    width: cellWidth,
    height: cellHeight,
    isReady: row.condition === 'Ready',
    isCordoned: row.isCordoned,
    loads: shape.hasBars ? [shareOf('cpu', row.cpu), shareOf('mem', row.memory)] : [],
  }))
  const dots = nodes.flatMap(({ pods }, at) => {
    const cell = cells[at]
    if (!cell) return []
    return pods.map((pod, index): Dot => ({
      key: pod.key,
      x: cell.x + inset + (index % perRow) * step,
      y: cell.y + head + inset + Math.floor(index / perRow) * step,
      phase: phaseOf(pod.look),
      owner: pod.owner,
      isTrouble: isTrouble(pod.look),
    }))
  })
  return { cells, dots, height: rows * (cellHeight + gap), hasNames, zoom }
}

/** How a cell is divided when its dots stand `step` px apart. */
function shapeFor(step: number, fullest: number, cellWidth: number) {
  const zoom = Math.max(1, step / plainStep)
  const hasNames = cellWidth >= 62
  const hasBars = zoom > 1 && cellWidth >= 110
  const inset = pad * zoom
  const head = !hasNames ? 2 : hasBars ? 20 + 2 * barStep : 15
  const perRow = Math.max(1, Math.floor((cellWidth - 2 * inset) / step) + 1)
  const cellHeight = head + 2 * inset + (Math.ceil(fullest / perRow) - 1) * step + 4
  return { step, zoom, hasNames, hasBars, inset, head, perRow, cellHeight }
}

function shareOf(name: string, { capacity, requested, allocatable }: Load): BarShare {
  const part = (value: number) => (capacity <= 0 ? 0 : Math.max(0, Math.min(100, Math.round((value / capacity) * 100))))
  return { name, requested: part(requested), allocatable: part(allocatable) }
}

function columnsFor(count: number, width: number, room: number): number {
  const fitting = Math.max(1, Math.floor((width + gap) / (54 + gap)))
  const wanted = Math.round(Math.sqrt((count * width) / Math.max(room, 120)))
  return Math.max(1, Math.min(count, fitting, Math.max(wanted, Math.ceil(width / 260))))
}

function stepFor(fullest: number, width: number): number {
  return fullest * 100 > width * width ? 7 : plainStep
}

/** Finds the dot under the pointer. */
export function findDots(dots: readonly Dot[]): Quadtree<Dot> {
  return quadtree(
    [...dots],
    ({ x }) => x,
    ({ y }) => y,
  )
}

/** Colours by name, as the theme has them now. */
export type Palette = (name: string) => string
