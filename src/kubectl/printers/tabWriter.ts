/** How cells become columns: least width, and what separates them. */
export interface TabOptions {
  readonly minWidth: number
  readonly padding: number
}

/** The layout of `kubectl get`, `api-resources` and the like. */
export const wideTabs: TabOptions = { minWidth: 6, padding: 3 }

/** The layout of `kubectl describe` and `rollout history`. */
export const narrowTabs: TabOptions = { minWidth: 0, padding: 2 }

/**
 * Aligns text whose cells end in tabs. A column is a run of neighbouring lines that all have that cell, so a line without tabs
 * ends the columns above it; the last cell of a line is never padded.
 */
// upstream: Go's text/tabwriter
export function alignTabs(text: string, { minWidth, padding }: TabOptions): string {
  const lines = text.split('\n').map((line) => line.split('\t'))
  const widths = lines.map((): number[] => [])
  setWidths(lines, widths, 0, lines.length, 0, (width) => Math.max(minWidth, width + padding))
  return lines.map((cells, row) => cells.map((cell, column) => pad(cell, widths[row]![column])).join('')).join('\n')
}

function setWidths(
  lines: readonly (readonly string[])[],
  widths: number[][],
  from: number,
  to: number,
  column: number,
  fit: (width: number) => number,
): void {
  for (let start = from; start < to; start++) {
    if (!hasCell(lines[start]!, column)) continue
    let end = start
    let width = 0
    for (; end < to && hasCell(lines[end]!, column); end++) width = Math.max(width, lengthOf(lines[end]![column]!))
    for (let row = start; row < end; row++) widths[row]![column] = fit(width)
    setWidths(lines, widths, start, end, column + 1, fit)
    start = end - 1
  }
}

// The last cell of a line has no tab after it, so it belongs to no column.
const hasCell = (cells: readonly string[], column: number): boolean => column < cells.length - 1

function pad(cell: string, width: number | undefined): string {
  return width === undefined ? cell : cell + ' '.repeat(Math.max(0, width - lengthOf(cell)))
}

function lengthOf(text: string): number {
  return /^[\0-\x7f]*$/.test(text) ? text.length : [...text].length
}
