import { expect, test } from 'vitest'
import {
  clock,
  clockParts,
  clockTenths,
  cores,
  memoryUnit,
  shortObject,
  shortWait,
  speedLabel,
} from '../../src/ui/format.ts'

test.each([
  [0, '00:00', '.000'],
  [72_430, '01:12', '.430'],
  [3_600_000 + 62_007.9, '1:01:02', '.007'],
  [-5, '00:00', '.000'],
])('the clock at %d ms', (ms, whole, fraction) => {
  expect(clockParts(ms)).toEqual({ whole, fraction })
  expect(clock(ms)).toBe(whole)
  expect(clockTenths(ms)).toBe(whole + fraction.slice(0, 2))
})

test.each([
  [1300, '1.3'],
  [1000, '1.0'],
  [1150, '1.15'],
  [0, '0.0'],
])('%d thousandths are %s cores', (milli, text) => expect(cores(milli)).toBe(text))

test('memory takes the unit of its scale', () => {
  const { unit, of } = memoryUnit(3.5 * 2 ** 30)
  expect([unit, of(2016 * 2 ** 20)]).toEqual(['Gi', '2.0'])
  expect(memoryUnit(512 * 2 ** 20).of(96 * 2 ** 20)).toBe('96')
})

test.each([
  [23_400, '24s'],
  [0, '0s'],
  [-3, '0s'],
  [300_000, '5m'],
])('%d ms are left as %s', (ms, text) => expect(shortWait(ms)).toBe(text))

test('a tenth is written as one', () => expect([0.1, 60].map(speedLabel)).toEqual(['⅒×', '60×']))

test('shortens names', () => expect(shortObject('Pod/default/web-7c5ddbdf54-x8k2p')).toBe('pod/web-…-x8k2p'))
