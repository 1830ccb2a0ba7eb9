import { expect, test } from 'vitest'
import { formatQuantity } from '../../../src/engine/api/quantity.ts'

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
])('%s is stored as %s', (given, stored) => {
  expect(formatQuantity(given)).toBe(stored)
})
