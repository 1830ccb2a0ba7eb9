import {
  fail,
  isMoment,
  itemsOf,
  keysOf,
  kindOf,
  momentOf,
  optional,
  tagged,
  type Tagged,
  type Value,
} from '../values.ts'
import { civilFromDays, quote } from '../../api/index.ts'
import { goPattern, goPatternError, type Pattern } from '../goPattern.ts'
import { format } from './format.ts'
import type { Functions } from './define.ts'

const chars = (text: string): readonly string[] => [...text]
const at = (index: bigint, length: number): number =>
  index < 0n || index > BigInt(length) ? fail(`index out of range: ${index}`) : Number(index)

function regex(pattern: string): Pattern {
  return goPattern(pattern) ?? fail(goPatternError(pattern) ?? `error parsing regexp: ${pattern}`)
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
    from >= BigInt(chars(text).length)
      ? part === ''
        ? from
        : -1n
      : BigInt(place(text, text.indexOf(part, unplace(text, at(from, chars(text).length))))),
  'string.lastIndexOf(string) int': (text: string, part: string) => BigInt(place(text, text.lastIndexOf(part))),
  'string.lastIndexOf(string, int) int': (text: string, part: string, from: bigint) =>
    from >= BigInt(chars(text).length)
      ? part === ''
        ? from
        : -1n
      : BigInt(place(text, text.lastIndexOf(part, unplace(text, at(from, chars(text).length))))),
  'string.lowerAscii() string': (text: string) => text.replace(/[A-Z]/g, (char) => char.toLowerCase()),
  'string.upperAscii() string': (text: string) => text.replace(/[a-z]/g, (char) => char.toUpperCase()),
  'string.trim() string': (text: string) => text.trim(),
  'string.replace(string, string) string': (text: string, from: string, to: string) => replaceSome(text, from, to, -1),
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
  'strings.quote(string) string': (text: string) => quote(text),
  'string.find(string) string': (text: string, pattern: string) => regex(pattern).findAll(text, 1)[0] ?? '',
  'string.findAll(string) list(string)': (text: string, pattern: string) => regex(pattern).findAll(text, Infinity),
  'string.findAll(string, int) list(string)': (text: string, pattern: string, max: bigint) =>
    regex(pattern).findAll(text, max < 0n ? Infinity : Number(max)),
}

const place = (text: string, index: number): number => (index < 0 ? -1 : chars(text.slice(0, index)).length)
const unplace = (text: string, index: number): number => chars(text).slice(0, index).join('').length

function splitSome(text: string, by: string, max: number): readonly string[] {
  if (max === 0) return []
  const parts = by === '' ? chars(text) : text.split(by)
  return max < 0 || parts.length <= max ? parts : [...parts.slice(0, max - 1), parts.slice(max - 1).join(by)]
}

/** Nothing stands before, between and behind all signs. */
function replaceSome(text: string, from: string, to: string, max: number): string {
  if (from !== '') return max < 0 ? text.split(from).join(to) : splitSome(text, from, max + 1).join(to)
  const all = chars(text)
  const count = max < 0 ? all.length + 1 : max
  return all.map((char, index) => (index < count ? to : '') + char).join('') + (count > all.length ? to : '')
}

const clock =
  (read: (ms: number, days: number) => number) =>
  (time: Tagged, zone?: string): Value => {
    const ms = (time.of as number) + (zone === undefined ? 0 : offsetOf(zone))
    return BigInt(Math.floor(read(((ms % 86_400_000) + 86_400_000) % 86_400_000, Math.floor(ms / 86_400_000))))
  }

// differs: of zones with a name only UTC is known, and all others are taken for it
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
    const ms = isMoment(text) ? momentOf(text) : NaN
    return Number.isNaN(ms)
      ? fail("type conversion error from 'string' to 'google.protobuf.Timestamp'")
      : tagged('timestamp', ms)
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
  'optional.unwrap(list(optional(A))) list(A)': (list: Value) => held(list),
  'list(optional(A)).unwrapOpt() list(A)': (list: Value) => held(list),
  'optional(A).hasValue() bool': ({ of }: Tagged) => of !== undefined,
  'optional(A).value() A': ({ of }: Tagged) => (of === undefined ? fail('optional.none() dereference') : (of as Value)),
  'optional(A).orValue(A) A': ({ of }: Tagged, other: Value) => (of === undefined ? other : (of as Value)),
  'optional(A).or(optional(A)) optional(A)': (one: Tagged, other: Value) => (one.of === undefined ? other : one),
}

/** What the optional values of a list hold, without those that hold nothing. */
const held = (list: Value): readonly Value[] =>
  itemsOf(list).flatMap((item) => ((item as Tagged).of === undefined ? [] : [(item as Tagged).of as Value]))

function isZero(value: Value): boolean {
  const kind = kindOf(value)
  if (kind === 'list') return itemsOf(value).length === 0
  if (kind === 'map') return keysOf(value).length === 0
  if (kind === 'duration' || kind === 'uint') return Number((value as Tagged).of) === 0
  if (value instanceof Uint8Array) return value.length === 0
  return value === null || value === false || value === 0 || value === 0n || value === ''
}
