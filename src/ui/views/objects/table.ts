import type { ObjectTable, Selection } from '../../protocol.ts'

export type Row = ObjectTable['rows'][number]

/** By which column, and which way; undefined: as the server lists them. */
export interface Sorting {
  readonly column: string
  readonly isDown: boolean
}

const collator = new Intl.Collator('en', { numeric: true })

/** The next way to sort when a head is pressed: up, down, as it came. */
export function nextSorting(sorting: Sorting | undefined, column: string): Sorting | undefined {
  if (sorting?.column !== column) return { column, isDown: false }
  return sorting.isDown ? undefined : { column, isDown: true }
}

/** Rows in order. What is unknown goes last, whichever way. */
export function sortRows({ columns, rows }: ObjectTable, sorting: Sorting | undefined): readonly Row[] {
  const at = sorting ? columns.indexOf(sorting.column) : -1
  if (!sorting || at < 0) return rows
  const sign = sorting.isDown ? -1 : 1
  return [...rows].sort((a, b) => {
    const [left, right] = [a.cells[at] ?? '', b.cells[at] ?? '']
    const unknown = Number(isUnknown(left)) - Number(isUnknown(right))
    return unknown || sign * compareCells(left, right)
  })
}

/** Compares two cells as what they look like: a time, an amount, part of a whole, or words. */
export function compareCells(a: string, b: string): number {
  const [left, right] = [figureOf(a), figureOf(b)]
  if (left !== undefined && right !== undefined) return left - right
  return collator.compare(a, b)
}

function isUnknown(cell: string): boolean {
  return cell === '' || /^<(none|unknown|unset|invalid)>$/.test(cell)
}

const timeUnits: Record<string, number> = { y: 31_536_000, d: 86_400, h: 3600, m: 60, s: 1 }
const amountUnits: Record<string, number> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
}

/** The figure that a cell stands for: `5m30s` is 330, `2/3` is two thirds, `3 (12s ago)` is 3. */
function figureOf(cell: string): number | undefined {
  if (/^(\d+[ydhms])+$/.test(cell))
    return [...cell.matchAll(/(\d+)([ydhms])/g)].reduce(
      (sum, [, value, unit]) => sum + Number(value) * (timeUnits[unit ?? ''] ?? 1),
      0,
    )
  const part = /^(\d+)\/(\d+)$/.exec(cell)
  if (part) return Number(part[1]) / Math.max(1, Number(part[2]))
  const amount = /^(-?\d+(?:\.\d+)?)(n|u|k|M|G|T|Ki|Mi|Gi|Ti|%)?(?: \(.*\))?$/.exec(cell)
  if (!amount) return undefined
  return Number(amount[1]) * (amountUnits[amount[2] ?? ''] ?? 1)
}

/** The object of a row. */
export function selectionOf(kind: string, key: string): Selection {
  const slash = key.indexOf('/')
  return { kind, namespace: slash < 0 ? '' : key.slice(0, slash), name: key.slice(slash + 1) }
}

/** The row of what is selected, if it is of this kind. */
export function keyOf(kind: string, selection: Selection | undefined): string | undefined {
  if (selection?.kind !== kind) return undefined
  return selection.namespace === '' ? selection.name : `${selection.namespace}/${selection.name}`
}

/** Whether a column holds figures, which stand to the right. */
export function isFigures(column: string): boolean {
  return /^(ready|up-to-date|available|desired|current|restarts|age|data|replicas|completions|duration|minpods|maxpods)$/i.test(
    column,
  )
}

/** Rows whose name or any cell holds the words looked for. */
export function filterRows(rows: readonly Row[], words: string): readonly Row[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return rows
  return rows.filter(({ cells }) => {
    const text = cells.join(' ').toLowerCase()
    return wanted.every((word) => text.includes(word))
  })
}

const tailLetters = 6

/** A long name in two: where room is short its beginning gives way, and its end still tells it apart. */
export function endsOf(name: string): readonly [head: string, tail: string] {
  return name.length <= 2 * tailLetters ? [name, ''] : [name.slice(0, -tailLetters), name.slice(-tailLetters)]
}
