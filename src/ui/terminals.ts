import type { TerminalChunk } from './protocol.ts'

/** The name of the terminal that other parts of the page type into. */
export const mainTerminal = 'main'

const charactersKept = 200_000

/** What terminals printed, kept so that a view that loads late, or comes back, misses nothing. */
export class Terminals {
  readonly #chunks = new Map<string, TerminalChunk[]>()
  readonly #listeners = new Set<(chunk: TerminalChunk) => void>()

  push(chunk: TerminalChunk): void {
    if (chunk.isReset) this.#chunks.delete(chunk.terminal)
    const kept = this.#chunks.get(chunk.terminal) ?? []
    kept.push(chunk)
    let length = kept.reduce((sum, { text }) => sum + text.length, 0)
    while (length > charactersKept && kept.length > 1) length -= kept.shift()?.text.length ?? 0
    this.#chunks.set(chunk.terminal, kept)
    for (const listener of this.#listeners) listener(chunk)
  }

  /** Tells of every chunk of a terminal, starting with what was printed so far. Returns what ends it. */
  listen(terminal: string, listener: (chunk: TerminalChunk) => void): () => void {
    for (const chunk of this.#chunks.get(terminal) ?? []) listener(chunk)
    const only = (chunk: TerminalChunk) => {
      if (chunk.terminal === terminal) listener(chunk)
    }
    this.#listeners.add(only)
    return () => this.#listeners.delete(only)
  }
}
