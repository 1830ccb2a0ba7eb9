import { isTimeZone } from './timeZones.ts'

/** When a CronJob is due: the minutes, hours, days it fits, or a steady beat. */
export type Schedule = Fields | { readonly everySeconds: number }

interface Fields {
  readonly minutes: readonly number[]
  readonly hours: readonly number[]
  readonly days: readonly number[]
  readonly months: readonly number[]
  readonly weekdays: readonly number[]
  /** a day fits by either list, unless one of them was a star: then the other alone decides */
  readonly anyDay: boolean
  readonly anyWeekday: boolean
}

interface Bounds {
  readonly min: number
  readonly max: number
  readonly names?: readonly string[]
}

const monthNames = ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const weekdayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

const bounds: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: monthNames },
  { min: 0, max: 6, names: weekdayNames },
]

const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

/** A text that is no schedule, in the words of the library that upstream reads it with. */
export interface BadSchedule {
  readonly error: string
}

/** Reads the five fields of cron, or one of its `@` words. */
// upstream: github.com/robfig/cron/v3 ParseStandard
export function parseSchedule(text: string): Schedule | BadSchedule {
  if (text === '') return { error: 'empty spec string' }
  const zoned = /^(?:CRON_)?TZ=([^ ]*) /.exec(text)
  if (zoned !== null && zoned[1] !== '' && zoned[1] !== 'Local' && !isTimeZone(zoned[1]!))
    return { error: `provided bad location ${zoned[1]}: unknown time zone ${zoned[1]}` }
  const plain = zoned === null ? text : text.slice(zoned[0].length).trim()
  if (plain.startsWith('@')) return parseDescriptor(plain)
  const words = plain.split(/\s+/).filter((word) => word !== '')
  if (words.length !== 5) return { error: `expected exactly 5 fields, found ${words.length}: [${words.join(' ')}]` }
  const read: FieldValues[] = []
  for (let index = 0; index < 5; index++) {
    const values = readField(words[index]!, bounds[index]!)
    if ('error' in values) return values
    read.push(values)
  }
  const [minutes, hours, days, months, weekdays] = read as [
    FieldValues,
    FieldValues,
    FieldValues,
    FieldValues,
    FieldValues,
  ]
  return {
    minutes: minutes.values,
    hours: hours.values,
    days: days.values,
    months: months.values,
    weekdays: weekdays.values,
    anyDay: days.isStar,
    anyWeekday: weekdays.isStar,
  }
}

function parseDescriptor(text: string): Schedule | BadSchedule {
  const known = descriptors[text]
  if (known !== undefined) return parseSchedule(known)
  if (!text.startsWith('@every ')) return { error: `unrecognized descriptor: ${text}` }
  const duration = readDuration(text.slice('@every '.length))
  if (typeof duration === 'string') return { error: `failed to parse duration ${text}: ${duration}` }
  return { everySeconds: Math.max(Math.floor(duration), 1) }
}

interface FieldValues {
  readonly values: readonly number[]
  readonly isStar: boolean
}

function readField(text: string, within: Bounds): FieldValues | BadSchedule {
  const values = new Set<number>()
  let isStar = false
  for (const part of text.split(',').filter((one) => one !== '')) {
    const range = readRange(part, within)
    if ('error' in range) return range
    for (let value = range.start; value <= range.end; value += range.step) values.add(value)
    isStar ||= range.isStar
  }
  return { values: [...values].sort((a, b) => a - b), isStar }
}

interface Range {
  readonly start: number
  readonly end: number
  readonly step: number
  readonly isStar: boolean
}

function readRange(text: string, within: Bounds): Range | BadSchedule {
  const [range = '', stepText, ...moreSteps] = text.split('/')
  const limits = range.split('-')
  const isAny = limits[0] === '*' || limits[0] === '?'
  let start: number | BadSchedule = within.min
  let end: number | BadSchedule = within.max
  if (!isAny) {
    start = readNumber(limits[0]!, within.names)
    if (typeof start === 'object') return start
    if (limits.length > 2) return { error: `too many hyphens: ${text}` }
    end = limits.length === 1 ? start : readNumber(limits[1]!, within.names)
    if (typeof end === 'object') return end
  }
  if (moreSteps.length > 0) return { error: `too many slashes: ${text}` }
  const step = stepText === undefined ? 1 : readNumber(stepText)
  if (typeof step === 'object') return step
  if (stepText !== undefined && limits.length === 1) end = within.max
  if (start < within.min) return { error: `beginning of range (${start}) below minimum (${within.min}): ${text}` }
  if (end > within.max) return { error: `end of range (${end}) above maximum (${within.max}): ${text}` }
  if (start > end) return { error: `beginning of range (${start}) beyond end of range (${end}): ${text}` }
  if (step === 0) return { error: `step of range should be a positive number: ${text}` }
  return { start, end, step, isStar: isAny && step === 1 }
}

function readNumber(text: string, names?: readonly string[]): number | BadSchedule {
  const named = text === '' ? -1 : (names?.indexOf(text.toLowerCase()) ?? -1)
  if (named >= 0) return named
  const failed = `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}:`
  if (!/^[+-]?\d+$/.test(text)) return { error: `${failed} invalid syntax` }
  const value = Number(text)
  if (Math.abs(value) > 2 ** 63) return { error: `${failed} value out of range` }
  return value < 0 ? { error: `negative number (${value}) not allowed: ${text}` } : value
}

const unitSeconds: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 }

/** Seconds of a Go duration, or what is wrong with it. */
function readDuration(text: string): number | string {
  const quoted = JSON.stringify(text)
  const signed = /^[+-]/.test(text) ? text.slice(1) : text
  if (signed === '0') return 0
  if (signed === '') return `time: invalid duration ${quoted}`
  let total = 0
  let rest = signed
  while (rest !== '') {
    const number = /^(\d+\.?\d*|\.\d+)/.exec(rest)?.[0]
    if (number === undefined) return `time: invalid duration ${quoted}`
    const unit = /^[^.\d]*/.exec(rest.slice(number.length))![0]
    if (unit === '') return `time: missing unit in duration ${quoted}`
    if (unitSeconds[unit] === undefined) return `time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`
    total += Number(number) * unitSeconds[unit]
    rest = rest.slice(number.length + unit.length)
  }
  return text.startsWith('-') ? -total : total
}
