import { expect, test } from 'vitest'
import {
  abort,
  advance,
  createFlow,
  inFlight,
  nextTurn,
  ratesOf,
  sendAway,
  setFlow,
} from '../../../../src/engine/node/network/flow.ts'

function flowing(rate: number, capacity = Infinity, latencyMs = 0) {
  const flow = createFlow(0)
  setFlow(flow, rate, capacity, latencyMs)
  return flow
}

test('what comes in comes out, a latency later', () => {
  const flow = flowing(10, Infinity, 100)
  expect(advance(flow, 1000)).toEqual({ done: 9, timedOut: 0 })
  expect(inFlight(flow)).toBe(1)
  setFlow(flow, 0, Infinity, 100)
  expect(advance(flow, 1050).done).toBeCloseTo(0.5, 12)
  expect(advance(flow, 5000).done).toBeCloseTo(0.5, 12)
  expect(inFlight(flow)).toBeCloseTo(0, 12)
})

test('reading often or seldom makes no difference', () => {
  const often = flowing(7, 5, 30)
  const seldom = flowing(7, 5, 30)
  let done = 0
  let timedOut = 0
  for (let at = 13; at < 60_000; at += 13) {
    const outcome = advance(often, at)
    done += outcome.done
    timedOut += outcome.timedOut
  }
  const last = advance(often, 60_000)
  const all = advance(seldom, 60_000)
  expect(done + last.done).toBeCloseTo(all.done, 8)
  expect(timedOut + last.timedOut).toBeCloseTo(all.timedOut, 8)
})

test('more than the process can do waits, and is given up once the wait is too long', () => {
  const flow = flowing(30, 20)
  // 10 a second too many; after 10 s a hundred wait, which is five seconds of work
  expect(nextTurn(flow)).toBe(10_000)
  expect(advance(flow, 10_000)).toEqual({ done: 200, timedOut: 0 })
  expect(flow.waiting).toBe(100)
  expect(ratesOf(flow)).toEqual({ begun: 20, timedOut: 10 })
  expect(nextTurn(flow)).toBeUndefined()
  expect(advance(flow, 12_000)).toEqual({ done: 40, timedOut: 20 })
  setFlow(flow, 10, 20, 0)
  expect(nextTurn(flow)).toBe(22_000)
  expect(advance(flow, 30_000)).toEqual({ done: 200 + 80, timedOut: 0 })
})

test('every request is somewhere', () => {
  const flow = flowing(30, 20, 250)
  let sent = 0
  let ended = 0
  let at = 0
  for (const [stretch, rate] of [
    [3100, 30],
    [900, 0],
    [12_345, 55],
    [77, 3],
    [20_000, 0],
  ] as const) {
    setFlow(flow, rate, 20, 250)
    at += stretch
    sent += (rate * stretch) / 1000
    const { done, timedOut } = advance(flow, at)
    ended += done + timedOut
    expect(ended + inFlight(flow)).toBeCloseTo(sent, 8)
  }
  expect(inFlight(flow)).toBeCloseTo(0, 8)
})

test('a killed process takes along what it was answering; a closed port only those who wait', () => {
  const flow = flowing(30, 20, 500)
  advance(flow, 2000)
  expect(flow.waiting).toBeCloseTo(20, 9)
  expect(sendAway(flow)).toBeCloseTo(20, 9)
  expect(inFlight(flow)).toBeCloseTo(10, 9)
  expect(abort(flow)).toBeCloseTo(10, 9)
  expect(inFlight(flow)).toBe(0)
  setFlow(flow, 0, 20, 500)
  expect(advance(flow, 9000).done).toBe(0)
})

test('no CPU at all: everybody gives up', () => {
  expect(advance(flowing(5, 0), 2000)).toEqual({ done: 0, timedOut: 10 })
})
