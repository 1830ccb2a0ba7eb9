import type { KubeObject } from '../../api/index.ts'
import { nameColumn, since } from '../../kinds/columns.ts'
import type { Column } from '../../kinds/column.ts'
import { inOrder } from '../../kinds/apiextensions/values/copyPlain.ts'
import type { PrinterColumn } from '../../kinds/apiextensions/definition/types.ts'
import { findAll } from './jsonPath.ts'

const plain: readonly PrinterColumn[] = [{ name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }]

/** The columns that a version's definition asks for, after the name. */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresource/tableconvertor/tableconvertor.go
export function columnsOf(columns: readonly PrinterColumn[] = plain): readonly Column<KubeObject>[] {
  return [nameColumn, ...(columns.length === 0 ? plain : columns).map(columnOf)]
}

function columnOf({ name, type, format, priority, jsonPath }: PrinterColumn): Column<KubeObject> {
  return {
    name,
    type: type as 'string',
    ...(format !== undefined && { format }),
    ...(priority !== undefined && { priority }),
    cell: (object, now) => cellOf(type, findAll(jsonPath, object), now),
  }
}

function cellOf(type: string, found: readonly unknown[], now: number): string | number | boolean | null {
  const [first] = found
  if (first === undefined || first === null) return null
  if (type === 'string') return textOf(first)
  if (type === 'date') return typeof first === 'string' ? since(first, now) : '<invalid>'
  if (type === 'boolean') return typeof first === 'boolean' ? first : null
  if (typeof first !== 'number') return null
  return type === 'integer' ? Math.trunc(first) : first
}

const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(inOrder(value)) : String(value))
