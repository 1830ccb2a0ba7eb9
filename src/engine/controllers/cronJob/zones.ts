import { civilFromDays, epochMs, parseTime } from '../../api/index.ts'

const hourMs = 3_600_000
const dayMs = 86_400_000

/** Hours ahead of UTC where the clocks are never changed. */
const fixed: Readonly<Record<string, number>> = {
  'Africa/Cairo': 2,
  'Africa/Johannesburg': 2,
  'Africa/Lagos': 1,
  'Africa/Nairobi': 3,
  'America/Argentina/Buenos_Aires': -3,
  'America/Bogota': -5,
  'America/Lima': -5,
  'America/Mexico_City': -6,
  'America/Phoenix': -7,
  'America/Sao_Paulo': -3,
  'Asia/Bangkok': 7,
  'Asia/Dhaka': 6,
  'Asia/Dubai': 4,
  'Asia/Ho_Chi_Minh': 7,
  'Asia/Hong_Kong': 8,
  'Asia/Jakarta': 7,
  'Asia/Karachi': 5,
  'Asia/Kathmandu': 5.75,
  'Asia/Kolkata': 5.5,
  'Asia/Manila': 8,
  'Asia/Riyadh': 3,
  'Asia/Seoul': 9,
  'Asia/Shanghai': 8,
  'Asia/Singapore': 8,
  'Asia/Taipei': 8,
  'Asia/Tehran': 3.5,
  'Asia/Tokyo': 9,
  'Australia/Brisbane': 10,
  'Europe/Istanbul': 3,
  'Europe/Moscow': 3,
  'Pacific/Honolulu': -10,
}

/** Zones that follow the European rule: an hour more from the last Sunday of March to that of October, 01:00 UTC. */
const european: Readonly<Record<string, number>> = {
  'Europe/London': 0,
  'Europe/Dublin': 0,
  'Europe/Lisbon': 0,
  'Europe/Athens': 2,
  'Europe/Bucharest': 2,
  'Europe/Helsinki': 2,
  'Europe/Kyiv': 2,
  'Europe/Kiev': 2,
  'Europe/Riga': 2,
  'Europe/Sofia': 2,
  'Europe/Tallinn': 2,
  'Europe/Vilnius': 2,
}

/** Zones that follow the American rule: an hour more from the second Sunday of March to the first of November, 02:00. */
const american: Readonly<Record<string, number>> = {
  'America/New_York': -5,
  'America/Detroit': -5,
  'America/Toronto': -5,
  'US/Eastern': -5,
  'America/Chicago': -6,
  'US/Central': -6,
  'America/Denver': -7,
  'US/Mountain': -7,
  'America/Los_Angeles': -8,
  'America/Vancouver': -8,
  'US/Pacific': -8,
  'America/Halifax': -4,
  'America/Anchorage': -9,
}

const centralEuropean = new Set(
  (
    'Amsterdam Andorra Belgrade Berlin Bratislava Brussels Budapest Copenhagen Gibraltar Ljubljana Luxembourg Madrid ' +
    'Malta Monaco Oslo Paris Podgorica Prague Rome San_Marino Sarajevo Skopje Stockholm Tirane Vaduz Vatican Vienna ' +
    'Warsaw Zagreb Zurich'
  )
    .split(' ')
    .map((city) => `Europe/${city}`),
)

/**
 * How far a zone's clocks are ahead of UTC at a virtual time, in milliseconds.
 * differs: zones that are not in these tables (small ones, and southern ones that change their clocks) keep UTC.
 */
export function offsetOf(zone: string | undefined, at: number): number {
  if (zone === undefined) return 0
  const written = /^Etc\/GMT([+-]\d{1,2})$/.exec(zone)
  if (written) return -Number(written[1]) * hourMs
  const still = fixed[zone]
  if (still !== undefined) return still * hourMs
  const base = centralEuropean.has(zone) ? 1 : european[zone]
  if (base !== undefined) return (base + Number(isEuropeanSummer(epochMs + at))) * hourMs
  const west = american[zone]
  return west === undefined ? 0 : (west + Number(isAmericanSummer(epochMs + at, west))) * hourMs
}

function isEuropeanSummer(utcMs: number): boolean {
  const year = yearOf(utcMs)
  return utcMs >= sunday(year, 3, -1) + hourMs && utcMs < sunday(year, 10, -1) + hourMs
}

function isAmericanSummer(utcMs: number, base: number): boolean {
  const year = yearOf(utcMs)
  const begins = sunday(year, 3, 2) + (2 - base) * hourMs
  return utcMs >= begins && utcMs < sunday(year, 11, 1) + (1 - base) * hourMs
}

function yearOf(utcMs: number): number {
  return civilFromDays(Math.floor(utcMs / dayMs))[0]
}

/** Midnight of the nth Sunday of a month; -1 is its last. */
function sunday(year: number, month: number, nth: number): number {
  let day = nth > 0 ? firstOf(year, month) : firstOf(year, month + 1) - 1
  while (weekdayOf(day) !== 0) day += nth > 0 ? 1 : -1
  return (day + (nth > 0 ? 7 * (nth - 1) : 0)) * dayMs
}

function firstOf(year: number, month: number): number {
  return (parseTime(`${year}-${String(month).padStart(2, '0')}-01T00:00:00Z`) + epochMs) / dayMs
}

/** 0 is Sunday; days are counted from 1970, which began on a Thursday. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7
}
