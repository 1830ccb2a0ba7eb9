/** A broken promise of our own code. Nobody catches it: the run stops, the trace stays, the page offers the replay. */
export class InvariantError extends Error {
  override name = 'InvariantError'
}

/** Says what must hold; a false condition is a bug of ours, never of the user. `about` ends the message: a text that is put together only if it is needed. */
export function assert(condition: unknown, message: string, about?: string): asserts condition {
  if (!condition) throw new InvariantError(worded(message, about))
}

/** The value, or an InvariantError where it is missing. `about`: as above. */
export function must<T>(value: T | undefined | null, message: string, about?: string): T {
  if (value === undefined || value === null) throw new InvariantError(worded(message, about))
  return value
}

const worded = (message: string, about: string | undefined): string =>
  about === undefined ? message : `${message}: ${about}`

let isDeep = false

/** Development and tests freeze objects to the bottom; a production run freezes only what is at the top. */
export function freezeDeeply(on: boolean): void {
  isDeep = on
}

/** Marks data as immutable and thereby shareable between checkpoints (see `copyState`). */
export function freeze<T>(value: T): T {
  return isDeep ? deepFreeze(value) : Object.freeze(value)
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const part of Object.values(value)) deepFreeze(part)
  return value
}
