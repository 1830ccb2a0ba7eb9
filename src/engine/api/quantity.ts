import type { Draft } from './types.ts'

const binary: Readonly<Record<string, number>> = {
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}
const decimal: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
}

const shape = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([KMGTPE]i)|([numkMGTPE])|[eE]([+-]?\d+))?$/

const cache = new Map<string, number>()

/** A quantity in its base unit: `500m` → 0.5, `1Gi` → 1073741824; NaN for what is none. */
export function parseQuantity(text: string | number): number {
  if (typeof text === 'number') return text
  let value = cache.get(text)
  if (value === undefined) {
    value = parse(text)
    if (cache.size < 4096) cache.set(text, value)
  }
  return value
}

function parse(text: string): number {
  const match = shape.exec(text)
  if (match === null) return NaN
  const number = Number(match[1])
  if (match[2] !== undefined) return number * binary[match[2]]!
  if (match[4] !== undefined) return number * 10 ** Number(match[4])
  return number * decimal[match[3] ?? '']!
}

/** CPU in thousandths, rounded up, as the scheduler counts. */
export function cpuMilli(text: string | number | undefined): number {
  return text === undefined ? 0 : Math.ceil(parseQuantity(text) * 1000 - 1e-6)
}

/** Bytes or whole units, rounded up. */
export function wholeUnits(text: string | number | undefined): number {
  return text === undefined ? 0 : Math.ceil(parseQuantity(text))
}

/** Requests or limits as the API holds them. */
export type ResourceList = Readonly<Record<string, string>>
export type MutableResourceList = Draft<ResourceList>

const binaryPower: Readonly<Record<string, number>> = { Ki: 1, Mi: 2, Gi: 3, Ti: 4, Pi: 5, Ei: 6 }
const decimalPower: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
}
const suffixes: Readonly<Record<number, string>> = {
  [-9]: 'n',
  [-6]: 'u',
  [-3]: 'm',
  0: '',
  3: 'k',
  6: 'M',
  9: 'G',
  12: 'T',
  15: 'P',
  18: 'E',
}

const canonical = new Map<string, string>()

/** A quantity as the API stores it: `1000m` → `1`, `0.5Gi` → `512Mi`; resource lists are kept to thousandths. What is none stays as it is. */
export function formatQuantity(text: string | number, finest: 'milli' | 'nano' = 'milli'): string {
  const key = `${finest}${text}`
  let result = canonical.get(key)
  if (result === undefined) {
    result = canonicalize(String(text), finest === 'milli' ? -3 : -9)
    if (canonical.size < 4096) canonical.set(key, result)
  }
  return result
}

// upstream: apimachinery/pkg/api/resource/quantity.go
function canonicalize(text: string, finest: number): string {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:([KMGTPE]i)|([numkMGTPE])|[eE]([+-]?\d+))?$/.exec(text)
  if (match === null || `${match[2]}${match[3]}` === '') return text
  const [, sign, whole = '', fraction = '', binarySuffix, decimalSuffix, exponent] = match
  const minus = sign ?? '' // a plus stays, too
  const digits = BigInt(whole + fraction)
  if (digits === 0n) return '0'
  if (binarySuffix !== undefined)
    return minus + binaryText(digits * 1024n ** BigInt(binaryPower[binarySuffix]!), fraction.length)
  const power = (exponent === undefined ? decimalPower[decimalSuffix ?? '']! : Number(exponent)) - fraction.length
  return minus + decimalText(digits, power, finest, exponent !== undefined)
}

function binaryText(scaled: bigint, decimals: number): string {
  const unit = 10n ** BigInt(decimals)
  let bytes = (scaled + unit - 1n) / unit
  if (scaled < 1024n * unit) return decimalText(scaled, -decimals, -9, false)
  const names = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
  let power = 0
  for (; power < 6 && bytes % 1024n === 0n; power++) bytes /= 1024n
  return `${bytes}${names[power]}`
}

function decimalText(digits: bigint, power: number, finest: number, hasExponent: boolean): string {
  if (finest - power > String(digits).length) [digits, power] = [1n, finest] // far below the finest: rounded up
  if (power < finest) {
    const unit = 10n ** BigInt(finest - power)
    digits = (digits + unit - 1n) / unit
    power = finest
  }
  for (; digits % 10n === 0n; power++) digits /= 10n
  for (; power % 3 !== 0; power--) digits *= 10n
  if (hasExponent) return power === 0 ? String(digits) : `${digits}e${power}`
  for (; power > 18; power -= 3) digits *= 1000n
  return `${digits}${suffixes[power]}`
}
