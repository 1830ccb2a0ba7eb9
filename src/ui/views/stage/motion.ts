import { easeCubicIn, easeCubicOut, timer } from 'd3'
import type { Timer } from 'd3'

/** Wall milliseconds at speed 1×: the tokens of `styles/tokens.css`. */
export const durations = {
  born: 220,
  flight: 640,
  settle: 260,
  ready: 420,
  leave: 360,
  evict: 520,
  message: 480,
} as const

export type Motion = keyof typeof durations

const shortest = 90
const fastest = 10

/** How long a motion takes at a speed; 0 means that it cuts. */
export function durationAt(motion: Motion, speed: number): number {
  return speed > fastest ? 0 : Math.max(shortest, durations[motion] / speed)
}

/** Eases out, for what arrives. */
export const easeOut = easeCubicOut
/** Eases in, for what leaves. */
export const easeIn = easeCubicIn

interface Tween {
  readonly durationMs: number
  elapsedMs: number
  readonly draw: (t: number) => void
  readonly done: () => void
}

/** Everything that moves, on one clock. It is the wall’s: what was begun arrives though virtual time stands; it ends at once when time is scrubbed. */
export class Tweens {
  readonly #running = new Map<string, Tween>()
  readonly #schedule: (tick: (nowMs: number) => void) => { stop(): void }
  #ticker: { stop(): void } | undefined
  #last: number | undefined

  constructor(schedule: (tick: (nowMs: number) => void) => { stop(): void } = scheduleFrames) {
    this.#schedule = schedule
  }

  get count(): number {
    return this.#running.size
  }

  has(key: string): boolean {
    return this.#running.has(key)
  }

  /** Starts a motion; one of the same key is ended first. `draw` gets 0…1, un-eased. */
  start(key: string, durationMs: number, draw: (t: number) => void, done: () => void = () => undefined): void {
    this.end(key)
    if (durationMs <= 0) {
      draw(1)
      done()
      return
    }
    this.#running.set(key, { durationMs, elapsedMs: 0, draw, done })
    draw(0)
    if (this.#ticker) return
    this.#last = undefined
    this.#ticker = this.#schedule((now) => this.#tick(now))
  }

  /** Brings a motion to its end at once. */
  end(key: string): void {
    const tween = this.#running.get(key)
    if (!tween) return
    this.#running.delete(key)
    tween.draw(1)
    tween.done()
  }

  endAll(): void {
    for (const key of [...this.#running.keys()]) this.end(key)
  }

  #tick(now: number): void {
    const passed = this.#last === undefined ? 0 : now - this.#last
    this.#last = now
    this.#advance(passed)
    if (this.#running.size > 0) return
    this.#ticker?.stop()
    this.#ticker = undefined
  }

  #advance(passed: number): void {
    for (const [key, tween] of [...this.#running]) {
      tween.elapsedMs += passed
      if (tween.elapsedMs >= tween.durationMs) this.end(key)
      else tween.draw(tween.elapsedMs / tween.durationMs)
    }
  }
}

function scheduleFrames(tick: (nowMs: number) => void): Timer {
  return timer((elapsed) => tick(elapsed))
}
