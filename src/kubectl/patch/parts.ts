import { findObjectType, type TypeRef } from '../engine.ts'
import { CommandError } from '../errors.ts'
import { goPrint } from '../printers/goSyntax.ts'

// upstream: apimachinery/pkg/util/strategicpatch/patch.go, apimachinery/pkg/util/mergepatch/errors.go

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>

export type List = readonly unknown[]

/** A patch that cannot be worked out. */
export class PatchError extends CommandError {
  override name = 'PatchError'
  /** the same by the schema that the server publishes */
  readonly bySchema: string
  constructor(message: string, bySchema = message) {
    super(message)
    this.bySchema = bySchema
  }
}

/** Refuses to look into a field that a type has not; an empty type has no schema. */
export function checkField(type: string, key: string): void {
  const found = findObjectType(type)
  if (found !== undefined && !found.fields.has(key))
    throw new PatchError(
      `unable to find api field in struct ${found.goName} for the json field ${JSON.stringify(key)}`,
      `unable to find api field ${JSON.stringify(key)}`,
    )
}

export const isMap = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The key under which a patch tells the order of a list. */
export const orderOf = (key: string): string => `$setElementOrder/${key}`

/** Whether an item of a patch's list says only that one of the live list goes. */
export const isDeletion = (item: unknown): boolean => isMap(item) && item['$patch'] === 'delete'

/** The value that tells an item of a list apart; throws a PatchError where there is none. */
export function keyIn(item: unknown, mergeKey: string): unknown {
  if (!isMap(item)) throw new PatchError(`expected a map[string]interface {}, but received a ${goTypeOf(item)}`)
  if (!Object.hasOwn(item, mergeKey))
    throw new PatchError(`map: ${goPrint(item)} does not contain declared merge key: ${mergeKey}`)
  return item[mergeKey]
}

/** Whether lists hold objects, where a list holds values of one kind; throws a PatchError for others. */
// upstream: sliceElementType
export function holdsMaps(...lists: readonly List[]): boolean {
  const [first, ...others] = lists.flat(1)
  if (Array.isArray(first)) throw new PatchError('lists of lists are not supported')
  if (others.some((item) => goTypeOf(item) !== goTypeOf(first)))
    throw new PatchError(`list element types are not identical: ${goPrint(lists)}`)
  return isMap(first)
}

function goTypeOf(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return '[]interface {}'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  return typeof value === 'boolean' ? 'bool' : typeof value === 'string' ? 'string' : 'map[string]interface {}'
}

/** Items in the order in which `order` has their like; what it has not stands before all that was ahead of it. */
// upstream: normalizeSliceOrder, whose sort is stable and told that whatever is unknown comes first
export function inOrder(items: List, order: List, mergeKey: string | undefined): List {
  if (mergeKey !== undefined) for (const item of [...items, ...order]) keyIn(item, mergeKey)
  const valueOf = (item: unknown): unknown => (mergeKey === undefined ? item : (item as Json)[mergeKey])
  const placed: { readonly item: unknown; readonly place: number }[] = []
  for (const item of items.filter((one) => mergeKey === undefined || !isDeletion(one))) {
    const place = order.findIndex((one) => valueOf(one) === valueOf(item))
    let at = placed.length
    while (at > 0 && (place < 0 || placed[at - 1]!.place < 0 || place < placed[at - 1]!.place)) at--
    placed.splice(at, 0, { item, place })
  }
  const sorted = placed.map(({ item }) => item)
  return mergeKey === undefined ? sorted : [...sorted, ...items.filter(isDeletion)]
}

/** The type of a field, or of what a list in it holds; empty where there is no schema. */
export function typeAt(type: string, key: string): string {
  const ref = findObjectType(type)?.fields.get(key)?.type
  return ref === undefined ? '' : nameOfElement(ref)
}

function nameOfElement(ref: TypeRef): string {
  if (ref.kind === 'object') return ref.name
  return ref.kind === 'array' ? nameOfElement(ref.of) : ''
}
