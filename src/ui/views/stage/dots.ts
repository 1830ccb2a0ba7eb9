import { quadtree } from 'd3'
import type { Quadtree } from 'd3'
import type { NodeRow, PodRow } from '../../protocol.ts'
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
}

/** Everything that the canvas draws, and how tall it has to be. */
export interface DotsLayout {
  readonly cells: readonly Cell[]
  readonly dots: readonly Dot[]
  readonly height: number
  readonly hasNames: boolean
}

const gap = 5
/** room in a cell around its dots, px */
export const pad = 7

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
  const hasNames = cellWidth >= 62
  const head = hasNames ? 15 : 2
  const step = stepFor(fullest, cellWidth - 2 * pad)
  const perRow = Math.max(1, Math.floor((cellWidth - 2 * pad) / step) + 1)
  const cellHeight = head + 2 * pad + (Math.ceil(fullest / perRow) - 1) * step + 4
  const cells = nodes.map(({ row }, index): Cell => ({
    name: row.name,
    x: (index % columns) * (cellWidth + gap),
    y: Math.floor(index / columns) * (cellHeight + gap),
    width: cellWidth,
    height: cellHeight,
    isReady: row.condition === 'Ready',
    isCordoned: row.isCordoned,
  }))
  const dots = nodes.flatMap(({ pods }, at) => {
    const cell = cells[at]
    if (!cell) return []
    return pods.map((pod, index): Dot => ({
      key: pod.key,
      x: cell.x + pad + (index % perRow) * step,
      y: cell.y + head + pad + Math.floor(index / perRow) * step,
      phase: phaseOf(pod.look),
      owner: pod.owner,
      isTrouble: isTrouble(pod.look),
    }))
  })
  return { cells, dots, height: Math.ceil(count / columns) * (cellHeight + gap), hasNames }
}

function columnsFor(count: number, width: number, room: number): number {
  const fitting = Math.max(1, Math.floor((width + gap) / (54 + gap)))
  const wanted = Math.round(Math.sqrt((count * width) / Math.max(room, 120)))
  return Math.max(1, Math.min(count, fitting, Math.max(wanted, Math.ceil(width / 260))))
}

function stepFor(fullest: number, width: number): number {
  return fullest * 100 > width * width ? 7 : 10
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
