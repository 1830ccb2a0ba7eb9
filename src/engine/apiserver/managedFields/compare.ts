import { isEqual, ownAt } from '../../api/index.ts'
import { elementOf, isMap } from './element.ts'
import { insert, newSet, type FieldSet } from './fieldSet.ts'
import { resolved, type FieldType } from './fieldType.ts'

/** What one object has and another has not, and what both have with different values. */
export interface Comparison {
  readonly added: FieldSet
  readonly removed: FieldSet
  readonly modified: FieldSet
}

/** The fields in which two objects of one type differ. Both must be in the form the API writes. */
// upstream: sigs.k8s.io/structured-merge-diff/typed/compare.go
export function compare(type: FieldType, before: unknown, after: unknown): Comparison {
  const comparison: Comparison = { added: newSet(), removed: newSet(), modified: newSet() }
  compareAt({ comparison, path: [] }, type, before, after)
  return comparison
}

interface Walk {
  readonly comparison: Comparison
  readonly path: string[]
}

// Absent is undefined here, and null is a value of its own, as upstream has it.

function compareAt(walk: Walk, declared: FieldType, before: unknown, after: unknown): void {
  if (before === after) return
  const type = resolved(declared, after ?? before)
  if (isLeaf(type, before, after)) return note(walk, before, after)
  if (type.shape === 'list') compareLists(walk, type, listIn(before), listIn(after))
  else compareMaps(walk, type, isMap(before) ? before : {}, isMap(after) ? after : {})
  if (walk.path.length === 0) return
  if (before === undefined) insert(walk.comparison.added, walk.path)
  else if (after === undefined) insert(walk.comparison.removed, walk.path)
}

/** Nothing on both sides is a leaf too, so that empty and absent can be told apart. */
function isLeaf(type: FieldType, before: unknown, after: unknown): boolean {
  if (type.isAtomic === true || type.shape === 'scalar') return true
  return isBare(before) && isBare(after)
}

function isBare(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  for (const _ in value) return false
  return true
}

function note({ comparison, path }: Walk, before: unknown, after: unknown): void {
  if (before === undefined) insert(comparison.added, path)
  else if (after === undefined) insert(comparison.removed, path)
  else if (!isEqual(before, after)) insert(comparison.modified, path)
}

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])

type Json = Readonly<Record<string, unknown>>

function compareMaps(walk: Walk, type: FieldType, before: Json, after: Json): void {
  for (const key in before) step(walk, typeIn(type, key), `f:${key}`, before[key], ownAt(after, key))
  for (const key in after)
    if (ownAt(before, key) === undefined) step(walk, typeIn(type, key), `f:${key}`, undefined, after[key])
}

const unknownField: FieldType = { shape: 'untyped', isAtomic: true }

function typeIn(type: FieldType, key: string): FieldType {
  return type.field?.(key) ?? type.of?.() ?? unknownField
}

function step(walk: Walk, type: FieldType, element: string, before: unknown, after: unknown): void {
  if (before === after) return
  walk.path.push(element)
  compareAt(walk, type, before, after)
  walk.path.pop()
}

/** Items by their elements. Twins, which only old objects have, are compared as one. */
function indexed(type: FieldType, list: readonly unknown[]): Map<string, unknown[]> {
  const items = new Map<string, unknown[]>()
  for (const item of list) {
    const { element } = elementOf(type, item)
    if (element === undefined) continue
    const known = items.get(element)
    if (known === undefined) items.set(element, [item])
    else known.push(item)
  }
  return items
}

const none: readonly unknown[] = Object.freeze([])

function compareLists(walk: Walk, type: FieldType, before: readonly unknown[], after: readonly unknown[]): void {
  const left = indexed(type, before)
  const right = indexed(type, after)
  for (const [element, items] of left) compareItems(walk, type, element, items, right.get(element) ?? none)
  for (const [element, items] of right) if (!left.has(element)) compareItems(walk, type, element, none, items)
}

function compareItems(
  walk: Walk,
  type: FieldType,
  element: string,
  before: readonly unknown[],
  after: readonly unknown[],
): void {
  const of = type.of?.() ?? unknownField
  const { comparison, path } = walk
  if (before.length <= 1 && after.length <= 1) return step(walk, of, element, before[0], after[0])
  const here = [...path, element]
  if (before.length > 1 && after.length > 1) {
    if (!isEqual(before, after)) insert(comparison.modified, here)
  } else if (before.length > 1) {
    if (after.length === 1) step(walk, of, element, undefined, after[0])
    else insert(comparison.removed, here)
  } else {
    if (before.length === 1) step(walk, of, element, before[0], undefined)
    insert(comparison.added, here)
  }
}
