import { isObject, itemsOf, propertyOf, valuesOf, type Json, type Schema } from '../schema.ts'

/**
 * A value without what its schema does not know; the paths of what was left out are added to `unknown`. The value itself is not
 * changed: where nothing was left out, it comes back as it is.
 */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning/algorithm.go
export function prune(value: unknown, schema: Schema, isResource: boolean, unknown: string[], path = ''): unknown {
  if (Array.isArray(value)) return pruneList(value, schema, unknown, path)
  if (!isObject(value)) return value
  const isWhole = isResource || schema['x-kubernetes-embedded-resource'] === true
  return pruneObject(value, schema, isWhole, unknown, path)
}

const always: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata'])

function pruneObject(value: Json, schema: Schema, isWhole: boolean, unknown: string[], path: string): Json {
  const result: Record<string, unknown> = {}
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true
  const values = valuesOf(schema)
  let isChanged = false
  for (const key of Object.keys(value)) {
    const given = value[key]
    const inner = propertyOf(schema, key) ?? values
    const at = path === '' ? key : `${path}.${key}`
    if (isWhole && always.has(key)) result[key] = given
    else if (inner !== undefined) result[key] = prune(given, inner, false, unknown, at)
    else if (isOpen || schema.additionalProperties === true) result[key] = given
    else unknown.push(at)
    if (result[key] !== given || !(key in result)) isChanged = true
  }
  return isChanged ? result : value
}

function pruneList(value: readonly unknown[], schema: Schema, unknown: string[], path: string): readonly unknown[] {
  const items = itemsOf(schema)
  if (items === undefined) return value
  const result = value.map((item, index) => prune(item, items, false, unknown, `${path}[${index}]`))
  return result.some((item, index) => item !== value[index]) ? result : value
}
