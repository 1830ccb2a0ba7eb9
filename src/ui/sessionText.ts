import type { EventRow } from './protocol.ts'

const eventsKept = 3000

/** An Event that happened again is one row with a larger count, where it happened last. */
export function mergeEvents(old: readonly EventRow[], news: readonly EventRow[]): readonly EventRow[] {
  const last = new Map(news.map((row) => [row.id, row]))
  const fresh = news.filter((row) => last.get(row.id) === row)
  return [...old.filter(({ id }) => !last.has(id)), ...fresh].slice(-eventsKept)
}

/** The last line of what was printed, without its colours. */
export function lastLineOf(text: string): string {
  // eslint-disable-next-line no-control-regex -- an escape is a control character
  return (text.trimEnd().split('\n').at(-1) ?? '').replace(/\x1b\[[\d;]*m/g, '')
}
