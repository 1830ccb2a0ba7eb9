import { fail, itemsOf, kindOf, momentOf, optional, tagged, type Tagged, type Value } from '../values.ts'
import { civilFromDays } from '../../api/index.ts'
import { formatTime } from './operators.ts'
import type { Functions } from './define.ts'

const chars = (text: string): readonly string[] => [...text]
const at = (index: bigint, length: number): number =>
  index < 0n || index > BigInt(length) ? fail(`index out of range: ${index}`) : Number(index)

// A memo of frozen facts, the same in every cluster: no state of any world.
const patterns = new Map<string, RegExp>()

function regex(pattern: string): RegExp {
  let made = patterns.get(pattern)
  if (made === undefined) {
    if (patterns.size > 500) patterns.clear()
    try {
      made = new RegExp(
        pattern.replace(/^\(\?i\)/, '').replace(/\(\?P</g, '(?<'),
        pattern.startsWith('(?i)') ? 'iu' : 'u',
      )
    } catch {
      return fail(`error parsing regexp: ${pattern}`)
    }
    patterns.set(pattern, made)
  }
  return made
}

const matches = (text: string, pattern: string): boolean => regex(pattern).test(text)

/** Texts: CEL's own functions, its library of strings, and Kubernetes' regular expressions. */
export const texts: Functions = {
  'string.contains(string) bool': (text: string, part: string) => text.includes(part),
  'string.startsWith(string) bool': (text: string, part: string) => text.startsWith(part),
  'string.endsWith(string) bool': (text: string, part: string) => text.endsWith(part),
  'string.matches(string) bool': matches,
  'matches(string, string) bool': matches,
  'string.charAt(int) string': (text: string, index: bigint) => chars(text)[at(index, chars(text).length)] ?? '',
  'string.indexOf(string) int': (text: string, part: string) => BigInt(place(text, text.indexOf(part))),
  'string.indexOf(string, int) int': (text: string, part: string, from: bigint) =>
    BigInt(place(text, text.indexOf(part, unplace(text, at(from, chars(text).length))))),
  'string.lastIndexOf(string) int': (text: string, part: string) => BigInt(place(text, text.lastIndexOf(part))),
  'string.lastIndexOf(string, int) int': (text: string, part: string, from: bigint) =>
    BigInt(place(text, text.lastIndexOf(part, unplace(text, at(from, chars(text).length))))),
  'string.lowerAscii() string': (text: string) => text.replace(/[A-Z]/g, (char) => char.toLowerCase()),
  'string.upperAscii() string': (text: string) => text.replace(/[a-z]/g, (char) => char.toUpperCase()),
  'string.trim() string': (text: string) => text.trim(),
  'string.reverse() string': (text: string) => chars(text).toReversed().join(''),
  'string.replace(string, string) string': (text: string, from: string, to: string) => text.split(from).join(to),
  'string.replace(string, string, int) string': (text: string, from: string, to: string, max: bigint) =>
    replaceSome(text, from, to, Number(max)),
  'string.split(string) list(string)': (text: string, by: string) => (by === '' ? chars(text) : text.split(by)),
  'string.split(string, int) list(string)': (text: string, by: string, max: bigint) => splitSome(text, by, Number(max)),
  'string.substring(int) string': (text: string, from: bigint) =>
    chars(text)
      .slice(at(from, chars(text).length))
      .join(''),
  'string.substring(int, int) string': (text: string, from: bigint, to: bigint) => {
    const all = chars(text)
    const [start, end] = [at(from, all.length), at(to, all.length)]
    return start > end ? fail(`invalid substring range. start: ${from}, end: ${to}`) : all.slice(start, end).join('')
  },
  'list(string).join() string': (list: Value) => itemsOf(list).join(''),
  'list(string).join(string) string': (list: Value, by: string) => itemsOf(list).join(by),
  'string.format(list(dyn)) string': (text: string, list: Value) => format(text, itemsOf(list)),
  'jsonpatch.escapeKey(string) string': (key: string) => key.replace(/~/g, '~0').replace(/\//g, '~1'),
  'strings.quote(string) string': (text: string) => JSON.stringify(text),
  'string.find(string) string': (text: string, pattern: string) => regex(pattern).exec(text)?.[0] ?? '',
  'string.findAll(string) list(string)': (text: string, pattern: string) => findAll(text, pattern, Infinity),
  'string.findAll(string, int) list(string)': (text: string, pattern: string, max: bigint) =>
    findAll(text, pattern, max < 0n ? Infinity : Number(max)),
}

const place = (text: string, index: number): number => (index < 0 ? -1 : chars(text.slice(0, index)).length)
const unplace = (text: string, index: number): number => chars(text).slice(0, index).join('').length

function findAll(text: string, pattern: string, max: number): readonly string[] {
  const found: string[] = []
  for (const [match] of text.matchAll(new RegExp(regex(pattern), 'gu'))) if (found.length < max) found.push(match)
  return found
}

function splitSome(text: string, by: string, max: number): readonly string[] {
  if (max === 0) return []
  const parts = by === '' ? chars(text) : text.split(by)
  return max < 0 || parts.length <= max ? parts : [...parts.slice(0, max - 1), parts.slice(max - 1).join(by)]
}

function replaceSome(text: string, from: string, to: string, max: number): string {
  if (max < 0) return text.split(from).join(to)
  const parts = splitSome(text, from, max + 1)
  return parts.join(to)
}

function format(text: string, values: readonly Value[]): string {
  let next = 0
  return text.replace(/%(?:\.(\d+))?([%sdfeboxX])/g, (_, digits: string | undefined, verb: string) => {
    if (verb === '%') return '%'
    const value = values[next++]
    if (value === undefined) return fail(`index ${next - 1} out of range`)
    if (verb === 's') return shown(value)
    const number = Number(kindOf(value) === 'uint' ? (value as Tagged).of : value)
    if (verb === 'f') return number.toFixed(Number(digits ?? 6))
    if (verb === 'e') return number.toExponential(Number(digits ?? 6)).replace(/e([+-])(\d)$/, 'e$10$2')
    if (verb === 'd') return String(value)
    if (verb === 'b') return typeof value === 'boolean' ? String(Number(value)) : number.toString(2)
    const hex = number.toString(verb === 'o' ? 8 : 16)
    return verb === 'X' ? hex.toUpperCase() : hex
  })
}

function shown(value: Value): string {
  const kind = kindOf(value)
  if (kind === 'timestamp') return formatTime((value as Tagged).of as number)
  if (kind === 'duration') return `${((value as Tagged).of as number) / 1000}s`
  if (kind === 'list') return `[${itemsOf(value).map(shown).join(', ')}]`
  return String(value)
}

const clock =
  (read: (ms: number, days: number) => number) =>
  (time: Tagged, zone?: string): Value => {
    const ms = (time.of as number) + (zone === undefined ? 0 : offsetOf(zone))
    return BigInt(Math.floor(read(((ms % 86_400_000) + 86_400_000) % 86_400_000, Math.floor(ms / 86_400_000))))
  }

function offsetOf(zone: string): number {
  const match = /^([+-]?)(\d\d):(\d\d)$/.exec(zone)
  if (zone === 'UTC' || match === null) return 0
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000
}

const parts: Readonly<Record<string, (ms: number, days: number) => number>> = {
  getFullYear: (_, days) => civilFromDays(days)[0],
  getMonth: (_, days) => civilFromDays(days)[1] - 1,
  getDate: (_, days) => civilFromDays(days)[2],
  getDayOfMonth: (_, days) => civilFromDays(days)[2] - 1,
  getDayOfWeek: (_, days) => (((days + 4) % 7) + 7) % 7,
  getDayOfYear: (_, days) => days - daysBefore(civilFromDays(days)[0]),
  getHours: (ms) => ms / 3_600_000,
  getMinutes: (ms) => (ms / 60_000) % 60,
  getSeconds: (ms) => (ms / 1000) % 60,
  getMilliseconds: (ms) => ms % 1000,
}

function daysBefore(year: number): number {
  const before = year - 1
  return before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) - 719_162
}

const spans: Readonly<Record<string, number>> = {
  getHours: 3_600_000,
  getMinutes: 60_000,
  getSeconds: 1000,
  getMilliseconds: 1,
}

/** Moments and spans of time. */
export const times: Functions = {
  'timestamp(string) timestamp': (text: string) => {
    const ms = momentOf(text)
    return Number.isNaN(ms) ? fail(`parsing time ${JSON.stringify(text)}`) : tagged('timestamp', ms)
  },
  'timestamp(timestamp) timestamp': (value: Tagged) => value,
  'timestamp(int) timestamp': (seconds: bigint) => tagged('timestamp', Number(seconds) * 1000),
  ...Object.fromEntries(
    Object.entries(parts).flatMap(([name, read]) => [
      [`timestamp.${name}() int`, clock(read)],
      [`timestamp.${name}(string) int`, clock(read)],
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(spans).map(([name, unit]) => [
      `duration.${name}() int`,
      ({ of }: Tagged) => BigInt(Math.trunc((of as number) / unit)),
    ]),
  ),
}

/** Values that may be missing. */
export const optionals: Functions = {
  'optional.of(A) optional(A)': (value: Value) => optional(value),
  'optional.none() optional(A)': () => optional(undefined),
  'optional.ofNonZeroValue(A) optional(A)': (value: Value) => optional(isZero(value) ? undefined : value),
  'optional(A).hasValue() bool': ({ of }: Tagged) => of !== undefined,
  'optional(A).value() A': ({ of }: Tagged) => (of === undefined ? fail('optional.none() dereference') : (of as Value)),
  'optional(A).orValue(A) A': ({ of }: Tagged, other: Value) => (of === undefined ? other : (of as Value)),
  'optional(A).or(optional(A)) optional(A)': (one: Tagged, other: Value) => (one.of === undefined ? other : one),
}

function isZero(value: Value): boolean {
  if (kindOf(value) === 'list') return itemsOf(value).length === 0
  return value === null || value === false || value === 0 || value === 0n || value === ''
}
