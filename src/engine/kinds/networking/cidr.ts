import { ipFamily, ipToBits } from '../../api/index.ts'

/** A range of addresses as numbers; undefined for what is none. */
export interface AddressRange {
  readonly family: 'IPv4' | 'IPv6'
  readonly first: bigint
  readonly prefix: number
}

/** Reads `10.0.0.0/8`; bits beyond the prefix are overlooked, as Go's sloppy parser does. */
export function parseCidr(text: string): AddressRange | undefined {
  const slash = text.indexOf('/')
  const family = slash < 0 ? undefined : ipFamily(text.slice(0, slash))
  const bits = text.slice(slash + 1)
  if (family === undefined || !/^\d+$/.test(bits)) return undefined
  const width = widthOf(family)
  const prefix = Number(bits)
  if (prefix > width) return undefined
  const shift = BigInt(width - prefix)
  return { family, first: (ipToBits(text.slice(0, slash), family) >> shift) << shift, prefix }
}

const widthOf = (family: 'IPv4' | 'IPv6'): number => (family === 'IPv4' ? 32 : 128)

/** Whether the second range lies within the first and is smaller. */
export function isStrictlyWithin(outer: AddressRange, inner: AddressRange): boolean {
  if (outer.family !== inner.family || outer.prefix >= inner.prefix) return false
  const shift = BigInt(widthOf(outer.family) - outer.prefix)
  return inner.first >> shift === outer.first >> shift
}
