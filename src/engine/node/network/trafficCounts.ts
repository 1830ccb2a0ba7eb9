/** Requests by what became of them: totals, or rates per second. */
export interface TrafficCounts {
  sent: number
  served: number
  /** nobody listened, or the Service had no endpoint */
  refused: number
  /** no answer ever came */
  lost: number
  /** the name led nowhere */
  unresolved: number
  http4xx: number
  http5xx: number
}

/** The same for readers, rounded to a millionth. */
export interface TrafficCounters extends Readonly<TrafficCounts> {
  /** `served` and `lost` as lessons call them */
  readonly ok: number
  readonly timeout: number
  /** all that did not end well */
  readonly failed: number
}

/** Nothing sent yet. */
export function noCounts(): TrafficCounts {
  return { sent: 0, served: 0, refused: 0, lost: 0, unresolved: 0, http4xx: 0, http5xx: 0 }
}

/** Adds some counts to others, in place. */
export function addCounts(total: TrafficCounts, more: TrafficCounts): void {
  for (const key of Object.keys(more) as (keyof TrafficCounts)[]) total[key] += more[key]
}

/** Counts as they are read. Sent requests that have no answer yet are in none of the other counts. */
export function roundCounts(counts: TrafficCounts): TrafficCounters {
  const { sent, served, refused, lost, unresolved, http4xx, http5xx } = counts
  const failed = refused + lost + unresolved + http4xx + http5xx
  const all = { sent, served, refused, lost, unresolved, http4xx, http5xx, ok: served, timeout: lost, failed }
  return Object.fromEntries(
    Object.entries(all).map(([name, count]) => [name, round(count)]),
  ) as unknown as TrafficCounters
}

function round(count: number): number {
  return Math.round(count * 1e6) / 1e6
}
