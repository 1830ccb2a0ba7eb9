import { civilFromDays } from '../../api/index.ts'
import {
  compare,
  fail,
  isSame,
  itemsOf,
  keysOf,
  memberOf,
  parseDuration,
  tagged,
  uintOf,
  type Tagged,
  type Value,
} from '../values.ts'
import type { Functions } from './define.ts'
import { formatSeconds, goNumber, numberIn, utf8Text } from './spelling.ts'

const low = -(2n ** 63n)
const high = 2n ** 63n - 1n

/** Whole numbers have 64 bits. */
export const inInt = (value: bigint, why = 'integer overflow'): bigint =>
  value < low || value > high ? fail(why) : value
/** The same without a sign. */
export const inUint = (value: bigint, why = 'unsigned integer overflow'): Tagged =>
  value < 0n || value >= 2n ** 64n ? fail(why) : uintOf(value)
const unreadable = (type: string): string => `type conversion error from 'string' to '${type}'`
const unsigned =
  (run: (a: bigint, b: bigint) => bigint) =>
  (a: Tagged, b: Tagged): Value =>
    inUint(run(a.of as bigint, b.of as bigint))
const over = (b: bigint): bigint => (b === 0n ? fail('division by zero') : b)
const modulus = (b: bigint): bigint => (b === 0n ? fail('modulus by zero') : b)
const time = (name: 'timestamp' | 'duration', ms: number): Tagged => tagged(name, ms)
/** From the year 1 to the year 9999. */
const moment = (at: number): Tagged =>
  at < -62_135_596_800_000 || at >= 253_402_300_800_000 ? fail('timestamp overflow') : time('timestamp', at)
const ms = ({ of }: Tagged): number => of as number

/** What stands between or before values. */
export const operators: Functions = {
  '_+_(int, int) int': (a: bigint, b: bigint) => inInt(a + b),
  '_+_(uint, uint) uint': unsigned((a, b) => a + b),
  '_+_(double, double) double': (a: number, b: number) => a + b,
  '_+_(string, string) string': (a: string, b: string) => a + b,
  '_+_(bytes, bytes) bytes': (a: Uint8Array, b: Uint8Array) => Uint8Array.from([...a, ...b]),
  '_+_(list(A), list(A)) list(A)': (a: Value, b: Value) => [...itemsOf(a), ...itemsOf(b)],
  '_+_(timestamp, duration) timestamp': (a: Tagged, b: Tagged) => moment(ms(a) + ms(b)),
  '_+_(duration, timestamp) timestamp': (a: Tagged, b: Tagged) => moment(ms(a) + ms(b)),
  '_+_(duration, duration) duration': (a: Tagged, b: Tagged) => time('duration', ms(a) + ms(b)),
  '_-_(int, int) int': (a: bigint, b: bigint) => inInt(a - b),
  '_-_(uint, uint) uint': unsigned((a, b) => a - b),
  '_-_(double, double) double': (a: number, b: number) => a - b,
  '_-_(timestamp, timestamp) duration': (a: Tagged, b: Tagged) => time('duration', ms(a) - ms(b)),
  '_-_(timestamp, duration) timestamp': (a: Tagged, b: Tagged) => moment(ms(a) - ms(b)),
  '_-_(duration, duration) duration': (a: Tagged, b: Tagged) => time('duration', ms(a) - ms(b)),
  '_*_(int, int) int': (a: bigint, b: bigint) => inInt(a * b),
  '_*_(uint, uint) uint': unsigned((a, b) => a * b),
  '_*_(double, double) double': (a: number, b: number) => a * b,
  '_/_(int, int) int': (a: bigint, b: bigint) => inInt(a / over(b)),
  '_/_(uint, uint) uint': unsigned((a, b) => a / over(b)),
  '_/_(double, double) double': (a: number, b: number) => a / b,
  '_%_(int, int) int': (a: bigint, b: bigint) => a % modulus(b),
  '_%_(uint, uint) uint': unsigned((a, b) => a % modulus(b)),
  '-_(int) int': (a: bigint) => inInt(-a),
  '-_(double) double': (a: number) => -a,
  '!_(bool) bool': (a: boolean) => !a,
  '_==_(A, A) bool': (a: Value, b: Value) => isSame(a, b),
  '_!=_(A, A) bool': (a: Value, b: Value) => !isSame(a, b),
  '@in(A, list(A)) bool': (a: Value, list: Value) => itemsOf(list).some((item) => isSame(item, a)),
  '@in(A, map(A, B)) bool': (a: Value, map: Value) => memberOf(map, a) !== undefined,
  '_&&_(bool, bool) bool': (a: boolean, b: boolean) => a && b,
  '_||_(bool, bool) bool': (a: boolean, b: boolean) => a || b,
  '_?_:_(bool, A, A) A': (_: boolean, a: Value) => a,
  '_[_](list(A), int) A': (list: Value, at: bigint) => itemAt(list, at),
  '_[_](map(A, B), A) B': (map: Value, key: Value) => memberOf(map, key) ?? fail(`no such key: ${String(key)}`),
  ...ordering(),
}

function ordering(): Functions {
  const table: Record<string, (a: Value, b: Value) => boolean> = {}
  const tests: Readonly<Record<string, (order: number) => boolean>> = {
    '_<_': (order) => order < 0,
    '_<=_': (order) => order <= 0,
    '_>_': (order) => order > 0,
    '_>=_': (order) => order >= 0,
  }
  const numbers = ['int', 'uint', 'double']
  const pairs = [
    ...numbers.flatMap((a) => numbers.map((b) => [a, b] as const)),
    ...['bool', 'string', 'bytes', 'timestamp', 'duration'].map((type) => [type, type] as const),
  ]
  for (const [name, test] of Object.entries(tests))
    for (const [a, b] of pairs)
      table[`${name}(${a}, ${b}) bool`] = (left, right) => test(compare(left, right) ?? fail('no such overload'))
  return table as Functions
}

function itemAt(list: Value, at: bigint): Value {
  const item = itemsOf(list)[Number(at)]
  return item === undefined ? fail(`index out of bounds: ${at}`) : item
}

/** What turns one type into another, and tells sizes. */
export const conversions: Functions = {
  'size(string) int': (text: string) => BigInt([...text].length),
  'size(bytes) int': (bytes: Uint8Array) => BigInt(bytes.length),
  'size(list(A)) int': (list: Value) => BigInt(itemsOf(list).length),
  'size(map(A, B)) int': (map: Value) => BigInt(keysOf(map).length),
  'string.size() int': (text: string) => BigInt([...text].length),
  'bytes.size() int': (bytes: Uint8Array) => BigInt(bytes.length),
  'list(A).size() int': (list: Value) => BigInt(itemsOf(list).length),
  'map(A, B).size() int': (map: Value) => BigInt(keysOf(map).length),
  'int(int) int': (value: bigint) => value,
  'int(uint) int': ({ of }: Tagged) => inInt(of as bigint),
  'int(double) int': (value: number) =>
    Number.isFinite(value) && Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : fail('integer overflow'),
  'int(string) int': (text: string) =>
    /^[-+]?\d+$/.test(text) ? inInt(BigInt(text.replace('+', '')), unreadable('int')) : fail(unreadable('int')),
  'int(timestamp) int': (value: Tagged) => BigInt(Math.floor(ms(value) / 1000)),
  'uint(uint) uint': (value: Tagged) => value,
  'uint(int) uint': (value: bigint) => inUint(value),
  'uint(double) uint': (value: number) =>
    value > -1 && value < 2 ** 64 ? inUint(BigInt(Math.trunc(value))) : fail('unsigned integer overflow'),
  'uint(string) uint': (text: string) =>
    /^\d+$/.test(text) ? inUint(BigInt(text), unreadable('uint')) : fail(unreadable('uint')),
  'double(double) double': (value: number) => value,
  'double(int) double': (value: bigint) => Number(value),
  'double(uint) double': ({ of }: Tagged) => Number(of as bigint),
  'double(string) double': (text: string) => numberIn(text) ?? fail(unreadable('double')),
  'string(string) string': (text: string) => text,
  'string(int) string': (value: bigint) => String(value),
  'string(uint) string': ({ of }: Tagged) => String(of as bigint),
  'string(double) string': (value: number) => goNumber(value),
  'string(bool) string': (value: boolean) => String(value),
  'string(bytes) string': (bytes: Uint8Array) => utf8Text(bytes),
  'string(timestamp) string': (value: Tagged) => formatTime(ms(value)),
  'string(duration) string': (value: Tagged) => formatSeconds(ms(value)),
  'bool(bool) bool': (value: boolean) => value,
  'bool(string) bool': (text: string) =>
    ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)
      ? true
      : ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text)
        ? false
        : fail(unreadable('bool')),
  'bytes(bytes) bytes': (bytes: Uint8Array) => bytes,
  'bytes(string) bytes': (text: string) => Uint8Array.from(utf8(text)),
  'duration(string) duration': (text: string) => {
    const value = parseDuration(text)
    return Number.isNaN(value) ? fail(unreadable('google.protobuf.Duration')) : time('duration', value)
  },
  'duration(duration) duration': (value: Tagged) => value,
  'dyn(A) dyn': (value: Value) => value,
}

function utf8(text: string): readonly number[] {
  const encoded = encodeURIComponent(text)
  return [...encoded.matchAll(/%([0-9A-F]{2})|[^%]/g)].map(([whole, code]) =>
    code === undefined ? whole.charCodeAt(0) : parseInt(code, 16),
  )
}

/** upstream: RFC 3339, fractions only where there are some */
export function formatTime(at: number): string {
  const days = Math.floor(at / 86_400_000)
  const rest = at - days * 86_400_000
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  const [year, month, day] = civilFromDays(days)
  const fraction =
    rest % 1000 === 0
      ? ''
      : `.${String(rest % 1000)
          .padStart(3, '0')
          .replace(/0+$/, '')}`
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(rest / 3_600_000)}:${two((rest / 60_000) % 60)}:${two((rest / 1000) % 60)}${fraction}Z`
}
