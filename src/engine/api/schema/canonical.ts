/** A quantity as the server writes it: `1000` → `1k`, `0.5Gi` → `512Mi`, `0.1` → `100m`. Text that is none comes back as it is. */
// upstream: apimachinery/pkg/api/resource/quantity.go, CanonicalizeBytes
export function canonicalQuantity(given: string | number): string {
  if (typeof given === 'string' && isPlain(given)) return given
  return remembered(given, false)
}

/** The same, with fractions of a thousandth rounded up first, as every ResourceList is defaulted. */
// upstream: pkg/apis/core/v1/defaults.go, SetDefaults_ResourceList
export function roundedUpToMilli(given: string | number): string {
  if (typeof given === 'string' && isPlain(given)) return given
  return remembered(given, true)
}

/** What most quantities look like: a few digits that no larger unit could shorten. */
function isPlain(text: string): boolean {
  return /^(?:[1-9]\d{0,2}(?:[mkMGTPE]|[KMGTP]i)?|0)$/.test(text)
}

const memo = new Map<string, string>()

function remembered(given: string | number, toMilli: boolean): string {
  const key = `${toMilli ? 'm' : ''}${given}`
  const known = memo.get(key)
  if (known !== undefined) return known
  const text = canonicalOf(String(given).trim(), toMilli)
  if (memo.size < 4096 && key.length < 64) memo.set(key, text)
  return text
}

/** How much a quantity is, without its sign: `digits` times ten to the power of `exponent`; no digits are a zero. */
interface Amount {
  /** neither begins nor ends with a zero */
  readonly digits: string
  readonly exponent: number
}

const nano = -9
const milli = -3
const largest = 2n ** 63n - 1n
const shape = /^([+-]?)(\d*)(?:\.(\d*))?(?:([KMGTPE])i|([numkMGTPE])|[eE]([+-]?\d+))?$/

function canonicalOf(text: string, toMilli: boolean): string {
  const match = shape.exec(text)
  if (match === null) return text
  const [, sign, zerosAndWhole = '', fraction = '', binary, decimal, exponent] = match
  const whole = withoutZeros(zerosAndWhole)
  const scale = binary === undefined ? powerOfTen(decimal, exponent) - fraction.length : 0
  const isKept =
    binary === undefined ? isKeptDecimal(whole || '0', fraction, scale) : isKeptBinary(whole, fraction, binary)
  if (isKept && !(toMilli && scale < milli)) return text
  const exact = binary === undefined ? amountOf(whole + fraction, scale) : binaryAmount(whole, fraction, binary)
  const amount = roundedUp(exact, toMilli ? milli : nano)
  return written(amount, sign === '-', formatOf(binary, exponent))
}

type Format = 'binary' | 'decimal' | 'exponent'

const formatOf = (binary: string | undefined, exponent: string | undefined): Format =>
  binary !== undefined ? 'binary' : exponent !== undefined ? 'exponent' : 'decimal'

function written(amount: Amount, isNegative: boolean, format: Format): string {
  if (amount.digits === '') return '0'
  const isWhole = format === 'binary' && amount.exponent >= 0
  const units = isWhole ? BigInt(amount.digits + '0'.repeat(amount.exponent)) : 0n
  return (isNegative ? '-' : '') + (units >= 1024n ? inBinary(units) : inDecimal(amount, format === 'exponent'))
}

/** A quantity to reckon with. */
export interface Quantity {
  readonly nanos: bigint
  /** how it is written */
  readonly format: Format
}

/** Reads a quantity exactly; undefined for text that is none. */
// differs: whoever gives more than a thousand zeros gets a thousand
export function readQuantity(text: string): Quantity | undefined {
  const match = shape.exec(text.trim())
  if (match === null) return undefined
  const [, sign, whole = '', fraction = '', binary, decimal, exponent] = match
  const scale = powerOfTen(decimal, exponent) - fraction.length
  const amount =
    binary === undefined
      ? roundedUp(amountOf(whole + fraction, scale), nano)
      : binaryAmount(withoutZeros(whole), fraction, binary)
  const nanos = amount.digits === '' ? 0n : nanosOf({ ...amount, exponent: Math.min(amount.exponent, 1000) })
  const isTiny = binary !== undefined && nanos > 0n && nanos < 10n ** 9n
  return { nanos: sign === '-' ? -nanos : nanos, format: isTiny ? 'decimal' : formatOf(binary, exponent) }
}

/** A quantity as the server writes it. */
export function writeQuantity({ nanos, format }: Quantity): string {
  return written(amountOf(String(nanos < 0n ? -nanos : nanos), nano), nanos < 0n, format)
}

const powerOfTen = (unit: string | undefined, exponent: string | undefined): number =>
  exponent === undefined ? 3 * ('num kMGTPE'.indexOf(unit ?? ' ') - 3) : Number(exponent)

// What Go takes for canonical at a glance and never writes anew, so that `+2` and `1.500` stay as they are.
// upstream: the fast path of ParseQuantity

function isKeptDecimal(whole: string, fraction: string, scale: number): boolean {
  const digits = whole + fraction
  const fits = digits.length <= 18 && scale >= nano && scale % 3 === 0
  return fits && !digits.endsWith('000') && !digits.startsWith('0')
}

function isKeptBinary(whole: string, fraction: string, unit: string): boolean {
  const power = powerOf(unit)
  if (fraction !== '' || 15 - Math.max(whole.length, 1) - Math.trunc((power * 3) / 10) - 1 < 0) return false
  const value = BigInt(`0${whole}`)
  return value % 8n !== 0n && value * 2n ** BigInt(power) <= largest
}

const powerOf = (unit: string): number => 10 * ' KMGTPE'.indexOf(unit)

function withoutZeros(digits: string): string {
  let at = 0
  while (digits[at] === '0') at++
  return digits.slice(at)
}

function amountOf(text: string, exponent: number): Amount {
  const digits = withoutZeros(text)
  let end = digits.length
  while (digits[end - 1] === '0') end--
  return { digits: digits.slice(0, end), exponent: exponent + digits.length - end }
}

/** Away from zero, to a multiple of a power of ten. */
function roundedUp({ digits, exponent }: Amount, finest: number): Amount {
  if (digits === '' || exponent >= finest) return { digits, exponent }
  let end = Math.max(0, digits.length - (finest - exponent))
  const cut = end
  while (digits[end - 1] === '9') end--
  const last = end === 0 ? '1' : String(Number(digits[end - 1]) + 1)
  return { digits: digits.slice(0, Math.max(0, end - 1)) + last, exponent: finest + cut - end }
}

/** Binary units go no further than 64 bits. */
function binaryAmount(whole: string, fraction: string, unit: string): Amount {
  if (whole.length > 19) return amountOf(String(largest), 0)
  // of digits so far behind only matters whether there are any
  const digits = fraction.slice(0, 80) + (/[1-9]/.test(fraction.slice(80)) ? '1' : '')
  const value = BigInt(`0${whole}${digits}`) * 2n ** BigInt(powerOf(unit))
  const amount = roundedUp(amountOf(String(value), -digits.length), nano)
  return amount.exponent + amount.digits.length >= 19 && nanosOf(amount) > largest * 10n ** 9n
    ? amountOf(String(largest), 0)
    : amount
}

const nanosOf = ({ digits, exponent }: Amount): bigint => BigInt(digits + '0'.repeat(exponent - nano))

function inBinary(value: bigint): string {
  let rest = value
  let power = 0
  while (power < 6 && rest % 1024n === 0n) {
    rest /= 1024n
    power++
  }
  return `${rest}${['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'][power]}`
}

/** Powers beyond the last unit are lost: `1000E` is written as `1`. */
// upstream: quantitySuffixer.constructBytes finds no suffix for them
function inDecimal({ digits, exponent }: Amount, withExponent: boolean): string {
  const power = Math.floor(exponent / 3)
  const number = digits + '0'.repeat(exponent - 3 * power)
  if (withExponent) return power === 0 ? number : `${number}e${power * 3}`
  return `${number}${'num kMGTPE'.charAt(power + 3).trim()}`
}

/** A time as the server writes it: UTC, in whole seconds (or with six decimals). Text that is none comes back as it is. */
export function canonicalTime(text: string, micro: boolean): string {
  if (micro ? canonicalMicroTime.test(text) : canonicalSeconds.test(text)) return text
  const match = timeShape.exec(text)
  if (match === null) return text
  const [, date = '', clock = '', fraction = '', sign, hours, minutes] = match
  const offset = sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  const decimals = micro ? `.${fraction.slice(1, 7).padEnd(6, '0')}` : ''
  return `${shifted(date, clock, -offset)}${decimals}Z`
}

/** Go's zero time, which is written as null. */
export const isZeroTime = (text: string): boolean =>
  text.startsWith('0001-01-01T00:00:00') && canonicalTime(text, false).startsWith('0001')

const canonicalSeconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/
const canonicalMicroTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/
const timeShape = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)([.,]\d+)?(?:Z|([+-])(\d\d):(\d\d))$/

function shifted(date: string, clock: string, byMinutes: number): string {
  if (byMinutes === 0) return `${date}T${clock}`
  const [hour = 0, minute = 0, second = 0] = clock.split(':').map(Number)
  const total = hour * 60 + minute + byMinutes
  const days = Math.floor(total / 1440)
  const rest = total - days * 1440
  return `${movedDate(date, days)}T${two(Math.floor(rest / 60))}:${two(rest % 60)}:${two(second)}`
}

function movedDate(date: string, days: number): string {
  let [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  day += days
  if (day < 1) {
    month = month === 1 ? 12 : month - 1
    year -= month === 12 ? 1 : 0
    day = daysIn(year, month)
  } else if (day > daysIn(year, month)) {
    month = month === 12 ? 1 : month + 1
    year += month === 1 ? 1 : 0
    day = 1
  }
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
}

const two = (value: number): string => String(value).padStart(2, '0')

/** The days of a month, leap years counted. */
export function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}
