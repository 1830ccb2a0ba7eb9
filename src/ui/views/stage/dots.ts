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
const pad = 7

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

/** Draws cells, then quiet dots, then trouble, so that trouble is never covered. */
export function drawDots(
  context: CanvasRenderingContext2D,
  layout: DotsLayout,
  places: (dot: Dot) => { readonly x: number; readonly y: number },
  palette: Palette,
  selected: string | undefined,
): void {
  for (const cell of layout.cells) drawCell(context, cell, palette, layout.hasNames)
  const quiet = layout.dots.filter((dot) => !dot.isTrouble)
  const loud = layout.dots.filter((dot) => dot.isTrouble)
  for (const dot of [...quiet, ...loud]) {
    const { x, y } = places(dot)
    drawDot(context, dot.phase, x, y, palette)
    if (dot.key !== selected) continue
    context.strokeStyle = palette('--accent')
    context.lineWidth = 1.5
    context.beginPath()
    context.arc(x, y, 6, 0, 7)
    context.stroke()
  }
}

function drawCell(context: CanvasRenderingContext2D, cell: Cell, palette: Palette, hasName: boolean): void {
  context.beginPath()
  context.roundRect(cell.x + 0.5, cell.y + 0.5, cell.width - 1, cell.height - 1, [3, 3, 8, 8])
  context.fillStyle = palette(cell.isReady ? '--surface' : '--surface-2')
  context.fill()
  context.setLineDash(cell.isReady && !cell.isCordoned ? [] : [4, 3])
  context.strokeStyle = palette(cell.isReady ? '--line-2' : '--fault')
  context.lineWidth = 1
  context.stroke()
  context.setLineDash([])
  if (!hasName) return
  context.fillStyle = palette(cell.isReady ? '--ink-3' : '--fault-ink')
  context.font = '10px ' + palette('--font-ui')
  context.textBaseline = 'top'
  context.fillText(cell.name, cell.x + pad, cell.y + 5, cell.width - 2 * pad)
}

function drawDot(context: CanvasRenderingContext2D, phase: Phase, x: number, y: number, palette: Palette): void {
  context.fillStyle = context.strokeStyle = palette(`--ph-${phase === 'init' ? 'creating' : phase}`)
  context.lineWidth = 1.4
  context.beginPath()
  if (phase === 'ready') {
    context.arc(x, y, 1.9, 0, 7)
    context.fill()
  } else if (phase === 'creating' || phase === 'init') {
    context.arc(x, y, 2.8, 0, 4.6)
    context.stroke()
  } else if (phase === 'notready') {
    context.arc(x, y, 3, 0, 7)
    context.stroke()
    context.beginPath()
    context.arc(x, y, 3, Math.PI / 2, (3 * Math.PI) / 2)
    context.fill()
  } else if (phase === 'completed' || phase === 'terminating') {
    context.rect(x - 2, y - 2, 4, 4)
    if (phase === 'terminating') context.stroke()
    else context.fill()
  } else if (phase === 'imagepull') {
    for (const [dx, dy] of [
      [0, -4],
      [4, 0],
      [0, 4],
      [-4, 0],
    ] as const)
      context.lineTo(x + dx, y + dy)
    context.closePath()
    context.stroke()
  } else if (phase === 'unknown' || phase === 'pending') {
    context.setLineDash([1.5, 1.5])
    context.arc(x, y, 2.6, 0, 7)
    context.stroke()
    context.setLineDash([])
  } else {
    context.moveTo(x, y - 4)
    context.lineTo(x + 4, y + 3)
    context.lineTo(x - 4, y + 3)
    context.closePath()
    context.fill()
  }
}
