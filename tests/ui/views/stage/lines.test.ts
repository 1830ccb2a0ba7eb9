import { expect, test } from 'vitest'
import type { TrafficRow } from '../../../../src/ui/protocol.ts'
import { requestsOf, shortFigure } from '../../../../src/ui/views/stage/lines.ts'

const row = (changes: Partial<TrafficRow>): TrafficRow => ({
  source: 'users',
  url: 'http://web',
  service: 'default/web',
  rps: 100,
  served: 100,
  refused: 0,
  lost: 0,
  failed: 0,
  totals: { sent: 0, failed: 0 },
  edges: [],
  ...changes,
})

test('requests of all sources are one figure for each end that they come to', () => {
  const rows = [row({}), row({ source: 'bots', rps: 50, served: 10, refused: 30, lost: 10 })]
  expect(requestsOf(rows)).toEqual({ rps: 150, served: 110, refused: 30, lost: 10 })
  expect(requestsOf([])).toEqual({ rps: 0, served: 0, refused: 0, lost: 0 })
})

test.each([
  [0, '0'],
  [0.5, '0.5'],
  [9, '9'],
  [12.4, '12'],
  [9999, '9999'],
  [12_400, '12k'],
  [25_000_000, '25M'],
])('a figure fits its chip: %d is %s', (value, text) => expect(shortFigure(value)).toBe(text))
