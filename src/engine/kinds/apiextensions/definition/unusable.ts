import type { Schema } from '../schema.ts'
import { schemasIn } from './walk.ts'

/** Why a schema cannot be read as a structural one at all. */
// upstream: apiserver/schema/convert.go NewStructural
export function unusableWord(schema: Schema): string | undefined {
  for (const one of schemasIn(schema)) {
    const why = ownWord(one)
    if (why !== undefined) return why
  }
  return undefined
}

function ownWord(schema: Schema): string | undefined {
  for (const [key, name] of [
    ['id', 'id'],
    ['$schema', 'schema'],
    ['$ref', '$ref'],
    ['patternProperties', 'patternProperties'],
    ['dependencies', 'dependencies'],
    ['additionalItems', 'additionalItems'],
    ['definitions', 'definitions'],
  ] as const) {
    const value = schema[key]
    if (value === undefined || value === null || value === '') continue
    if (typeof value !== 'object' || key === 'additionalItems' || Object.keys(value).length > 0)
      return `OpenAPIV3Schema '${name}' is not supported`
  }
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined"
  return Array.isArray(schema.items) && schema.items.length > 0
    ? "OpenAPIV3Schema 'items' must be a schema, but is an array"
    : undefined
}
