import { copyOf, isEqual, nestingMax, nestingOf, setOwn, statusError } from '../../api/index.ts'

interface Operation {
  readonly op?: string
  readonly path?: unknown
  readonly from?: unknown
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

/**
 * RFC 6902, as the Go library has it: a `replace` of a missing key adds it, so does a `copy` of one (as null), negative indices count
 * from the end, no value is null, and what stands before the first slash of a path is not looked at. Throws a 422.
 */
// upstream: gopkg.in/evanphx/json-patch.v4
export function jsonPatch(live: unknown, patch: readonly unknown[]): unknown {
  let document = copyOf(live)
  let copied = 0
  let nesting = nestingOf(live)
  for (const operation of patch) {
    const { op, from } = (operation ?? {}) as Operation
    nesting = Math.max(nesting, nestingAfter(nesting, (operation ?? {}) as Operation))
    if (nesting > nestingMax) throw refused()
    if (op === 'copy') copied += JSON.stringify(valueAt(placeAt(document, from)) ?? null).length
    if (copied > copiedMax) throw tooMuch(copied)
    document = apply(document, (operation ?? {}) as Operation)
  }
  return document
}

/** How deeply what an operation puts somewhere may be nested then, as far as can be told without looking at all of it. */
function nestingAfter(before: number, { op, path, from, value }: Operation): number {
  if (op === 'add' || op === 'replace') return partsOf(path).length + nestingOf(value)
  return op === 'copy' || op === 'move' ? partsOf(path).length + before - partsOf(from).length : 0
}

/** All that the copies of one patch may add up to, in characters. upstream: apiserver/pkg/server/config.go JSONPatchMaxCopyBytes */
const copiedMax = 3 * 1024 * 1024

// upstream: json-patch.v4 errors.go AccumulatedCopySizeError, apiserver/pkg/endpoints/handlers/patch.go
const tooMuch = (size: number) =>
  statusError({
    message: `Unable to complete the copy, the accumulated size increase of copy is ${size}, exceeding the limit ${copiedMax}`,
    reason: 'RequestEntityTooLarge',
    code: 413,
  })

const refused = () =>
  statusError({
    message: 'the server rejected our request due to an error in our request',
    reason: 'Invalid',
    details: {},
    code: 422,
  })

function apply(document: unknown, { op, path, from, value = null }: Operation): unknown {
  if (typeof path !== 'string') throw refused()
  if (path === '' && op === 'replace') return rootOf(value)
  if (path === '' && op === 'test') return tested(document, document, value)
  const source = op === 'copy' || op === 'move' ? placeAt(document, from) : undefined
  const moved = source === undefined ? undefined : (valueAt(source) ?? null)
  if (op === 'move') remove(source!)
  const place = placeAt(document, path)
  if (op === 'add') add(place, copyOf(value))
  else if (op === 'copy' || op === 'move') add(place, op === 'copy' ? copyOf(moved) : moved)
  else if (op === 'replace') replace(place, copyOf(value))
  else if (op === 'remove') remove(place)
  else if (op === 'test') return tested(document, valueAt(place) ?? null, value)
  else throw refused()
  return document
}

/** What a whole document is replaced with: an object or a list. */
function rootOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) throw refused()
  return copyOf(value)
}

function tested(document: unknown, found: unknown, value: unknown): unknown {
  if (!isEqual(found, value)) throw refused()
  return document
}

/** Where a path ends: a container that is there, and a key in it that may not be. */
interface Place {
  readonly container: unknown[] | Record<string, unknown>
  readonly key: string
}

const partsOf = (path: unknown): readonly string[] => (typeof path === 'string' ? path.split('/').slice(1) : [])

function placeAt(document: unknown, path: unknown): Place {
  const parts = partsOf(path)
  if (parts.length === 0) throw refused()
  const keys = parts.map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'))
  const key = keys.pop()!
  let at = document
  for (const part of keys) at = valueAt({ container: containerOf(at), key: part })
  return { container: containerOf(at), key }
}

function containerOf(value: unknown): Place['container'] {
  if (typeof value !== 'object' || value === null) throw refused()
  return value as Place['container']
}

function valueAt({ container, key }: Place): unknown {
  if (Array.isArray(container)) return container[indexIn(key, container.length, container.length - 1)]
  return Object.hasOwn(container, key) ? container[key] : undefined
}

/** An index as Go reads a number; a negative one counts back from `length`. */
function indexIn(key: string, length: number, max: number): number {
  if (!/^[-+]?\d+$/.test(key)) throw refused()
  const index = Number(key)
  const place = index < 0 ? index + length : index
  if (place < 0 || place > max) throw refused()
  return place
}

function add({ container, key }: Place, value: unknown): void {
  if (!Array.isArray(container)) setOwn(container, key, value)
  else if (key === '-') container.push(value)
  else container.splice(indexIn(key, container.length + 1, container.length), 0, value)
}

function replace({ container, key }: Place, value: unknown): void {
  if (Array.isArray(container)) container[indexIn(key, container.length, container.length - 1)] = value
  else setOwn(container, key, value)
}

function remove({ container, key }: Place): void {
  if (Array.isArray(container)) container.splice(indexIn(key, container.length, container.length - 1), 1)
  else if (!Object.hasOwn(container, key)) throw refused()
  else delete container[key]
}
