/**
 * Requests on their way through one process, as a fluid: they arrive at a rate, wait while the process has no CPU for them, are begun,
 * and come out a latency later. Between two changes everything is a straight line, so each total is exact whenever it is read.
 */
export interface Flow {
  /** virtual ms up to which it is reckoned */
  at: number
  /** arriving per second */
  rate: number
  /** the most that can be begun per second; Infinity where CPU is no limit */
  capacity: number
  latencyMs: number
  /** arrived and not yet begun */
  waiting: number
  /** come out so far */
  done: number
  /** when beginning went on at another rate, with what had been begun by then; the last few only */
  begun: Begun[]
}

interface Begun {
  readonly at: number
  readonly rate: number
  readonly total: number
}

/** What happened to requests during a stretch of time. */
export interface Outcome {
  readonly done: number
  /** waited longer than anybody waits */
  readonly timedOut: number
}

/** How long a client waits for its turn before it gives up. differs: real clients differ, and the server goes on for them in vain */
export const patienceMs = 5_000

/** Below this, a queue is empty. */
const drop = 1e-9

/** A flow in which nothing moves yet. */
export function createFlow(at: number): Flow {
  return { at, rate: 0, capacity: Infinity, latencyMs: 0, waiting: 0, done: 0, begun: [] }
}

/** Moves a flow on to a later moment and tells what came out of it. */
export function advance(flow: Flow, to: number): Outcome {
  let timedOut = 0
  for (let phases = 0; flow.at < to && phases < 8; phases++) timedOut += phase(flow, to)
  flow.at = to
  const total = Math.max(flow.done, begunBy(flow, to - flow.latencyMs))
  const done = total - flow.done
  flow.done = total
  while (flow.begun.length > 1 && flow.begun[1]!.at <= to - flow.latencyMs) flow.begun.shift()
  return { done, timedOut }
}

/** Changes what arrives and how fast it is answered, from the moment up to which the flow is reckoned. */
export function setFlow(flow: Flow, rate: number, capacity: number, latencyMs: number): void {
  flow.rate = rate
  flow.capacity = capacity
  flow.latencyMs = latencyMs
}

/** What is begun and what is given up, per second, from now until something changes. */
export function ratesOf(flow: Flow): { readonly begun: number; readonly timedOut: number } {
  const { rate, capacity, waiting } = flow
  if (waiting <= drop && rate <= capacity) return { begun: rate, timedOut: 0 }
  const isFull = rate > capacity && waiting >= fullAt(flow) - drop
  return { begun: capacity, timedOut: isFull ? rate - capacity : 0 }
}

/** When the flow's rates change by themselves: the queue is full, or empty. Undefined when they stay. */
export function nextTurn(flow: Flow): number | undefined {
  const { rate, capacity, waiting } = flow
  if (rate > capacity)
    return waiting < fullAt(flow) - drop ? flow.at + (1000 * (fullAt(flow) - waiting)) / (rate - capacity) : undefined
  if (waiting > drop && rate < capacity) return flow.at + (1000 * waiting) / (capacity - rate)
  return undefined
}

/** Requests that were sent and have had no answer yet. */
export function inFlight(flow: Flow): number {
  return flow.waiting + begunBy(flow, flow.at) - flow.done
}

/** Nobody will answer those in flight: they are taken out of the flow and counted. */
export function abort(flow: Flow): number {
  const lost = inFlight(flow)
  flow.waiting = 0
  flow.begun = []
  flow.done = 0
  return lost
}

/** Those who wait to be begun are sent away; those being answered still get their answer. */
export function sendAway(flow: Flow): number {
  const lost = flow.waiting
  flow.waiting = 0
  return lost
}

/** One straight stretch; returns what timed out in it. */
function phase(flow: Flow, to: number): number {
  const turn = nextTurn(flow)
  const until = turn === undefined ? to : Math.min(to, turn)
  const seconds = (until - flow.at) / 1000
  const { begun, timedOut } = ratesOf(flow)
  begin(flow, begun)
  flow.waiting = Math.max(0, flow.waiting + (flow.rate - begun - timedOut) * seconds)
  if (turn === until) flow.waiting = flow.rate > flow.capacity ? fullAt(flow) : 0
  flow.at = until
  return timedOut * seconds
}

function fullAt({ capacity }: Flow): number {
  return (capacity * patienceMs) / 1000
}

function begin(flow: Flow, rate: number): void {
  const last = flow.begun[flow.begun.length - 1]
  if ((last?.rate ?? 0) === rate) return
  flow.begun.push(Object.freeze({ at: flow.at, rate, total: begunBy(flow, flow.at) }))
}

function begunBy({ begun, done }: Flow, at: number): number {
  for (let index = begun.length - 1; index >= 0; index--) {
    const step = begun[index]!
    if (step.at <= at) return step.total + (step.rate * (at - step.at)) / 1000
  }
  // before the first step nothing was under way
  return begun[0]?.total ?? done
}
