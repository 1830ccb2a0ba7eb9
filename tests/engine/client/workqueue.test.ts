import { expect, test } from 'vitest'
import { createWorkqueue, createWorkqueueState } from '../../../src/engine/client/workqueue.ts'
import { copyWorld, createSim, createWorld } from '../../../src/engine/sim/index.ts'

function setup(world = createWorld(1)) {
  const sim = createSim(world)
  const state = sim.slice('queue', createWorkqueueState)
  let wakes = 0
  const queue = createWorkqueue(sim, state, 'test/queue', () => wakes++)
  sim.handle('test', (_, event) => queue.due(event['key'] as string))
  return { sim, queue, wakes: () => wakes }
}

test('keeps a key once, in the order of the first add', () => {
  const { queue, wakes } = setup()
  for (const key of ['a', 'b', 'a']) queue.add(key)
  expect([queue.get()?.key, queue.get()?.key, queue.get()]).toEqual(['a', 'b', undefined])
  expect(wakes()).toBe(1)
})

test('brings a key that is added while it is worked on back when it is done', () => {
  const { queue } = setup()
  queue.add('a')
  queue.get()
  queue.add('a')
  expect(queue.get()).toBeUndefined()
  queue.done('a')
  expect(queue.get()?.key).toBe('a')
})

test('keeps a key in hand until it has been given back as often as was said', () => {
  const { queue } = setup()
  queue.add('a')
  queue.get()!.holds = 2
  queue.add('a')
  queue.done('a')
  expect(queue.size()).toBe(0)
  queue.done('a')
  expect(queue.get()?.key).toBe('a')
})

test('remembers the weightiest cause, and of equal ones the last', () => {
  const { sim, queue } = setup()
  const add = (cause: number, weight: number): void => sim.because(cause, () => queue.add('a', weight))
  add(1, 1)
  add(2, 2)
  add(3, 1)
  expect(queue.get()?.cause).toBe(2)
  queue.done('a')
  add(4, 1)
  add(5, 1)
  expect(queue.get()?.cause).toBe(5)
})

test('doubles the delay with each failure, up to a thousand seconds, until it is forgotten', () => {
  const { sim, queue } = setup()
  const delays: number[] = []
  queue.add('a')
  for (let failures = 0; failures < 20; failures++) {
    const start = sim.now()
    queue.addRateLimited(queue.get()!)
    queue.done('a')
    while (queue.size() === 0) sim.step(Infinity)
    delays.push(sim.now() - start)
  }
  expect(delays.slice(0, 4)).toEqual([5, 10, 20, 40])
  expect(delays[19]).toBe(1_000_000)
  const item = queue.get()!
  item.failures = 0
  expect(queue.addRateLimited(item)).toBe(1)
})

test('keeps what is noted of a key, and nothing of one that is done', () => {
  const { queue } = setup()
  queue.add('a')
  queue.add('b')
  queue.get()!.note = 'seen'
  queue.get()
  queue.done('a')
  queue.done('b')
  expect([queue.find('a')?.note, queue.find('b')]).toEqual(['seen', undefined])
  queue.add('a')
  expect(queue.get()?.key).toBe('a')
})

test('has one delay per key, the last one', () => {
  const { sim, queue } = setup()
  queue.addAfter('a', 100)
  queue.addAfter('a', 50)
  queue.addAfter('a', 200)
  sim.advanceTo(199)
  expect(queue.size()).toBe(0)
  sim.advanceTo(200)
  expect(queue.size()).toBe(1)
})

test('goes on in a restored world', () => {
  const { sim, queue } = setup()
  queue.add('a')
  queue.addAfter('b', 10)
  const { sim: other, queue: copy } = setup(copyWorld(sim.world))
  queue.get()
  other.advanceTo(10)
  expect([copy.get()?.key, copy.get()?.key]).toEqual(['a', 'b'])
})

test('does not slow down with what has passed through it', () => {
  const { queue } = setup()
  for (let index = 0; index < 50_000; index++) queue.add(`key-${index}`)
  for (let index = 0; index < 50_000; index++) queue.done(queue.get()!.key)
  expect(queue.size()).toBe(0)
})
