// upstream: github.com/pmezard/go-difflib (a port of Python's difflib), by way of apimachinery/pkg/util/diff

/** The difference of two values' indented JSON as `diff -u` shows it, with three lines around each change. */
export function jsonDiff(before: unknown, after: unknown): string {
  return unifiedDiff(linesOf(before), linesOf(after))
}

function linesOf(value: unknown): string[] {
  const text = JSON.stringify(value, sorted, 1).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`)
  return text.split('\n')
}

/** Go prints structs in their order and maps by key; only structs have capitals. */
function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const keys = Object.keys(value)
  if (keys.length < 2 || keys.every((key) => /^[A-Z]/.test(key))) return value
  return Object.fromEntries(keys.sort().map((key) => [key, (value as Record<string, unknown>)[key]]))
}

interface Block {
  readonly tag: 'equal' | 'change'
  readonly i1: number
  readonly i2: number
  readonly j1: number
  readonly j2: number
}

const context = 3

function unifiedDiff(a: readonly string[], b: readonly string[]): string {
  const out: string[] = []
  for (const group of groupsOf(blocksOf(a, b), a.length, b.length)) {
    const first = group[0]!
    const last = group[group.length - 1]!
    out.push(`@@ -${rangeText(first.i1, last.i2)} +${rangeText(first.j1, last.j2)} @@`)
    for (const { tag, i1, i2, j1, j2 } of group) {
      if (tag === 'equal') for (const line of a.slice(i1, i2)) out.push(` ${line}`)
      else {
        for (const line of a.slice(i1, i2)) out.push(`-${line}`)
        for (const line of b.slice(j1, j2)) out.push(`+${line}`)
      }
    }
  }
  return out.map((line) => `${line}\n`).join('')
}

function rangeText(start: number, stop: number): string {
  const length = stop - start
  if (length === 1) return String(start + 1)
  return `${length === 0 ? start : start + 1},${length}`
}

function groupsOf(blocks: readonly Block[], aLength: number, bLength: number): Block[][] {
  const list = [...(blocks.length > 0 ? blocks : [{ tag: 'equal' as const, i1: 0, i2: aLength, j1: 0, j2: bLength }])]
  const first = list[0]!
  if (first.tag === 'equal')
    list[0] = { ...first, i1: Math.max(first.i1, first.i2 - context), j1: Math.max(first.j1, first.j2 - context) }
  const last = list[list.length - 1]!
  if (last.tag === 'equal')
    list[list.length - 1] = {
      ...last,
      i2: Math.min(last.i2, last.i1 + context),
      j2: Math.min(last.j2, last.j1 + context),
    }
  const groups: Block[][] = []
  let group: Block[] = []
  for (let block of list) {
    if (block.tag === 'equal' && block.i2 - block.i1 > 2 * context) {
      group.push({ ...block, i2: Math.min(block.i2, block.i1 + context), j2: Math.min(block.j2, block.j1 + context) })
      groups.push(group)
      group = []
      block = { ...block, i1: Math.max(block.i1, block.i2 - context), j1: Math.max(block.j1, block.j2 - context) }
    }
    group.push(block)
  }
  if (group.some(({ tag }) => tag !== 'equal')) groups.push(group)
  return groups.filter((one) => one.some(({ tag }) => tag !== 'equal'))
}

interface Match {
  readonly a: number
  readonly b: number
  readonly size: number
}

function blocksOf(a: readonly string[], b: readonly string[]): Block[] {
  const blocks: Block[] = []
  let i = 0
  let j = 0
  for (const match of [...matchesOf(a, b), { a: a.length, b: b.length, size: 0 }]) {
    if (i < match.a || j < match.b) blocks.push({ tag: 'change', i1: i, i2: match.a, j1: j, j2: match.b })
    i = match.a + match.size
    j = match.b + match.size
    if (match.size > 0) blocks.push({ tag: 'equal', i1: match.a, i2: i, j1: match.b, j2: j })
  }
  return blocks
}

function matchesOf(a: readonly string[], b: readonly string[]): Match[] {
  const places = placesOf(b)
  const found: Match[] = []
  const visit = (alo: number, ahi: number, blo: number, bhi: number): void => {
    const match = longestMatch(a, b, places, [alo, ahi, blo, bhi])
    if (match.size === 0) return
    if (alo < match.a && blo < match.b) visit(alo, match.a, blo, match.b)
    found.push(match)
    if (match.a + match.size < ahi && match.b + match.size < bhi)
      visit(match.a + match.size, ahi, match.b + match.size, bhi)
  }
  visit(0, a.length, 0, b.length)
  return joined(found)
}

/** Adjacent matches are one. */
function joined(matches: readonly Match[]): Match[] {
  const result: Match[] = []
  for (const match of matches) {
    const last = result[result.length - 1]
    if (last !== undefined && last.a + last.size === match.a && last.b + last.size === match.b)
      result[result.length - 1] = { ...last, size: last.size + match.size }
    else result.push(match)
  }
  return result
}

/** Where each line of b stands; in long texts, lines that are everywhere say nothing and are left out. */
function placesOf(b: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>()
  b.forEach((line, index) => {
    const list = places.get(line)
    if (list === undefined) places.set(line, [index])
    else list.push(index)
  })
  if (b.length >= 200) {
    const often = Math.floor(b.length / 100) + 1
    for (const [line, list] of places) if (list.length > often) places.delete(line)
  }
  return places
}

type Window = readonly [alo: number, ahi: number, blo: number, bhi: number]

function longestMatch(
  a: readonly string[],
  b: readonly string[],
  places: ReadonlyMap<string, readonly number[]>,
  window: Window,
): Match {
  const [alo, ahi, blo, bhi] = window
  let best: Match = { a: alo, b: blo, size: 0 }
  let lengths = new Map<number, number>()
  for (let i = alo; i < ahi; i++) {
    const next = new Map<number, number>()
    for (const j of places.get(a[i]!) ?? []) {
      if (j < blo) continue
      if (j >= bhi) break
      const size = (lengths.get(j - 1) ?? 0) + 1
      next.set(j, size)
      if (size > best.size) best = { a: i - size + 1, b: j - size + 1, size }
    }
    lengths = next
  }
  let { a: i, b: j, size } = best
  while (i > alo && j > blo && a[i - 1] === b[j - 1]) {
    i--
    j--
    size++
  }
  while (i + size < ahi && j + size < bhi && a[i + size] === b[j + size]) size++
  return { a: i, b: j, size }
}
