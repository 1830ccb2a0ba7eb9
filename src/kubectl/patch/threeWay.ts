import { isEqual, mergeRule, findObjectType, type TypeRef } from '../engine.ts'

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>

/**
 * The strategic merge patch that makes `modified` of `live`, leaving alone what somebody else set, and removing what `original`
 * (the configuration applied last) had and `modified` has no more.
 */
// upstream: apimachinery/pkg/util/strategicpatch/patch.go CreateThreeWayMergePatch
export function threeWayPatch(type: string, original: Json, modified: Json, live: Json): Json {
  const delta = diffMaps(type, live, modified, { isForAdditions: true })
  const deletions = diffMaps(type, original, modified, { isForAdditions: false })
  return mergePatches(type, deletions, delta)
}

/** The same as a plain merge patch, for kinds without a schema: lists are replaced whole. */
// upstream: apimachinery/pkg/util/jsonmergepatch
export function threeWayMergePatch(original: Json, modified: Json, live: Json): Json {
  return threeWayPatch('', original, modified, live)
}

interface Options {
  /** additions and changes alone, or deletions alone */
  readonly isForAdditions: boolean
}

function diffMaps(type: string, from: Json, to: Json, options: Options): Json {
  const patch: Record<string, unknown> = {}
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const [before, after] = [from[key], to[key]]
    if (after === undefined) {
      if (before !== undefined && !options.isForAdditions) patch[key] = null
    } else if (before === undefined) {
      if (options.isForAdditions) patch[key] = after
    } else diffField(patch, type, key, before, after, options)
  }
  return patch
}

function diffField(
  patch: Record<string, unknown>,
  type: string,
  key: string,
  before: unknown,
  after: unknown,
  options: Options,
): void {
  const rule = mergeRule(type, key)
  if (isMap(before) && isMap(after) && rule.patch !== 'replace') {
    const inner = { ...diffMaps(typeAt(type, key), before, after, options) }
    if (Object.keys(inner).length === 0) return
    patch[key] = rule.patch === 'retainKeys' ? withRetainedKeys(inner, after) : inner
  } else if (Array.isArray(before) && Array.isArray(after) && rule.patch === 'merge')
    diffLists(patch, key, before, after, {
      ...options,
      type: typeAt(type, key),
      mergeKey: rule.patchKey,
      retainsKeys: rule.retainsKeys === true,
    })
  // a struct that is replaced is sent whether it differs or not: upstream does not look
  else if (options.isForAdditions && (isMap(after) || !isEqual(before, after))) patch[key] = after
}

interface ListOptions extends Options {
  readonly type: string
  readonly mergeKey: string | undefined
  readonly retainsKeys: boolean
}

/** Of a union, a patch names the members that stay. */
const withRetainedKeys = (patch: Json, after: Json): Json => ({ $retainKeys: Object.keys(after).sort(), ...patch })

function diffLists(
  patch: Record<string, unknown>,
  key: string,
  before: readonly unknown[],
  after: readonly unknown[],
  options: ListOptions,
): void {
  const { mergeKey, isForAdditions } = options
  if (before.length === 0) {
    if (after.length > 0 && isForAdditions) patch[key] = after
  } else if (mergeKey === undefined) diffScalars(patch, key, before, after, isForAdditions)
  else {
    const items = diffItems(before as readonly Json[], after as readonly Json[], mergeKey, options)
    if (items.length > 0) patch[key] = items
    if (items.length > 0 || !isSameOrder(before as readonly Json[], after as readonly Json[], mergeKey))
      patch[`$setElementOrder/${key}`] = (after as readonly Json[]).map((item) => ({ [mergeKey]: item[mergeKey] }))
  }
}

function diffScalars(
  patch: Record<string, unknown>,
  key: string,
  before: readonly unknown[],
  after: readonly unknown[],
  isForAdditions: boolean,
): void {
  const added = isForAdditions ? after.filter((item) => !before.includes(item)) : []
  const gone = isForAdditions ? [] : before.filter((item) => !after.includes(item))
  if (added.length > 0) patch[key] = added
  if (gone.length > 0) patch[`$deleteFromPrimitiveList/${key}`] = gone
  const isMoved = before
    .filter((item) => after.includes(item))
    .some((item, index) => after.filter((other) => before.includes(other))[index] !== item)
  if (added.length > 0 || gone.length > 0 || isMoved) patch[`$setElementOrder/${key}`] = after
}

function diffItems(
  before: readonly Json[],
  after: readonly Json[],
  mergeKey: string,
  options: ListOptions,
): readonly Json[] {
  const old = new Map(before.map((item) => [item[mergeKey], item]))
  const wanted = new Set(after.map((item) => item[mergeKey]))
  const changes = after.flatMap((item): readonly Json[] => {
    const mate = old.get(item[mergeKey])
    if (mate === undefined) return options.isForAdditions ? [item] : []
    const inner = diffMaps(options.type, mate, item, options)
    if (Object.keys(inner).length === 0) return []
    const change = { ...inner, [mergeKey]: item[mergeKey] }
    return [options.retainsKeys ? withRetainedKeys(change, item) : change]
  })
  if (options.isForAdditions) return changes
  const gone = before
    .filter((item) => !wanted.has(item[mergeKey]))
    .map((item) => ({ $patch: 'delete', [mergeKey]: item[mergeKey] }))
  return [...changes, ...gone]
}

function isSameOrder(before: readonly Json[], after: readonly Json[], mergeKey: string): boolean {
  const kept = before.map((item) => item[mergeKey]).filter((key) => after.some((item) => item[mergeKey] === key))
  const wanted = after.map((item) => item[mergeKey]).filter((key) => kept.includes(key))
  return kept.every((key, index) => key === wanted[index])
}

/** Joins the patch of deletions with that of additions: lists by key, anything else from the second. */
function mergePatches(type: string, first: Json, second: Json): Json {
  const merged: Record<string, unknown> = { ...first }
  for (const [key, value] of Object.entries(second)) {
    const mate = first[key]
    const rule = mergeRule(type, key)
    if (isMap(mate) && isMap(value)) merged[key] = mergePatches(typeAt(type, key), mate, value)
    else if (Array.isArray(mate) && Array.isArray(value) && rule.patchKey !== undefined && !key.startsWith('$'))
      merged[key] = mergeItems(typeAt(type, key), mate as Json[], value as Json[], rule.patchKey)
    else merged[key] = value
  }
  return merged
}

function mergeItems(type: string, first: readonly Json[], second: readonly Json[], mergeKey: string): readonly Json[] {
  const mates = new Map(first.map((item) => [item[mergeKey], item]))
  const changed = second.map((item) => {
    const mate = mates.get(item[mergeKey])
    mates.delete(item[mergeKey])
    return mate === undefined ? item : mergePatches(type, mate, item)
  })
  return [...changed, ...mates.values()]
}

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

function typeAt(type: string, key: string): string {
  const ref = findObjectType(type)?.fields.get(key)?.type
  return ref === undefined ? '' : nameOfElement(ref)
}

function nameOfElement(ref: TypeRef): string {
  if (ref.kind === 'object') return ref.name
  return ref.kind === 'array' ? nameOfElement(ref.of) : ''
}
