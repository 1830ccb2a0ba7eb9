import { isEqual } from '../../../api/index.ts'
import { isObject, itemsOf, propertyOf, valuesOf, type Json, type Schema } from '../schema.ts'
import { inOrder } from './copyPlain.ts'

// Which part of an object before an update a part of the object after it is compared with; undefined: with none.
// upstream: staging/src/k8s.io/apiserver/pkg/cel/common/equality.go

/** What an object had at a key. */
export function memberBefore(old: unknown, key: string): unknown {
  return isObject(old) && Object.hasOwn(old, key) ? old[key] : undefined
}

/** Finds the item of the list before that has the same keys: only lists that are maps can tell. */
export function itemsBefore(schema: Schema, old: unknown): (item: unknown) => unknown {
  if (schema['x-kubernetes-list-type'] !== 'map' || !Array.isArray(old)) return unknown
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const items = itemsOf(schema)
  const known = new Map<string, unknown>()
  for (const item of old as readonly unknown[]) {
    const identity = identityOf(keysOf(item, keys, items))
    if (!known.has(identity)) known.set(identity, item)
  }
  return (item) => {
    const own = keysOf(item, keys, items)
    return isObject(item) && Object.keys(own).length === keys.length ? known.get(identityOf(own)) : undefined
  }
}

const unknown = (): undefined => undefined

/** A text that two values of JSON share exactly if they are equal. */
export function identityOf(value: unknown): string {
  return JSON.stringify(inOrder(value)) ?? ''
}

/** The keys of an item, with the defaults of those it does not give. */
export function keysOf(item: unknown, keys: readonly string[], items: Schema | undefined): Json {
  const given = isObject(item) ? item : {}
  const found: Record<string, unknown> = {}
  for (const key of keys) {
    const value = Object.hasOwn(given, key) ? given[key] : items && propertyOf(items, key)?.default
    if (value !== undefined) found[key] = value
  }
  return found
}

/** Whether nothing has changed, as far as the schema can tell: what it does not know of has always changed. */
export function isUnchanged(schema: Schema, value: unknown, old: unknown): boolean {
  if (Array.isArray(value)) return Array.isArray(old) && isSameList(schema, value, old)
  if (!isObject(value)) return isEqual(value, old)
  if (!isObject(old)) return false
  const keys = Object.keys(value)
  if (keys.length !== Object.keys(old).length) return false
  return keys.every((key) => {
    const inner = propertyOf(schema, key) ?? valuesOf(schema)
    return inner !== undefined && Object.hasOwn(old, key) && isUnchanged(inner, value[key], old[key])
  })
}

function isSameList(schema: Schema, values: readonly unknown[], old: readonly unknown[]): boolean {
  const items = itemsOf(schema)
  if (values.length !== old.length) return false
  if (items === undefined || schema['x-kubernetes-list-type'] !== 'map') return isEqual(values, old)
  const itemBefore = itemsBefore(schema, old)
  return values.every((item) => {
    const before = itemBefore(item)
    return before !== undefined && isUnchanged(items, item, before)
  })
}
