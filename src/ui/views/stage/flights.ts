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

/** One stroke of a way: a line has two points, a quadratic curve three, a cubic four. The first is where the last stroke ended. */
type Stroke = readonly Point[]

/** A way as its strokes. */
export type Way = readonly Stroke[]

/** Where one is after a part (0…1) of a way that was measured in equal steps. */
export function pointAlong(points: readonly Point[], part: number): Point {
  const at = Math.max(0, Math.min(1, part)) * (points.length - 1)
  const index = Math.min(Math.floor(at), points.length - 2)
  const [from, to] = [points[index], points[index + 1]]
  if (!from || !to) return points[0] ?? { x: 0, y: 0 }
  return between(from, to, at - index)
}

/** From the queue over an arc down to a slot. */
export function arcWay(from: Box, to: Box): Way {
  const [x1, y1] = [from.x + from.width / 2, from.y + from.height]
  const [x2, y2] = [to.x + to.width / 2, to.y - 2]
  const rise = y2 - y1
  return [
    [
      { x: x1, y: y1 },
      { x: x1, y: y1 + rise * 0.6 },
      { x: x2, y: y1 + rise * 0.25 },
      { x: x2, y: y2 },
    ],
  ]
}

/** Along the gap below the queue and down the right margin of the hull, so that no figure is crossed. */
export function gutterWay(from: Box, to: Box, hull: Box): Way {
  const x = from.x + from.width / 2
  const y = from.y + from.height
  const gap = y + 10
  const margin = hull.x + hull.width - 5
  const end = to.y + to.height / 2
  const right = to.x + to.width + 1
  const turn = Math.sign(margin - x) || 1
  const turned = { x: x + 12 * turn, y: gap }
  const before = { x: margin - 16 * turn, y: gap }
  const down = { x: margin, y: gap + 16 }
  const low = { x: margin, y: end - 8 }
  return [
    [{ x, y }, { x, y: gap }, turned],
    [turned, before],
    [before, { x: margin, y: gap }, down],
    [down, low],
    [low, { x: margin, y: end }, { x: right, y: end }],
  ]
}

/** The gutter where the hull stands right below the queue, an arc to hulls further down. */
export function flightWay(from: Box, to: Box, hull: Box): Way {
  const isNext = hull.y - (from.y + from.height) < 32
  return isNext ? gutterWay(from, to, hull) : arcWay(from, to)
}

/** A way in the words of SVG. */
export function pathOf(way: Way): string {
  const first = way[0]?.[0]
  if (!first) return ''
  const words = way.map((stroke) => `${verbs[stroke.length] ?? 'L'}${stroke.slice(1).map(figures).join(' ')}`)
  return `M${figures(first)}${words.join('')}`
}

const verbs: Readonly<Record<number, string>> = { 2: 'L', 3: 'Q', 4: 'C' }
const figures = ({ x, y }: Point): string => `${Number(x.toFixed(2))},${Number(y.toFixed(2))}`

const samplesOfStroke = 12
const steps = 32

/** A way in equal steps. Worked out here because asking the browser for points on a path takes a frame's time. */
export function measured(way: Way): readonly Point[] {
  const fine = way.flatMap((stroke, index) =>
    Array.from({ length: samplesOfStroke + (index === 0 ? 1 : 0) }, (_, at) =>
      onStroke(stroke, (index === 0 ? at : at + 1) / samplesOfStroke),
    ),
  )
  const lengths = [0]
  for (let at = 1; at < fine.length; at += 1) lengths.push(lengths[at - 1]! + distance(fine[at - 1]!, fine[at]!))
  const whole = lengths.at(-1) ?? 0
  const points: Point[] = []
  let at = 0
  for (let step = 0; step <= steps; step += 1) {
    const wanted = (whole * step) / steps
    while (at < fine.length - 2 && lengths[at + 1]! < wanted) at += 1
    const span = lengths[at + 1]! - lengths[at]!
    points.push(between(fine[at]!, fine[at + 1]!, span > 0 ? Math.min(1, (wanted - lengths[at]!) / span) : 0))
  }
  return points
}

/** De Casteljau's: halves of halves, for curves of any degree. */
function onStroke(stroke: Stroke, t: number): Point {
  let points = stroke
  while (points.length > 1) points = points.slice(1).map((point, index) => between(points[index]!, point, t))
  return points[0] ?? { x: 0, y: 0 }
}

function between(from: Point, to: Point, t: number): Point {
  return { x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t }
}

function distance(a: Point, b: Point): number {
  return Math.hypot(b.x - a.x, b.y - a.y)
}
