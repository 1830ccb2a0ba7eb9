import { isEqual, mergeRule, ownAt, setOwn } from '../engine.ts'
import { checkField, holdsMaps, inOrder, isMap, keyIn, orderOf, typeAt, type Json, type List } from './parts.ts'

// upstream: apimachinery/pkg/util/strategicpatch/patch.go diffMaps

/** What of a difference is told; all of it, unless said otherwise. */
export interface DiffOptions {
  readonly ignoresDeletions?: boolean
  readonly ignoresAdditions?: boolean
  /** says nothing of the order of lists */
  readonly ignoresOrder?: boolean
}

interface Options extends DiffOptions {
  /** the patch names the members of a union that stay */
  readonly retainsKeys: boolean
}

/** The strategic merge patch that makes one object of another; an empty type has no schema. Throws a PatchError. */
export function diffObjects(type: string, from: Json, to: Json, options: DiffOptions = {}): Json {
  return diffMaps(type, from, to, { ...options, retainsKeys: false })
}

function diffMaps(type: string, from: Json, to: Json, options: Options): Json {
  const patch: Record<string, unknown> = {}
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const [before, after] = [ownAt(from, key), ownAt(to, key)]
    if (after === undefined) {
      if (before !== undefined && !options.ignoresDeletions) setOwn(patch, key, null)
    } else if (before === undefined) {
      if (!options.ignoresAdditions) setOwn(patch, key, after)
    } else diffField(patch, type, key, before, after, options)
  }
  return options.retainsKeys ? withRetainedKeys(patch, from, to) : patch
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
  options: Options,
): void {
  const rule = mergeRule(type, key)
  const isDeep = (isMap(before) && isMap(after)) || (Array.isArray(before) && Array.isArray(after))
  if (isDeep && !isEqual(before, after)) checkField(type, key)
  if (isMap(before) && isMap(after) && rule.patch !== 'replace') {
    const inner = diffMaps(typeAt(type, key), before, after, { ...options, retainsKeys: rule.patch === 'retainKeys' })
    if (Object.keys(inner).length > 0) setOwn(patch, key, inner)
  } else if (Array.isArray(before) && Array.isArray(after) && rule.patch === 'merge') {
    const retainsKeys = rule.retainsKeys === true
    diffLists(patch, key, before, after, {
      ...options,
      retainsKeys,
      type: typeAt(type, key),
      mergeKey: rule.patchKey ?? '',
    })
  }
  // a struct that is replaced is sent whether it differs or not: upstream does not look
  else if (
    !options.ignoresAdditions &&
    ((isMap(before) && isMap(after) && rule.patch === 'replace') || !isEqual(before, after))
  )
    setOwn(patch, key, after)
}

interface ListOptions extends Options {
  readonly type: string
  readonly mergeKey: string
}

function diffLists(patch: Record<string, unknown>, key: string, before: List, after: List, options: ListOptions): void {
  if (before.length === 0) {
    if (after.length > 0 && !options.ignoresAdditions) patch[key] = after
  } else if (holdsMaps(before, after)) diffMapLists(patch, key, before, after, options)
  else diffScalars(patch, key, before, after, options)
}

function diffMapLists(
  patch: Record<string, unknown>,
  key: string,
  before: List,
  after: List,
  options: ListOptions,
): void {
  const { mergeKey } = options
  const { changes, gone } = diffItems(before as readonly Json[], after as readonly Json[], options)
  const items = [...inOrder(changes, after, mergeKey), ...gone]
  const isMoved = !isSameOrder(before, after, mergeKey)
  if (items.length > 0) patch[key] = items
  if (options.ignoresOrder) return
  if (after.length > 0 && (items.length > 0 || (isMoved && !options.ignoresAdditions)))
    patch[orderOf(key)] = (after as readonly Json[]).map((item) => ({ [mergeKey]: item[mergeKey] }))
}

/** The order of values' text, in which upstream compares. */
const byText = (a: unknown, b: unknown): number => (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0)

// upstream: diffListsOfScalars
function diffScalars(patch: Record<string, unknown>, key: string, before: List, after: List, options: Options): void {
  const [left, right] = [[...before].sort(byText), [...after].sort(byText)]
  const added: unknown[] = []
  const gone = new Set<unknown>()
  walk(left, right, byText, (old, item) => {
    if (old === undefined && !options.ignoresAdditions) added.push(item)
    if (item === undefined && !options.ignoresDeletions) gone.add(old)
  })
  if (added.length > 0) patch[key] = inOrder(added, after, undefined)
  if (gone.size > 0) patch[`$deleteFromPrimitiveList/${key}`] = [...gone]
  if (options.ignoresOrder) return
  // upstream has sorted the old list by now, so that all but a sorted one gets its order told
  const isMoved = !options.ignoresAdditions && !isEqual(left, after)
  if (after.length > 0 && (gone.size > 0 || isMoved)) patch[orderOf(key)] = after
}

/** Goes along two sorted lists: pairs of what is alike, and what only one of them has. */
function walk<T>(
  left: readonly T[],
  right: readonly T[],
  compare: (a: T, b: T) => number,
  visit: (old: T | undefined, item: T | undefined) => void,
): void {
  for (let at = 0, next = 0; at < left.length || next < right.length;) {
    const [old, item] = [left[at], right[next]]
    const order = at >= left.length ? 1 : next >= right.length ? -1 : compare(old!, item!)
    visit(order <= 0 ? old : undefined, order >= 0 ? item : undefined)
    if (order <= 0) at++
    if (order >= 0) next++
  }
}

/** Compares items of one key in pairs, so that of twins (one port for two protocols) each is held against its own. */
// upstream: diffListsOfMaps
function diffItems(before: readonly Json[], after: readonly Json[], options: ListOptions) {
  const { mergeKey } = options
  // what has no key is found when its turn comes
  const textOf = (item: Json): unknown => (Object.hasOwn(item, mergeKey) ? item[mergeKey] : '<nil>')
  const changes: Json[] = []
  const gone: Json[] = []
  const compare = (old: Json, item: Json): number => byText(keyIn(old, mergeKey), keyIn(item, mergeKey))
  // upstream's sort turns twins around
  const sorted = (list: readonly Json[]): readonly Json[] =>
    list.toReversed().sort((a, b) => byText(textOf(a), textOf(b)))
  walk(sorted(before), sorted(after), compare, (old, item) => {
    if (old === undefined) {
      keyIn(item, mergeKey)
      if (!options.ignoresAdditions) changes.push(item!)
    } else if (item === undefined) {
      const value = keyIn(old, mergeKey)
      if (!options.ignoresDeletions) gone.push({ $patch: 'delete', [mergeKey]: value })
    } else {
      const inner = diffMaps(options.type, old, item, options)
      if (Object.keys(inner).length > 0) changes.push({ ...inner, [mergeKey]: item[mergeKey] })
    }
  })
  return { changes, gone }
}

function isSameOrder(before: List, after: List, mergeKey: string): boolean {
  return (
    before.length === after.length &&
    before.every((item, index) => keyIn(item, mergeKey) === keyIn(after[index], mergeKey))
  )
}
