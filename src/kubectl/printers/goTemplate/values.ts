import { toBytes, type Bytes } from './bytes.ts'

/** A whole number. */
export interface GoInteger {
  readonly type: 'int' | 'int64' | 'uint8'
  readonly value: bigint
}

/** A number with a fraction. */
export interface GoFloat {
  readonly type: 'float64'
  readonly value: number
}

/** A complex number, which only a template can hold. */
export interface GoComplex {
  readonly type: 'complex128'
  readonly real: number
  readonly imaginary: number
}

/** A window on an array: what it shows begins at `start`; `capacity` says how far it may be widened. */
export interface GoSlice {
  readonly type: '[]interface {}'
  readonly array: readonly Held[]
  readonly start: number
  readonly length: number
  readonly capacity: number
}

/** A map, its keys in order. */
export interface GoMap {
  readonly type: 'map[string]interface {}'
  readonly entries: ReadonlyMap<Bytes, Held>
}

/** A value of a type of its own. */
export type Concrete = string | boolean | GoInteger | GoFloat | GoComplex | GoSlice | GoMap

/** What an `interface {}` holds: a value, or nil. */
export type Held = Concrete | null

/** A value seen as what lies in a map or list: an `interface {}`. */
export interface Boxed {
  readonly type: 'interface {}'
  readonly value: Held
}

/** What an expression comes to, as Go's `reflect.Value`; undefined is the value that is not there. */
export type Value = Concrete | Boxed | undefined

/** Go's name of a value's type. */
export function typeName(value: Concrete | Boxed): string {
  if (typeof value === 'string') return 'string'
  return typeof value === 'boolean' ? 'bool' : value.type
}

/** Whether a value is an `interface {}` still. */
export function isBoxed(value: Value): value is Boxed {
  return typeof value === 'object' && value.type === 'interface {}'
}

/** What is inside an `interface {}`, undefined for nil; anything else as it is. */
export function unbox(value: Value): Concrete | undefined {
  return isBoxed(value) ? (value.value ?? undefined) : value
}

/** A value as something in a map or list. */
export function box(value: Held): Boxed {
  return { type: 'interface {}', value }
}

/** An `int`. */
export function int(value: number | bigint): GoInteger {
  return { type: 'int', value: BigInt(value) }
}

/** Whether a value is a whole number. */
export function isInteger(value: Value): value is GoInteger {
  return typeof value === 'object' && (value.type === 'int' || value.type === 'int64' || value.type === 'uint8')
}

/** Whether a value counts as true: not false, zero, empty or nil. */
export function isTrue(value: Value): boolean {
  const inner = unbox(value)
  if (inner === undefined) return false
  if (typeof inner === 'boolean') return inner
  if (typeof inner === 'string') return inner !== ''
  switch (inner.type) {
    case '[]interface {}':
      return inner.length > 0
    case 'map[string]interface {}':
      return inner.entries.size > 0
    case 'complex128':
      return inner.real !== 0 || inner.imaginary !== 0
    case 'float64':
      return inner.value !== 0
    default:
      return inner.value !== 0n
  }
}

/** An item of a slice, counted from its start; what its array does not hold is nil. */
export function itemAt(slice: GoSlice, index: number): Held {
  return slice.array[slice.start + index] ?? null
}

/** Data as kubectl decodes it from JSON: whole numbers are int64 where they fit. */
// upstream: sigs.k8s.io/json
export function decodeData(data: unknown): Held {
  if (data === null || data === undefined) return null
  if (typeof data === 'string') return toBytes(data)
  if (typeof data === 'boolean') return data
  if (typeof data === 'number') return decodeNumber(data)
  if (Array.isArray(data)) {
    const { length } = data
    return { type: '[]interface {}', array: data.map(decodeData), start: 0, length, capacity: grown(length) }
  }
  const record = data as Readonly<Record<string, unknown>>
  const keys = Object.keys(record).filter((key) => record[key] !== undefined)
  const pairs = keys.map((key): [Bytes, Held] => [toBytes(key), decodeData(record[key])])
  return { type: 'map[string]interface {}', entries: new Map(pairs.sort(([a], [b]) => (a < b ? -1 : 1))) }
}

function decodeNumber(value: number): GoInteger | GoFloat {
  if (!Number.isInteger(value)) return { type: 'float64', value }
  const whole = BigInt(value)
  return BigInt.asIntN(64, whole) === whole ? { type: 'int64', value: whole } : { type: 'float64', value }
}

// A decoded list is appended to item by item, and its array doubles when it is full.
// differs: beyond 512 items an array grows more slowly, which is not followed
function grown(length: number): number {
  return length === 0 || length > 512 ? length : 2 ** Math.ceil(Math.log2(length))
}
