import type { Command } from './defineCommand.ts'

/** The commands a mistyped word may have meant: two letters off at most, or beginning alike; in the order they are listed. */
// upstream: github.com/spf13/cobra command.go SuggestionsFor
export function suggestionsFor(
  word: string,
  commands: readonly Pick<Command, 'name' | 'suggestFor'>[],
): readonly string[] {
  const lower = word.toLowerCase()
  return commands
    .filter(
      ({ name, suggestFor = [] }) => distance(lower, name) <= 2 || name.startsWith(lower) || suggestFor.includes(lower),
    )
    .map(({ name }) => name)
}

/** Levenshtein's distance. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}
