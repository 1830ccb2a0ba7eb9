import { canonicalQuantity, roundedUpToMilli } from './schema/canonical.ts'
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

const shape = /^(?=.)([+-]?)(\d*(?:\.\d*)?)(?:([KMGTPE]i)|([numkMGTPE])|[eE]([+-]?\d+))?$/

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
  const [, sign, digits, binarySuffix, decimalSuffix = '', exponent] = match
  const number = Number(`${sign}0${digits}`) // no digits are a zero: `m`
  if (binarySuffix !== undefined) return number * binary[binarySuffix]!
  if (exponent !== undefined) return number * 10 ** Number(exponent)
  return number * decimal[decimalSuffix]!
}

/** CPU in thousandths, rounded up, as the scheduler counts. */
export function cpuMilli(text: string | number | undefined): number {
  return text === undefined ? 0 : Math.ceil(parseQuantity(text) * 1000 - 1e-6)
}

/** Bytes or whole units, rounded away from zero. */
export function wholeUnits(text: string | number | undefined): number {
  if (text === undefined) return 0
  const value = parseQuantity(text)
  return value < 0 ? Math.floor(value) : Math.ceil(value)
}

/** Requests or limits as the API holds them. */
export type ResourceList = Readonly<Record<string, string>>
export type MutableResourceList = Draft<ResourceList>

/** A quantity as the API stores it: `1000m` → `1`, `0.5Gi` → `512Mi`; resource lists are kept to thousandths. What is none stays as it is. */
export function formatQuantity(text: string | number, finest: 'milli' | 'nano' = 'milli'): string {
  return finest === 'milli' ? roundedUpToMilli(text) : canonicalQuantity(text)
}
