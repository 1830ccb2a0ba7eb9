import type { TrafficRow } from '../../protocol.ts'

/** What becomes of requests now, each in requests per second. */
export interface Requests {
  readonly rps: number
  readonly served: number
  readonly refused: number
  readonly lost: number
}

/** All requests of all sources. */
export function requestsOf(rows: readonly TrafficRow[]): Requests {
  const sum = (pick: (row: TrafficRow) => number) => rows.reduce((total, row) => total + pick(row), 0)
  return {
    rps: sum(({ rps }) => rps),
    served: sum(({ served }) => served),
    refused: sum(({ refused }) => refused),
    lost: sum(({ lost }) => lost),
  }
}

/** `0.5`, `12`, `12k`: a figure that fits a chip. */
export function shortFigure(value: number): string {
  if (value >= 10_000_000) return `${Math.round(value / 1_000_000)}M`
  if (value >= 10_000) return `${Math.round(value / 1000)}k`
  return value < 10 && value % 1 !== 0 ? value.toFixed(1) : String(Math.round(value))
}
