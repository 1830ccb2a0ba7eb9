import { formatQuantity } from '../quantity.ts'

/** A quantity to calculate with: exact, in thousandths, and of the notation it was written in. */
export interface Amount {
  readonly milli: bigint
  readonly isBinary: boolean
}

export type Amounts = Readonly<Record<string, Amount>>

const powers: Readonly<Record<string, number>> = { '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const binaryPowers: Readonly<Record<string, bigint>> = { Ki: 1n, Mi: 2n, Gi: 3n, Ti: 4n, Pi: 5n, Ei: 6n }

export const zero: Amount = Object.freeze({ milli: 0n, isBinary: false })

/** A whole number. */
export const count = (number: number): Amount => ({ milli: BigInt(number) * 1000n, isBinary: false })

/** Reads a quantity; what is none counts as nothing. */
export function amountOf(text: string): Amount {
  const match = /^([+-]?)(\d+)(?:([KMGTPE]i)|([mkMGTPE])|e(\d+))?$/.exec(formatQuantity(text))
  if (match === null) return zero
  const [, sign, digits = '0', binary, decimal = '', exponent] = match
  let milli = BigInt(digits)
  if (binary !== undefined) milli *= 1000n * 1024n ** binaryPowers[binary]!
  else if (decimal !== 'm') milli *= 10n ** BigInt((exponent === undefined ? powers[decimal]! : Number(exponent)) + 3)
  return { milli: sign === '-' ? -milli : milli, isBinary: binary !== undefined }
}

/** The quantity as the API writes it. */
export function amountText({ milli, isBinary }: Amount): string {
  const [sign, size] = milli < 0n ? ['-', -milli] : ['', milli]
  if (size === 0n) return '0'
  if (isBinary && size % 1_024_000n === 0n) return sign + formatQuantity(`${size / 1_024_000n}Ki`)
  return sign + formatQuantity(size % 1000n === 0n ? `${size / 1000n}` : `${size}m`)
}

/** The sum, in the notation of the first that is not zero. */
// upstream: apimachinery/pkg/api/resource/quantity.go Add
export function plus(a: Amount, b: Amount): Amount {
  return { milli: a.milli + b.milli, isBinary: a.milli === 0n ? b.isBinary : a.isBinary }
}

/** Adds to a record in place. */
export function addTo(total: Record<string, Amount>, more: Amounts): void {
  for (const name in more) total[name] = total[name] === undefined ? more[name]! : plus(total[name], more[name]!)
}

/** Raises each amount of a record to at least another one, in place. */
export function raiseTo(total: Record<string, Amount>, other: Amounts): void {
  for (const name in other)
    if (total[name] === undefined || total[name].milli < other[name]!.milli) total[name] = other[name]!
}

/** Reads a resource list. */
export function amountsOf(list: Readonly<Record<string, string>> | undefined): Record<string, Amount> {
  const amounts: Record<string, Amount> = {}
  for (const name in list) amounts[name] = amountOf(list[name]!)
  return amounts
}

/** Writes a resource list, by name. */
export function textsOf(amounts: Amounts): Record<string, string> {
  return Object.fromEntries(
    Object.keys(amounts)
      .sort()
      .map((name) => [name, amountText(amounts[name]!)]),
  )
}
