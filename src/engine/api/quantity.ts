import type { Draft } from './types.ts'

const binary: Readonly<Record<string, number>> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 }
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
