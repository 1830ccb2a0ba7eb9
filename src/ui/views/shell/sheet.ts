/** Where the phone's terminal sheet stands: its handle alone, beside the stage, or over most of it. */
export type SheetStop = 'low' | 'half' | 'full'

/** the handle with the last line */
export const lowPx = 44
/** what stage a sheet leaves that lies beside it, and that lies over it */
const besidePx = 220
const underPx = 96
/** a sheet lower than this shows no output to speak of */
const leastPx = 150
const halfPx = 219

/** The heights in px that a sheet may have in so much room for stage and sheet together, lowest first; a stop without room is left out. */
export function sheetStops(room: number): readonly (readonly [stop: SheetStop, px: number])[] {
  const half = Math.min(halfPx, room - besidePx)
  const full = Math.max(leastPx, room - underPx)
  return [
    ['low', lowPx],
    ...(half >= leastPx && full - half > lowPx ? [['half', half] as const] : []),
    ...(room >= leastPx + lowPx ? [['full', full] as const] : []),
  ]
}

/** The stop that is meant: the one asked for, else the lowest that is no lower, which at first is half. */
export function stopOf(room: number, wanted: SheetStop | undefined): SheetStop {
  const stops = sheetStops(room).map(([stop]) => stop)
  const stop = wanted ?? 'half'
  if (stops.includes(stop)) return stop
  return wanted === undefined || stops.length === 1 ? 'low' : 'full'
}

/** The height of a stop in px. */
export function heightOf(room: number, stop: SheetStop): number {
  return sheetStops(room).find(([each]) => each === stop)?.[1] ?? lowPx
}

/** The stop above (1) or below (-1); around is from the highest to the lowest. */
export function nextStop(room: number, from: SheetStop, by: 1 | -1, isAround = false): SheetStop {
  const stops = sheetStops(room).map(([stop]) => stop)
  const at = stops.indexOf(from) + by
  return stops[isAround ? at % stops.length : Math.max(0, Math.min(stops.length - 1, at))] ?? 'low'
}

/** The stop that is nearest to a height, where a drag ends. */
export function nearestStop(room: number, px: number): SheetStop {
  const distance = (one: number) => Math.abs(one - px)
  return sheetStops(room).reduce((best, each) => (distance(each[1]) < distance(best[1]) ? each : best))[0]
}
