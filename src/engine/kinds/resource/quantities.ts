import { readQuantity, writeQuantity, type Quantity } from '../../api/schema/canonical.ts'

// Arithmetic on quantities without any rounding. upstream: apimachinery/pkg/api/resource/quantity.go Add, Cmp, Value

const zero: Quantity = Object.freeze({ nanos: 0n, format: 'decimal' })
const read = (text: string): Quantity => readQuantity(text) ?? zero

/** Two quantities, in the form of the first, or of the second if the first is nothing. */
export function sumOf(a: string, b: string): string {
  const [one, other] = [read(a), read(b)]
  return writeQuantity({ nanos: one.nanos + other.nanos, format: one.nanos === 0n ? other.format : one.format })
}

/** Below zero if the first is less, above zero if it is more. */
export function compareQuantities(a: string, b: string): number {
  const difference = read(a).nanos - read(b).nanos
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** In whole units, away from zero. */
export function wholeOf(text: string): bigint {
  const { nanos } = read(text)
  const up = 10n ** 9n - 1n
  return (nanos < 0n ? nanos - up : nanos + up) / 10n ** 9n
}
