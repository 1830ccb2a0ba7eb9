import { quote } from '../../api/index.ts'
import { fail, itemsOf, keysOf, kindOf, memberOf, type Tagged, type Value } from '../values.ts'
import { formatTime } from './operators.ts'
import { formatSeconds, goNumber, utf8Text } from './spelling.ts'

/** A text with values in the places of `%s`, `%d` and so on. */
// upstream: github.com/google/cel-go/ext/formatting.go
// differs: a list of arguments that is written out is looked at when the expression runs, not when it is checked
export function format(text: string, values: readonly Value[]): string {
  let next = 0
  let result = ''
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '%') {
      result += text[at]!
      continue
    }
    const clause = /^%(?:(%)|(?:\.(\d+))?([\s\S])?)/.exec(text.slice(at))!
    at += clause[0].length - 1
    const [, percent, digits, verb] = clause
    if (percent !== undefined) {
      result += '%'
      continue
    }
    if (verb === undefined) return fail('unexpected end of string')
    const show = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
    if (show === undefined)
      return fail(`could not parse formatting clause: unrecognized formatting clause ${JSON.stringify(verb)}`)
    const value = values[next++]
    if (value === undefined) return fail(`index ${next - 1} out of range`)
    result += show(value, Number(digits ?? 6))
  }
  return result
}

const longNames: Readonly<Record<string, string>> = {
  null: 'null_type',
  timestamp: 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
}

const refuse = (value: Value, what: string): never =>
  fail(`error during formatting: ${what}, was given ${longNames[kindOf(value)] ?? kindOf(value)}`)

const wholes = (value: Value, what: string): bigint =>
  kindOf(value) === 'int'
    ? (value as bigint)
    : kindOf(value) === 'uint'
      ? ((value as Tagged).of as bigint)
      : refuse(value, what)

const odd = (value: number): string | undefined =>
  Number.isNaN(value) ? 'NaN' : Math.abs(value) === Infinity ? (value > 0 ? '\u221e' : '-\u221e') : undefined

function doubles(value: Value, what: string): number {
  if (typeof value === 'number') return value
  if (value === 'NaN') return NaN
  if (value === 'Infinity' || value === '-Infinity') return value === 'Infinity' ? Infinity : -Infinity
  return refuse(value, what)
}

const bytesOf = (text: string): readonly number[] => [...new Uint8Array(utf8Bytes(text))]

function utf8Bytes(text: string): readonly number[] {
  return [...encodeURIComponent(text).matchAll(/%([0-9A-F]{2})|[^%]/g)].map(([whole, code]) =>
    code === undefined ? whole.charCodeAt(0) : parseInt(code, 16),
  )
}

function hex(value: Value): string {
  const bytes = typeof value === 'string' ? bytesOf(value) : value instanceof Uint8Array ? [...value] : undefined
  if (bytes !== undefined) return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return wholes(value, 'only integers, byte buffers, and strings can be formatted as hex').toString(16)
}

const verbs: Readonly<Record<string, (value: Value, digits: number) => string>> = {
  s: (value) => shown(value),
  d: (value) =>
    typeof value === 'number' && odd(value) !== undefined
      ? odd(value)!
      : String(wholes(value, 'decimal clause can only be used on integers')),
  f: (value, digits) => fixed(doubles(value, 'fixed-point clause can only be used on doubles'), digits),
  e: (value) => scientific(doubles(value, 'scientific clause can only be used on doubles')),
  b: (value) =>
    typeof value === 'boolean'
      ? String(Number(value))
      : wholes(value, 'only integers and bools can be formatted as binary').toString(2),
  o: (value) => wholes(value, 'octal clause can only be used on integers').toString(8),
  x: (value) => hex(value),
  X: (value) => hex(value).toUpperCase(),
}

/** Halves go to the even side, and thousands are set apart. */
function fixed(value: number, digits: number): string {
  const special = odd(value)
  if (special !== undefined) return special
  const [whole = '', fraction] = exactly(value, digits).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

function exactly(value: number, digits: number): string {
  const text = Math.abs(value) < 1e21 ? value.toFixed(digits) : `${BigInt(value)}.${'0'.repeat(digits)}`
  // a double lies between two decimals only if it is a whole number of such fractions
  const isTie = Number.isInteger(value * 2 ** (digits + 1)) && Math.abs((value * 10 ** digits) % 1) === 0.5
  if (!isTie || Number(text.at(-1)) % 2 === 0) return text
  return (Number(text) - Math.sign(value) * 10 ** -digits).toFixed(digits)
}

const raised: Readonly<Record<string, string>> = {
  '-': '\u207b',
  '0': '\u2070',
  '1': '\u00b9',
  '2': '\u00b2',
  '3': '\u00b3',
  '4': '\u2074',
  '5': '\u2075',
  '6': '\u2076',
  '7': '\u2077',
  '8': '\u2078',
  '9': '\u2079',
}

/** `1.234500` times ten with a raised exponent of at least two digits; upstream reads no precision here. */
function scientific(value: number): string {
  const special = odd(value)
  if (special !== undefined) return special
  const [mantissa = '', power = ''] = value.toExponential(6).split('e')
  const exponent = `${power.startsWith('-') ? '-' : ''}${power.replace(/^[+-]/, '').padStart(2, '0')}`
  return `${mantissa}\u00d710${[...exponent].map((char) => raised[char]!).join('')}`
}

function shown(value: Value): string {
  switch (kindOf(value)) {
    case 'string':
      return value as string
    case 'double':
      return odd(value as number) ?? goNumber(value as number)
    case 'bytes':
      return utf8Text(value as Uint8Array)
    case 'timestamp':
      return formatTime((value as Tagged).of as number)
    case 'duration':
      return formatSeconds((value as Tagged).of as number)
    case 'type':
      return String((value as Tagged).of)
    case 'uint':
      return String((value as Tagged).of)
    case 'list':
      return `[${itemsOf(value).map(inside).join(', ')}]`
    case 'map':
      return `{${keysOf(value)
        .map((key) => `${inside(key)}:${inside(memberOf(value, key)!)}`)
        .toSorted()
        .join(', ')}}`
    case 'int':
    case 'bool':
    case 'null':
      return String(value)
    default:
      return refuse(
        value,
        'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
      )
  }
}

/** A value inside a list or map: texts are in quotes, and the others say what they are. */
function inside(value: Value): string {
  switch (kindOf(value)) {
    case 'string':
      return quote(value as string)
    case 'double':
      return odd(value as number) ?? (value as number).toFixed(6)
    case 'bytes':
      return `b${quote(utf8Text(value as Uint8Array))}`
    case 'timestamp':
    case 'duration':
      return `${kindOf(value)}(${quote(shown(value))})`
    default:
      return shown(value)
  }
}
