import { expect, test } from 'vitest'
import { formatQuantity, parseQuantity, wholeUnits } from '../../../src/engine/api/quantity.ts'

test.each([
  ['1000', '1k'],
  ['0.5Gi', '512Mi'],
  ['1000m', '1'],
  ['0.1', '100m'],
  ['0.0005', '1m'],
  ['2048Mi', '2Gi'],
  ['1e3', '1e3'],
  ['+2', '+2'],
  ['0', '0'],
  ['100m', '100m'],
  ['2.000', '2'],
  ['1.500', '1.500'],
  ['1E3', '1E3'],
  ['9Ei', '9223372036854775807'],
  ['1e25', '10e24'],
  ['1e1000', '10e999'],
  ['1e-1000', '1e-3'],
  [`1.${'0'.repeat(70)}`, '1'],
  [`1.${'0'.repeat(70)}1`, '1001m'],
  [`0.${'9'.repeat(80)}`, '1'],
  [`0.${'0'.repeat(100)}1Ki`, '1m'],
  [`${'9'.repeat(30)}Ki`, '9223372036854775807'],
  // so it does upstream
  ['1000E', '1'],
])('%s is stored as %s', (given, stored) => {
  expect(formatQuantity(given)).toBe(stored)
})

test.each([
  ['m', 0],
  ['.5Ki', 512],
  ['5.', 5],
  ['1GB', NaN],
])('%s counts as %d', (text, value) => {
  expect(parseQuantity(text)).toBe(value)
})

test('whole units are rounded away from zero', () => {
  expect([wholeUnits('1.2'), wholeUnits('-1.2')]).toEqual([2, -2])
})
