import { ownAt, setOwn } from '../../api/index.ts'
import { elementOf, isMap } from './element.ts'
import { below, holds, type FieldSet } from './fieldSet.ts'
import { resolved, type FieldType } from './fieldType.ts'

const unknownField: FieldType = { shape: 'untyped', isAtomic: true }

/** Lays an applied object over a live one: maps and lists with keys are merged, all else is replaced. Neither is touched. */
// upstream: sigs.k8s.io/structured-merge-diff/typed/merge.go
export function mergeTyped(type: FieldType, live: unknown, applied: unknown): unknown {
  return mergeAt(type, live, applied)
}

// Absent is undefined, null is a value.

function mergeAt(declared: FieldType, live: unknown, applied: unknown): unknown {
  const type = resolved(declared, applied ?? live)
  const isOne = type.shape === 'scalar' || type.isAtomic === true || (isBare(live) && isBare(applied))
  if (isOne) return applied === undefined ? live : applied
  if (type.shape === 'list') return mergeLists(type, listIn(live), listIn(applied))
  return mergeMaps(type, isMap(live) ? live : {}, isMap(applied) ? applied : {})
}

function isBare(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  for (const _ in value) return false
  return true
}

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])

type Json = Readonly<Record<string, unknown>>

const typeIn = (type: FieldType, key: string): FieldType => type.field?.(key) ?? type.of?.() ?? unknownField

function mergeMaps(type: FieldType, live: Json, applied: Json): Json | undefined {
  const merged: Record<string, unknown> = {}
  for (const key in live) setIfThere(merged, key, mergeAt(typeIn(type, key), live[key], ownAt(applied, key)))
  for (const key in applied)
    if (ownAt(live, key) === undefined) setIfThere(merged, key, mergeAt(typeIn(type, key), undefined, applied[key]))
  return isBare(merged) ? undefined : merged
}

function setIfThere(map: Record<string, unknown>, key: string, value: unknown): void {
  if (value !== undefined) setOwn(map, key, value)
}

interface Indexed {
  readonly elements: readonly string[]
  readonly items: ReadonlyMap<string, unknown>
}

function indexed(type: FieldType, list: readonly unknown[]): Indexed {
  const elements: string[] = []
  const items = new Map<string, unknown>()
  for (const item of list) {
    const { element } = elementOf(type, item)
    if (element === undefined) continue
    elements.push(element)
    // of twins in a live list none is merged into
    items.set(element, items.has(element) ? undefined : item)
  }
  return { elements, items }
}

/** The applied order holds among what both have; what only the live list has keeps its place among them. */
function mergeLists(
  type: FieldType,
  live: readonly unknown[],
  applied: readonly unknown[],
): readonly unknown[] | undefined {
  const left = indexed(type, live)
  const right = indexed(type, applied)
  const of = type.of?.() ?? unknownField
  const shared = right.elements.filter((element) => left.items.has(element))
  const merged: unknown[] = []
  const done = new Set<string>()
  let nextShared = 0
  let at = 0
  let next = 0
  const take = (element: string, liveItem: unknown, item: unknown): void => {
    const out = mergeAt(of, liveItem, item)
    if (out !== undefined) merged.push(out)
  }
  const both = (element: string): void => {
    done.add(element)
    take(element, left.items.get(element), right.items.get(element))
  }
  while (at < left.elements.length || next < right.elements.length) {
    const mine = left.elements[at]
    const theirs = right.elements[next]
    if (mine !== undefined && theirs !== undefined) {
      if (mine === theirs) {
        both(mine)
        at++
        next++
        nextShared++
        continue
      }
      // an item of both, but not the one whose turn it is
      if (right.items.has(mine) && shared[nextShared] !== undefined && shared[nextShared] !== mine) {
        at++
        continue
      }
    }
    if (mine !== undefined && !right.items.has(mine)) {
      take(mine, live[at], undefined)
      at++
      continue
    }
    if (mine !== undefined && done.has(mine)) at++
    if (theirs === undefined) continue
    both(theirs)
    next++
    if (shared[nextShared] === theirs) nextShared++
  }
  return merged.length === 0 ? undefined : merged
}

/** An object without the fields of a set. What all is taken from is null; what only its insides are taken from stays, if empty. */
// upstream: sigs.k8s.io/structured-merge-diff/typed/remove.go
export function removeFields(declared: FieldType, value: unknown, set: FieldSet): unknown {
  const type = resolved(declared, value)
  if (type.shape === 'scalar') return value
  if (type.isAtomic === true) return null
  if (type.shape === 'list') return Array.isArray(value) ? removeItems(type, value as readonly unknown[], set) : null
  if (!isMap(value)) return null
  const kept: Record<string, unknown> = {}
  let isReached = false
  for (const key in value) {
    const element = `f:${key}`
    if (value[key] === undefined || holds(set, element)) continue
    const inner = below(set, element)
    isReached ||= inner !== undefined
    setIfThere(kept, key, inner === undefined ? value[key] : removeInside(typeIn(type, key), value[key], inner))
  }
  return isBare(kept) && !isReached ? null : kept
}

function removeItems(type: FieldType, list: readonly unknown[], set: FieldSet): unknown {
  const kept: unknown[] = []
  let isReached = false
  for (const item of list) {
    const { element } = elementOf(type, item)
    if (element !== undefined && holds(set, element)) continue
    const inner = element === undefined ? undefined : below(set, element)
    isReached ||= inner !== undefined
    kept.push(inner === undefined ? item : removeInside(type.of?.() ?? unknownField, item, inner))
  }
  return kept.length === 0 && !isReached ? null : kept
}

/** A map or list that is emptied from within stays. */
function removeInside(type: FieldType, value: unknown, set: FieldSet): unknown {
  const left = removeFields(type, value, set)
  if (left !== null) return left
  return Array.isArray(value) ? [] : isMap(value) ? {} : null
}
