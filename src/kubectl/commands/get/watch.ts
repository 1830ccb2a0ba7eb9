import { groupsOf, listError, type Group } from '../../args/resources.ts'
import { nameOf, pathOf, withType } from '../../cluster.ts'
import type { Waiting } from '../../defineCommand.ts'
import { CommandError, throwAll } from '../../errors.ts'
import type { KindInfo, KubeObject, RequestOptions, WatchEvent } from '../../engine.ts'
import { createPrinter } from '../../printers/output.ts'
import { isTable, plainTable, tableLines, alignTable, type Table } from '../../printers/table.ts'
import { asTable, selectionOf, tableOptions, type GetCall } from './call.ts'

/** `get -w`: what is there, then one line for every change, until it is stopped. */
export function* watchAll(call: GetCall): Waiting {
  const { cluster, flags } = call
  const { groups, errors } = groupsOf(selectionOf(call))
  throwAll(errors)
  if (groups.length !== 1) throw new CommandError('you may only specify a single resource type')
  const scope = scopeOf(groups[0]!)
  const isTabled = flags.output === '' || flags.output === 'wide'
  const print = createLinePrinter(call, scope.kind)
  const first = firstLook(call, scope, groups[0]!, isTabled)
  const options = { ...scope.options, resourceVersion: first.revision }
  const watch = cluster.watch(scope.kind, scope.namespace, options, isTabled)
  try {
    if (!flags['watch-only']) for (const object of first.objects) print('ADDED', object)
    for (;;) {
      for (const event of watch.take())
        if (event.type !== 'BOOKMARK' && event.type !== 'ERROR') print(event.type, event.object as KubeObject)
      yield
    }
  } finally {
    watch.stop()
  }
}

interface Scope {
  readonly kind: KindInfo
  readonly namespace: string | undefined
  readonly options: RequestOptions
}

function scopeOf(group: Group): Scope {
  if (group.by === 'list') return group
  const { kind, namespace, name } = group.target
  return { kind, namespace, options: { fieldSelector: `metadata.name=${name}` } }
}

interface Look {
  /** what is there: objects, or one Table of them */
  readonly objects: readonly (KubeObject | Table)[]
  readonly revision: string
}

function firstLook(
  { cluster, now }: GetCall,
  { kind, namespace, options }: Scope,
  group: Group,
  isTabled: boolean,
): Look {
  // A missing name is refused before anything is watched.
  if (group.by === 'name') cluster.get(group.target)
  try {
    const request = { verb: 'list' as const, ...pathOf(kind, namespace), options, asTable: isTabled }
    const list = cluster.send<{ items: readonly KubeObject[]; metadata: { resourceVersion: string } }>(request)
    if (isTabled) {
      const table = asTable(list, now())
      return { objects: table.rows.length > 0 ? [table] : [], revision: list.metadata.resourceVersion }
    }
    return { objects: list.items.map((item) => withType(item, kind)), revision: list.metadata.resourceVersion }
  } catch (error) {
    throw listError(error, kind, options)
  }
}

type Change = Exclude<WatchEvent['type'], 'BOOKMARK' | 'ERROR'>

type Print = (type: Change, object: KubeObject | Table) => void

function createLinePrinter(call: GetCall, kind: KindInfo): Print {
  const { flags, io } = call
  const withEvents = flags['output-watch-events']
  const first = createPrinter(flags, io, true)
  if (first !== undefined) {
    const isColumns = flags.output.startsWith('custom-columns')
    const later = isColumns ? createPrinter({ ...flags, 'no-headers': true }, io, true)! : first
    let printer = first
    return (type, object) => {
      const whole = withType(object as KubeObject, kind)
      printer(withEvents ? { type, object: whole } : whole)
      printer = later
    }
  }
  if (flags.output === 'name')
    return (type, object) => {
      const { name } = (object as KubeObject).metadata
      io.out(`${withEvents ? `${type}   ` : ''}${nameOf({ kind, name })}\n`)
    }
  return createTablePrinter(call, kind)
}

/** Rows come one at a time, so columns only ever grow wider. */
function createTablePrinter(call: GetCall, kind: KindInfo): Print {
  const { flags, io, now } = call
  const options = tableOptions(call, kind, flags['show-kind'])
  let widest: string[] = []
  let isFirst = true
  return (type, object) => {
    const table = isTable(object) ? object : plainTable([object as KubeObject], now())
    const { header, rows } = tableLines(table, kind, options)
    const lines = [...(isFirst && !flags['no-headers'] ? [header] : []), ...rows].map((line, index) =>
      flags['output-watch-events']
        ? `${(isFirst && index === 0 && !flags['no-headers'] ? 'EVENT' : type).padEnd(8)}\t${line}`
        : line,
    )
    isFirst = false
    const aligned = alignTable([...(widest.length > 0 ? [widest.join('\t')] : []), ...lines])
      .split('\n')
      .slice(widest.length > 0 ? 1 : 0)
    widest = widen(widest, lines)
    io.out(aligned.join('\n'))
  }
}

function widen(widest: readonly string[], lines: readonly string[]): string[] {
  return lines.reduce<string[]>(
    (widths, line) =>
      line.split('\t').map((cell, index) => 'x'.repeat(Math.max(cell.length, widths[index]?.length ?? 0))),
    [...widest],
  )
}
