const dayMs = 86_400_000

/** What the wall shows at virtual time 0: 2026-09-01T08:00:00Z, in milliseconds since 1970. */
export const epochMs = daysFromCivil(2026, 9, 1) * dayMs + 8 * 3_600_000

/** A second as it is written. */
interface Written {
  readonly second: number
  readonly text: string
  /** the same as a whole time */
  readonly time: string
}

// A memo of seconds that were asked for lately, of a thousand objects made in each: no state of any world. Each stands where its last
// bits say; to begin with, those that stand there are the first of all.
const writtenMax = 16
const written: Written[] = Array.from({ length: writtenMax }, (_, second) => spelled(second))

function spelled(second: number): Written {
  const text = formatCivil(second)
  return { second, text, time: `${text}Z` }
}

function write(second: number): Written {
  return (written[second & (writtenMax - 1)] = spelled(second))
}

/** Virtual milliseconds as the API writes a time: RFC 3339 in whole seconds. */
export function formatTime(atMs: number): string {
  const second = Math.floor((epochMs + atMs) / 1000)
  const known = written[second & (writtenMax - 1)]!
  return known.second === second ? known.time : write(second).time
}

/** Virtual milliseconds as a MicroTime: RFC 3339 with six decimals. */
export function formatMicroTime(atMs: number): string {
  const total = epochMs + atMs
  const second = Math.floor(total / 1000)
  const micros = Math.round((total - second * 1000) * 1000)
  const known = written[second & (writtenMax - 1)]!
  const { text } = known.second === second ? known : write(second)
  return `${text}.${String(micros).padStart(6, '0')}Z`
}

// The text that was read last: a rollout asks for its deadline again with each pod.
let read = { text: '', at: NaN }

/** The virtual milliseconds of an RFC 3339 time; NaN for what is none. */
export function parseTime(text: string): number {
  if (text !== read.text) read = { text, at: readTime(text) }
  return read.at
}

function readTime(text: string): number {
  const match = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))$/.exec(text)
  if (match === null) return NaN
  const [, year, month, day, hour, minute, second, fraction, sign, offsetHours, offsetMinutes] = match
  const offset = sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(offsetHours) * 60 + Number(offsetMinutes))
  const days = daysFromCivil(Number(year), Number(month), Number(day))
  const seconds = days * 86_400 + Number(hour) * 3600 + (Number(minute) - offset) * 60 + Number(second)
  return seconds * 1000 + Number(fraction ?? 0) * 1000 - epochMs
}

function formatCivil(second: number): string {
  const days = Math.floor(second / 86_400)
  const rest = second - days * 86_400
  const [year, month, day] = civilFromDays(days)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${year}-${two(month)}-${two(day)}T${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`
}

// Howard Hinnant's civil calendar algorithms: days since 1970-01-01 and back
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** A day, counted from 1970, as year, month and day. */
export function civilFromDays(days: number): readonly [year: number, month: number, day: number] {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day]
}
