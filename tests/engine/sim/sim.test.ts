import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  causesOf,
  copyState,
  copyWorld,
  createSim,
  createWorld,
  recordsAfter,
  type Sim,
} from '../../../src/engine/sim/index.ts'

/** A component that keeps busy: each wake-up draws, records, and plans the next ones. */
function build(sim: Sim): { poke: () => void } {
  const state = sim.slice('toy', () => ({ seen: [] as number[], timer: 0 }))
  sim.handle('toy', (part, event) => {
    state.seen.push(sim.int('toy', 100))
    sim.record('toy', event.type, `Toy/${part}`, { drawn: state.seen.at(-1) })
    if (state.seen.length < 40) sim.schedule(sim.int('delay', 50), `toy/${part}x`.slice(0, 12), { type: 'woke' })
    if (state.seen.length % 3 === 0) state.timer = sim.schedule(1000, 'toy/late', { type: 'late' })
    if (state.seen.length % 4 === 0 && state.timer) {
      sim.cancel(state.timer)
      state.timer = 0
    }
  })
  return { poke: () => void sim.schedule(0, 'toy/a', { type: 'woke' }) }
}

const traceOf = (sim: Sim): string => JSON.stringify([...recordsAfter(sim.world.trace, 0)])

describe('sim', () => {
  test('continuing from a checkpoint gives the trace of an uninterrupted run', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(800), (seed, pause) => {
        const straight = createSim(createWorld(seed))
        build(straight).poke()
        straight.advanceTo(5000)

        const first = createSim(createWorld(seed))
        build(first).poke()
        first.advanceTo(pause)
        const second = createSim(copyWorld(first.world))
        build(second)
        first.advanceTo(9000) // the original goes on and must not be felt
        second.advanceTo(5000)
        expect(traceOf(second)).toBe(traceOf(straight))
      }),
    )
  })

  test('fires timers by time, then by order of scheduling', () => {
    const sim = createSim(createWorld(1))
    const order: string[] = []
    sim.handle('x', (part) => void order.push(part))
    sim.schedule(10, 'x/late', { type: 't' })
    sim.schedule(5, 'x/one', { type: 't' })
    sim.schedule(5, 'x/two', { type: 't' })
    const gone = sim.schedule(6, 'x/gone', { type: 't' })
    sim.cancel(gone)
    sim.advanceTo(20)
    expect(order).toEqual(['one', 'two', 'late'])
    expect(sim.now()).toBe(20)
    expect(sim.isSettled()).toBe(true)
  })

  test('carries the cause of a timer to what its handler records', () => {
    const sim = createSim(createWorld(1))
    sim.handle('x', () => void sim.record('x', 'second'))
    const first = sim.record('you', 'first')
    sim.because(first, () => sim.schedule(5, 'x', { type: 't' }))
    sim.advanceTo(10)
    expect(causesOf(sim.world.trace, 2).map(({ what }) => what)).toEqual(['second', 'first'])
  })

  test('shares frozen values between copies and nothing else', () => {
    const shared = Object.freeze({ big: [1, 2] })
    const state = { map: new Map([['a', { list: [shared] }]]), set: new Set([1]) }
    const copy = copyState(state)
    copy.map.get('a')!.list.push(shared)
    copy.set.add(2)
    expect(state.map.get('a')!.list).toHaveLength(1)
    expect(state.set.size).toBe(1)
    expect(copy.map.get('a')!.list[0]).toBe(shared)
  })
})
