import { barStep, pad } from './dots.ts'
import type { Cell, Dot, DotsLayout } from './dots.ts'
import type { Phase } from './phases.ts'

/** Colours by name, as the theme has them now. */
export type Palette = (name: string) => string

/** As much of a canvas as is drawn on. */
export type Ink = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

/** A picture of device px, 0xAABBGGRR, rows from the top, colours not multiplied by alpha. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly data: Uint32Array
}

/** One look of a dot: those px alone that are not empty, from the dot's middle. */
export interface Stamp {
  readonly dx: readonly number[]
  readonly dy: readonly number[]
  readonly colours: readonly number[]
}

export type Stamps = Readonly<Record<Phase, Stamp>>

/** px of the page that a dot may take, either way */
const stampSize = 12

const phases: Readonly<Record<Phase, true>> = {
  pending: true,
  init: true,
  creating: true,
  notready: true,
  ready: true,
  terminating: true,
  crash: true,
  imagepull: true,
  error: true,
  completed: true,
  evicted: true,
  unknown: true,
}

/** The stamps in the colours of now, `zoom` times as large as the smallest. `picture` draws one of so many px of the page. */
export function drawStamps(
  palette: Palette,
  zoom: number,
  picture: (width: number, height: number, draw: (ink: Ink) => void) => Pixels,
): Stamps {
  const size = Math.ceil(stampSize * zoom)
  const stampFor = (phase: Phase) =>
    stampOf(
      picture(size, size, (ink) => {
        ink.scale(size / stampSize, size / stampSize)
        drawDot(ink, phase, palette)
      }),
    )
  return Object.fromEntries(Object.keys(phases).map((phase) => [phase, stampFor(phase as Phase)])) as unknown as Stamps
}

/** The px of a picture that are not empty. */
export function stampOf({ width, height, data }: Pixels): Stamp {
  const stamp = { dx: [] as number[], dy: [] as number[], colours: [] as number[] }
  data.forEach((colour, at) => {
    if (colour >>> 24 === 0) return
    stamp.dx.push((at % width) - (width >> 1))
    stamp.dy.push(Math.floor(at / width) - (height >> 1))
    stamp.colours.push(colour)
  })
  return stamp
}

/** Draws all cells, which stay as they are while dots move. */
export function drawGround(ink: Ink, { cells, hasNames, zoom }: DotsLayout, palette: Palette): void {
  for (const cell of cells) {
    drawCell(ink, cell, palette)
    if (hasNames) drawName(ink, cell, palette, zoom > 1 ? 12 : 10)
    cell.loads.forEach((_, index) => drawBar(ink, cell, index, palette))
  }
}

/**
 * Puts the ground down, then quiet dots, then trouble, so that trouble is never covered. A thousand dots are a thousand
 * strokes for a canvas, and some ten thousand px here. `scale` is device px for one px of the page.
 */
export function composeDots(
  target: Pixels,
  ground: Pixels,
  stamps: Stamps,
  dots: readonly Dot[],
  placeOf: (dot: Dot) => { readonly x: number; readonly y: number },
  scale: number,
): void {
  target.data.set(ground.data)
  for (const isLoud of [false, true])
    for (const dot of dots) {
      if (dot.isTrouble !== isLoud) continue
      const { x, y } = placeOf(dot)
      press(target, stamps[dot.phase], Math.round(x * scale), Math.round(y * scale))
    }
}

function press({ width, height, data }: Pixels, { dx, dy, colours }: Stamp, x: number, y: number): void {
  for (let index = 0; index < colours.length; index += 1) {
    const [column, row] = [x + dx[index]!, y + dy[index]!]
    if (column < 0 || row < 0 || column >= width || row >= height) continue
    const at = row * width + column
    data[at] = over(colours[index]!, data[at]!)
  }
}

/** One colour over another. */
function over(front: number, back: number): number {
  const share = front >>> 24
  const below = back >>> 24
  if (share === 255 || below === 0) return front
  const all = share * 255 + below * (255 - share)
  const part = (share * 255) / all
  // Red and blue are mixed in one go: sixteen bits lie between them.
  const weight = Math.round(part * 256)
  const odd = ((front & 0xff00ff) * weight + (back & 0xff00ff) * (256 - weight)) / 256
  const green = ((front & 0xff00) * weight + (back & 0xff00) * (256 - weight)) / 256
  return ((Math.round(all / 255) << 24) | (odd & 0xff00ff) | (green & 0xff00)) >>> 0
}

/** Rings the selected dot. */
export function drawRing(
  ink: Ink,
  { x, y }: { readonly x: number; readonly y: number },
  zoom: number,
  palette: Palette,
): void {
  ink.strokeStyle = palette('--accent')
  ink.lineWidth = 1.5
  ink.beginPath()
  ink.arc(x, y, 6 * zoom, 0, 7)
  ink.stroke()
}

function drawCell(ink: Ink, cell: Cell, palette: Palette): void {
  ink.beginPath()
  ink.roundRect(cell.x + 0.5, cell.y + 0.5, cell.width - 1, cell.height - 1, [3, 3, 8, 8])
  ink.fillStyle = palette(cell.isReady ? '--surface' : '--surface-2')
  ink.fill()
  ink.setLineDash(cell.isReady && !cell.isCordoned ? [] : [4, 3])
  ink.strokeStyle = palette(cell.isReady ? '--line-2' : '--fault')
  ink.lineWidth = 1
  ink.stroke()
  ink.setLineDash([])
}

function drawName(ink: Ink, cell: Cell, palette: Palette, size: number): void {
  ink.fillStyle = palette(cell.isReady ? '--ink-2' : '--fault-ink')
  ink.font = `${size}px ${palette('--font-ui')}`
  ink.textBaseline = 'top'
  ink.fillText(cell.name, cell.x + pad, cell.y + 5, cell.width - 2 * pad)
}

/** px from the left of a cell to its bars, behind their names */
const barLeft = pad + 27

/** What is requested of a resource, and the line past which nothing may be promised. */
function drawBar(ink: Ink, cell: Cell, index: number, palette: Palette): void {
  const { name, requested, allocatable } = cell.loads[index]!
  const [x, y, width] = [cell.x + barLeft, cell.y + 25 + index * barStep, cell.width - barLeft - pad]
  ink.fillStyle = palette('--ink-2')
  ink.font = `10px ${palette('--font-ui')}`
  ink.textBaseline = 'middle'
  ink.fillText(name, cell.x + pad, y + 3)
  ink.fillStyle = palette('--surface-3')
  ink.fillRect(x, y, width, 5)
  ink.fillStyle = palette('--o5')
  ink.fillRect(x, y, (width * requested) / 100, 5)
  ink.fillStyle = palette('--ink-2')
  ink.fillRect(x + (width * allocatable) / 100 - 1, y - 1, 1.5, 7)
}

/** One dot in the middle of its stamp. */
function drawDot(ink: Ink, phase: Phase, palette: Palette): void {
  const [x, y] = [stampSize / 2, stampSize / 2]
  ink.fillStyle = ink.strokeStyle = palette(`--ph-${phase === 'init' ? 'creating' : phase}`)
  ink.lineWidth = 1.4
  ink.beginPath()
  if (phase === 'ready') {
    ink.arc(x, y, 1.9, 0, 7)
    ink.fill()
  } else if (phase === 'creating' || phase === 'init') {
    ink.arc(x, y, 2.8, 0, 4.6)
    ink.stroke()
  } else if (phase === 'notready') {
    ink.arc(x, y, 3, 0, 7)
    ink.stroke()
    ink.beginPath()
    ink.arc(x, y, 3, Math.PI / 2, (3 * Math.PI) / 2)
    ink.fill()
  } else if (phase === 'completed' || phase === 'terminating') {
    ink.rect(x - 2, y - 2, 4, 4)
    if (phase === 'terminating') ink.stroke()
    else ink.fill()
  } else if (phase === 'imagepull') {
    for (const [dx, dy] of [
      [0, -4],
      [4, 0],
      [0, 4],
      [-4, 0],
    ] as const)
      ink.lineTo(x + dx, y + dy)
    ink.closePath()
    ink.stroke()
  } else if (phase === 'unknown' || phase === 'pending') {
    ink.setLineDash([1.5, 1.5])
    ink.arc(x, y, 2.6, 0, 7)
    ink.stroke()
    ink.setLineDash([])
  } else {
    ink.moveTo(x, y - 4)
    ink.lineTo(x + 4, y + 3)
    ink.lineTo(x - 4, y + 3)
    ink.closePath()
    ink.fill()
  }
}
