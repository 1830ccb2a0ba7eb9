/** A broken promise of our own code. Nobody catches it: the run stops, the trace stays, the page offers the replay. */
export class InvariantError extends Error {
  override name = 'InvariantError'
}

/** Says what must hold; a false condition is a bug of ours, never of the user. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message)
}

/** The value, or an InvariantError where it is missing. */
export function must<T>(value: T | undefined | null, message: string): T {
  if (value === undefined || value === null) throw new InvariantError(message)
  return value
}

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
