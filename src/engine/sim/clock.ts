import { emptyList } from './lists.ts'

/** A thing that is due: data only, so that a checkpoint can carry it. Behaviour is looked up by `to`. */
export interface Timer {
  /** virtual milliseconds since the start of the run */
  readonly at: number
  /** order of scheduling; breaks ties between timers of one instant, and is the timer's id */
  readonly seq: number
  /** who wakes */
  readonly to: Address
  readonly event: TimerEvent
  /** the trace record that led to this timer */
  readonly cause: number
  /** periodic work (resyncs, lease checks): a cluster with nothing else left has settled */
  readonly periodic: boolean
}

/**
 * Who a timer wakes: `component` or `component/part`; or, where thousands of timers an instant would have to be put together and
 * taken apart again, a record of the component's own that names it and never changes.
 */
export type Address = string | PlainAddress

export interface PlainAddress {
  readonly component: string
}

/** What a timer tells its address: a past-tense fact with plain data. */
export interface TimerEvent {
  readonly type: string
  readonly [detail: string]: unknown
}

/** Virtual time as data: a binary heap ordered by (at, seq). Cancelled timers stay in the heap until they surface. */
export interface ClockState {
  now: number
  nextSeq: number
  heap: Timer[]
  cancelled: Set<number>
  /** how many live timers are not periodic */
  pendingWork: number
}

/** A clock at the beginning of time, which is 0 unless said otherwise. */
export function createClock(now = 0): ClockState {
  return { now: plain(now), nextSeq: 1, heap: emptyList(), cancelled: new Set(), pendingWork: 0 }
}

/** A clock that goes on by itself. Timers never change, so they are shared; freezing each would cost more than the heap does. */
export function copyClock({ now, nextSeq, heap, cancelled, pendingWork }: ClockState): ClockState {
  return { now, nextSeq, heap: heap.slice(), cancelled: new Set(cancelled), pendingWork }
}

/** Puts a timer on the clock; a negative delay counts as none. Returns its id. */
export function schedule(
  clock: ClockState,
  delayMs: number,
  to: Address,
  event: TimerEvent,
  cause: number,
  periodic = false,
): number {
  const timer: Timer = {
    at: plain(clock.now + (delayMs > 0 ? delayMs : 0)),
    seq: clock.nextSeq++,
    to,
    event,
    cause,
    periodic,
  }
  clock.heap.push(timer)
  siftUp(clock.heap, clock.heap.length - 1)
  if (!periodic) clock.pendingWork++
  return timer.seq
}

/** Moves time on to a moment at which nothing is due any more. */
export function moveTo(clock: ClockState, moment: number): void {
  if (moment > clock.now) clock.now = plain(moment)
}

/**
 * Moments that were worked out with fractions come as boxed numbers also where they are whole. One of them would make all times
 * boxed: of timers, of records, and of the clock itself.
 */
function plain(ms: number): number {
  const whole = Math.floor(ms)
  return whole === ms ? whole : ms
}

/** Forgets a timer that is still on the heap. The id must be one that has not fired. */
export function cancel(clock: ClockState, timer: number, periodic = false): void {
  if (clock.cancelled.has(timer)) return
  clock.cancelled.add(timer)
  if (!periodic) clock.pendingWork--
}

/** When the next live timer is due, or undefined when nothing is left. */
export function nextAt(clock: ClockState): number | undefined {
  if (clock.cancelled.size > 0) dropCancelled(clock)
  return clock.heap[0]?.at
}

/** Takes the next timer that is due at `until` or before and moves time to it; undefined when there is none. */
export function takeDue(clock: ClockState, until: number): Timer | undefined {
  if (clock.cancelled.size > 0) dropCancelled(clock)
  const timer = clock.heap[0]
  if (timer === undefined || timer.at > until) return undefined
  pop(clock.heap)
  if (timer.at > clock.now) clock.now = timer.at
  if (!timer.periodic) clock.pendingWork--
  return timer
}

function dropCancelled({ heap, cancelled }: ClockState): void {
  for (let top = heap[0]; top !== undefined && cancelled.delete(top.seq); top = heap[0]) pop(heap)
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.seq < b.seq)
}

function siftUp(heap: Timer[], start: number): void {
  let index = start
  const timer = heap[index]!
  while (index > 0) {
    const parent = (index - 1) >> 1
    if (!isBefore(timer, heap[parent]!)) break
    heap[index] = heap[parent]!
    index = parent
  }
  heap[index] = timer
}

/** Takes the first timer off. What stood last is almost always due late, so the gap goes down to the bottom before that is put in. */
function pop(heap: Timer[]): void {
  const last = heap.pop()!
  const { length } = heap
  if (length === 0) return
  let gap = 0
  for (let child = 1; child < length; child = 2 * gap + 1) {
    if (child + 1 < length && isBefore(heap[child + 1]!, heap[child]!)) child++
    heap[gap] = heap[child]!
    gap = child
  }
  heap[gap] = last
  siftUp(heap, gap)
}
