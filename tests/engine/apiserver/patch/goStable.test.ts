import { expect, test } from 'vitest'
import { goStable } from '../../../../src/engine/apiserver/patch/goStable.ts'

const isLess = (a: number, b: number): boolean => a < 0 || b < 0 || a < b

test('equal items keep their order', () => {
  const items = Array.from({ length: 90 }, (_, at) => ({ place: (at * 7) % 10, at }))
  const byPlace = items.toSorted((a, b) => a.place - b.place)
  expect(goStable(items, (a, b) => a.place < b.place)).toEqual(byPlace)
})

// as Go 1.26.8's sort.SliceStable has it
test('a comparison that contradicts itself gives the order that it gives in Go', () => {
  const places = Array.from({ length: 45 }, (_, at) => (at % 4 === 0 ? -1 : (at * 31) % 47))
  expect(goStable(places, isLess)).toEqual([
    -1, 2, 3, -1, 4, -1, 6, -1, 7, -1, 8, 10, -1, 11, 17, 19, 20, 21, -1, 12, 23, 24, 34, -1, 14, -1, 15, 25, 27, 28,
    33, -1, 29, 31, 36, 37, 38, 40, -1, 41, 42, 44, 45, 46, -1,
  ])
  expect(goStable([...Array(45).keys()], () => true)).toEqual([...Array(45).keys()].reverse())
})
