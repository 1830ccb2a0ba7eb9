import { describe, expect, test } from 'vitest'
import { densityFor, packHulls } from '../../../../src/ui/views/stage/packing.ts'

describe('hulls', () => {
  test.each([
    ['three stand in one row', 3, 726, 3],
    ['four stand two by two', 4, 726, 2],
    ['one is alone', 1, 726, 1],
    ['a phone has one column', 3, 360, 1],
    ['none is no reason to divide by it', 0, 726, 1],
  ])('%s', (_, count, width, columns) => expect(packHulls(count, width, 'rich').columns).toBe(columns))

  test('figures move beside the bars where two rows must fit', () => {
    expect(packHulls(4, 726, 'rich').isTight).toBe(true)
    expect(packHulls(3, 726, 'rich').isTight).toBe(false)
  })
})

describe('density', () => {
  const even = (nodes: number, pods: number) => Array.from({ length: nodes }, () => Math.ceil(pods / nodes))
  test.each([
    ['rich for a lesson', 3, 21, 'rich'],
    ['compact where tiles would need two screens', 4, 200, 'compact'],
    ['dots above 300', 10, 1000, 'dots'],
    ['dots for many nodes, however empty', 100, 100, 'dots'],
  ])('%s', (_, nodes, pods, density) => expect(densityFor(even(nodes, pods), pods, 726, 560, 'auto')).toBe(density))
  test('what was chosen stays', () => expect(densityFor([400], 400, 726, 560, 'rich')).toBe('rich'))
})
