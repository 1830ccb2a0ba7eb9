import { decodeRune, encodeRune, runeMax, runeError, type Bytes } from './bytes.ts'
import { pad, padWithSpaces, type Flags } from './flags.ts'
import { formatFloat, type FloatVerb } from './floats.ts'
import { canBackquote, isPrintable, quote, quoteRune } from './quote.ts'

// upstream: Go's fmt/format.go

/** A string by a verb; undefined where the verb is none for strings. */
export function formatString(text: Bytes, verb: string, flags: Flags): Bytes | undefined {
  switch (verb) {
    case 'v':
      return flags.sharpV ? quotedString(text, flags) : pad(truncated(text, flags), flags)
    case 's':
      return pad(truncated(text, flags), flags)
    case 'q':
      return quotedString(text, flags)
    case 'x':
      return hexString(text, flags)
    case 'X':
      return hexString(text, flags).toUpperCase()
  }
  return undefined
}

function truncated(text: Bytes, { precision }: Flags): Bytes {
  if (precision === undefined || precision >= text.length) return text
  let at = 0
  for (let left = precision; left > 0 && at < text.length; left--) at += decodeRune(text, at).width
  return text.slice(0, at)
}

function quotedString(text: Bytes, flags: Flags): Bytes {
  const shown = truncated(text, flags)
  return pad(flags.sharp && canBackquote(shown) ? `\`${shown}\`` : quote(shown, flags.plus), flags)
}

function hexString(text: Bytes, flags: Flags): Bytes {
  const pairs = Array.from(text.slice(0, flags.precision), (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0'))
  const prefix = flags.sharp ? '0x' : ''
  const shown = flags.space ? pairs.map((pair) => prefix + pair).join(' ') : prefix + pairs.join('')
  if (pairs.length === 0) return pad('', { ...flags, minus: false, zero: flags.zero && !flags.minus })
  return pad(shown, flags)
}

/** A whole number by a verb; undefined where the verb is none for whole numbers. */
export function formatInteger(value: bigint, isSigned: boolean, verb: string, flags: Flags): Bytes | undefined {
  switch (verb) {
    case 'v':
      return flags.sharpV && !isSigned ? hexAddress(value, true, flags) : inBase(value, 10, verb, flags)
    case 'd':
      return inBase(value, 10, verb, flags)
    case 'b':
      return inBase(value, 2, verb, flags)
    case 'o':
    case 'O':
      return inBase(value, 8, verb, flags)
    case 'x':
    case 'X':
      return inBase(value, 16, verb, flags)
    case 'c':
      return pad(encodeRune(runeOf(value)), flags)
    case 'q':
      return pad(quoteRune(runeOf(value), flags.plus), flags)
    case 'U':
      return unicode(value, flags)
  }
  return undefined
}

/** A number in hexadecimal, with 0x or without it whatever the flags say. */
export function hexAddress(value: bigint, hasPrefix: boolean, flags: Flags): Bytes {
  return inBase(value, 16, 'v', { ...flags, sharp: hasPrefix })
}

const runeOf = (value: bigint): number => (value < 0n || value > BigInt(runeMax) ? runeError : Number(value))

function inBase(value: bigint, base: 2 | 8 | 10 | 16, verb: string, flags: Flags): Bytes {
  const isNegative = value < 0n
  const hasSign = isNegative || flags.plus || flags.space
  if (flags.precision === 0 && value === 0n) return padWithSpaces('', { ...flags, minus: false })
  const isZeroPadded = flags.zero && !flags.minus && flags.width !== undefined
  const least = flags.precision ?? (isZeroPadded ? flags.width! - (hasSign ? 1 : 0) : 0)
  const digits = (isNegative ? -value : value).toString(base).padStart(least, '0')
  const sign = isNegative ? '-' : flags.plus ? '+' : flags.space ? ' ' : ''
  const shown = prefixOf(base, digits, flags) + digits
  const whole = sign + (verb === 'O' ? '0o' : '') + shown
  return padWithSpaces(verb === 'X' ? whole.toUpperCase() : whole, flags)
}

function prefixOf(base: number, digits: string, { sharp }: Flags): string {
  if (!sharp || base === 10) return ''
  return base === 2 ? '0b' : base === 16 ? '0x' : digits.startsWith('0') ? '' : '0'
}

function unicode(value: bigint, flags: Flags): Bytes {
  const unsigned = BigInt.asUintN(64, value)
  const hex = unsigned
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(flags.precision ?? 4, 4), '0')
  const isShown = flags.sharp && unsigned <= BigInt(runeMax) && isPrintable(Number(unsigned))
  return padWithSpaces(`U+${hex}${isShown ? ` '${encodeRune(Number(unsigned))}'` : ''}`, flags)
}

const floatVerbs: Readonly<Record<string, readonly [verb: FloatVerb, precision: number]>> = {
  v: ['g', -1],
  b: ['b', -1],
  g: ['g', -1],
  G: ['G', -1],
  x: ['x', -1],
  X: ['X', -1],
  f: ['f', 6],
  F: ['f', 6],
  e: ['e', 6],
  E: ['E', 6],
}

/** A float by a verb; undefined where the verb is none for floats. */
export function formatFloatBy(value: number, verb: string, flags: Flags): Bytes | undefined {
  const known = floatVerbs[verb]
  if (known === undefined) return undefined
  const [how, usual] = known
  const precision = flags.precision ?? usual
  const plain = formatFloat(value, how, precision)
  const signed = /^[-+]/.test(plain) ? plain : `+${plain}`
  const spaced = flags.space && signed.startsWith('+') && !flags.plus ? ` ${signed.slice(1)}` : signed
  const number = flags.sharp && how !== 'b' ? withPoint(spaced, how, precision) : spaced
  if (!flags.plus && number.startsWith('+')) return pad(number.slice(1), flags)
  if (flags.zero && !flags.minus && flags.width !== undefined && flags.width > number.length)
    return number[0]! + number.slice(1).padStart(flags.width - 1, '0')
  return pad(number, flags)
}

// The flag # keeps the point, and the zeros at the end that %g leaves out.
function withPoint(number: Bytes, verb: FloatVerb, precision: number): Bytes {
  const end = number.search(verb === 'x' || verb === 'X' ? /p/i : /e/i)
  const [head, tail] = end < 0 ? [number, ''] : [number.slice(0, end), number.slice(end)]
  const hasPoint = head.includes('.')
  let missing = verb === 'g' || verb === 'G' || verb === 'x' ? (precision < 0 ? 6 : precision) : 0
  const first = head.slice(1).search(/[^0.]/)
  if (first >= 0) missing -= head.slice(1 + first).replace('.', '').length
  if (!hasPoint && head.slice(1) === '0') missing--
  return head + (hasPoint ? '' : '.') + '0'.repeat(Math.max(missing, 0)) + tail
}

/** A complex number by a verb; undefined where the verb is none for complex numbers. */
export function formatComplex(real: number, imaginary: number, verb: string, flags: Flags): Bytes | undefined {
  const first = formatFloatBy(real, verb, flags)
  return first === undefined ? undefined : `(${first}${formatFloatBy(imaginary, verb, { ...flags, plus: true })}i)`
}
