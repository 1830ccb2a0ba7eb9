import { ownAt } from '../../api/index.ts'
import { findObjectType, type TypeRef } from '../../api/schema/schema.ts'
import { inGoOrder } from './goOrder.ts'

/** What a patch reached into, and what it put there. */
export type Touched = 'given' | { readonly [key: string]: Touched }

/** What a merge patch touches. */
export function touchedByMerge(live: unknown, patch: unknown): Touched {
  if (!isMap(patch) || !isMap(live)) return 'given'
  const touched = nothing()
  for (const key of Object.keys(patch)) touched[key] = touchedByMerge(ownAt(live, key), patch[key])
  return touched
}

/** What the operations of a JSON patch touch. */
export function touchedByOperations(patch: readonly unknown[]): Touched {
  const root = nothing()
  for (const operation of patch) {
    const { path, from, op } = (operation ?? {}) as { path?: unknown; from?: unknown; op?: unknown }
    if (typeof path === 'string') touch(root, path, op !== 'test')
    if (typeof from === 'string') touch(root, from, false)
  }
  return root
}

/** Paths come from strangers: a record that inherits nothing has no `__proto__` to be led to. */
const nothing = (): Record<string, Touched> => Object.create(null) as Record<string, Touched>

function touch(root: Record<string, Touched>, path: string, isGiven: boolean): void {
  const parts = path.split('/').slice(1)
  let at = root
  parts.forEach((part, index) => {
    const key = part.replace(/~1/g, '/').replace(/~0/g, '~')
    const isLast = index === parts.length - 1
    if (isLast && isGiven) at[key] = 'given'
    const next = at[key]
    if (!isLast && next !== 'given') at = (at[key] ??= nothing()) as Record<string, Touched>
  })
}

/**
 * A patched object as messages show it: where the patch reached in, keys are sorted, as Go's maps are; what it left alone is in the
 * order of Go's structs; what it brought stays as it was sent.
 */
export function patchedText(type: string | undefined, patched: unknown, touched: Touched | undefined): string {
  return textOf(type === undefined ? undefined : { kind: 'object', name: type }, patched, touched)
}

function textOf(ref: TypeRef | undefined, value: unknown, touched: Touched | undefined): string {
  if (touched === 'given') return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) {
    const of = ref?.kind === 'array' ? ref.of : undefined
    return `[${value.map((item, index) => textOf(of, item, touched?.[index])).join(',')}]`
  }
  if (!isMap(value)) return JSON.stringify(value) ?? 'null'
  const names = Object.keys(value).filter((name) => value[name] !== undefined)
  const type = ref?.kind === 'object' ? ref.name : undefined
  // owners are in their order already
  const isRaw = ref?.kind === 'fieldsV1'
  const keys = isRaw ? names : touched === undefined ? inGoOrder(type, names) : names.sort()
  const fields = type === undefined ? undefined : findObjectType(type)?.fields
  const of = ref?.kind === 'map' || isRaw ? (isRaw ? ref : (ref as { of: TypeRef }).of) : undefined
  return `{${keys
    .map((key) => `${JSON.stringify(key)}:${textOf(fields?.get(key)?.type ?? of, value[key], touched?.[key])}`)
    .join(',')}}`
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
