import { expect, test } from 'vitest'
import { runCycle, heapRoot } from '../../../src/engine/scheduler/cycle.ts'
import { decide } from '../../../src/engine/scheduler/index.ts'
import { podInfoOf } from '../../../src/engine/scheduler/podInfo.ts'
import { createFramework, defaultProfile } from '../../../src/engine/scheduler/profile.ts'
import { cluster, node, pod, zone } from './fixtures.ts'

const framework = createFramework(defaultProfile)
const many = (count: number): ReturnType<typeof node>[] =>
  Array.from({ length: count }, (_, index) => node(`n${index}`))

test.each([
  [[3, 2, 1], 0],
  [[1, 3, 3], 1],
  [[5, 7, 9, 9], 3], // the root of a heap, which is not the first of the equals here
  [[4], 0],
])('of %j the one at %i is taken', (totals, root) => expect(heapRoot(totals)).toBe(root))

test.each([
  [99, 99],
  [100, 100],
  [260, 124],
  [5000, 500],
])('of %i nodes, %i are searched out', (count, feasible) => {
  const attempt = runCycle({
    framework,
    pod: podInfoOf(pod('p')),
    snapshot: cluster(many(count)),
    random: () => 0,
    start: 0,
  })
  expect(attempt.feasible.length).toBe(feasible)
})

test('the search goes on where the last one ended', () => {
  const attempt = runCycle({
    framework,
    pod: podInfoOf(pod('p')),
    snapshot: cluster(many(200)),
    random: () => 0,
    start: 150,
  })
  expect(attempt.feasible[0]!.name).toBe('n150')
  expect(attempt.feasible[50]!.name).toBe('n0')
})

test('zones take turns', () => {
  const nodes = [
    node('a1', { labels: zone('a') }),
    node('a2', { labels: zone('a') }),
    node('b1', { labels: zone('b') }),
  ]
  expect(
    cluster(nodes)
      .nodes()
      .map(({ name }) => name),
  ).toEqual(['a1', 'b1', 'a2'])
})

test('without nodes there is little to say', () =>
  expect(decide(pod('p'), cluster([])).result).toEqual({ message: 'no nodes available to schedule pods' }))

test('a pod that made room goes there without being asked again', () => {
  const record = decide(pod('p', { nominated: 'n3' }), cluster(many(5)))
  expect(record.result).toEqual({ node: 'n3' })
  expect(record.feasible).toBe(1)
})
