import { elseNamespace, fetch, getNamed, groupsOf, listError, type Group } from '../../args/resources.ts'
import { defineCommand, type Waiting } from '../../defineCommand.ts'
import { CommandError, gather, throwAll, UsageError } from '../../errors.ts'
import { ApiError, type KindInfo, type KubeObject } from '../../engine.ts'
import type { Info } from '../../manifests/objects.ts'
import { asTable, getFlags, selectionOf, tableOptions, type GetCall } from './call.ts'
import { checkRaw, getRaw } from '../raw.ts'
import { createPrinter } from '../../printers/output.ts'
import { sortBy } from '../../printers/sort.ts'
import { alignTable, tableLines, type Table } from '../../printers/table.ts'
import { nameOf, pathOf } from '../../cluster.ts'
import { watchAll } from './watch.ts'

/** Display one or many resources. */
export const get = defineCommand({
  name: 'get',
  suggestFor: ['list', 'ps'],
  usage: 'get (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]',
  summary: 'Display one or many resources',
  examples: ['kubectl get pods -o wide', 'kubectl get deployment/web svc/web', 'kubectl get pods -l app=web -w'],
  completes: 'resources',
  flags: getFlags,
  run(call) {
    const { flags, args } = call
    if (flags.raw !== '') return getPath(call)
    if (args.length === 0 && flags.filename.length === 0 && flags.kustomize === '') throw nothingAsked(call)
    if (flags.watch || flags['watch-only']) return watchAll(call)
    if (flags.subresource !== '') refuseBulk(call)
    const printer = createPrinter(flags, call.io, true)
    if (printer === undefined && flags.output !== 'name') return printTables(call)
    return printObjects(call, printer)
  },
})

// upstream: kubectl/pkg/cmd/get/get.go Validate
function getPath(call: GetCall): number | Waiting {
  const { args, flags } = call
  if (args.length > 0) throw new CommandError('arguments may not be passed when --raw is specified')
  if (flags.watch || flags['watch-only'] || flags.selector.length > 0)
    throw new CommandError(
      '--raw may not be specified with other flags that filter the server request or alter the output',
    )
  checkRaw(call)
  return getRaw(call)
}

// upstream: cli-runtime/pkg/resource/builder.go: a part of an object is asked for by the object's name
function refuseBulk(call: GetCall): void {
  if (groupsOf(selectionOf(call)).groups.some(({ by }) => by === 'list'))
    throw new CommandError('subresource cannot be used when bulk resources are specified')
}

function nothingAsked({ io }: GetCall): UsageError {
  io.err(
    'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\n',
  )
  return new UsageError(
    'Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).',
  )
}

interface Part {
  readonly kind: KindInfo
  readonly table: Table
}

function printTables(call: GetCall): number {
  const { flags, io } = call
  const { groups, errors } = groupsOf(selectionOf(call))
  const parts: Part[] = []
  const failures = [
    ...errors,
    ...gather(groups, (group) => parts.push({ kind: kindOf(group), table: tableOf(call, group) })),
  ].filter((error) => !isIgnored(error, flags['ignore-not-found']))
  const merged = mergeNeighbours(parts)
  const withKind = flags['show-kind'] || new Set(parts.map(({ kind }) => kind)).size > 1
  const texts = merged.map((part) => renderPart(call, part, withKind)).filter((text) => text !== '')
  io.out(texts.join(flags['no-headers'] ? '' : '\n'))
  if (texts.length === 0 && failures.length === 0 && !flags['ignore-not-found']) sayNothingFound(call, parts)
  throwAll(failures)
  return 0
}

const kindOf = (group: Group): KindInfo => (group.by === 'list' ? group.kind : group.target.kind)

const isIgnored = (error: Error, isIgnoring: boolean): boolean =>
  isIgnoring && error instanceof ApiError && error.code === 404

function mergeNeighbours(parts: readonly Part[]): readonly Part[] {
  const merged: Part[] = []
  for (const part of parts) {
    const last = merged.at(-1)
    if (last?.kind !== part.kind) merged.push(part)
    else
      merged[merged.length - 1] = {
        kind: last.kind,
        table: { ...last.table, rows: [...last.table.rows, ...part.table.rows] },
      }
  }
  return merged
}

function renderPart(call: GetCall, { kind, table }: Part, withKind: boolean): string {
  const { flags } = call
  const sorted = sortRows(call, table)
  if (sorted.rows.length === 0) return ''
  const { header, rows } = tableLines(sorted, kind, tableOptions(call, kind, withKind))
  return alignTable(flags['no-headers'] ? rows : [header, ...rows])
}

/** A field that no object has leaves nothing to print, as in the real kubectl. */
function sortRows({ flags }: GetCall, table: Table): Table {
  if (flags['sort-by'] === '') return table
  try {
    return { ...table, rows: sortBy(flags['sort-by'], table.rows, ({ object }) => object) }
  } catch (error) {
    if (error instanceof CommandError) return { ...table, rows: [] }
    throw error
  }
}

function sayNothingFound({ cluster, flags, io }: GetCall, parts: readonly Part[]): void {
  const isInNamespace = !flags['all-namespaces'] && parts.every(({ kind }) => kind.namespaced)
  io.err(isInNamespace ? `No resources found in ${cluster.namespace} namespace.\n` : 'No resources found\n')
}

/** The Table of a group, with whole objects in its rows when they are to be sorted. */
function tableOf(call: GetCall, group: Group): Table {
  const table = askTable(call, group)
  if (call.flags['sort-by'] === '' || group.by === 'name') return table
  const whole = new Map(fetch(call.cluster, group).map((info) => [keyOf(info), info.object]))
  return {
    ...table,
    rows: table.rows.map((row) => ({ ...row, object: whole.get(keyOf(row.object.metadata)) ?? row.object })),
  }
}

const keyOf = ({ namespace = '', name }: { readonly namespace?: string | undefined; readonly name: string }): string =>
  `${namespace}/${name}`

function askTable(call: GetCall, group: Group): Table {
  const { cluster, now, flags } = call
  // A scale has no columns of its own.
  const isTable = { asTable: flags['server-print'] && flags.subresource !== 'scale' }
  if (group.by === 'name') {
    const { target } = group
    const request = { verb: 'get' as const, ...pathOf(target.kind, target.namespace), name: target.name, ...isTable }
    const subresource = flags.subresource === '' ? {} : { subresource: flags.subresource }
    return asTable(
      elseNamespace(cluster, target, () => cluster.send({ ...request, ...subresource })),
      now(),
    )
  }
  const { kind, namespace, options } = group
  try {
    return asTable(cluster.send({ verb: 'list', ...pathOf(kind, namespace), options, ...isTable }), now())
  } catch (error) {
    throw listError(error, kind, options)
  }
}

function printObjects(call: GetCall, printer: ReturnType<typeof createPrinter>): number {
  const { flags, io } = call
  const { groups, errors, isSingle } = groupsOf(selectionOf(call))
  const infos: Info[] = []
  const failures = [...errors, ...gather(groups, (group) => infos.push(...fetchPart(call, group)))].filter(
    (error) => !isIgnored(error, flags['ignore-not-found']),
  )
  if (isSingle) throwAll(failures)
  if (infos.length === 0 && flags['ignore-not-found']) return 0
  const sorted = flags['sort-by'] === '' ? infos : sortBy(flags['sort-by'], infos, ({ object }) => object)
  if (printer === undefined) for (const info of sorted) io.out(`${nameOf(info)}\n`)
  else if (isSingle && sorted.length === 1) printer(sorted[0]!.object)
  else printer(listOf(sorted.map(({ object }) => object)))
  throwAll(failures)
  return 0
}

function fetchPart({ cluster, flags }: GetCall, group: Group): readonly Info[] {
  if (group.by === 'list' || flags.subresource === '') return fetch(cluster, group)
  return [{ ...group.target, object: getNamed(cluster, group.target, flags.subresource) }]
}

function listOf(items: readonly KubeObject[]) {
  return { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } }
}
