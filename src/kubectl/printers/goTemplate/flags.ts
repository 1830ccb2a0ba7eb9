import { countRunes, type Bytes } from './bytes.ts'

/** What stands between % and the verb. */
export interface Flags {
  minus: boolean
  plus: boolean
  sharp: boolean
  space: boolean
  zero: boolean
  /** `%+v`, where the plus is no sign */
  plusV: boolean
  /** `%#v`, Go's own syntax */
  sharpV: boolean
  width: number | undefined
  precision: number | undefined
}

/** No flags at all. */
export function noFlags(): Flags {
  return {
    minus: false,
    plus: false,
    sharp: false,
    space: false,
    zero: false,
    plusV: false,
    sharpV: false,
    width: undefined,
    precision: undefined,
  }
}

/** Fills a text up to the width: with spaces, or with zeros on its left. */
export function pad(bytes: Bytes, flags: Flags): Bytes {
  const missing = (flags.width ?? 0) - countRunes(bytes)
  if (missing <= 0) return bytes
  if (flags.minus) return bytes + ' '.repeat(missing)
  return (flags.zero ? '0' : ' ').repeat(missing) + bytes
}

/** The same, never with zeros. */
export function padWithSpaces(bytes: Bytes, flags: Flags): Bytes {
  return pad(bytes, { ...flags, zero: false })
}
