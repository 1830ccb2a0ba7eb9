import { expect, test } from 'vitest'
import { base64Error, canonicalQuantity, canonicalTime, quantityError, timeError } from './door.ts'

const format = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
const suffix = "unable to parse quantity's suffix"

test.each([
  ['1', undefined],
  ['0.5', undefined],
  ['+2', undefined],
  ['100m', undefined],
  ['1.5Gi', undefined],
  ['1e3', undefined],
  ['1E', undefined],
  [' 5 ', undefined],
  ['', format],
  ['1GB', format],
  ['1 Gi', format],
  ['abc', format],
  ['1.2.3', format],
  ['100mi', suffix],
  ['1ki', suffix],
  ['1e', suffix],
  ['m', undefined],
  ['-', undefined],
  ['Pi', 'unable to parse numeric part of quantity'],
  ['e-10', 'unable to parse numeric part of quantity'],
])('reads the quantity %j', (text, error) => {
  expect(quantityError(text)).toBe(error)
})

test.each([
  ['1000', '1k'],
  ['1000m', '1'],
  ['0.1', '100m'],
  ['0.5Gi', '512Mi'],
  ['1.5Gi', '1536Mi'],
  ['2048Mi', '2Gi'],
  ['1000Mi', '1000Mi'],
  ['1e5', '100e3'],
  ['0.0000000001', '1n'],
  ['-1500m', '-1500m'],
  ['+2', '+2'],
  ['1.500', '1.500'],
  ['0Mi', '0'],
])('writes the quantity %s as %s', (text, canonical) => {
  expect(canonicalQuantity(text)).toBe(canonical)
})

test.each([
  ['aGVsbG8=', undefined],
  ['aGVs\nbG8=', undefined],
  ['', undefined],
  ['hello', 4],
  ['not base64', 3],
  ['aGVsbG8', 4],
  ['a===', 1],
  ['aGVsbG8=x', 8],
])('reads the base64 %j', (text, at) => {
  expect(base64Error(text)).toBe(at === undefined ? undefined : `illegal base64 data at input byte ${at}`)
})

test.each([
  ['2026-02-28T10:00:00Z', false, undefined],
  ['2026-02-28T10:00:00.5+02:00', false, undefined],
  ['2026-02-28T10:00:00.000000Z', true, undefined],
  [
    'yesterday',
    true,
    'parsing time "yesterday" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "yesterday" as "2006"',
  ],
  ['2026-02-28', false, 'parsing time "2026-02-28" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T"'],
  ['2026-02-30T10:00:00Z', false, 'parsing time "2026-02-30T10:00:00Z": day out of range'],
  ['2026-02-28T10:00:00Zx', false, 'parsing time "2026-02-28T10:00:00Zx": extra text: "x"'],
] as const)('reads the time %s', (text, micro, error) => {
  expect(timeError(text, micro)).toBe(error)
})

test.each([
  ['2026-01-01T00:30:00+02:00', '2025-12-31T22:30:00Z'],
  ['2026-02-28T23:30:00-01:00', '2026-03-01T00:30:00Z'],
  ['2026-02-28T10:00:00.75Z', '2026-02-28T10:00:00Z'],
])('writes the time %s as %s', (text, canonical) => {
  expect(canonicalTime(text, false)).toBe(canonical)
})
