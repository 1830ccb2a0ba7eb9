/** A line of a comparison. */
export interface DiffLine {
  readonly kind: ' ' | '+' | '-'
  readonly text: string
}

const linesAtMost = 2000

/** What became of `before`, line by line: by the longest common part, as `diff` tells it. */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const a = before.replace(/\n$/, '').split('\n').slice(0, linesAtMost)
  const b = after.replace(/\n$/, '').split('\n').slice(0, linesAtMost)
  const width = b.length + 1
  const common = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      common[i * width + j] =
        a[i] === b[j]
          ? (common[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0)
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]]
    if (i < a.length && left === right) {
      lines.push({ kind: ' ', text: left ?? '' })
      i += 1
      j += 1
    } else if (
      j >= b.length ||
      (i < a.length && (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    ) {
      lines.push({ kind: '-', text: left ?? '' })
      i += 1
    } else {
      lines.push({ kind: '+', text: right ?? '' })
      j += 1
    }
  }
  return lines
}
