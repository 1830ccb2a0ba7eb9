import { daysIn } from './canonical.ts'

/** Why Go would refuse this text as a quantity; undefined if it is one. `text` is trimmed as the decoder does. */
// upstream: apimachinery/pkg/api/resource/quantity.go, parseQuantityString and ParseQuantity
export function quantityError(text: string): string | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return wrongFormat
  const sign = trimmed[0] === '-' || trimmed[0] === '+' ? 1 : 0
  let at = skipDigits(trimmed, sign)
  if (trimmed[at] === '.') at = skipDigits(trimmed, at + 1)
  const suffixStart = at
  while (at < trimmed.length && suffixLetters.includes(trimmed.charAt(at))) at++
  if (trimmed[at] === '-' || trimmed[at] === '+') at++
  at = skipDigits(trimmed, at)
  if (at < trimmed.length) return wrongFormat
  const suffix = trimmed.slice(suffixStart)
  if (!isSuffix(suffix)) return "unable to parse quantity's suffix"
  // no digits are a zero, but not to the arithmetic of large and tiny numbers
  const hasDigits = /\d/.test(trimmed.slice(0, suffixStart))
  return !hasDigits && isFar(suffix) ? 'unable to parse numeric part of quantity' : undefined
}

const isFar = (suffix: string): boolean => suffix === 'Pi' || suffix === 'Ei' || Number(suffix.slice(1)) < -9

const wrongFormat = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
const suffixLetters = 'eEinumkKMGTP'
const suffixes = new Set(['', 'n', 'u', 'm', 'k', 'M', 'G', 'T', 'P', 'E', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'])

const isSuffix = (suffix: string): boolean => suffix === '' || suffixes.has(suffix) || /^[eE][+-]?\d+$/.test(suffix)

function skipDigits(text: string, from: number): number {
  let at = from
  while (at < text.length && isDigit(text, at)) at++
  return at
}

const isDigit = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at)
  return code >= 48 && code <= 57
}

/** Why Go would refuse this text as bytes in base64; undefined if it is some. */
// upstream: Go's encoding/base64, decodeQuantum
export function base64Error(text: string): string | undefined {
  const at = firstCorruptByte(text)
  return at === undefined ? undefined : `illegal base64 data at input byte ${at}`
}

function firstCorruptByte(text: string): number | undefined {
  let inQuantum = 0
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === '\n' || char === '\r') continue
    if (char === '=') return corruptPadding(text, at, inQuantum)
    if (!isBase64(char)) return at
    inQuantum = (inQuantum + 1) % 4
  }
  return inQuantum === 0 ? undefined : text.length - inQuantum
}

function corruptPadding(text: string, at: number, inQuantum: number): number | undefined {
  if (inQuantum < 2) return at
  let next = skipLineEnds(text, at + 1)
  if (inQuantum === 2) {
    if (next === text.length) return text.length
    if (text[next] !== '=') return next - 1
    next = skipLineEnds(text, next + 1)
  }
  return next < text.length ? next : undefined
}

function skipLineEnds(text: string, from: number): number {
  let at = from
  while (text[at] === '\n' || text[at] === '\r') at++
  return at
}

function isBase64(char: string): boolean {
  return (
    (char >= 'A' && char <= 'Z') ||
    (char >= 'a' && char <= 'z') ||
    (char >= '0' && char <= '9') ||
    char === '+' ||
    char === '/'
  )
}

/** Why Go would refuse this text as a time (or, with six decimals, a MicroTime); undefined if it is one. */
// upstream: Go's time.Parse with the layouts of metav1.Time and metav1.MicroTime
export function timeError(text: string, micro: boolean): string | undefined {
  if (typicalTime.test(text) && !micro) return undefined
  const fail = (rest: string, as: string) =>
    `parsing time ${JSON.stringify(text)} as "2006-01-02T15:04:05${micro ? '.000000' : ''}Z07:00": ` +
    `cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(as)}`
  const outOfRange = (what: string) => `parsing time ${JSON.stringify(text)}: ${what} out of range`
  let rest = text
  const found: Record<string, number> = {}
  for (const [token, pattern, name, low, high] of timeTokens) {
    const match = pattern.exec(rest)
    if (match === null) return fail(rest, token)
    rest = rest.slice(match[0].length)
    if (name === undefined) continue
    const value = Number(match[0])
    if (value < low || value > high) return outOfRange(name)
    found[name] = value
  }
  const fraction = micro ? /^\.\d{6}/.exec(rest) : /^[.,]\d+/.exec(rest)
  if (micro && fraction === null) return fail(rest, '.000000')
  rest = rest.slice(fraction?.[0].length ?? 0)
  const zone = /^(?:Z|[+-](\d\d):(\d\d))/.exec(rest)
  if (zone === null) return fail(rest, 'Z07:00')
  if (Number(zone[1] ?? 0) > 24) return outOfRange('time zone offset hour')
  if (Number(zone[2] ?? 0) > 60) return outOfRange('time zone offset minute')
  rest = rest.slice(zone[0].length)
  if (rest !== '') return `parsing time ${JSON.stringify(text)}: extra text: ${JSON.stringify(rest)}`
  const day = found.day ?? 1
  return day < 1 || day > daysIn(found.year ?? 0, found.month ?? 1) ? outOfRange('day') : undefined
}

const typicalTime = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/

const timeTokens: readonly (readonly [
  token: string,
  pattern: RegExp,
  name: string | undefined,
  low: number,
  high: number,
])[] = [
  ['2006', /^\d{4}/, 'year', 0, 9999],
  ['-', /^-/, undefined, 0, 0],
  ['01', /^\d\d/, 'month', 1, 12],
  ['-', /^-/, undefined, 0, 0],
  ['02', /^\d\d/, 'day', 0, 99],
  ['T', /^T/, undefined, 0, 0],
  ['15', /^\d\d/, 'hour', 0, 23],
  [':', /^:/, undefined, 0, 0],
  ['04', /^\d\d/, 'minute', 0, 59],
  [':', /^:/, undefined, 0, 0],
  ['05', /^\d\d/, 'second', 0, 59],
]
