import { copyPlain } from './copyPlain.ts'
import { isObject, itemsOf, propertyOf, valuesOf, type Schema } from '../schema.ts'

/** Fills in the defaults of a schema, in place; a null where none may be counts as left out. */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting/algorithm.go
export function fillDefaults(value: unknown, schema: Schema): void {
  if (Array.isArray(value)) {
    const items = itemsOf(schema)
    if (items !== undefined) fillItems(value as unknown[], items)
  } else if (isObject(value)) fillObject(value as Record<string, unknown>, schema)
}

function fillItems(values: unknown[], items: Schema): void {
  for (let index = 0; index < values.length; index++) {
    if (isFilled(values[index], items)) values[index] = copyPlain(items.default)
    fillDefaults(values[index], items)
  }
}

function fillObject(value: Record<string, unknown>, schema: Schema): void {
  const { properties = {} } = schema
  for (const key in properties) {
    const property = properties[key]!
    if ((property.default ?? null) === null) continue
    if (!Object.hasOwn(value, key) || isFilled(value[key], property)) value[key] = copyPlain(property.default)
  }
  const others = valuesOf(schema)
  for (const key in value) {
    const inner = propertyOf(schema, key) ?? others
    if (inner === undefined) continue
    if (isFilled(value[key], inner)) value[key] = copyPlain(inner.default)
    fillDefaults(value[key], inner)
  }
}

/** Takes out, in place, what is null where no null may be and no default is. */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting/prunenulls.go
export function dropNulls(value: unknown, schema: Schema | undefined): void {
  if (Array.isArray(value)) for (const item of value as unknown[]) dropNulls(item, schema && itemsOf(schema))
  else if (isObject(value))
    for (const [key, held] of Object.entries(value)) {
      const inner = schema && (propertyOf(schema, key) ?? valuesOf(schema))
      if (held === null && inner !== undefined && inner.nullable !== true && (inner.default ?? null) === null)
        delete (value as Record<string, unknown>)[key]
      else dropNulls(held, inner)
    }
}

/** upstream: isNonNullableNull in defaulting/algorithm.go */
function isFilled(value: unknown, schema: Schema): boolean {
  return value === null && schema.nullable !== true && (schema.default ?? null) !== null
}
