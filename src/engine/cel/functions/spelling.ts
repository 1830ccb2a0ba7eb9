import { fail } from '../values.ts'

/** A number as Go spells it: with an exponent from a million on, and below a ten-thousandth. */
// upstream: strconv.FormatFloat(value, 'g', -1, 64)
export function goNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (Math.abs(value) === Infinity) return value > 0 ? '+Inf' : '-Inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [digits = '', power = ''] = value.toExponential().split('e')
  const exponent = Number(power)
  if (exponent >= -4 && exponent < 6) return String(value)
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

/** The number that a text spells, if it does. */
// upstream: strconv.ParseFloat
export function numberIn(text: string): number | undefined {
  const word = /^([+-]?)(?:(inf|infinity)|nan)$/i.exec(text)
  if (word !== null)
    return word[2] === undefined ? (word[1] === '' ? NaN : undefined) : word[1] === '-' ? -Infinity : Infinity
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}

/** `5400s`, `0.000000001s` */
export function formatSeconds(ms: number): string {
  const nanos = BigInt(Math.round(Math.abs(ms) * 1e6))
  const fraction = String(nanos % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '')
  return `${ms < 0 ? '-' : ''}${nanos / 1_000_000_000n}${fraction === '' ? '' : `.${fraction}`}s`
}

/** Bytes as the text they are. */
export function utf8Text(bytes: Uint8Array): string {
  try {
    return decodeURIComponent([...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''))
  } catch {
    return fail('invalid UTF-8 in bytes, cannot convert to string')
  }
}
