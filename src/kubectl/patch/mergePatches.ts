import { isEqual, mergeRule, ownAt, setOwn } from '../engine.ts'
import { goPrint } from '../printers/goSyntax.ts'
import {
  holdsMaps,
  inOrder,
  isDeletion,
  isMap,
  keyIn,
  orderOf,
  PatchError,
  typeAt,
  type Json,
  type List,
} from './parts.ts'

// upstream: apimachinery/pkg/util/strategicpatch/patch.go mergeMap, with what it needs to join two patches

/** Joins two strategic merge patches: lists by key, anything else from the second. Throws a PatchError. */
export function mergePatches(type: string, first: Json, second: Json): Json {
  const merged: Record<string, unknown> = { ...first }
  const ordered = new Set(Object.keys(second).filter((key) => Object.hasOwn(second, orderOf(key))))
  for (const key of Object.keys(second)) if (key.startsWith(orderOf(''))) mergeOrdered(merged, type, second, key)
  for (const [key, value] of Object.entries(second))
    if (!ordered.has(key) && !key.startsWith(orderOf(''))) mergeField(merged, type, key, value)
  return merged
}

/** Joins lists whose order the second patch tells. */
// upstream: mergePatchIntoOriginal
function mergeOrdered(merged: Record<string, unknown>, type: string, second: Json, directive: string): void {
  const key = directive.slice(orderOf('').length)
  const order = second[directive] as List
  if (Object.hasOwn(merged, directive) && !isEqual(merged[directive], order))
    throw new PatchError('invalid patch format of setElementOrder list')
  merged[directive] = order
  const [before, after] = [ownAt(merged, key), ownAt(second, key)] as (List | undefined)[]
  const mergeKey = mergeRule(type, key).patchKey
  checkOrder(after ?? [], order, mergeKey)
  if (before === undefined && after === undefined) return
  const list =
    before === undefined
      ? after!
      : after === undefined
        ? before
        : mergeLists(typeAt(type, key), before, after, mergeKey)
  setOwn(merged, key, arranged(list, order, before ?? [], mergeKey))
}

/** The order has all that the patch names, in the patch's order. */
// upstream: validatePatchWithSetOrderList
function checkOrder(patch: List, order: List, mergeKey: string | undefined): void {
  if (order.length === 0 || patch.length === 0) return
  const valueOf = (item: unknown): unknown => (mergeKey === undefined ? item : keyIn(item, mergeKey))
  const named = patch.filter((item) => !isDeletion(item))
  let at = 0
  let next = 0
  while (at < named.length && next < order.length) if (valueOf(named[at]) === valueOf(order[next++])) at++
  if (at < named.length)
    throw new PatchError(
      `The order in patch list:\n${goPrint(patch)}\n doesn't match $setElementOrder list:\n${goPrint(order)}\n`,
    )
}

function mergeField(merged: Record<string, unknown>, type: string, key: string, value: unknown): void {
  const mate = ownAt(merged, key)
  const rule = mergeRule(type, key)
  if (isMap(mate) && isMap(value) && rule.patch !== 'replace')
    setOwn(merged, key, mergePatches(typeAt(type, key), mate, value))
  else if (Array.isArray(mate) && Array.isArray(value) && rule.patch === 'merge')
    setOwn(merged, key, mergeLists(typeAt(type, key), mate, value, rule.patchKey))
  else setOwn(merged, key, value)
}

/** Items of one key become one; the second list's order rules. */
// upstream: mergeSlice
function mergeLists(type: string, first: List, second: List, mergeKey: string | undefined): List {
  if (first.length + second.length === 0) return first
  if (!holdsMaps(first, second)) return arranged([...new Set([...first, ...second])], second, first, undefined)
  if (mergeKey === undefined) throw new PatchError(`cannot merge lists without merge key for ${type}`)
  const merged = [...first] as Json[]
  for (const item of second as readonly Json[]) {
    const value = keyIn(item, mergeKey)
    const place = merged.findIndex((one) => one[mergeKey] === value)
    if (place < 0) merged.push(item)
    else merged[place] = mergePatches(type, merged[place]!, item)
  }
  return arranged(merged, second, first, mergeKey)
}

/** What an order names stands in that order; what else there was keeps its place among it. */
// upstream: normalizeElementOrder
function arranged(list: List, order: List, before: List, mergeKey: string | undefined): List {
  const valueOf = (item: unknown): unknown => (mergeKey === undefined ? item : keyIn(item, mergeKey))
  const isNamed = (item: unknown): boolean => order.some((one) => valueOf(one) === valueOf(item))
  const named = inOrder(list.filter(isNamed), order, mergeKey)
  const others = inOrder(
    list.filter((item) => !isNamed(item)),
    before,
    mergeKey,
  )
  const placeOf = (item: unknown): number => before.findIndex((one) => valueOf(one) === valueOf(item))
  const result: unknown[] = []
  let next = 0
  for (const other of others) {
    const at = placeOf(other)
    const isLater = (item: unknown): boolean => at >= 0 && at < placeOf(item)
    while (next < named.length && !isLater(named[next])) result.push(named[next++])
    result.push(other)
  }
  return [...result, ...named.slice(next)]
}
