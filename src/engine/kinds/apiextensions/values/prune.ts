import { isObject, itemsOf, propertyOf, valuesOf, type Json, type Schema } from '../schema.ts'

/**
 * A value without what its schema does not know; the paths of what was left out are added to `unknown`. The value itself is not
 * changed: where nothing was left out, it comes back as it is.
 */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning/algorithm.go
export function prune(value: unknown, schema: Schema, isResource: boolean, unknown: string[], path = ''): unknown {
  if (Array.isArray(value)) return pruneList(value, schema, unknown, path)
  if (!isObject(value)) return value
  if (schema === nothing) return pruneAll(value, unknown, path)
  const isWhole = isResource || schema['x-kubernetes-embedded-resource'] === true
  return pruneObject(value, schema, isWhole, unknown, path)
}

/** The schema of what no schema speaks of. */
const nothing: Schema = Object.freeze({})

function pruneAll(value: Json, unknown: string[], path: string): Json {
  for (const key of Object.keys(value)) unknown.push(path === '' ? key : `${path}.${key}`)
  return {}
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
    else if (schema.additionalProperties === true && !isOpen) result[key] = prune(given, nothing, false, unknown, at)
    else if (isOpen) result[key] = given
    else unknown.push(at)
    if (result[key] !== given || !(key in result)) isChanged = true
  }
  return isChanged ? result : value
}

function pruneList(value: readonly unknown[], schema: Schema, unknown: string[], path: string): readonly unknown[] {
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true
  const items = itemsOf(schema) ?? (isOpen ? undefined : nothing)
  if (items === undefined) return value
  const result = value.map((item, index) => prune(item, items, false, unknown, `${path}[${index}]`))
  return result.some((item, index) => item !== value[index]) ? result : value
}
