import { path } from 'd3'

/** A box in the stage's own coordinates. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** One pod on its way from the queue to its slot. */
export interface Flight {
  readonly key: string
  readonly label: string
  readonly colour: string
  readonly d: string
  /** more pods that share this flight's pill */
  readonly extra: number
}

export const flightsAtOnce = 12

/** A point on a way. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** Where one is after a part (0…1) of a way that was measured in equal steps. */
export function pointAlong(points: readonly Point[], part: number): Point {
  const at = Math.max(0, Math.min(1, part)) * (points.length - 1)
  const index = Math.min(Math.floor(at), points.length - 2)
  const [from, to] = [points[index], points[index + 1]]
  if (!from || !to) return points[0] ?? { x: 0, y: 0 }
  const t = at - index
  return { x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t }
}

/** From the queue over an arc down to a slot. */
export function arcPath(from: Box, to: Box): string {
  const [x1, y1] = [from.x + from.width / 2, from.y + from.height]
  const [x2, y2] = [to.x + to.width / 2, to.y - 2]
  const curve = path()
  curve.moveTo(x1, y1)
  curve.bezierCurveTo(x1, y1 + (y2 - y1) * 0.6, x2, y1 + (y2 - y1) * 0.25, x2, y2)
  return curve.toString()
}

/** Along the gap below the queue and down the right margin of the hull, so that no figure is crossed. */
export function gutterPath(from: Box, to: Box, hull: Box): string {
  const x = from.x + from.width / 2
  const y = from.y + from.height
  const gap = y + 10
  const margin = hull.x + hull.width - 5
  const end = to.y + to.height / 2
  const right = to.x + to.width + 1
  const turn = Math.sign(margin - x) || 1
  const line = path()
  line.moveTo(x, y)
  line.quadraticCurveTo(x, gap, x + 12 * turn, gap)
  line.lineTo(margin - 16 * turn, gap)
  line.quadraticCurveTo(margin, gap, margin, gap + 16)
  line.lineTo(margin, end - 8)
  line.quadraticCurveTo(margin, end, right, end)
  return line.toString()
}

/** The gutter where the hull stands right below the queue, an arc to hulls further down. */
export function flightPath(from: Box, to: Box, hull: Box): string {
  const isNext = hull.y - (from.y + from.height) < 32
  return isNext ? gutterPath(from, to, hull) : arcPath(from, to)
}
