import { describe, expect, test } from 'vitest'
import { parseSchedule, type Schedule } from '../../../src/engine/api/cron/schedule.ts'
import { formatTime, parseTime } from '../../../src/engine/api/index.ts'
import { nextAfter } from '../../../src/engine/controllers/cronJob/times.ts'
import { formatIndexes, parseIndexes } from '../../../src/engine/controllers/job/indexes.ts'

describe('the next time of a schedule', () => {
  test.each([
    ['* * * * *', undefined, '2026-09-01T08:00:00Z', '2026-09-01T08:01:00Z'],
    ['*/15 9-17 * * 1-5', undefined, '2026-09-04T17:50:00Z', '2026-09-07T09:00:00Z'],
    ['0 0 1 1 *', undefined, '2026-09-01T08:00:00Z', '2027-01-01T00:00:00Z'],
    ['0 0 13 * 5', undefined, '2026-09-01T08:00:00Z', '2026-09-04T00:00:00Z'],
    ['0 0 29 2 *', undefined, '2026-09-01T08:00:00Z', '2028-02-29T00:00:00Z'],
    ['@every 90s', undefined, '2026-09-01T08:00:00Z', '2026-09-01T08:01:30Z'],
    ['0 9 * * *', 'Asia/Tokyo', '2026-09-01T08:00:00Z', '2026-09-02T00:00:00Z'],
    ['0 9 * * *', 'Europe/Berlin', '2026-10-24T10:00:00Z', '2026-10-25T08:00:00Z'],
    ['0 9 * * *', 'America/New_York', '2026-10-31T15:00:00Z', '2026-11-01T14:00:00Z'],
  ])('%s in %s after %s', (text, zone, after, next) => {
    expect(formatTime(nextAfter(parseSchedule(text) as Schedule, zone, parseTime(after)))).toBe(next)
  })

  test('never comes for the 31st of February', () => {
    expect(nextAfter(parseSchedule('0 0 31 2 *') as Schedule, undefined, 0)).toBe(Infinity)
  })
})

test.each(['', '0', '0,1', '0-2', '0-2,5', '1,3,5-7'])('indexes %s are read and written alike', (text) => {
  expect(formatIndexes(parseIndexes(text, 10))).toBe(text)
})
