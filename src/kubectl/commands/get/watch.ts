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
  const print = createLinePrinter(call, scope.kind)
  const first = firstLook(call, scope, groups[0]!)
  const watch = cluster.watch(scope.kind, scope.namespace, { ...scope.options, resourceVersion: first.revision }, true)
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
  readonly objects: readonly KubeObject[]
  readonly revision: string
}

function firstLook({ cluster }: GetCall, { kind, namespace, options }: Scope, group: Group): Look {
  // A missing name is refused before anything is watched.
  if (group.by === 'name') cluster.get(group.target)
  try {
    const list = cluster.send<{ items: readonly KubeObject[]; metadata: { resourceVersion: string } }>({
      verb: 'list',
      ...pathOf(kind, namespace),
      options,
    })
    return { objects: list.items.map((item) => withType(item, kind)), revision: list.metadata.resourceVersion }
  } catch (error) {
    throw listError(error, kind, options)
  }
}

type Change = Exclude<WatchEvent['type'], 'BOOKMARK' | 'ERROR'>

function createLinePrinter(call: GetCall, kind: KindInfo): (type: Change, object: KubeObject) => void {
  const { flags, io } = call
  const printer = createPrinter(flags, io, true)
  const withEvents = flags['output-watch-events']
  if (printer !== undefined)
    return (type, object) => printer(withEvents ? { type, object: withType(object, kind) } : withType(object, kind))
  if (flags.output === 'name')
    return (type, object) =>
      io.out(`${withEvents ? `${type}   ` : ''}${nameOf({ kind, name: object.metadata.name })}\n`)
  return createTablePrinter(call, kind)
}

/** Rows come one at a time, so columns only ever grow wider. */
function createTablePrinter(call: GetCall, kind: KindInfo): (type: Change, object: KubeObject) => void {
  const { flags, io } = call
  const known = new Map<string, Table>()
  const options = tableOptions(call, kind, flags['show-kind'])
  let widest: string[] = []
  let isFirst = true
  return (type, object) => {
    const table = tableFor(call, kind, type, object, known)
    const { header, rows } = tableLines(table, kind, options)
    const lines = [...(isFirst && !flags['no-headers'] ? [header] : []), ...rows].map((line, index) =>
      flags['output-watch-events']
        ? `${isFirst && index === 0 && !flags['no-headers'] ? 'EVENT' : type}\t${line}`
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

/** A changed object as a row: as the server printed it, asked for anew, or, once it is gone, as it was last seen. */
function tableFor(call: GetCall, kind: KindInfo, type: Change, object: KubeObject, known: Map<string, Table>): Table {
  if (isTable(object)) return object
  const { cluster, now } = call
  const { uid, name, namespace } = object.metadata
  const { code, body } =
    type === 'DELETED'
      ? { code: 404, body: undefined }
      : cluster.api.request({ verb: 'get', ...pathOf(kind, namespace), name, asTable: true })
  const table = code < 400 ? asTable(body, now()) : (known.get(uid) ?? plainTable([object], now()))
  known.set(uid, table)
  return table
}
