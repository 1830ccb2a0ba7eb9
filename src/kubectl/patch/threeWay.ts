import { isEqual, mergeRule, findObjectType, ownAt, setOwn, type TypeRef } from '../engine.ts'

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
  /** the patch names the members of a union that stay */
  readonly retainsKeys?: boolean
}

function diffMaps(type: string, from: Json, to: Json, options: Options): Json {
  const patch: Record<string, unknown> = {}
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const [before, after] = [ownAt(from, key), ownAt(to, key)]
    if (after === undefined) {
      if (before !== undefined && !options.isForAdditions) setOwn(patch, key, null)
    } else if (before === undefined) {
      if (options.isForAdditions) setOwn(patch, key, after)
    } else diffField(patch, type, key, before, after, options.isForAdditions)
  }
  return options.retainsKeys === true ? withRetainedKeys(patch, from, to) : patch
}

function withRetainedKeys(patch: Json, from: Json, to: Json): Json {
  const keys = Object.keys(to).filter((key) => to[key] !== null)
  const isNews =
    Object.keys(patch).length > 0 || Object.keys(from).some((key) => from[key] !== null && ownAt(to, key) === undefined)
  return isNews && keys.length > 0 ? { ...patch, $retainKeys: keys.sort() } : patch
}

function diffField(
  patch: Record<string, unknown>,
  type: string,
  key: string,
  before: unknown,
  after: unknown,
  isForAdditions: boolean,
): void {
  const rule = mergeRule(type, key)
  if (isMap(before) && isMap(after) && rule.patch !== 'replace') {
    const options = { isForAdditions, retainsKeys: rule.patch === 'retainKeys' }
    const inner = diffMaps(typeAt(type, key), before, after, options)
    if (Object.keys(inner).length > 0) setOwn(patch, key, inner)
  } else if (Array.isArray(before) && Array.isArray(after) && rule.patch === 'merge')
    diffLists(patch, key, before, after, {
      isForAdditions,
      type: typeAt(type, key),
      mergeKey: rule.patchKey,
      retainsKeys: rule.retainsKeys === true,
    })
  // a struct that is replaced is sent whether it differs or not: upstream does not look
  else if (isForAdditions && (rule.patch === 'replace' || !isEqual(before, after))) setOwn(patch, key, after)
}

interface ListOptions extends Options {
  readonly type: string
  readonly mergeKey: string | undefined
}

type List = readonly unknown[]

function diffLists(patch: Record<string, unknown>, key: string, before: List, after: List, options: ListOptions): void {
  const { mergeKey, isForAdditions } = options
  if (before.length === 0) {
    if (after.length > 0 && isForAdditions) patch[key] = after
  } else if (mergeKey === undefined) diffScalars(patch, key, before, after, isForAdditions)
  else {
    const items = diffItems(before as readonly Json[], after as readonly Json[], mergeKey, options)
    if (items.length > 0) patch[key] = items
    const isMoved = isForAdditions && !isSameOrder(before as readonly Json[], after as readonly Json[], mergeKey)
    if (after.length > 0 && (items.length > 0 || isMoved))
      patch[orderOf(key)] = (after as readonly Json[]).map((item) => ({ [mergeKey]: item[mergeKey] }))
  }
}

const orderOf = (key: string): string => `$setElementOrder/${key}`

/** The order of values' text, in which upstream compares. */
const byText = (a: unknown, b: unknown): number => (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0)

function diffScalars(
  patch: Record<string, unknown>,
  key: string,
  before: List,
  after: List,
  isForAdditions: boolean,
): void {
  const added = isForAdditions ? after.filter((item) => !before.includes(item)) : []
  const gone = isForAdditions ? [] : [...new Set(before)].filter((item) => !after.includes(item)).sort(byText)
  if (added.length > 0) patch[key] = added
  if (gone.length > 0) patch[`$deleteFromPrimitiveList/${key}`] = gone
  // upstream has sorted the old list by now, so that all but a sorted one gets its order told
  const isMoved = isForAdditions && !isEqual([...before].sort(byText), after)
  if (after.length > 0 && (gone.length > 0 || isMoved)) patch[orderOf(key)] = after
}

/** Compares items of one key in pairs, so that of twins (one port for two protocols) each is held against its own. */
// upstream: diffListsOfMaps
function diffItems(
  before: readonly Json[],
  after: readonly Json[],
  mergeKey: string,
  options: ListOptions,
): readonly Json[] {
  const byKey = (a: Json, b: Json): number => byText(a[mergeKey], b[mergeKey])
  // upstream's sort turns twins around
  const [left, right] = [before.toReversed().sort(byKey), after.toReversed().sort(byKey)]
  const changes: Json[] = []
  const gone: Json[] = []
  for (let at = 0, next = 0; at < left.length || next < right.length;) {
    const [old, item] = [left[at], right[next]]
    const order = old === undefined ? 1 : item === undefined ? -1 : byKey(old, item)
    if (order === 0) {
      const inner = diffMaps(options.type, old!, item!, options)
      if (Object.keys(inner).length > 0) changes.push({ ...inner, [mergeKey]: item![mergeKey] })
    } else if (order > 0 && options.isForAdditions) changes.push(item!)
    else if (order < 0 && !options.isForAdditions) gone.push({ $patch: 'delete', [mergeKey]: old![mergeKey] })
    if (order <= 0) at++
    if (order >= 0) next++
  }
  return [...inOrder(changes, after, mergeKey), ...gone]
}

/** Items in the order in which a list names their keys. */
function inOrder(items: readonly Json[], order: readonly Json[], mergeKey: string): readonly Json[] {
  const placeOf = (item: Json): number => order.findIndex((one) => one[mergeKey] === item[mergeKey])
  return [...items].sort((a, b) => placeOf(a) - placeOf(b))
}

const isSameOrder = (before: readonly Json[], after: readonly Json[], mergeKey: string): boolean =>
  before.length === after.length && before.every((item, index) => item[mergeKey] === after[index]![mergeKey])

/** Joins the patch of deletions with that of additions: lists by key, anything else from the second. */
function mergePatches(type: string, first: Json, second: Json): Json {
  const merged: Record<string, unknown> = { ...first }
  for (const [key, value] of Object.entries(second)) {
    const mate = ownAt(first, key)
    const rule = mergeRule(type, key)
    if (isMap(mate) && isMap(value)) merged[key] = mergePatches(typeAt(type, key), mate, value)
    else if (Array.isArray(mate) && Array.isArray(value) && rule.patchKey !== undefined) {
      const order = (second[orderOf(key)] ?? value) as readonly Json[]
      merged[key] = mergeItems(typeAt(type, key), mate as Json[], value as Json[], rule.patchKey, order)
    } else setOwn(merged, key, value)
  }
  return merged
}

/** What is added or changed in the order of the manifest, then what is deleted. */
function mergeItems(
  type: string,
  first: readonly Json[],
  second: readonly Json[],
  mergeKey: string,
  order: readonly Json[],
): readonly Json[] {
  const merged = [...first]
  for (const item of second) {
    const place = merged.findIndex((one) => one[mergeKey] === item[mergeKey])
    if (place < 0) merged.push(item)
    else merged[place] = mergePatches(type, merged[place]!, item)
  }
  const isGone = (item: Json): boolean => item['$patch'] === 'delete'
  return [
    ...inOrder(
      merged.filter((item) => !isGone(item)),
      order,
      mergeKey,
    ),
    ...merged.filter(isGone),
  ]
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
