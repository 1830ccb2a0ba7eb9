import type { KubeObject } from '../../api/index.ts'
import type { Column } from '../column.ts'
import { nameColumn } from '../columns.ts'

/** Shows a kind that has no columns of its own upstream: its name and when it was made. */
// upstream: apiserver/pkg/registry/rest/table.go defaultTableConvertor
export const bornColumns: readonly Column<KubeObject>[] = Object.freeze([
  nameColumn,
  { name: 'Created At', type: 'date', cell: ({ metadata }: KubeObject) => metadata.creationTimestamp },
])
