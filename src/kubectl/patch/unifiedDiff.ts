const context = 3

interface Edit {
  readonly sign: ' ' | '-' | '+'
  readonly text: string
}

/** The hunks of `diff -u` between two texts. */
export function unifiedDiff(before: string, after: string): string {
  const edits = editsOf(linesOf(before), linesOf(after))
  return hunksOf(edits)
    .map(({ from, to }) => hunkText(edits, from, to))
    .join('')
}

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))

/** A shortest way from one list of lines to the other, deletions first. */
function editsOf(a: readonly string[], b: readonly string[]): readonly Edit[] {
  const lengths = commonLengths(a, b)
  const edits: Edit[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      edits.push({ sign: ' ', text: a[i++]! })
      j++
    } else if (i < a.length && (j >= b.length || lengths[i + 1]![j]! >= lengths[i]![j + 1]!))
      edits.push({ sign: '-', text: a[i++]! })
    else edits.push({ sign: '+', text: b[j++]! })
  }
  return edits
}

/** For each pair of positions, how many lines the rests have in common. */
function commonLengths(a: readonly string[], b: readonly string[]): readonly (readonly number[])[] {
  const rows = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      rows[i]![j] = a[i] === b[j] ? rows[i + 1]![j + 1]! + 1 : Math.max(rows[i + 1]![j]!, rows[i]![j + 1]!)
  return rows
}

interface Hunk {
  readonly from: number
  readonly to: number
}

function hunksOf(edits: readonly Edit[]): readonly Hunk[] {
  const hunks: { from: number; to: number }[] = []
  edits.forEach(({ sign }, index) => {
    if (sign === ' ') return
    const [from, to] = [Math.max(0, index - context), Math.min(edits.length, index + context + 1)]
    const last = hunks.at(-1)
    if (last !== undefined && from <= last.to) last.to = to
    else hunks.push({ from, to })
  })
  return hunks
}

function hunkText(edits: readonly Edit[], from: number, to: number): string {
  const count = (part: readonly Edit[], other: string): number => part.filter(({ sign }) => sign !== other).length
  const [head, body] = [edits.slice(0, from), edits.slice(from, to)]
  const range = (other: string): string => {
    const length = count(body, other)
    const start = count(head, other) + (length === 0 ? 0 : 1)
    return length === 1 ? String(start) : `${start},${length}`
  }
  return `@@ -${range('+')} +${range('-')} @@\n${body.map(({ sign, text }) => `${sign}${text}\n`).join('')}`
}
