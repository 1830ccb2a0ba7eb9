import { epochMs, parseTime } from '../api/index.ts'
import { dyn, type CelType } from './types.ts'

/** A value while an expression is worked out. Whole numbers are bigints, others numbers. */
export type Value =
  null | boolean | bigint | number | string | Uint8Array | readonly Value[] | ReadonlyMap<Value, Value> | Raw | Tagged

/** A list or object of JSON, taken in piece by piece as the types say. */
export interface Raw {
  readonly tag: 'raw'
  readonly json: object
  readonly type: CelType
}

/** A value that JSON has no form of. */
export interface Tagged {
  readonly tag: 'uint' | 'timestamp' | 'duration' | 'type' | 'optional' | 'opaque'
  /** the opaque type's name: `kubernetes.Quantity` */
  readonly name: string
  readonly of: unknown
}

/** Something that an expression cannot be worked out for, in CEL's words. */
export class CelError extends Error {}

/** Ends the run of an expression. */
export const fail = (text: string): never => {
  throw new CelError(text)
}

/** A value that JavaScript has no type of its own for. */
export const tagged = (tag: Tagged['tag'], of: unknown, name: string = tag): Tagged => ({ tag, name, of })
/** An unsigned number. */
export const uintOf = (value: bigint): Tagged => tagged('uint', value)
/** A value of a named type that expressions can only call functions on. */
export const opaqueOf = (name: string, of: unknown): Tagged => tagged('opaque', of, name)
/** an optional value; `undefined` holds none */
export const optional = (of: Value | undefined): Tagged => tagged('optional', of)

/** A piece of JSON as a value of a type. */
export function fromJson(json: unknown, type: CelType = dyn): Value {
  if (json === null || json === undefined) return null
  if (typeof json === 'number') return numberOf(json, type)
  if (typeof json === 'string') return textOf(json, type)
  if (typeof json === 'object') return { tag: 'raw', json, type }
  return json as Value
}

function numberOf(json: number, { kind }: CelType): Value {
  return kind === 'double' || (kind !== 'int' && !Number.isInteger(json)) ? json : BigInt(Math.trunc(json))
}

function textOf(json: string, { kind }: CelType): Value {
  if (kind === 'timestamp') return tagged('timestamp', momentOf(json))
  if (kind === 'duration') return tagged('duration', parseDuration(json))
  return kind === 'bytes' ? bytesOfBase64(json) : json
}

/** A moment in milliseconds since 1970. */
export const momentOf = (text: string): number =>
  parseTime(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text) + epochMs

/** Whether a text is a moment as RFC 3339 has it, with capital letters. */
export const isMoment = (text: string): boolean =>
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function bytesOfBase64(text: string): Uint8Array {
  const bytes: number[] = []
  let bits = 0
  let count = 0
  for (const char of text.replace(/=+$/, '')) {
    bits = ((bits << 6) | alphabet.indexOf(char)) & 0xffffff
    count += 6
    if (count >= 8) bytes.push((bits >> (count -= 8)) & 0xff)
  }
  return Uint8Array.from(bytes)
}

const isTagged = (value: Value): value is Tagged | Raw => typeof value === 'object' && value !== null && 'tag' in value

/** How a value's type is called at run time. */
export function kindOf(value: Value): string {
  if (value === null) return 'null'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return 'double'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'string'
  if (value instanceof Uint8Array) return 'bytes'
  if (isTagged(value))
    return value.tag === 'raw'
      ? Array.isArray(value.json)
        ? 'list'
        : 'map'
      : value.tag === 'opaque'
        ? value.name
        : value.tag
  return Array.isArray(value) ? 'list' : 'map'
}

/** The items of a list, as values. */
export function itemsOf(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value as readonly Value[]
  const { json, type } = value as Raw
  const of = type.kind === 'list' ? type.of : dyn
  return (json as readonly unknown[]).map((item) => fromJson(item, of))
}

/** The keys of a map or object. */
export function keysOf(value: Value): readonly Value[] {
  return value instanceof Map ? [...(value as ReadonlyMap<Value, Value>).keys()] : Object.keys((value as Raw).json)
}

/** What a map or object has at a key; undefined where nothing is. */
export function memberOf(value: Value, key: Value): Value | undefined {
  if (value instanceof Map) return mapMember(value as ReadonlyMap<Value, Value>, key)
  const { json, type } = value as Raw
  if (typeof key !== 'string' || !Object.hasOwn(json, key)) return undefined
  return fromJson((json as Readonly<Record<string, unknown>>)[key], fieldType(type, key))
}

function mapMember(map: ReadonlyMap<Value, Value>, key: Value): Value | undefined {
  if (map.has(key)) return map.get(key)
  for (const [other, value] of map) if (isSame(other, key)) return value
  return undefined
}

function fieldType(type: CelType, key: string): CelType {
  if (type.kind === 'map') return type.of
  return type.kind === 'object' ? (type.fields().get(key) ?? dyn) : dyn
}

const isSameNumber = (a: bigint | number, b: bigint | number): boolean =>
  typeof a === typeof b ? a === b : a >= b && a <= b

/** Whether two values are equal, numbers by their amount whatever their type. */
export function isSame(a: Value, b: Value): boolean {
  const [left, right] = [numeric(a), numeric(b)]
  if (left !== undefined || right !== undefined)
    return left !== undefined && right !== undefined && isSameNumber(left, right)
  const kind = kindOf(a)
  if (kind !== kindOf(b)) return false
  if (kind === 'list') return isSameList(itemsOf(a), itemsOf(b))
  if (kind === 'map') return isSameMap(a, b)
  if (a instanceof Uint8Array) return isSameList([...a].map(BigInt), [...(b as Uint8Array)].map(BigInt))
  if (!isTagged(a)) return a === b
  return isSameTagged(a as Tagged, b as Tagged)
}

function isSameTagged({ tag, of }: Tagged, { of: other }: Tagged): boolean {
  if (tag !== 'optional')
    return typeof of === 'object' ? JSON.stringify(of, text) === JSON.stringify(other, text) : of === other
  return of === undefined || other === undefined ? of === other : isSame(of as Value, other as Value)
}

const text = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)

const isSameList = (a: readonly Value[], b: readonly Value[]): boolean =>
  a.length === b.length && a.every((item, index) => isSame(item, b[index]!))

function isSameMap(a: Value, b: Value): boolean {
  const keys = keysOf(a)
  return (
    keys.length === keysOf(b).length &&
    keys.every((key) => {
      const other = memberOf(b, key)
      return other !== undefined && isSame(memberOf(a, key)!, other)
    })
  )
}

/** A number of any type as one that can be compared. */
export function numeric(value: Value): bigint | number | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return value
  return isTagged(value) && value.tag === 'uint' ? (value.of as bigint) : undefined
}

/** Before, the same, or after; undefined for values that have no order. */
export function compare(a: Value, b: Value): number | undefined {
  const [left, right] = [numeric(a), numeric(b)]
  if (left !== undefined && right !== undefined) return left < right ? -1 : left > right ? 1 : 0
  if (kindOf(a) !== kindOf(b)) return undefined
  if (typeof a === 'string') return a < (b as string) ? -1 : a === b ? 0 : 1
  if (typeof a === 'boolean') return Number(a) - Number(b)
  if (a instanceof Uint8Array) return compare([...a].map(hex).join(''), [...(b as Uint8Array)].map(hex).join(''))
  const { tag, of } = a as Tagged
  if (tag !== 'timestamp' && tag !== 'duration') return undefined
  return (of as number) - ((b as Tagged).of as number)
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0')

const units: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
}

/** `1h30m` in milliseconds; NaN for what is none. */
export function parseDuration(text: string): number {
  const match = /^([-+]?)((?:\d+(?:\.\d*)?|\.\d+)(?:h|ms|m|s|us|µs|ns))+$/.exec(text)
  if (match === null) return /^[-+]?0$/.test(text) ? 0 : NaN
  let sum = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(h|ms|m|s|us|µs|ns)/g))
    sum += Number(amount) * units[unit!]!
  return sum * 1e6 >= 2 ** 63 ? NaN : match[1] === '-' ? -sum : sum
}

/** A value as JSON again: what a mutation writes. */
export function toJson(value: Value): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (value === null || typeof value !== 'object') return value
  if (value instanceof Uint8Array) return String.fromCharCode(...value)
  if (isTagged(value)) {
    if (value.tag === 'raw') return value.json
    if (value.tag === 'optional') return value.of === undefined ? undefined : toJson(value.of as Value)
    return value.tag === 'uint' ? Number(value.of) : String(value.of)
  }
  if (Array.isArray(value)) return (value as readonly Value[]).map(toJson)
  const entries = [...(value as ReadonlyMap<Value, Value>)].map(([key, item]) => [String(key), toJson(item)] as const)
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined))
}
