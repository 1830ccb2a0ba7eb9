// V8 tells lists of small numbers, lists of objects and texts, and lists with holes apart, and throws away what it compiled for the
// one sort where the other turns up. What thousands of things go through must be of one sort from the first.

/** Held an object once, which its copies remember. */
const held: unknown[] = [{}]
held.length = 0

/** An empty list for objects or texts. A bare `[]` is one for small numbers until it holds something else. */
export function emptyList<T extends object | string>(): T[] {
  return held.slice() as T[]
}

/** What `make` makes of each item. The list that `map` makes has room for holes as soon as its caller is compiled. */
export function mapList<T, U extends object | string>(list: readonly T[], make: (item: T) => U): U[] {
  if (list.length === 1) return [make(list[0]!)]
  const made = emptyList<U>()
  for (const item of list) made.push(make(item))
  return made
}
