import { assert, must } from './assert.ts'
import {
  cancel,
  copyClock,
  createClock,
  moveTo,
  nextAt,
  schedule,
  takeDue,
  type Address,
  type ClockState,
  type PlainAddress,
  type Timer,
  type TimerEvent,
} from './clock.ts'
import { copyCounted } from './copy.ts'
import { createRandom, nextFloat, nextInt, streamOf, type RandomState } from './random.ts'
import { append, copyTrace, createTrace, type TraceDetail, type TraceState } from './trace.ts'

/** The whole world as plain data: what a checkpoint copies and a restore continues from. */
export interface World {
  clock: ClockState
  random: RandomState
  trace: TraceState
  /** the trace record that everything happening now is due to */
  cause: number
  /** one slice of state per component, by name */
  slices: Map<string, unknown>
}

/** Wakes up at a timer: `part` is what follows the first slash of the timer's address, `address` what stood there instead of a text. */
export type TimerHandler = (part: string, event: TimerEvent, address?: PlainAddress) => void

/** Time, chance and memory for the components of one cluster. */
export interface Sim {
  readonly world: World
  readonly now: () => number
  /** Plans an event for `to` (`component` or `component/part`) after a delay; returns the timer's id. */
  readonly schedule: (delayMs: number, to: Address, event: TimerEvent) => number
  /** Like `schedule`, for work that goes on for ever and does not keep a cluster from having settled. */
  readonly schedulePeriodic: (delayMs: number, to: Address, event: TimerEvent) => number
  readonly cancel: (timer: number) => void
  readonly cancelPeriodic: (timer: number) => void
  /** Says who answers timers of `component`. Once per component. */
  readonly handle: (component: string, handler: TimerHandler) => void
  /** A whole number below `below` from the stream of that name. */
  readonly int: (stream: string, below: number) => number
  /** `int` of one stream, for whoever draws by the thousand. */
  readonly intsOf: (stream: string) => (below: number) => number
  /** A number in [0, 1) from the stream of that name. */
  readonly float: (stream: string) => number
  /** Writes a trace record caused by what is happening now; returns its seq. */
  readonly record: (actor: string, what: string, object?: string, detail?: TraceDetail, revision?: number) => number
  /** Runs something, with what is given along, as the consequence of a given record. */
  readonly because: <T, Given = undefined>(cause: number, run: (given: Given) => T, given?: Given) => T
  /** The component's own state: made once, found again after a restore. */
  readonly slice: <T extends object>(name: string, create: () => T) => T
  /** Fires everything due up to `until`, in order, and leaves time there. */
  readonly advanceTo: (until: number) => void
  /** Fires the next instant's first timer; false when nothing is left before `until`. */
  readonly step: (until: number) => boolean
  readonly nextAt: () => number | undefined
  /** No timers left but periodic ones. */
  readonly isSettled: () => boolean
}

/** A world before its first event; its clock begins at `now`. */
export function createWorld(seed: number, now = 0): World {
  return { clock: createClock(now), random: createRandom(seed), trace: createTrace(), cause: 0, slices: new Map() }
}

/** A copy that shares all immutable data with the original: the basis of rewind, branches and ghosts. */
export function copyWorld(world: World): World {
  return copyWorldCounted(world).copy
}

/** The same, and how much there was to copy. */
export function copyWorldCounted(world: World): { readonly copy: World; readonly visited: number } {
  const { clock, trace, cause, random, slices } = world
  const { copy, visited } = copyCounted({ random, slices })
  return {
    copy: { clock: copyClock(clock), random: copy.random, trace: copyTrace(trace), cause, slices: copy.slices },
    visited: visited + clock.heap.length + clock.cancelled.size + trace.chunks.length + trace.tail.length,
  }
}

/** Who answers an address, and what they are told of it. */
interface Place {
  readonly handler: TimerHandler
  readonly part: string
}

/** Who answers timers: the components' handlers, and addresses that were taken apart already. */
interface Directory {
  readonly handlers: Map<string, TimerHandler>
  readonly places: Map<string, Place>
}

/** Addresses that name an object each must not pile up. */
const placesMax = 10_000

/** The verbs of time over a world. Handlers are registered by the components that are built on it. */
export function createSim(world: World): Sim {
  const directory: Directory = { handlers: new Map(), places: new Map() }
  const { clock, random, trace, slices } = world

  return {
    world,
    now: () => clock.now,
    schedule: (delayMs, to, event) => schedule(clock, delayMs, to, event, world.cause),
    schedulePeriodic: (delayMs, to, event) => schedule(clock, delayMs, to, event, 0, true),
    cancel: (timer) => cancel(clock, timer),
    cancelPeriodic: (timer) => cancel(clock, timer, true),
    handle(component, handler) {
      assert(!directory.handlers.has(component), `${component} has a handler already`)
      directory.handlers.set(component, handler)
    },
    int: (name, below) => nextInt(streamOf(random, name), below),
    intsOf(name) {
      let stream: number[] | undefined
      return (below) => nextInt((stream ??= streamOf(random, name)), below)
    },
    float: (name) => nextFloat(streamOf(random, name)),
    record: (actor, what, object, detail, revision) =>
      append(trace, { seq: trace.nextSeq, at: clock.now, actor, what, object, revision, cause: world.cause, detail }),
    because<T, Given>(cause: number, run: (given: Given) => T, given?: Given) {
      const before = world.cause
      world.cause = cause
      try {
        return run(given as Given)
      } finally {
        world.cause = before
      }
    },
    slice<T extends object>(name: string, create: () => T): T {
      let slice = slices.get(name) as T | undefined
      if (slice === undefined) {
        slice = create()
        slices.set(name, slice)
      }
      return slice
    },
    advanceTo(until) {
      while (step(world, directory, until));
      moveTo(clock, until)
    },
    step: (until) => step(world, directory, until),
    nextAt: () => nextAt(clock),
    isSettled: () => clock.pendingWork === 0,
  }
}

function step(world: World, directory: Directory, until: number): boolean {
  const timer = takeDue(world.clock, until)
  if (timer === undefined) return false
  fire(world, directory, timer)
  return true
}

function fire(world: World, directory: Directory, { to, event, cause }: Timer): void {
  const plain = typeof to === 'string' ? undefined : to
  const address = typeof to === 'string' ? to : to.component
  const { handler, part } = directory.places.get(address) ?? placeOf(directory, address)
  world.cause = cause
  handler(part, event, plain)
  world.cause = 0
}

/** An address taken apart: there are few, and thousands of timers go to each. */
function placeOf({ handlers, places }: Directory, address: string): Place {
  const slash = address.indexOf('/')
  const component = slash < 0 ? address : address.slice(0, slash)
  const handler = must(handlers.get(component), 'nobody answers these timers', component)
  const place = { handler, part: slash < 0 ? '' : address.slice(slash + 1) }
  if (places.size >= placesMax) places.clear()
  places.set(address, place)
  return place
}
