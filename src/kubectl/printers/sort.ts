import { CommandError } from '../errors.ts'
import { parseQuantity } from '../engine.ts'
import { createJsonPath, relaxed } from './jsonpath.ts'

/** Sorts by one field: numbers, quantities and times by value, text naturally (`2` before `10`); objects without it come first. */
// upstream: kubectl/pkg/cmd/get/sorter.go
export function sortBy<T>(expression: string, items: readonly T[], objectOf: (item: T) => unknown): T[] {
  const path = createJsonPath(relaxed(expression))
  const values = items.map((item) => path.find(objectOf(item))[0]?.[0])
  if (items.length > 0 && values.every((value) => value === undefined))
    throw new CommandError(`couldn't find any field with path "${path.template}" in the list of objects`)
  return (
    items
      .map((item, index) => ({ item, index, value: values[index] }))
      // upstream never finds two absent values equal, so that the later one comes first
      .sort(
        (a, b) => compareValues(a.value, b.value) || (a.value === undefined ? b.index - a.index : a.index - b.index),
      )
      .map(({ item }) => item)
  )
}

function compareValues(a: unknown, b: unknown): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const [left, right] = [String(a as string), String(b as string)]
  const [x, y] = [parseQuantity(left), parseQuantity(right)]
  return Number.isNaN(x) || Number.isNaN(y) ? compareNaturally(left, right) : x - y
}

/** Runs of digits count as numbers. */
export function compareNaturally(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)]
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const [x, y] = [left[index]!, right[index]!]
    if (x === y) continue
    if (/^\d/.test(x) && /^\d/.test(y) && Number(x) !== Number(y)) return Number(x) - Number(y)
    return x < y ? -1 : 1
  }
  return left.length - right.length
}

const partsOf = (text: string): readonly string[] => text.match(/\d+|\D+/g) ?? []
