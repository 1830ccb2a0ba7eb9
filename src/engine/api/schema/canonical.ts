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
  if (memo.size < 4096) memo.set(key, text)
  return text
}

interface Parsed {
  /** The value in nanos, rounded away from zero. */
  readonly nanos: bigint
  readonly format: 'binary' | 'decimal' | 'exponent'
}

const nano = 1_000_000_000n
const largest = (2n ** 63n - 1n) * nano
const shape = /^([+-]?)(\d*)(?:\.(\d*))?(?:([KMGTPE])i|([numkMGTPE])|[eE]([+-]?\d+))?$/

function parse(text: string): Parsed | undefined {
  const match = shape.exec(text)
  if (match === null) return undefined
  const [, sign, whole = '', fraction = '', binary, decimal, exponent] = match
  const digits = BigInt(`0${whole}${fraction}`)
  const scale =
    9 - fraction.length + (exponent === undefined ? 3 * 'num kMGTPE'.indexOf(decimal ?? ' ') - 9 : Number(exponent))
  const value = binary === undefined ? digits : digits * 1024n ** BigInt(' KMGTPE'.indexOf(binary))
  const exact =
    scale >= 0 ? value * 10n ** BigInt(Math.min(scale, 60)) : dividedUp(value, 10n ** BigInt(Math.min(-scale, 60)))
  const nanos = binary !== undefined && exact > largest ? largest : exact
  return {
    nanos: sign === '-' ? -nanos : nanos,
    format: binary !== undefined ? 'binary' : exponent !== undefined ? 'exponent' : 'decimal',
  }
}

const dividedUp = (value: bigint, by: bigint): bigint => (value + by - 1n) / by

/** What Go takes for canonical at a glance and never writes anew, so that `+2` and `1.500` stay as they are. */
// upstream: the fast path of ParseQuantity
function isKept(text: string): boolean {
  const match = shape.exec(text)
  if (match === null) return true
  const [, , zerosAndWhole = '', fraction = '', binary, decimal, exponent] = match
  const whole = zerosAndWhole.replace(/^0+/, '')
  if (binary !== undefined) {
    const power = 10 * ' KMGTPE'.indexOf(binary)
    const fits = fraction === '' && 15 - Math.max(whole.length, 1) - Math.trunc((power * 3) / 10) - 1 >= 0
    const value = BigInt(`0${whole}`)
    return fits && value % 8n !== 0n && value * 2n ** BigInt(power) < 2n ** 63n
  }
  const scale =
    (exponent === undefined ? 3 * ('num kMGTPE'.indexOf(decimal ?? ' ') - 3) : Number(exponent)) - fraction.length
  const digits = (whole === '' ? '0' : whole) + fraction
  const fits = digits.length <= 18 && scale >= -9 && scale % 3 === 0
  return fits && !digits.endsWith('000') && !digits.startsWith('0')
}

function canonicalOf(text: string, toMilli: boolean): string {
  const parsed = parse(text)
  if (parsed === undefined) return text
  if (isKept(text) && !(toMilli && parsed.nanos % 1_000_000n !== 0n)) return text
  const isNegative = parsed.nanos < 0n
  const exact = isNegative ? -parsed.nanos : parsed.nanos
  const nanos = toMilli ? dividedUp(exact, 1_000_000n) * 1_000_000n : exact
  if (nanos === 0n) return '0'
  const isBinary = parsed.format === 'binary' && nanos >= 1024n * nano && nanos % nano === 0n
  return (isNegative ? '-' : '') + (isBinary ? inBinary(nanos / nano) : inDecimal(nanos, parsed.format === 'exponent'))
}

function inBinary(value: bigint): string {
  let rest = value
  let power = 0
  while (power < 6 && rest % 1024n === 0n) {
    rest /= 1024n
    power++
  }
  return `${rest}${['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'][power]}`
}

function inDecimal(nanos: bigint, withExponent: boolean): string {
  let rest = nanos
  let power = -3
  while ((withExponent || power < 6) && rest % 1000n === 0n) {
    rest /= 1000n
    power++
  }
  if (withExponent) return power === 0 ? `${rest}` : `${rest}e${power * 3}`
  return `${rest}${'num kMGTPE'.charAt(power + 3).trim()}`
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
