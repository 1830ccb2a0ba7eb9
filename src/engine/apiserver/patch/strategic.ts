import { isEqual, statusError, type ApiError } from '../../api/index.ts'
import { mergeRule } from '../../api/schema/mergeKeys.ts'
import { elementOf, findObjectType } from '../../api/schema/schema.ts'
import { formatGo } from './goText.ts'

// upstream: staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go

type Json = Readonly<Record<string, unknown>>
type List = readonly unknown[]

const orderPrefix = '$setElementOrder/'
const deletePrefix = '$deleteFromPrimitiveList/'

/** Merges a strategic merge patch into a live object: lists by their merge keys, with directives. Neither is touched. */
export function strategicPatch(type: string | undefined, live: Json, patch: Json): Json {
  return mergeMaps(type, live, patch)
}

function mergeMaps(type: string | undefined, live: Json, patch: Json): Json {
  const directive = patch['$patch']
  if (directive === 'replace') return withoutDirectives(without(patch, '$patch')) as Json
  if (directive === 'delete') return {}
  if (directive !== undefined && directive !== 'merge')
    throw statusError({ message: `unknown patch type: ${formatGo(directive)} in map: ${formatGo(patch)}`, code: 500 })
  const merged: Record<string, unknown> = { ...retained(live, patch['$retainKeys']) }
  for (const key of Object.keys(patch)) {
    if (key.startsWith(orderPrefix)) orderOnly(merged, type, key.slice(orderPrefix.length), patch)
    else if (key.startsWith(deletePrefix)) deleteFrom(merged, key.slice(deletePrefix.length), patch[key])
    else if (!key.startsWith('$')) mergeField(merged, type, key, patch)
  }
  return merged
}

function retained(live: Json, keys: unknown): Json {
  if (!Array.isArray(keys)) return live
  return Object.fromEntries(Object.entries(live).filter(([key]) => keys.includes(key)))
}

/** An order alone moves what is there. */
function orderOnly(merged: Record<string, unknown>, type: string | undefined, field: string, patch: Json): void {
  const live = merged[field]
  if (field in patch || !Array.isArray(live)) return
  merged[field] = ordered(live, patch[orderPrefix + field] as List, live, keyOf(type, field))
}

function deleteFrom(merged: Record<string, unknown>, field: string, values: unknown): void {
  const live = merged[field]
  if (!Array.isArray(live) || !Array.isArray(values)) return
  merged[field] = live.filter((item) => !values.some((value) => isEqual(value, item)))
}

function mergeField(merged: Record<string, unknown>, type: string | undefined, field: string, patch: Json): void {
  const value = patch[field]
  const live = merged[field]
  const order = patch[orderPrefix + field]
  if (value === null) delete merged[field]
  else if (isMap(value) && isMap(live)) {
    const rule = type === undefined ? undefined : mergeRule(type, field).patch
    merged[field] = rule === 'replace' ? withoutDirectives(value) : mergeMaps(typeIn(type, field), live, value)
  } else if (Array.isArray(value) && isMerged(type, field)) {
    const list = mergeLists(type, field, Array.isArray(live) ? (live as List) : [], value as List)
    merged[field] = ordered(
      list,
      Array.isArray(order) ? (order as List) : namedBy(value as List),
      Array.isArray(live) ? (live as List) : [],
      keyOf(type, field),
    )
  } else merged[field] = withoutDirectives(value)
}

function isMerged(type: string | undefined, field: string): boolean {
  return type !== undefined && mergeRule(type, field).patch === 'merge'
}

function keyOf(type: string | undefined, field: string): string | undefined {
  return type === undefined ? undefined : mergeRule(type, field).patchKey
}

function typeIn(type: string | undefined, field: string): string | undefined {
  const ref = type === undefined ? undefined : findObjectType(type)?.fields.get(field)?.type
  if (ref === undefined) return undefined
  const inner = elementOf(ref)
  return inner.kind === 'object' ? inner.name : undefined
}

function mergeLists(type: string | undefined, field: string, live: List, patch: List): List {
  const key = keyOf(type, field)
  if (key === undefined) return [...live, ...patch.filter((item) => !live.some((other) => isEqual(other, item)))]
  if (patch.some((item) => isMap(item) && item['$patch'] === 'replace'))
    return patch.filter((item) => isMap(item) && item['$patch'] === undefined).map(withoutDirectives)
  let merged = [...live]
  for (const item of patch) {
    if (!isMap(item)) continue
    if (item[key] === undefined) throw keyMissing(item, key)
    const place = merged.findIndex((other) => isMap(other) && other[key] === item[key])
    if (item['$patch'] === 'delete') merged = merged.filter((other) => !isMap(other) || other[key] !== item[key])
    else if (place < 0) merged.push(mergeMaps(typeIn(type, field), {}, item))
    else merged[place] = mergeMaps(typeIn(type, field), merged[place] as Json, item)
  }
  return merged
}

function keyMissing(item: Json, key: string): ApiError {
  return statusError({ message: `map: ${formatGo(item)} does not contain declared merge key: ${key}`, code: 500 })
}

/** Items that the patch itself names, deletions aside. */
function namedBy(patch: List): List {
  return patch.filter((item) => !isMap(item) || item['$patch'] === undefined)
}

/** What the patch names stands in its order; the others are put among them where they stood before. */
function ordered(list: List, order: List, before: List, key: string | undefined): List {
  const place = (item: unknown, among: List): number =>
    among.findIndex((other) =>
      key === undefined ? isEqual(other, item) : isMap(other) && isMap(item) && other[key] === item[key],
    )
  const named = list.filter((item) => place(item, order) >= 0).sort((a, b) => place(a, order) - place(b, order))
  const others = list.filter((item) => place(item, order) < 0)
  const result: unknown[] = []
  let next = 0
  for (const other of others) {
    const at = place(other, before)
    const isLater = (item: unknown): boolean => place(item, before) >= 0 && at >= 0 && at < place(item, before)
    while (next < named.length && !isLater(named[next])) result.push(named[next++])
    result.push(other)
  }
  return [...result, ...named.slice(next)]
}

/** A value that nothing is merged into: nulls and directives mean nothing there. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value))
    return (value as List).filter((item) => !isMap(item) || item['$patch'] === undefined).map(withoutDirectives)
  if (!isMap(value)) return value
  const result: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value))
    if (item !== null && !key.startsWith('$')) result[key] = withoutDirectives(item)
  return result
}

function without(map: Json, key: string): Json {
  const { [key]: _gone, ...rest } = map
  return rest
}

function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
