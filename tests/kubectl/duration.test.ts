import { expect, test } from 'vitest'
import { goDuration, humanDuration, parseDuration } from '../../src/kubectl/duration.ts'

const [minute, hour, day] = [60, 3600, 86_400]

test.each([
  [-5, '<invalid>'],
  [0, '0s'],
  [119, '119s'],
  [120, '2m'],
  [3 * minute + 25, '3m25s'],
  [125 * minute, '125m'],
  [3 * hour + 5 * minute, '3h5m'],
  [30 * hour, '30h'],
  [3 * day + 5 * hour, '3d5h'],
  [3 * day, '3d'],
  [400 * day, '400d'],
  [(3 * 365 + 20) * day, '3y20d'],
  [9 * 365 * day, '9y'],
])('says %d seconds as %s', (seconds, expected) => {
  expect(humanDuration(seconds * 1000)).toBe(expected)
})

test.each([
  ['.5s', 500],
  ['-1.5m', -90_000],
  ['1.s', 1000],
  ['30s', 30_000],
  ['1h30m', 5_400_000],
  ['1.5s', 1500],
  ['-1s', -1000],
  ['0', 0],
  ['5', undefined],
  ['soon', undefined],
])('reads %s', (text, expected) => {
  expect(parseDuration(text)).toBe(expected)
})

test('prints durations as Go does', () => {
  expect([4000, 90_000, 3_600_000].map(goDuration)).toEqual(['4s', '1m30s', '1h0m0s'])
})

test('a negative duration is printed as Go prints it', () => {
  expect([goDuration(-7383), goDuration(-90_000)]).toEqual(['-7.383s', '-1m30s'])
})
