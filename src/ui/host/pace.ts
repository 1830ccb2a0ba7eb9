import { isMessage } from './messages.ts'
import type { Run } from './run.ts'

/** How virtual time goes: turns wall time into it, in small pieces, so that commands are never kept waiting. */
export interface Pace {
  readonly isPlaying: () => boolean
  readonly speed: () => number
  readonly play: (isPlaying: boolean) => void
  readonly setSpeed: (speed: number) => void
  /** lets one thing happen, or goes on by so many virtual ms */
  readonly stepOn: (ms?: number) => void
  readonly stepToMessage: () => void
  readonly awaitPod: (isAwaited: boolean) => void
  readonly skipQuiet: (isSkipping: boolean) => void
  readonly seek: (at: number) => void
  /** Time is somewhere else: nothing is owed to it. */
  readonly landed: () => void
  /** Runs on by what a stretch of wall time is worth. */
  readonly advance: (elapsedMs: number) => void
}

/** Wall ms that one tick may simulate for. */
const budgetMs = 12
const sliceMs = 250
const quietAfterMs = 1_500
const quietSpeedUp = 25
const messageStepsMax = 4_000
const messageWaitMs = 250

/** Makes the pace of a run; it plays. `wall` is a monotonic clock in ms. */
export function createPace(run: Run, wall: () => number): Pace {
  let isPlaying = true
  let speed = 1
  let target = 0
  let isPodAwaited = false
  let isSkippingQuiet = false
  /** the trace's length when it last grew, and the virtual time of that */
  let told = { count: 0, at: 0 }

  const landed = (): void => void (target = run.session.now())

  function runTo(until: number): void {
    const started = wall()
    while (run.session.now() < until && wall() - started < budgetMs) {
      if (isPodAwaited && stopAtPod(until)) return
      if (!isPodAwaited) run.session.advanceTo(Math.min(until, run.session.now() + sliceMs))
      run.lesson.look()
      if (isSkippingQuiet && hasNews()) return landed() // what was to be skipped is over: the rest is seen at its own pace
    }
  }

  function hasNews(): boolean {
    const count = run.session.cluster().trace.count()
    if (count === told.count) return false
    told = { count, at: run.session.now() }
    return true
  }

  /** Nothing was told for a while, and something is still to come: of itself, or because it was done before. */
  function isQuiet(): boolean {
    hasNews()
    const { session } = run
    const isOver = session.cluster().control.isSettled() && session.now() >= session.end()
    return !isOver && session.now() - told.at > quietAfterMs
  }

  /** One thing after the other, so that the moment is met in which a pod waits and nothing is decided yet. */
  function stopAtPod(until: number): boolean {
    const { control, queue } = run.session.cluster()
    if ((control.nextAt() ?? Infinity) > until) run.session.advanceTo(until)
    else run.session.step()
    if (queue().active.length === 0) return false
    isPodAwaited = false
    isPlaying = false
    landed()
    return true
  }

  /** A quiet cluster has little to say: the search ends after some things, and after some time. */
  function findMessage(): void {
    const started = wall()
    const { trace } = run.session.cluster()
    const known = trace.count()
    for (let steps = 0; steps < messageStepsMax && wall() - started < messageWaitMs; steps++) {
      run.session.step()
      for (const record of trace.since(known)) if (isMessage(record)) return
    }
  }

  return {
    isPlaying: () => isPlaying,
    speed: () => speed,
    play(on) {
      isPlaying = on
      landed()
    },
    setSpeed: (next) => void (speed = Math.min(Math.max(next, 0.01), 100_000)),
    stepOn(ms) {
      isPlaying = false
      if (ms === undefined) run.session.step()
      else run.session.advanceTo(run.session.now() + ms)
      landed()
    },
    stepToMessage() {
      isPlaying = false
      findMessage()
      landed()
    },
    awaitPod: (isAwaited) => void (isPodAwaited = isAwaited),
    skipQuiet: (isSkipping) => void (isSkippingQuiet = isSkipping),
    seek(at) {
      run.session.seek(Math.max(0, at))
      landed()
    },
    landed,
    advance(elapsedMs) {
      const pace = speed * (isSkippingQuiet && isQuiet() ? quietSpeedUp : 1)
      if (isPlaying) target = Math.max(target, run.session.now()) + elapsedMs * pace
      if (run.session.now() < target) runTo(target)
      // what could not be simulated in time is not owed: virtual time just runs slower than asked
      if (isPlaying) target = Math.min(target, run.session.now() + pace * 100)
    },
  }
}
