import { expect, test } from 'vitest'
import { podInfoOf } from '../../../src/engine/scheduler/podInfo.ts'
import { createFramework, defaultProfile } from '../../../src/engine/scheduler/profile.ts'
import { backOffAfter, createQueue, type Queue } from '../../../src/engine/scheduler/queue.ts'
import { createQueueState, type QueueState } from '../../../src/engine/scheduler/queueState.ts'
import { pod } from './fixtures.ts'

const framework = createFramework(defaultProfile)

interface Bench {
  now: number
  readonly state: QueueState
  readonly queue: Queue
}

function bench(): Bench {
  const state = createQueueState()
  const box = { now: 0, state }
  const queue = createQueue(state, {
    now: () => box.now,
    less: framework.less,
    gateOf: ({ pod: { spec } }) => (spec.schedulingGates?.length ? 'SchedulingGates' : ''),
    pluginOf: (name) => framework.plugins.find((plugin) => plugin.name === name),
  })
  return Object.assign(box, { queue })
}

const info = (name: string, spec: object = {}): ReturnType<typeof podInfoOf> => podInfoOf(pod(name, { spec }))
const names = ({ queue }: Bench): string[] => {
  const popped: string[] = []
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) popped.push(next.info.name)
  return popped
}
const deletion = { name: 'Pod/Delete', other: info('gone') } as const

test('serves by priority, then by age', () => {
  const b = bench()
  b.queue.add(info('first'), 0)
  b.now = 5
  b.queue.add(info('second'), 0)
  b.queue.add(info('urgent', { priority: 10 }), 0)
  expect(names(b)).toEqual(['urgent', 'first', 'second'])
})

test('knows whether somebody waits, whoever left without having been tried', () => {
  const b = bench()
  b.queue.add(info('first'), 0)
  b.queue.add(info('second'), 0)
  b.queue.remove('default/first')
  expect(b.queue.hasNext()).toBe(true)
  b.queue.remove('default/second')
  expect(b.queue.hasNext()).toBe(false)
  expect(b.queue.pop()).toBeUndefined()
  b.queue.add(info('first'), 0)
  expect(b.queue.hasNext()).toBe(true)
  expect(names(b)).toEqual(['first'])
})

test('back-off doubles up to ten seconds', () =>
  expect([1, 2, 3, 4, 5, 6].map((failures) => backOffAfter(failures))).toEqual([
    1000, 2000, 4000, 8000, 10_000, 10_000,
  ]))

test('a rejected pod comes back when an event concerns the plugin that rejected it', () => {
  const b = bench()
  b.queue.add(info('p'), 0)
  b.queue.putBack(b.queue.pop()!, ['NodeResourcesFit'], 0)
  expect(b.queue.hasNext()).toBe(false)
  b.queue.move({ name: 'Node/UpdateTaint' }, 0)
  expect(b.queue.hasNext()).toBe(false)
  b.queue.move(deletion, 7)
  expect(b.queue.find('default/p')).toMatchObject({ pool: 'backOff', cause: 7 })
  expect(names(b)).toEqual(['p']) // nobody else waits, so it need not sit out its back-off
})

test('remembers what woke a pod, and which plugin had waited for it', () => {
  const b = bench()
  b.queue.add(info('p'), 0)
  expect(b.queue.find('default/p')!.wake).toMatchObject({ event: 'PodAdd', at: 0, to: 'active' })
  b.queue.putBack(b.queue.pop()!, ['NodeAffinity', 'NodeResourcesFit'], 0)
  b.now = 100
  b.queue.move(deletion, 7)
  expect(b.queue.find('default/p')!.wake).toEqual({
    event: 'Pod/Delete',
    plugin: 'NodeResourcesFit',
    about: 'default/gone',
    at: 100,
    to: 'backOff',
  })
})

test('pods that back off let active ones go first', () => {
  const b = bench()
  b.queue.add(info('again'), 0)
  b.queue.putBack(b.queue.pop()!, ['NodeResourcesFit'], 0)
  b.queue.move(deletion, 0)
  b.queue.add(info('fresh'), 0)
  expect(names(b)).toEqual(['fresh', 'again'])
})

test('after an error a pod sits out its back-off', () => {
  const b = bench()
  b.now = 300
  b.queue.add(info('p'), 0)
  b.queue.putBack(b.queue.pop()!, [], 0)
  expect(b.queue.pop()).toBeUndefined()
  expect(b.queue.nextFlush()).toBe(2000)
  b.now = 1999
  b.queue.flushBackOff()
  expect(b.queue.pop()).toBeUndefined()
  b.now = 2000
  b.queue.flushBackOff()
  expect(names(b)).toEqual(['p'])
})

test('pods that wait for five minutes are tried again', () => {
  const b = bench()
  b.queue.add(info('p'), 0)
  b.queue.putBack(b.queue.pop()!, ['NodeAffinity'], 0)
  b.now = 300_000
  b.queue.flushUnschedulable()
  expect(b.queue.hasNext()).toBe(false)
  b.now = 330_000
  b.queue.flushUnschedulable()
  expect(names(b)).toEqual(['p'])
})

test('a gated pod waits until its gates are gone', () => {
  const b = bench()
  b.queue.add(info('p', { schedulingGates: [{ name: 'example.com/a' }] }), 0)
  expect(b.queue.hasNext()).toBe(false)
  b.queue.flushUnschedulable()
  b.queue.update(info('p'), [{ name: 'OwnPod/UpdateGates' }], 0)
  expect(names(b)).toEqual(['p'])
})

test('a removed pod leaves nothing behind', () => {
  const b = bench()
  b.queue.add(info('p'), 0)
  b.queue.nominate(info('p'), 'n')
  b.queue.remove('default/p')
  b.queue.dropNomination('default/p')
  expect(names(b)).toEqual([])
  expect([b.state.pods.size, b.state.nominated.size, b.state.nominations.size, b.state.unschedulable.size]).toEqual([
    0, 0, 0, 0,
  ])
})
