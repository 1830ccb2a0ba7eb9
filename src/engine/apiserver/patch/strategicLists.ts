import { statusError, type ApiError } from '../../api/index.ts'
import { formatGo, goTypeOf, inText } from './goText.ts'

// upstream: staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go

export type Json = Readonly<Record<string, unknown>>
export type List = readonly unknown[]

/** How a list takes a patch. */
export interface ListRule {
  /** what tells its items apart; undefined for scalars */
  readonly key: string | undefined
  readonly isMerged: boolean
  /** the patch names scalars that go */
  readonly isDeletion: boolean
  /** what Go calls the items' kind */
  readonly itemKind: string
  readonly mergeItem: (live: Json, patch: Json) => Json
  /** the items of a patch that carry no directive */
  readonly plainItems: (patch: List) => List
}

/** A patch that cannot be carried out, which is an error of the server's own. */
export const failed = (message: string): ApiError => statusError({ message, code: 500 })

export function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

interface Merged {
  readonly list: List
  /** what orders the items that the patch does not name, as the live list is left behind */
  readonly before: List
}

/** The list that a patch makes of a live one. */
export function mergeLists(live: List, patch: List, rule: ListRule): Merged {
  if (live.length + patch.length === 0) return { list: live, before: live }
  const { key } = rule
  const isOfMaps = kindOf(live, patch) === 'map'
  if (!isOfMaps && rule.isDeletion) return { list: live.filter((item) => !patch.includes(item)), before: live }
  if (isOfMaps && key === undefined) throw failed(`cannot merge lists without merge key for ${rule.itemKind}`)
  const special = isOfMaps ? carryOut(live, patch, key!) : { left: live, items: patch }
  const list = isOfMaps
    ? mergeItems(special.left, special.items, key!, rule)
    : withoutTwins([...special.left, ...special.items])
  const added = list.slice(special.left.length)
  return {
    list: inOrder(list, special.items, special.left, key, isOfMaps),
    // what is appended takes the room of what was deleted, so that as many are known to the old order
    before: [...special.left, ...added.slice(0, Math.max(0, live.length - special.left.length))],
  }
}

/** What all items are in Go; a list holds one kind. */
// upstream: sliceElementType
function kindOf(...lists: readonly List[]): 'map' | 'scalar' {
  const items = lists.flat(1)
  const [first] = items
  if (items.length === 0) throw failed('no elements in any of the given slices')
  if (Array.isArray(first))
    throw statusError({
      message: 'the server rejected our request due to an error in our request',
      reason: 'Invalid',
      details: {},
      code: 422,
    })
  // upstream falls over it
  if (first === null) throw failed('This request caused apiserver to panic. Look in the logs for details.')
  if (items.some((item) => goTypeOf(item) !== goTypeOf(first)))
    throw failed(`list element types are not identical: ${formatGo(lists)}`)
  return isMap(first) ? 'map' : 'scalar'
}

/** Deletes and replaces as the patch's directives say; gives what is left, and the items to merge into it. */
// upstream: mergeSliceWithSpecialElements
function carryOut(live: List, patch: List, key: string): { readonly left: List; readonly items: List } {
  let left = live as readonly Json[]
  let isReplaced = false
  const items: Json[] = []
  for (const item of patch as readonly Json[]) {
    const directive = item['$patch']
    if (!('$patch' in item)) items.push(item)
    else if (directive === 'replace') isReplaced = true
    else if (directive === 'merge') throw failed('merging lists cannot yet be specified in the patch')
    else if (directive !== 'delete') throw failed(`unknown patch type: ${inText(directive)} in map: ${formatGo(item)}`)
    else {
      const gone = keyOf(item, key)
      left = left.filter((other) => other[key] !== gone)
    }
  }
  return isReplaced ? { left: items, items: [] } : { left, items }
}

function mergeItems(live: List, patch: List, key: string, { mergeItem }: ListRule): List {
  const merged = [...live] as Json[]
  for (const item of patch as readonly Json[]) {
    const wanted = keyOf(item, key)
    const place = merged.findIndex((other) => other[key] === wanted)
    if (place < 0) merged.push(item)
    else merged[place] = mergeItem(merged[place]!, item)
  }
  return merged
}

/** Scalars once each; the last takes the place of a twin. */
// upstream: deduplicateScalars
function withoutTwins(list: unknown[]): List {
  for (let at = 0; at < list.length; at++)
    for (let other = at + 1; other < list.length;) {
      if (list[at] !== list[other]) other++
      else if (other === list.length - 1) list.pop()
      else list[other] = list.pop()
    }
  return list
}

function mapIn(item: unknown): Json {
  if (isMap(item)) return item
  throw failed(`expected a map[string]interface {}, but received a ${goTypeOf(item)}`)
}

function keyOf(item: unknown, key: string): unknown {
  const map = mapIn(item)
  if (!(key in map)) throw failed(`map: ${formatGo(map)} does not contain declared merge key: ${key}`)
  return map[key]
}

/** The list whose order the patch gives, merged with what the patch has of it; undefined where nothing is there to order. */
export function orderedBy(
  order: List,
  live: List | undefined,
  patch: List | undefined,
  rule: ListRule,
): List | undefined {
  const { key } = rule
  checkOrder(patch ?? [], order, key)
  if (live === undefined && patch === undefined) return undefined
  const { list, before } =
    live === undefined
      ? { list: rule.plainItems(patch!), before: [] }
      : patch === undefined
        ? { list: live, before: live }
        : rule.isMerged
          ? mergeLists(live, patch, rule)
          : { list: patch, before: live }
  if (key !== undefined) for (const item of list) isNamed(item, order, key)
  return inOrder(list, order, before, key, kindOf(live ?? [], patch ?? []) === 'map')
}

/** Whether an order names an item. */
function isNamed(item: unknown, order: List, key: string): boolean {
  const wanted = keyOf(item, key)
  return order.some((other, index) => {
    if (!isMap(other)) throw failed(`value for key ${index} is not a map`)
    return key in other && other[key] === wanted
  })
}

/** An order has all that the patch names, in the patch's order. */
// upstream: validatePatchWithSetOrderList
function checkOrder(patch: List, order: List, key: string | undefined): void {
  if (order.length === 0 || patch.length === 0) return
  const valueOf = (item: unknown): unknown => (key === undefined ? item : keyOf(item, key))
  const left = key === undefined ? patch : patch.filter((item) => mapIn(item)['$patch'] !== 'delete')
  let at = 0
  let next = 0
  while (at < left.length && next < order.length) {
    const item = left[at]
    if (isMap(item) && '$patch' in item) at++
    else if (valueOf(item) === valueOf(order[next++])) at++
  }
  if (at < left.length && next >= order.length)
    throw failed(
      `The order in patch list:\n${formatGo(patch)}\n doesn't match $setElementOrder list:\n${formatGo(order)}\n`,
    )
}

/** What an order names stands in that order; the others are put among it where they stood before. */
// upstream: normalizeElementOrder
function inOrder(list: List, order: List, before: List, key: string | undefined, isOfMaps: boolean): List {
  const isIn = (item: unknown): boolean => (key === undefined ? order.includes(item) : isNamed(item, order, key))
  const parts = list.map((item) => ({ item, isGiven: isIn(item) }))
  if (isOfMaps) for (const item of [...order, ...before]) keyOf(item, key!)
  const valueOf = (item: unknown): unknown => (isOfMaps ? (item as Json)[key!] : item)
  const placeIn = (among: List, item: unknown): number => among.findIndex((one) => valueOf(one) === valueOf(item))
  const given = sorted(
    parts.filter(({ isGiven }) => isGiven).map(({ item }) => item),
    (item) => placeIn(order, item),
  )
  const others = sorted(
    parts.filter(({ isGiven }) => !isGiven).map(({ item }) => item),
    (item) => placeIn(before, item),
  )
  return interleaved(others, given, (item) => placeIn(before, item))
}

/** By place; what has none goes before all that stood ahead of it. */
// upstream: normalizeSliceOrder
function sorted(items: readonly unknown[], placeOf: (item: unknown) => number): List {
  const result: { item: unknown; place: number }[] = []
  for (const item of items) {
    const place = placeOf(item)
    let at = result.length
    while (at > 0 && (place < 0 || result[at - 1]!.place < 0 || place < result[at - 1]!.place)) at--
    result.splice(at, 0, { item, place })
  }
  return result.map(({ item }) => item)
}

// upstream: mergeSortedSlice
function interleaved(others: List, given: List, placeOf: (item: unknown) => number): List {
  const result: unknown[] = []
  let next = 0
  for (const other of others) {
    const at = placeOf(other)
    const isLater = (item: unknown): boolean => at >= 0 && at < placeOf(item)
    while (next < given.length && !isLater(given[next])) result.push(given[next++])
    result.push(other)
  }
  return [...result, ...given.slice(next)]
}
