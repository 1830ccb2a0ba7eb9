/** Held an object once, which its copies remember. */
const held: object[] = [{}]
held.length = 0

/**
 * An empty list that will hold objects, for what is made once a cluster and filled by the thousand. V8 takes a bare `[]` for a list
 * of small numbers until it holds something else, and throws away what it compiled for lists of objects where it meets one.
 */
export function emptyList<T extends object>(): T[] {
  return held.slice() as T[]
}
