import { expect, test } from 'vitest'
import { compareQuantities, sumOf, wholeOf } from '../../../../src/engine/kinds/resource/quantities.ts'

// the answers are those of apimachinery's Quantity
test.each([
  ['100m', '200m', '300m'],
  ['1Gi', '4Gi', '5Gi'],
  ['1Gi', '500m', '1073741824500m'],
  ['1Ki', '1k', '2024'],
  ['0', '1Ki', '1Ki'],
  ['0', '1024', '1024'],
  ['1e3', '1', '1001'],
  ['1', '1e3', '1001'],
  ['-1', '1', '0'],
  ['9007199254740993', '1', '9007199254740994'],
  ['5n', '5n', '10n'],
])('%s and %s are %s', (a, b, sum) => {
  expect(sumOf(a, b)).toBe(sum)
})

test.each([
  ['9007199254740992', '9007199254740993', -1],
  ['1', '1000m', 0],
  ['1Gi', '1G', 1],
  ['1e2147483647', '1', 1],
])('%s against %s: %d', (a, b, order) => {
  expect(compareQuantities(a, b)).toBe(order)
})

test('whole units are rounded away from zero', () => {
  expect(['1', '100m', '-100m', '0', '1.5Ki'].map(wholeOf)).toEqual([1n, 1n, -1n, 0n, 1536n])
})
