import { statusError, type ApiError } from '../../api/index.ts'
import { goStable } from './goStable.ts'
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
  if (!isOfMaps && rule.isDeletion) {
    const gone = new Set(patch)
    return { list: live.filter((item) => !gone.has(item)), before: live }
  }
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
  const gone = new Set<unknown>()
  let isReplaced = false
  const items: Json[] = []
  for (const item of patch as readonly Json[]) {
    const directive = item['$patch']
    if (!('$patch' in item)) items.push(item)
    else if (directive === 'replace') isReplaced = true
    else if (directive === 'merge') throw failed('merging lists cannot yet be specified in the patch')
    else if (directive !== 'delete') throw failed(`unknown patch type: ${inText(directive)} in map: ${formatGo(item)}`)
    else gone.add(keyOf(item, key))
  }
  const left = (live as readonly Json[]).filter((other) => !gone.has(other[key]))
  return isReplaced ? { left: items, items: [] } : { left, items }
}

function mergeItems(live: List, patch: List, key: string, { mergeItem }: ListRule): List {
  const merged = [...live] as Json[]
  let places = placesOf(merged, key)
  for (const item of patch as readonly Json[]) {
    const wanted = keyOf(item, key)
    const place = places.get(wanted)
    if (place === undefined) places.set(wanted, merged.push(item) - 1)
    else {
      const made = (merged[place] = mergeItem(merged[place]!, item))
      if (made[key] !== wanted) places = placesOf(merged, key)
    }
  }
  return merged
}

/** Where each value stands first: a map's by its key, if they are told apart by one. */
function placesOf(list: List, key?: string): Map<unknown, number> {
  const places = new Map<unknown, number>()
  list.forEach((item, index) => {
    const value = key === undefined ? item : (item as Json)[key]
    if (!places.has(value)) places.set(value, index)
  })
  return places
}

/** Scalars once each; the last takes the place of a twin. */
// upstream: deduplicateScalars
function withoutTwins(list: unknown[]): List {
  const places = new Map<unknown, Set<number>>()
  list.forEach((item, index) => {
    const known = places.get(item)
    if (known === undefined) places.set(item, new Set([index]))
    else known.add(index)
  })
  for (let at = 0; at < list.length; at++) {
    const item = list[at]
    const twins = [...places.get(item)!].filter((place) => place > at).sort((a, b) => a - b)
    for (const place of twins)
      while (place < list.length && list[place] === item) {
        const last = list.pop()
        places.get(last)!.delete(list.length)
        if (place === list.length) break
        list[place] = last
        places.get(last)!.add(place)
      }
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
  if (key !== undefined) {
    const isNamed = namedBy(order, key)
    for (const item of list) isNamed(item)
  }
  return inOrder(list, order, before, key, kindOf(live ?? [], patch ?? []) === 'map')
}

/** Tells whether an order names an item. What is no map is complained of by who looks that far. */
function namedBy(order: List, key: string): (item: unknown) => boolean {
  const odd = order.findIndex((other) => !isMap(other))
  const maps = (odd < 0 ? order : order.slice(0, odd)) as readonly Json[]
  const named = new Set(maps.filter((other) => key in other).map((other) => other[key]))
  return (item) => {
    if (named.has(keyOf(item, key))) return true
    if (odd >= 0) throw failed(`value for key ${odd} is not a map`)
    return false
  }
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
  const isIn = key === undefined ? isAmong(order) : namedBy(order, key)
  const parts = list.map((item) => ({ item, isGiven: isIn(item) }))
  if (isOfMaps) for (const item of [...order, ...before]) keyOf(item, key!)
  const by = isOfMaps ? key : undefined
  const places = placesOf(before, by)
  const given = sorted(
    parts.filter(({ isGiven }) => isGiven).map(({ item }) => item),
    placesOf(order, by),
    by,
  )
  const others = sorted(
    parts.filter(({ isGiven }) => !isGiven).map(({ item }) => item),
    places,
    by,
  )
  return interleaved(others, given, (item) => placeIn(places, item, by))
}

function isAmong(list: List): (item: unknown) => boolean {
  const all = new Set(list)
  return (item) => all.has(item)
}

/** Where an item stands; -1 for nowhere. */
const placeIn = (places: ReadonlyMap<unknown, number>, item: unknown, key: string | undefined): number =>
  places.get(key === undefined ? item : (item as Json)[key]) ?? -1

/** By place; what has none goes before what it is compared with. */
// upstream: normalizeSliceOrder
function sorted(items: List, places: ReadonlyMap<unknown, number>, key: string | undefined): List {
  const placed = items.map((item) => ({ item, place: placeIn(places, item, key) }))
  const inPlace = goStable(placed, (a, b) => a.place < 0 || b.place < 0 || a.place < b.place)
  return inPlace.map(({ item }) => item)
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
