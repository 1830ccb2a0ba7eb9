import { copyOf, isEqual, statusError } from '../../api/index.ts'

interface Operation {
  readonly op?: string
  readonly path?: string
  readonly from?: string
  readonly value?: unknown
}

/** Members of operations that mean nothing: `[0].note`. */
export function unknownMembers(patch: readonly unknown[]): readonly string[] {
  return patch.flatMap((operation, index) =>
    Object.keys((operation as object | null) ?? {})
      .filter((key) => !['op', 'path', 'from', 'value'].includes(key))
      .map((key) => `json patch unknown field ${JSON.stringify(`[${index}].${key}`)}`),
  )
}

/** RFC 6902, as the Go library has it: a `replace` of a missing key adds it, and -1 is the last item. Throws a 422. */
// upstream: gopkg.in/evanphx/json-patch.v4
export function jsonPatch(live: unknown, patch: readonly unknown[]): unknown {
  let document = copyOf(live)
  for (const operation of patch) document = apply(document, (operation ?? {}) as Operation)
  return document
}

const refused = () =>
  statusError({
    message: 'the server rejected our request due to an error in our request',
    reason: 'Invalid',
    details: {},
    code: 422,
  })

function apply(document: unknown, { op, path, from, value }: Operation): unknown {
  if (path === undefined) throw refused()
  switch (op) {
    case 'add':
      return set(document, path, copyOf(value), 'add')
    case 'replace':
      return set(document, path, copyOf(value), 'replace')
    case 'remove':
      remove(document, path)
      return document
    case 'copy':
      return set(document, path, copyOf(get(document, from ?? '')), 'add')
    case 'move': {
      const moved = get(document, from ?? '')
      remove(document, from ?? '')
      return set(document, path, moved, 'add')
    }
    case 'test':
      if (!isEqual(find(document, path) ?? null, value ?? null)) throw refused()
      return document
    default:
      throw refused()
  }
}

function partsOf(path: string): string[] {
  if (path === '') return []
  if (typeof path !== 'string' || !path.startsWith('/')) throw refused()
  return path
    .slice(1)
    .split('/')
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'))
}

type Container = unknown[] | Record<string, unknown>

function parentOf(document: unknown, parts: readonly string[]): Container {
  let at = document
  for (const part of parts.slice(0, -1)) at = childOf(at, part)
  if (typeof at !== 'object' || at === null) throw refused()
  return at as Container
}

function childOf(parent: unknown, part: string): unknown {
  if (Array.isArray(parent)) return parent[indexIn(parent, part)]
  if (typeof parent !== 'object' || parent === null) throw refused()
  return (parent as Record<string, unknown>)[part]
}

function indexIn(list: readonly unknown[], part: string): number {
  if (!/^-?\d+$/.test(part)) throw refused()
  const index = Number(part)
  const place = index < 0 ? list.length + index : index
  if (place < 0 || place >= list.length) throw refused()
  return place
}

function find(document: unknown, path: string): unknown {
  const parts = partsOf(path)
  return parts.length === 0 ? document : childOf(parentOf(document, parts), parts[parts.length - 1]!)
}

function get(document: unknown, path: string): unknown {
  const value = find(document, path)
  if (value === undefined) throw refused()
  return value
}

function set(document: unknown, path: string, value: unknown, mode: 'add' | 'replace'): unknown {
  const parts = partsOf(path)
  if (parts.length === 0) return value
  const parent = parentOf(document, parts)
  const last = parts[parts.length - 1]!
  if (!Array.isArray(parent)) parent[last] = value
  else if (mode === 'replace') parent[indexIn(parent, last)] = value
  else if (last === '-' || last === String(parent.length)) parent.push(value)
  else parent.splice(indexIn(parent, last), 0, value)
  return document
}

function remove(document: unknown, path: string): void {
  const parts = partsOf(path)
  if (parts.length === 0) throw refused()
  const parent = parentOf(document, parts)
  const last = parts[parts.length - 1]!
  if (Array.isArray(parent)) parent.splice(indexIn(parent, last), 1)
  else if (!(last in parent)) throw refused()
  else delete parent[last]
}
