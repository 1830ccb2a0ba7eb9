import { formatQuantity, parseQuantity } from '../../../api/index.ts'

/** Two quantities added, in the first one's way of writing. */
export function addQuantities(a: string, b: string): string {
  const isBinary = a.endsWith('i') || (b.endsWith('i') && parseQuantity(a) === 0)
  const milli = Math.round((parseQuantity(a) + parseQuantity(b)) * 1000)
  if (isBinary && milli % 1000 === 0) return formatQuantity(binaryText(milli / 1000))
  return formatQuantity(`${milli}m`)
}

function binaryText(bytes: number): string {
  return bytes % 1024 === 0 ? `${bytes / 1024}Ki` : String(bytes)
}

/** Whether one quantity is below another. */
export function isLess(a: string | undefined, b: string | undefined): boolean {
  return amountOf(a) < amountOf(b)
}

/** A quantity as a number; absent counts as none. */
export function amountOf(text: string | undefined): number {
  return text === undefined ? 0 : parseQuantity(text)
}

/** Whether a quantity is a whole number. */
export function isWhole(text: string): boolean {
  return Number.isInteger(Math.round(parseQuantity(text) * 1000) / 1000)
}
