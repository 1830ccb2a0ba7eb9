import type { KindInfo, KubeObject } from '../engine.ts'
import { kindName } from '../cluster.ts'
import { humanDuration } from '../duration.ts'
import { parseTime, textAt } from '../engine.ts'
import { alignTabs, wideTabs } from './tabWriter.ts'

/** A `meta.k8s.io/v1` Table, as the server prints objects. */
export interface Table {
  readonly kind: 'Table'
  readonly columnDefinitions: readonly { readonly name: string; readonly format?: string; readonly priority?: number }[]
  readonly rows: readonly TableRow[]
}

/** One object's cells. */
export interface TableRow {
  readonly cells: readonly unknown[]
  readonly object: KubeObject
}

/** Which columns are shown, and which are added. */
export interface TableOptions {
  readonly isWide: boolean
  readonly hasHeaders: boolean
  readonly withNamespace: boolean
  readonly withKind: boolean
  readonly labels: readonly string[]
  readonly showLabels: boolean
}

/** Whether an answer is a Table: a server that knows no Tables answers the objects themselves. */
export function isTable(body: unknown): body is Table {
  return (body as { kind?: unknown } | undefined)?.kind === 'Table'
}

/** A Table of name and age, for answers that are none. */
export function plainTable(objects: readonly KubeObject[], now: number): Table {
  return {
    kind: 'Table',
    columnDefinitions: [{ name: 'Name', format: 'name' }, { name: 'Age' }],
    rows: objects.map((object) => ({
      object,
      cells: [object.metadata.name, ageOf(object.metadata.creationTimestamp, now)],
    })),
  }
}

/** How long ago a time of the API was: `5s`, `<unknown>` for none. */
export function ageOf(time: string | undefined | null, now: number): string {
  return time ? humanDuration(now - parseTime(time)) : '<unknown>'
}

/** The header line and the rows as lines of tab-separated cells. */
export function tableLines(
  table: Table,
  kind: KindInfo,
  options: TableOptions,
): { readonly header: string; readonly rows: readonly string[] } {
  const shown = table.columnDefinitions.flatMap(({ priority = 0 }, index) =>
    priority === 0 || options.isWide ? [index] : [],
  )
  const names = shown.map((index) => table.columnDefinitions[index]!.name.toUpperCase())
  const header = [
    ...(options.withNamespace ? ['NAMESPACE'] : []),
    ...names,
    ...options.labels.map((label) => label.slice(label.lastIndexOf('/') + 1).toUpperCase()),
    ...(options.showLabels ? ['LABELS'] : []),
  ]
  const nameAt = Math.max(
    0,
    table.columnDefinitions.findIndex(({ format }) => format === 'name'),
  )
  const rows = table.rows.map((row) => rowCells(row, shown, nameAt, kind, options).join('\t'))
  return { header: header.join('\t'), rows }
}

function rowCells(
  row: TableRow,
  shown: readonly number[],
  nameAt: number,
  kind: KindInfo,
  options: TableOptions,
): readonly string[] {
  const { metadata } = row.object
  const cells = shown.map((index) => {
    const text = cellText(row.cells[index])
    return index === nameAt && options.withKind ? `${kindName(kind)}/${text}` : text
  })
  return [
    ...(options.withNamespace ? [metadata.namespace ?? ''] : []),
    ...cells,
    ...options.labels.map((label) => textAt(metadata.labels, label) ?? ''),
    ...(options.showLabels ? [labelsText(metadata.labels)] : []),
  ]
}

// upstream: cli-runtime/pkg/printers/tableprinter.go: a cell ends at its first line, terminal control characters are shown
function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '<none>'
  const text = String(cell as string)
  const end = text.search(/[\f\n\r]/)
  return (end < 0 ? text : `${text.slice(0, end)}...`).replaceAll('\t', ' ')
}

/** `a=b,c=d` in order of keys, `<none>` without labels. */
export function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  const keys = Object.keys(labels ?? {}).sort()
  return keys.length === 0 ? '<none>' : keys.map((key) => `${key}=${labels![key]}`).join(',')
}

/** Lines of tab-separated cells, aligned as kubectl's lists are. */
export function alignTable(lines: readonly string[]): string {
  return alignTabs(lines.map((line) => `${line}\n`).join(''), wideTabs)
}
