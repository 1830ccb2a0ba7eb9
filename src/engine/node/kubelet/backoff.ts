/** A delay that doubles. */
export interface Backoff {
  readonly delayMs: number
  readonly updatedAt: number
}

/** The same for an image, with what the last try said. */
export interface PullBackoff extends Backoff {
  readonly error: string
}

const firstMs = 10_000
const mostMs = 300_000

/** Whether something that ended at `since` must still wait. upstream: client-go/util/flowcontrol IsInBackOffSince */
export function isInBackoff(backoff: Backoff | undefined, since: number, now: number): boolean {
  if (backoff === undefined || hasExpired(backoff, since)) return false
  return now - since < backoff.delayMs
}

/** Whether a pull must still wait. upstream: IsInBackOffSinceUpdate */
export function isPullInBackoff(backoff: Backoff | undefined, now: number): boolean {
  return backoff !== undefined && !hasExpired(backoff, now) && now - backoff.updatedAt < backoff.delayMs
}

/** The delay after the next failure: 10 s at first, then twice as long each time, five minutes at most. */
export function nextBackoff(backoff: Backoff | undefined, since: number, now: number): Backoff {
  const isFirst = backoff === undefined || hasExpired(backoff, since)
  return Object.freeze({ delayMs: isFirst ? firstMs : Math.min(backoff.delayMs * 2, mostMs), updatedAt: now })
}

/** Ten minutes without a failure, and the next one starts from the beginning. */
function hasExpired(backoff: Backoff, since: number): boolean {
  return since - backoff.updatedAt > 2 * mostMs
}
