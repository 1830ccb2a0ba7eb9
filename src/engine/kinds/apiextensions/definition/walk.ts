import { isObject, itemsOf, sortedKeys, valuesOf, type Schema } from '../schema.ts'
import type { Version } from './types.ts'

/** A schema and every one inside it, from the outside in. */
// upstream: apiextensions/validation/validation.go SchemaHas
export function* schemasIn(schema: Schema): Generator<Schema> {
  yield schema
  const items = itemsOf(schema)
  if (items !== undefined) yield* schemasIn(items)
  for (const key of ['allOf', 'anyOf', 'oneOf'] as const) for (const inner of schema[key] ?? []) yield* schemasIn(inner)
  if (isObject(schema.not)) yield* schemasIn(schema.not)
  const { properties = {} } = schema
  for (const name of sortedKeys(properties)) yield* schemasIn(properties[name]!)
  const values = valuesOf(schema)
  if (values !== undefined) yield* schemasIn(values)
}

/** Whether a version's schema fills anything in. */
export function hasDefaults({ schema }: Version): boolean {
  const root = schema?.openAPIV3Schema
  return root !== undefined && [...schemasIn(root)].some((one) => one.default !== undefined && one.default !== null)
}
