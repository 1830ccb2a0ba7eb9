import { CallError } from './failure.ts'
import { box, int, isBoxed, isInteger, itemAt, typeName, unbox, type Concrete, type GoSlice } from './values.ts'
import type { Value } from './values.ts'

// upstream: Go's text/template/funcs.go

/** `index x 1 "a"`: what lies at `x[1]["a"]`. Throws a CallError. */
export function indexInto(item: Value, indexes: readonly Value[]): Value {
  let found: Value = unbox(item)
  if (found === undefined) throw new CallError('index of untyped nil')
  for (const index of indexes) {
    const inner = unbox(found)
    if (inner === undefined) throw new CallError('index of nil pointer')
    found = itemOf(inner, unbox(index))
  }
  return found
}

function itemOf(item: Concrete, index: Concrete | undefined): Value {
  if (typeof item === 'string') {
    const at = placeOf(index, item.length)
    if (at === item.length) throw new CallError('reflect: string index out of range')
    return { type: 'uint8', value: BigInt(item.charCodeAt(at)) }
  }
  if (typeof item === 'object' && item.type === '[]interface {}') {
    const at = placeOf(index, item.length)
    if (at === item.length) throw new CallError('reflect: slice index out of range')
    return box(itemAt(item, at))
  }
  if (typeof item !== 'object' || item.type !== 'map[string]interface {}')
    throw new CallError(`can't index item of type ${typeName(item)}`)
  if (index === undefined) throw new CallError('value is nil; should be of type string')
  if (typeof index !== 'string') throw new CallError(`value has type ${typeName(index)}; should be string`)
  return box(item.entries.get(index) ?? null)
}

function placeOf(index: Concrete | undefined, bound: number): number {
  if (index === undefined) throw new CallError('cannot index slice/array with nil')
  if (!isInteger(index)) throw new CallError(`cannot index slice/array with type ${typeName(index)}`)
  if (index.value < 0n || index.value > BigInt(bound)) throw new CallError(`index out of range: ${index.value}`)
  return Number(index.value)
}

/** `slice x 1 2`: `x[1:2]`, of a string or a list. Throws a CallError. */
export function sliceOf(item: Value, indexes: readonly Value[]): Value {
  const inner = unbox(item)
  if (inner === undefined) throw new CallError('slice of untyped nil')
  if (indexes.length > 3) throw new CallError(`too many slice indexes: ${indexes.length}`)
  const isText = typeof inner === 'string'
  if (isText && indexes.length === 3) throw new CallError('cannot 3-index slice a string')
  if (!isText && (typeof inner !== 'object' || inner.type !== '[]interface {}'))
    throw new CallError(`can't slice item of type ${typeName(inner)}`)
  const bound = isText ? inner.length : inner.capacity
  const places = indexes.map((index) => placeOf(unboxedIndex(index), bound))
  const [from = 0, to = inner.length, end = bound] = places
  if (from > to) throw new CallError(`invalid slice index: ${from} > ${to}`)
  if (to > end) throw new CallError(`invalid slice index: ${to} > ${end}`)
  return isText ? inner.slice(from, to) : windowOn(inner, from, to, end)
}

// Other than index, slice does not look into what comes from a map or list.
function unboxedIndex(index: Value): Concrete | undefined {
  if (isBoxed(index)) throw new CallError('cannot index slice/array with type interface {}')
  return index
}

function windowOn(slice: GoSlice, from: number, to: number, end: number): GoSlice {
  const { type, array, start } = slice
  return { type, array, start: start + from, length: to - from, capacity: end - from }
}

/** How long a text (in bytes), a list or a map is. Throws a CallError. */
export function lengthOf(item: Value): Value {
  if (item === undefined) throw new CallError('reflect: call of reflect.Value.Type on zero Value')
  const inner = unbox(item)
  if (inner === undefined) throw new CallError('len of nil pointer')
  if (typeof inner === 'string') return int(inner.length)
  if (typeof inner === 'object' && inner.type === '[]interface {}') return int(inner.length)
  if (typeof inner === 'object' && inner.type === 'map[string]interface {}') return int(inner.entries.size)
  throw new CallError(`len of type ${typeName(inner)}`)
}

/** Whether `index` would find something but nil; without indexes, always. */
// upstream: cli-runtime/pkg/printers/interface.go exists
export function exists(item: Value, indexes: readonly Value[]): boolean {
  let found = unbox(item)
  for (const index of indexes) {
    if (found === undefined) return false
    try {
      found = unbox(itemOf(found, unbox(index)))
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      return false
    }
  }
  return indexes.length === 0 || found !== undefined
}
