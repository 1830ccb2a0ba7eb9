import { civilFromDays, epochMs, parseTime, type CronJob } from '../../api/index.ts'
import type { Schedule } from '../../api/cron/schedule.ts'
import { offsetOf, weekdayOf } from './zones.ts'

const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 86_400_000
const yearsMax = 5

/** The next time of a schedule after an instant, in virtual milliseconds; Infinity if it never comes. upstream: robfig/cron Next */
export function nextAfter(schedule: Schedule, zone: string | undefined, at: number): number {
  if ('everySeconds' in schedule) return (Math.floor((epochMs + at) / 1000) + schedule.everySeconds) * 1000 - epochMs
  const offset = offsetOf(zone, at)
  const from = (Math.floor((epochMs + at + offset) / minuteMs) + 1) * minuteMs
  const last = Math.floor(from / dayMs) + yearsMax * 366
  for (let day = Math.floor(from / dayMs); day <= last; day++) {
    if (!fitsDay(schedule, day)) continue
    const start = Math.max(0, from - day * dayMs)
    const found = timeOfDay(schedule, start)
    if (found === undefined) continue
    const local = day * dayMs + found - epochMs
    // the clocks may have been changed in between
    return local - offsetOf(zone, local - offset)
  }
  return Infinity
}

type Fields = Exclude<Schedule, { readonly everySeconds: number }>

function fitsDay({ days, months, weekdays, anyDay, anyWeekday }: Fields, day: number): boolean {
  const [, month, date] = civilFromDays(day)
  if (!months.includes(month)) return false
  const isDate = days.includes(date)
  const isWeekday = weekdays.includes(weekdayOf(day))
  return anyDay || anyWeekday ? isDate && isWeekday : isDate || isWeekday
}

function timeOfDay({ hours, minutes }: Fields, start: number): number | undefined {
  for (const hour of hours)
    for (const minute of minutes) {
      const at = hour * hourMs + minute * minuteMs
      if (at >= start) return at
    }
  return undefined
}

/** Where a CronJob stands in its schedule. */
export interface Due {
  readonly earliest: number
  /** the latest time that was not used; undefined when none has passed */
  readonly latest: number | undefined
  /** about how many have passed */
  readonly missed: number
}

/** upstream: pkg/controller/cronjob/utils.go mostRecentScheduleTime; undefined for a schedule that never comes */
export function dueOf(cronJob: CronJob, schedule: Schedule, now: number, withDeadline: boolean): Due | undefined {
  const { timeZone, startingDeadlineSeconds: deadline } = cronJob.spec
  const next = (at: number): number => nextAfter(schedule, timeZone, at)
  let earliest = parseTime(cronJob.status.lastScheduleTime ?? cronJob.metadata.creationTimestamp)
  if (withDeadline && deadline !== undefined) earliest = Math.max(earliest, now - deadline * 1000)
  const first = next(earliest)
  const second = next(first)
  if (now < first) return { earliest, latest: undefined, missed: 0 }
  if (now < second) return { earliest, latest: first, missed: 0 }
  const between = Math.round((second - first) / 1000)
  if (between < 1) return undefined
  const missed = Math.floor(Math.floor((now - first) / 1000) / between) + 1
  let latest: number | undefined
  for (let at = next(first + (missed - 2) * between * 1000); at <= now; at = next(at)) latest = at
  return { earliest, latest, missed }
}

/** the controller looks a moment after the minute. upstream: nextScheduleDelta */
const lateMs = 100

/** How long until the next look. upstream: nextScheduleTimeDuration */
export function untilNext(cronJob: CronJob, schedule: Schedule, now: number): number {
  const due = dueOf(cronJob, schedule, now, false)
  const from = due === undefined ? now : (due.latest ?? (due.missed === 0 ? due.earliest : now))
  return nextAfter(schedule, cronJob.spec.timeZone, from) + lateMs - now
}
