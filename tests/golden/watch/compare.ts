import type { Verdict } from '../api/recordings.ts'
import type { Json } from '../api/server.ts'

/** The same object with its keys in order. */
export const sorted = (event: Json): Json =>
  Object.fromEntries(Object.entries(event).sort(([a], [b]) => (a < b ? -1 : 1)))

/** The same value with all keys in order. */
export function sortedDeep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedDeep)
  if (typeof value !== 'object' || value === null) return value
  return sorted(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, sortedDeep(item)])))
}

/** Passed if both are the same, whatever the order of their keys. */
export function verdictOf(name: string, expected: unknown, got: unknown): Verdict {
  return JSON.stringify(sortedDeep(expected)) === JSON.stringify(sortedDeep(got))
    ? { name, is: 'passed' }
    : { name, is: 'failed', expected, got }
}

/** Only the fields that a recording names. */
export function pick(from: Json, names: readonly string[]): Json {
  return Object.fromEntries(names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]))
}
