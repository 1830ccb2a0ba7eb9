import { assert, type Sim } from '../sim/index.ts'

/** A set of keys that want work, as plain data: first come, first served, each key once. */
export interface WorkqueueState {
  /** keys that wait for a worker; those before `head` have been taken */
  order: string[]
  head: number
  /** keys that wait for a worker or are in one's hands */
  items: Map<string, Item>
  /** keys that come back later: the timer that brings them */
  delayed: Map<string, Delay>
  failures: Map<string, number>
}

interface Item {
  /** why it wants work: the trace record that led to it. A weightier reason is not displaced by a lighter one */
  cause: number
  weight: number
  /** it wants work, or wants it again when its worker is done */
  isDirty: boolean
  /** how often its worker has still to give it back; 0 while it waits for one */
  holds: number
}

interface Delay {
  readonly at: number
  readonly timer: number
  readonly isPeriodic: boolean
}

/** client-go's work queue on the virtual clock. */
export interface Workqueue {
  readonly add: (key: string, weight?: number) => void
  /** Adds a key later; a key has one delay at a time, the last one counts. */
  readonly addAfter: (key: string, delayMs: number, isPeriodic?: boolean) => void
  /** Takes back a delayed add. */
  readonly cancel: (key: string) => void
  /** Adds a key after a delay that doubles with each failure, and perhaps some more; the failures so far, this one included. */
  readonly addRateLimited: (key: string, moreMs?: number) => number
  /** Ends the growing of a key's delay. */
  readonly forget: (key: string) => void
  /** Takes the first key; it stays out of others' hands until `done`. */
  readonly get: () => { readonly key: string; readonly cause: number } | undefined
  /** Says that a key is in hand until it has been given back so many times. */
  readonly hold: (key: string, times: number) => void
  /** Gives a key back; if it was added meanwhile, it queues again. */
  readonly done: (key: string) => void
  /** Answers the timer that `addAfter` set. */
  readonly due: (key: string) => void
  /** How many keys wait for a worker. */
  readonly size: () => number
  readonly clear: () => void
}

const sizeMax = 1 << 20
const retryMs = 5 // upstream: workqueue.DefaultTypedControllerRateLimiter: 5 ms × 2^n, 1000 s at most
const retryMsMax = 1_000_000

/** An empty queue. */
export function createWorkqueueState(): WorkqueueState {
  return { order: [], head: 0, items: new Map(), delayed: new Map(), failures: new Map() }
}

/**
 * The verbs over a queue's state. `address` hears `{ type: 'due', key }` for delayed keys and passes it to `due`;
 * `wake` is called when the first key starts to wait.
 */
export function createWorkqueue(sim: Sim, state: WorkqueueState, address: string, wake: () => void): Workqueue {
  const size = (): number => state.order.length - state.head

  function push(key: string): void {
    const waiting = state.order.push(key) - state.head
    assert(waiting <= sizeMax, 'the queue is full', address)
    if (waiting === 1) wake()
  }

  function add(key: string, weight = 1): void {
    const { cause } = sim.world
    const item = state.items.get(key)
    if (item === undefined) {
      state.items.set(key, { cause, weight, isDirty: true, holds: 0 })
      push(key)
    } else if (!item.isDirty || item.weight <= weight) {
      item.isDirty = true
      item.cause = cause
      item.weight = weight
    }
  }

  function cancel(key: string): void {
    const delay = state.delayed.get(key)
    if (delay === undefined) return
    state.delayed.delete(key)
    if (delay.isPeriodic) sim.cancelPeriodic(delay.timer)
    else sim.cancel(delay.timer)
  }

  function addAfter(key: string, delayMs: number, isPeriodic = false): void {
    const at = sim.now() + delayMs
    const known = state.delayed.get(key)
    if (known?.at === at && known.isPeriodic === isPeriodic) return
    cancel(key)
    if (delayMs <= 0) return add(key)
    const event = { type: 'due', key }
    const timer = isPeriodic ? sim.schedulePeriodic(delayMs, address, event) : sim.schedule(delayMs, address, event)
    state.delayed.set(key, { at, timer, isPeriodic })
  }

  function compact(): void {
    if (state.head < 1024 || state.head * 2 < state.order.length) return
    state.order = state.order.slice(state.head)
    state.head = 0
  }

  return {
    add,
    addAfter,
    cancel,
    addRateLimited(key, moreMs = 0) {
      const failures = state.failures.get(key) ?? 0
      state.failures.set(key, failures + 1)
      addAfter(key, Math.min(retryMs * 2 ** failures, retryMsMax) + moreMs)
      return failures + 1
    },
    forget: (key) => void state.failures.delete(key),
    get() {
      if (state.head === state.order.length) return undefined
      const key = state.order[state.head++]!
      compact()
      const item = state.items.get(key)
      assert(item?.isDirty, 'a key waits without a reason', key)
      item.isDirty = false
      item.holds = 1
      return { key, cause: item.cause }
    },
    hold(key, times) {
      const item = state.items.get(key)
      if (item !== undefined && item.holds > 0) item.holds = times
    },
    done(key) {
      const item = state.items.get(key)
      if (item === undefined || item.holds === 0 || --item.holds > 0) return
      if (item.isDirty) push(key)
      else state.items.delete(key)
    },
    due(key) {
      state.delayed.delete(key)
      add(key)
    },
    size,
    clear() {
      for (const key of [...state.delayed.keys()]) cancel(key)
      Object.assign(state, createWorkqueueState())
    },
  }
}
