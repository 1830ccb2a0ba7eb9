/** Something the finder can find. What choosing it does is the caller's. */
export interface Findable {
  /** unique among all */
  readonly id: string
  readonly group: 'Run' | 'Commands' | 'Objects' | 'Lessons'
  readonly icon: string
  readonly title: string
  /** what stands small at the right */
  readonly note: string
  /** other words it is found by */
  readonly words?: string
}

const groups: readonly Findable['group'][] = ['Run', 'Objects', 'Commands', 'Lessons']
const perGroup = 8

/** What a query finds, best first in each group, groups in their order. Every word of the query has to occur. */
export function find<Item extends Findable>(items: readonly Item[], query: string): readonly Item[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const scored = items.flatMap((item) => {
    const score = scoreOf(item, words)
    return score === undefined ? [] : [{ item, score }]
  })
  return groups.flatMap((group) =>
    scored
      .filter(({ item }) => item.group === group)
      .sort((a, b) => a.score - b.score || a.item.title.length - b.item.title.length)
      .slice(0, perGroup)
      .map(({ item }) => item),
  )
}

/** Smaller is better; undefined where a word does not occur. A name that begins with the word goes first; of those, the shorter. */
function scoreOf({ title, words: others = '' }: Findable, words: readonly string[]): number | undefined {
  const name = title.toLowerCase()
  const all = `${name} ${others.toLowerCase()}`
  let score = 0
  for (const word of words) {
    if (!all.includes(word)) return undefined
    const at = name.indexOf(word)
    if (at === 0 || /[/\s]/.test(name[at - 1] ?? '')) score += 0
    else score += at > 0 ? 1 : 2
  }
  return score
}

/** A command line for the terminal that somebody began to type into the finder; undefined for anything else. */
export function commandLine(query: string): string | undefined {
  const rest = /^\s*k(?:ubectl)?\s+(\S.*?)\s*$/.exec(query)?.[1]
  return rest === undefined ? undefined : `kubectl ${rest}`
}

/** Where the arrow keys lead: around the ends. */
export function moved(at: number, by: number, count: number): number {
  return count === 0 ? 0 : (at + by + count) % count
}
