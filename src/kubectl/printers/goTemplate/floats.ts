// upstream: Go's strconv/ftoa.go

/** How a float is written: %e, %E, %f, %g, %G, %b (a binary exponent), %x, %X (hexadecimal). */
export type FloatVerb = 'e' | 'E' | 'f' | 'g' | 'G' | 'b' | 'x' | 'X'

/** A finite float as a text; a precision of -1 writes as many digits as tell it apart from all others. */
export function formatFloat(value: number, verb: FloatVerb, precision: number): string {
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const size = Math.abs(value)
  switch (verb) {
    case 'b':
      return sign + binary(size)
    case 'x':
      return sign + hexadecimal(size, precision)
    case 'X':
      return sign + hexadecimal(size, precision).toUpperCase()
    default:
      return sign + decimal(size, verb, precision)
  }
}

/** `0.${digits} × 10^point`; no digits are zero. */
interface Digits {
  readonly digits: string
  readonly point: number
}

function decimal(size: number, verb: 'e' | 'E' | 'f' | 'g' | 'G', precision: number): string {
  const isShortest = precision < 0
  const found = isShortest ? shortest(size) : rounded(exactly(size), verb, precision)
  if (verb === 'f') return plain(found, isShortest ? Math.max(found.digits.length - found.point, 0) : precision)
  if (verb === 'e' || verb === 'E')
    return exponential(found, verb, isShortest ? Math.max(found.digits.length - 1, 0) : precision)
  const { digits, point } = found
  const most = isShortest ? digits.length : Math.max(precision, 1)
  const isFew = most > digits.length && digits.length >= point
  const bound = isShortest ? 6 : isFew ? digits.length : most
  if (point - 1 < -4 || point - 1 >= bound)
    return exponential(found, verb === 'g' ? 'e' : 'E', Math.min(most, digits.length) - 1)
  return plain(found, Math.max((most > point ? digits.length : most) - point, 0))
}

function plain({ digits, point }: Digits, precision: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0'
  if (precision <= 0) return whole
  const leading = '0'.repeat(Math.min(Math.max(-point, 0), precision))
  return `${whole}.${(leading + digits.slice(Math.max(point, 0))).slice(0, precision).padEnd(precision, '0')}`
}

function exponential({ digits, point }: Digits, mark: 'e' | 'E', precision: number): string {
  const more = precision > 0 ? `.${digits.slice(1, precision + 1).padEnd(precision, '0')}` : ''
  const exponent = digits === '' ? 0 : point - 1
  const sign = exponent < 0 ? '-' : '+'
  return `${digits[0] ?? '0'}${more}${mark}${sign}${String(Math.abs(exponent)).padStart(2, '0')}`
}

function shortest(size: number): Digits {
  if (size === 0) return { digits: '', point: 0 }
  const [, digits = '', exponent = '0'] = /^([\d.]+)e([+-]\d+)$/.exec(size.toExponential()) ?? []
  return { digits: digits.replace('.', '').replace(/0+$/, ''), point: Number(exponent) + 1 }
}

/** The number's own mantissa and exponent: size = mantissa × 2^exponent. */
function partsOf(size: number): { readonly mantissa: bigint; readonly exponent: number } {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, size)
  const bits = view.getBigUint64(0)
  const biased = Number(bits >> 52n) & 0x7ff
  const fraction = bits & ((1n << 52n) - 1n)
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | (1n << 52n), exponent: biased - 1075 }
}

function exactly(size: number): Digits {
  if (size === 0) return { digits: '', point: 0 }
  const { mantissa, exponent } = partsOf(size)
  const shift = BigInt(Math.abs(exponent))
  const digits = String(exponent >= 0 ? mantissa << shift : mantissa * 5n ** shift)
  return { digits: digits.replace(/0+$/, ''), point: digits.length + Math.min(exponent, 0) }
}

function rounded(exact: Digits, verb: 'e' | 'E' | 'f' | 'g' | 'G', precision: number): Digits {
  const { digits, point } = exact
  const count = verb === 'f' ? point + precision : verb === 'g' || verb === 'G' ? Math.max(precision, 1) : precision + 1
  if (count < 0) return { digits: '', point: -precision }
  if (count >= digits.length) return exact
  const kept = digits.slice(0, count)
  const isHalf = digits[count] === '5' && count + 1 === digits.length
  const isUp = isHalf ? Number(kept.at(-1) ?? 0) % 2 === 1 : digits[count]! >= '5'
  if (!isUp) return { digits: kept.replace(/0+$/, ''), point: /^0*$/.test(kept) ? 0 : point }
  const raised = String(BigInt(kept === '' ? 0 : kept) + 1n)
  return { digits: raised.replace(/0+$/, ''), point: point + raised.length - count }
}

function binary(size: number): string {
  const { mantissa, exponent } = partsOf(size)
  return `${mantissa}p${exponent >= 0 ? '+' : ''}${exponent}`
}

function hexadecimal(size: number, precision: number): string {
  const { mantissa, exponent } = partsOf(size)
  if (mantissa === 0n) return `0x0${precision > 0 ? `.${'0'.repeat(precision)}` : ''}p+00`
  const width = mantissa.toString(2).length
  let bits = mantissa << BigInt(61 - width)
  let power = exponent + width - 1
  if (precision >= 0 && precision < 15) {
    const dropped = BigInt(60 - 4 * precision)
    const rest = bits & ((1n << dropped) - 1n)
    bits >>= dropped
    const half = 1n << (dropped - 1n)
    if (rest > half || (rest === half && (bits & 1n) === 1n)) bits++
    bits <<= dropped
    if (bits >> 61n === 1n) power++
    if (bits >> 61n === 1n) bits >>= 1n
  }
  const hex = (bits & ((1n << 60n) - 1n)).toString(16).padStart(15, '0')
  const shown = precision < 0 ? hex.replace(/0+$/, '') : hex.slice(0, precision).padEnd(precision, '0')
  const sign = power < 0 ? '-' : '+'
  return `0x1${shown === '' ? '' : `.${shown}`}p${sign}${String(Math.abs(power)).padStart(2, '0')}`
}
