import type { Moves } from './board.svelte.ts'

/** Moves what a frame changes: told before the page is drawn anew, and after. */
export interface Choreographer {
  before(moves: Moves): void
  after(moves: Moves): void
  /** time was scrubbed: nothing moves */
  stop(): void
}
