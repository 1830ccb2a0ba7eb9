import { expect, test } from 'vitest'
import { nearest } from '../../../../src/ui/views/stage/roving.ts'
import type { Direction } from '../../../../src/ui/views/stage/roving.ts'

// Two rows of three tiles, the second a little to the right.
const tile = (column: number, row: number) => {
  const [left, top] = [column * 100 + row * 20, row * 60]
  return { left, top, right: left + 90, bottom: top + 50 }
}
const places = [tile(0, 0), tile(1, 0), tile(2, 0), tile(0, 1), tile(1, 1), tile(2, 1)]

test.each<[number, Direction, number]>([
  [0, 'right', 1],
  [1, 'left', 0],
  [2, 'right', -1],
  [1, 'down', 4],
  [5, 'up', 2],
  [0, 'up', -1],
  [9, 'up', -1],
])('from %i %s to %i', (from, direction, to) => expect(nearest(places, from, direction)).toBe(to))
