import { expect, test } from 'vitest'
import { figuresOf, linesOf, loadLabel, segmentsOf } from '../../../../src/ui/views/stage/load.ts'
import { podRow } from '../../rows.ts'

const load = { capacity: 2000, allocatable: 1900, requested: 400, used: 820 }

test('draws one segment a pod, in the order of the tiles', () => {
  const pods = [podRow('api-1', { cpuMilli: 250 }), podRow('web-1', { cpuMilli: 150, isOld: true })]
  expect(segmentsOf(pods, load, 'cpu').map(({ key, percent, isOld }) => [key, percent, isOld])).toEqual([
    ['default/api-1', 12.5, false],
    ['default/web-1', 7.5, true],
  ])
})

test('leaves out what no longer counts, and what asks for nothing', () => {
  const pods = [
    podRow('job-1', { isCounted: false }),
    podRow('lazy-1', { cpuMilli: 0 }),
    podRow('api-1', { cpuMilli: 400 }),
  ]
  expect(segmentsOf(pods, load, 'cpu').map(({ key }) => key)).toEqual(['default/api-1'])
})

test('sums to what the scheduler counts, even where it knows of more pods', () => {
  const segments = segmentsOf([podRow('api-1', { cpuMilli: 250 })], load, 'cpu')
  expect(segments.at(-1)).toMatchObject({ key: 'rest', percent: 7.5 })
  expect(segments.reduce((sum, { percent }) => sum + percent, 0)).toBeCloseTo((400 / 2000) * 100)
})

test('an empty node has no segments', () =>
  expect(segmentsOf([], { capacity: 0, allocatable: 0, requested: 0, used: 0 }, 'cpu')).toEqual([]))

test('places the load line and keeps the used line inside', () => {
  expect(linesOf(load)).toEqual({ allocatable: 95, used: 41 })
  expect(linesOf({ ...load, used: 9000 }).used).toBe(100)
})

test('says the figures as the mock does', () => {
  expect(figuresOf({ ...load, requested: 1150 }, 'cpu')).toEqual({ requested: '1.15', allocatable: '1.9', used: '0.8' })
  const memory = { capacity: 2 ** 32, allocatable: 3.5 * 2 ** 30, requested: 1952 * 2 ** 20, used: 1890 * 2 ** 20 }
  expect(figuresOf(memory, 'memory')).toEqual({ requested: '1.9', allocatable: '3.5 Gi', used: '1.8' })
  expect(loadLabel(load, 'cpu')).toBe('CPU: requested 400m of 1900m allocatable, 820m used')
})
