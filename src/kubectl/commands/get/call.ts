import { bool, int, strings, text } from '../../args/flags.ts'
import { allNamespaces, fieldSelector, files, output, selector } from '../../args/shared.ts'
import type { Selection } from '../../args/resources.ts'
import type { Call } from '../../defineCommand.ts'
import type { KindInfo, KubeObject } from '../../engine.ts'
import { isTable, plainTable, type Table, type TableRow } from '../../printers/table.ts'

/** The flags of `kubectl get`. */
export const getFlags = {
  ...output,
  ...files,
  ...selector,
  ...fieldSelector,
  ...allNamespaces,
  'chunk-size': int('Objects asked for at a time', 500),
  'ignore-not-found': bool('Say nothing of objects that are not there'),
  'label-columns': strings('Labels to show as columns', { short: 'L' }),
  'no-headers': bool('Leave the headers out'),
  'output-watch-events': bool('Say with --watch what kind of change each line is'),
  raw: text('A path to ask the server for'),
  'server-print': bool('Let the server choose the columns', true),
  'show-kind': bool('Show the kind before each name'),
  'show-labels': bool('Show all labels in a last column'),
  'sort-by': text('JSONPath of a field to sort by'),
  subresource: text('A part of the object to show: status, scale'),
  watch: bool('Go on with every change', false, { short: 'w' }),
  'watch-only': bool('Show changes alone'),
}

/** What `kubectl get` is called with. */
export type GetCall = Call<typeof getFlags>

/** What the line selects. */
export function selectionOf({ cluster, io, args, flags }: GetCall): Selection {
  return {
    cluster,
    io,
    args,
    filename: flags.filename,
    kustomize: flags.kustomize,
    recursive: flags.recursive,
    selector: flags.selector,
    fieldSelector: flags['field-selector'],
    allNamespaces: flags['all-namespaces'],
    isKindEnough: true,
    isValidated: false,
  }
}

/** How this line wants its tables. */
export function tableOptions({ flags }: GetCall, kind: KindInfo, withKind: boolean) {
  return {
    isWide: flags.output === 'wide',
    hasHeaders: !flags['no-headers'],
    withNamespace: flags['all-namespaces'] && kind.namespaced,
    withKind,
    labels: flags['label-columns'],
    showLabels: flags['show-labels'],
  }
}

/** An answer as a Table, whatever the server answered. */
export function asTable(body: unknown, now: number): Table {
  if (isTable(body)) return { ...body, rows: (body.rows as readonly TableRow[] | null) ?? [] }
  const { items } = body as { items?: readonly KubeObject[] }
  return plainTable(items ?? [body as KubeObject], now)
}
