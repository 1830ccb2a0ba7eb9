import type { KubeObject } from '../api/index.ts'
import type { Column } from '../kinds/column.ts'
import type { Kind } from '../kinds/defineKind.ts'

/** One column of a Table. */
export interface ColumnDefinition {
  readonly name: string
  readonly type: string
  readonly format: string
  readonly description: string
  readonly priority: number
}

/** What `Accept: application/json;as=Table` is answered with. */
export interface Table {
  readonly kind: 'Table'
  readonly apiVersion: 'meta.k8s.io/v1'
  readonly metadata: Readonly<Record<string, unknown>>
  readonly columnDefinitions: readonly ColumnDefinition[]
  readonly rows: readonly { readonly cells: readonly unknown[]; readonly object: unknown }[]
}

/** How much of each object its row carries. */
export type IncludeObject = 'None' | 'Metadata' | 'Object'

/** Objects as rows, with the columns of their kind. `now` is in virtual milliseconds. */
export function tableOf(
  kind: Kind,
  objects: readonly KubeObject[],
  metadata: Readonly<Record<string, unknown>>,
  now: number,
  include: IncludeObject = 'Metadata',
): Table {
  const columns: readonly Column<KubeObject>[] = kind.columns
  const inOrder = kind.rowOrder === undefined ? objects : objects.toSorted(kind.rowOrder)
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: definitionsOf(kind),
    rows: inOrder.map((object) => ({
      cells: columns.map(({ cell }) => cell(object, now) ?? null),
      object: included(object, include),
    })),
  }
}

function included(object: KubeObject, include: IncludeObject): unknown {
  if (include === 'Object') return object
  if (include === 'None') return null
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata }
}

/** The columns of a kind as the API tells them. */
// differs: upstream describes columns by the text of a field; texts are not in the engine
export function definitionsOf(kind: Kind): readonly ColumnDefinition[] {
  return kind.columns.map(({ name, type = 'string', format = '', priority = 0 }) => ({
    name,
    type,
    format,
    description: '',
    priority,
  }))
}
