/** How this tab stands to its scene: it has it; what is asked for is open `elsewhere`; or another tab has `taken` what was open here. */
export type Standing = 'here' | 'elsewhere' | 'taken'

/** What a tab does when its scene is asked for by another. */
export interface Holder {
  /** keeps all that was done, before the other reads it */
  readonly keep: () => Promise<void>
  /** the other has it now */
  readonly taken: () => void
}

interface Held {
  /** the name in the browser's storage that it is kept under */
  readonly slot: string
  readonly release: () => void
}

/** a page that is being left, by a reload for instance, gives its scene free while this is tried */
const triesMost = 6
const tryMs = 100
/** a tab that sleeps does not answer: what it kept is taken then */
const answerMs = 3000

/**
 * Which tab a scene is open in: one at a time, so that no tab writes over what another has kept.
 * Where a browser has no locks, a tab learns by what another keeps that its scene was taken.
 */
export class Tabs {
  standing: Standing = $state.raw('here')
  isTaking = $state.raw(false)
  readonly #holder: Holder
  readonly #locks = globalThis.navigator?.locks as LockManager | undefined
  readonly #channel = openChannel(this.#locks)
  #held: Held | undefined
  #lost: string | undefined
  #answer: ((isTaken: boolean) => void) | undefined

  constructor(holder: Holder) {
    this.#holder = holder
    this.#channel?.addEventListener('message', ({ data }: MessageEvent<{ asked?: string }>) => {
      if (data.asked !== undefined && this.has(data.asked)) void this.#give(data.asked)
    })
    if (!this.#locks && typeof addEventListener === 'function')
      addEventListener('storage', ({ key, newValue }) => {
        if (newValue !== null && key === `drydock.${this.#held?.slot}`) this.#lose()
      })
  }

  has(slot: string): boolean {
    return this.#held?.slot === slot
  }

  /** Makes a scene this tab's, and gives free the one before. Asks where another tab has it; false when that was left unanswered. */
  async claim(slot: string): Promise<boolean> {
    if (!this.has(slot)) {
      let release = await this.#request(slot, { ifAvailable: true })
      for (let tries = 1; !release && tries < triesMost; tries += 1) {
        await new Promise((done) => setTimeout(done, tryMs))
        release = await this.#request(slot, { ifAvailable: true })
      }
      while (!release) {
        if (!(await this.#ask())) return false
        release = await this.#take(slot)
      }
      this.#held?.release()
      this.#held = { slot, release }
      this.#lost = undefined
    }
    this.standing = 'here'
    return true
  }

  /** The answer to `elsewhere` and to `taken`: the scene goes on in this tab. */
  async continueHere(): Promise<void> {
    if (this.#answer) this.#answer(true)
    else if (this.#lost !== undefined) {
      await this.#take(this.#lost)
      // Everything is read anew: the other tab went on with it.
      location.reload()
    }
  }

  /** What was asked for is not wanted any more. */
  leave(): void {
    this.#answer?.(false)
  }

  async #ask(): Promise<boolean> {
    this.standing = 'elsewhere'
    const isTaken = await new Promise<boolean>((resolve) => (this.#answer = resolve))
    this.#answer = undefined
    if (!isTaken) this.standing = this.#held || this.#lost === undefined ? 'here' : 'taken'
    return isTaken
  }

  async #take(slot: string): Promise<(() => void) | undefined> {
    this.isTaking = true
    try {
      this.#channel?.postMessage({ asked: slot })
      const signal = AbortSignal.timeout(this.#channel ? answerMs : 0)
      return (await this.#request(slot, { signal })) ?? (await this.#request(slot, { steal: true }))
    } finally {
      this.isTaking = false
    }
  }

  async #give(slot: string): Promise<void> {
    await this.#holder.keep().catch(() => undefined)
    if (this.has(slot)) this.#lose()
  }

  #lose(): void {
    if (!this.#held) return
    this.#lost = this.#held.slot
    this.#held.release()
    this.#held = undefined
    if (!this.#answer) this.standing = 'taken'
    this.#holder.taken()
  }

  /** What gives the scene free again; undefined when another tab has it. */
  #request(slot: string, options: LockOptions): Promise<(() => void) | undefined> {
    const { promise, resolve } = withResolver<(() => void) | undefined>()
    const hold = (lock: Lock | null) => {
      if (lock) return new Promise<void>(resolve)
      resolve(undefined)
      return Promise.resolve()
    }
    if (this.#locks)
      this.#locks.request(`drydock.${slot}`, options, hold).catch(({ name }: Error) => {
        const isRefused = name === 'AbortError' || name === 'TimeoutError'
        if (isRefused && this.has(slot)) this.#lose()
        // A page of no origin may have no locks: it has no storage either.
        resolve(isRefused ? undefined : () => undefined)
      })
    else resolve(() => undefined)
    return promise
  }
}

function withResolver<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => undefined
  const promise = new Promise<Value>((settle) => (resolve = settle))
  return { promise, resolve }
}

function openChannel(locks: LockManager | undefined): BroadcastChannel | undefined {
  if (!locks || typeof BroadcastChannel === 'undefined') return undefined
  try {
    return new BroadcastChannel('drydock.tabs')
  } catch {
    return undefined
  }
}
