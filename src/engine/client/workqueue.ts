import { assert, type Address, type Sim } from '../sim/index.ts'

/** A set of keys that want work, as plain data: first come, first served, each key once. */
export interface WorkqueueState {
  /** keys that wait for a worker; those before `head` have been taken */
  order: string[]
  head: number
  /** by key: what waits for a worker, is in one's hands, comes back later, has failed, or has a note */
  items: Map<string, WorkItem>
}

/** All that is known of one key. */
export interface WorkItem {
  readonly key: string
  /** why it wants work: the trace record that led to it. A weightier reason is not displaced by a lighter one */
  cause: number
  weight: number
  /** it wants work, or wants it again when its worker is done */
  isDirty: boolean
  /** how often its worker has still to give it back; 0 while it waits for one */
  holds: number
  /** in a row */
  failures: number
  /** the timer that brings it back, with its time; 0 when none is set */
  timer: number
  dueAt: number
  isPeriodic: boolean
  /** what its worker wants to know of it later; empty when there is nothing */
  note: string
}

/** client-go's work queue on the virtual clock. */
export interface Workqueue {
  readonly add: (key: string, weight?: number) => void
  /** Adds a key later; a key has one delay at a time, the last one counts. */
  readonly addAfter: (key: string, delayMs: number, isPeriodic?: boolean) => void
  /** What is known of a key, if anything. */
  readonly find: (key: string) => WorkItem | undefined
  /** Takes the first key; it stays out of others' hands until `done`. */
  readonly get: () => WorkItem | undefined
  /** As `addAfter`, of a key in hand. */
  readonly comeBack: (item: WorkItem, delayMs: number, isPeriodic?: boolean) => void
  /** Takes back a delayed add. */
  readonly cancel: (item: WorkItem) => void
  /** Adds a key in hand after a delay that doubles with each failure, and perhaps some more; the failures so far, this one included. */
  readonly addRateLimited: (item: WorkItem, moreMs?: number) => number
  /** Gives a key back; if it was added meanwhile, it queues again. */
  readonly done: (key: string) => void
  /** Answers the timer that a delay has set. */
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
  return { order: [], head: 0, items: new Map() }
}

/**
 * The verbs over a queue's state. `address` hears `{ type: 'due', key }` for delayed keys and passes it to `due`;
 * `wake` is called when the first key starts to wait.
 */
export function createWorkqueue(sim: Sim, state: WorkqueueState, address: Address, wake: () => void): Workqueue {
  const { items } = state

  function push(key: string): void {
    const waiting = state.order.push(key) - state.head
    assert(waiting <= sizeMax, 'the queue is full', key)
    if (waiting === 1) wake()
  }

  function add(key: string, weight = 1): void {
    let item = items.get(key)
    if (item === undefined) items.set(key, (item = idle(key)))
    if (item.isDirty && item.weight > weight) return
    const isWaiting = item.isDirty || item.holds > 0
    item.isDirty = true
    item.cause = sim.world.cause
    item.weight = weight
    if (!isWaiting) push(key)
  }

  function cancel(item: WorkItem): void {
    const { timer } = item
    if (timer === 0) return
    item.timer = 0
    if (item.isPeriodic) sim.cancelPeriodic(timer)
    else sim.cancel(timer)
  }

  function comeBack(item: WorkItem, delayMs: number, isPeriodic = false): void {
    const at = sim.now() + delayMs
    if (item.timer !== 0 && item.dueAt === at && item.isPeriodic === isPeriodic) return
    cancel(item)
    if (delayMs <= 0) return add(item.key)
    const event = { type: 'due', key: item.key }
    item.timer = isPeriodic ? sim.schedulePeriodic(delayMs, address, event) : sim.schedule(delayMs, address, event)
    item.dueAt = at
    item.isPeriodic = isPeriodic
  }

  /** Forgets what has been taken, once it is much. */
  function compact(): void {
    state.order = state.order.slice(state.head)
    state.head = 0
  }

  return {
    add,
    addAfter(key, delayMs, isPeriodic) {
      const item = items.get(key) ?? idle(key)
      items.set(key, item)
      comeBack(item, delayMs, isPeriodic)
    },
    find: (key) => items.get(key),
    comeBack,
    cancel,
    addRateLimited(item, moreMs = 0) {
      comeBack(item, Math.min(retryMs * 2 ** item.failures, retryMsMax) + moreMs)
      return ++item.failures
    },
    get() {
      if (state.head === state.order.length) return undefined
      const key = state.order[state.head++]!
      if (state.head >= 1024 && state.head * 2 >= state.order.length) compact()
      const item = items.get(key)
      assert(item?.isDirty, 'a key waits without a reason', key)
      item.isDirty = false
      item.holds = 1
      return item
    },
    done(key) {
      const item = items.get(key)
      if (item === undefined || item.holds === 0 || --item.holds > 0) return
      if (item.isDirty) push(key)
      else if (item.timer === 0 && item.failures === 0 && item.note === '') items.delete(key)
    },
    due(key) {
      const item = items.get(key)
      if (item !== undefined) item.timer = 0
      add(key)
    },
    size: () => state.order.length - state.head,
    clear() {
      for (const item of items.values()) cancel(item)
      items.clear()
      state.order = []
      state.head = 0
    },
  }
}

function idle(key: string): WorkItem {
  return {
    key,
    cause: 0,
    weight: 0,
    isDirty: false,
    holds: 0,
    failures: 0,
    timer: 0,
    dueAt: 0,
    isPeriodic: false,
    note: '',
  }
}
