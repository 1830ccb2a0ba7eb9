import { expect, test } from 'vitest'
import { createCache, createCacheState } from '../../../src/engine/scheduler/cache.ts'
import { runCycle } from '../../../src/engine/scheduler/cycle.ts'
import { definePlugin, success } from '../../../src/engine/scheduler/framework.ts'
import { prioritySort } from '../../../src/engine/scheduler/plugins/prioritySort.ts'
import { podInfoOf } from '../../../src/engine/scheduler/podInfo.ts'
import { createFramework } from '../../../src/engine/scheduler/profile.ts'
import { objectsOf, snapshotFrom } from '../../../src/engine/scheduler/snapshot.ts'
import { node, pod, type PodInput } from './fixtures.ts'

test('pods that are alike make only those nodes be asked again that have changed', () => {
  const filtered: string[] = []
  const scored: string[] = []
  const local = definePlugin({
    name: 'Local',
    reads: ['requests'],
    filter: (_pod, { name }) => (filtered.push(name), success),
    score: (_pod, { name }) => scored.push(name),
  })
  const framework = createFramework({ schedulerName: 'test', plugins: [prioritySort, local], weights: {} })
  const cache = createCache(createCacheState())
  const snapshot = snapshotFrom(cache, new Map(), objectsOf({}), new Map())
  const asked = (name: string, input: PodInput): string[][] => {
    filtered.length = 0
    scored.length = 0
    runCycle({ framework, pod: podInfoOf(pod(name, input)), snapshot, random: () => 0, start: 0 })
    return [[...filtered], [...scored]]
  }
  for (const name of ['a', 'b', 'c']) cache.setNode(node(name))

  const all = [
    ['a', 'b', 'c'],
    ['a', 'b', 'c'],
  ]
  expect(asked('first', { cpu: '1' })).toEqual(all)
  expect(asked('second', { cpu: '1' })).toEqual([[], []])
  expect(asked('larger', { cpu: '2' })).toEqual(all)
  cache.addPod(podInfoOf(pod('placed', { cpu: '1' })), 'b')
  expect(asked('third', { cpu: '1' })).toEqual([['b'], ['b']])
  cache.setNode(node('c', { cpu: '64' }))
  expect(asked('fourth', { cpu: '1' })).toEqual([['c'], ['c']])
  cache.removePod(podInfoOf(pod('placed')).uid)
  expect(asked('fifth', { cpu: '1' })).toEqual([['b'], ['b']])
})
