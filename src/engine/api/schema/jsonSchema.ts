import { enumOf } from './enums.ts'
import type { DescriptionProvider } from './explainNodes.ts'
import type { Field, ScalarKind, TypeRef } from './schema.ts'
import { getObjectType, typeOf } from './schema.ts'

/** A JSON Schema as data. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** The JSON Schema (draft 7) of one built-in kind for an editor: closed objects, so a misspelt field is marked. */
export function jsonSchemaOf(
  group: string,
  version: string,
  kind: string,
  description: DescriptionProvider = () => undefined,
): JsonSchema | undefined {
  const root = typeOf(group, version, kind)
  if (root === undefined) return undefined
  const definitions: Record<string, JsonSchema> = {}
  const waiting = [root]
  for (const name of waiting) {
    if (definitions[name] !== undefined) continue
    definitions[name] = definitionOf(name, description)
    waiting.push(...referredTypes(name))
  }
  const apiVersion = group === '' ? version : `${group}/${version}`
  const { properties, ...rest } = definitions[root] as { readonly properties: JsonSchema }
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    ...rest,
    properties: {
      ...properties,
      apiVersion: only(properties.apiVersion, apiVersion),
      kind: only(properties.kind, kind),
    },
    required: ['apiVersion', 'kind', ...requiredOf(root)],
    definitions,
  }
}

const only = (schema: unknown, value: string): JsonSchema => ({ ...(schema as JsonSchema), enum: [value] })

function definitionOf(name: string, description: DescriptionProvider): JsonSchema {
  const fields = [...getObjectType(name).fields.values()]
  const required = requiredOf(name)
  return {
    type: 'object',
    ...textOf(description(name)),
    properties: Object.fromEntries(fields.map((field) => [field.name, propertyOf(name, field, description)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  }
}

function requiredOf(name: string): string[] {
  return [...getObjectType(name).fields.values()].filter((field) => field.required).map((field) => field.name)
}

function propertyOf(owner: string, field: Field, description: DescriptionProvider): JsonSchema {
  const text = textOf(description(owner, field.name))
  const schema = schemaOf(field.type, enumOf(owner, field.name))
  // Draft 7 ignores everything beside a $ref.
  if ('$ref' in schema) return 'description' in text ? { allOf: [schema], ...text } : schema
  return { ...schema, ...text }
}

const textOf = (text: string | undefined): { description?: string } =>
  text === undefined || text === '' ? {} : { description: text }

function schemaOf(ref: TypeRef, values: readonly string[] | undefined): JsonSchema {
  if (ref.kind === 'array') return { type: 'array', items: schemaOf(ref.of, values) }
  if (ref.kind === 'map') return { type: 'object', additionalProperties: schemaOf(ref.of, values) }
  if (ref.kind === 'object') return { $ref: `#/definitions/${ref.name}` }
  return values === undefined ? scalars[ref.kind] : { type: 'string', enum: values }
}

function referredTypes(name: string): string[] {
  return [...getObjectType(name).fields.values()].flatMap(({ type }) => referredBy(type))
}

function referredBy(ref: TypeRef): string[] {
  if (ref.kind === 'array' || ref.kind === 'map') return referredBy(ref.of)
  if (ref.kind === 'object') return [ref.name]
  return ref.kind.startsWith('schemaOr') ? ['JSONSchemaProps'] : []
}

const quantityPattern = '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
const nestedSchema = { $ref: '#/definitions/JSONSchemaProps' }

const scalars: Readonly<Record<ScalarKind, JsonSchema>> = {
  string: { type: 'string' },
  int32: { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
  int64: { type: 'integer' },
  boolean: { type: 'boolean' },
  double: { type: 'number' },
  quantity: { type: ['string', 'number'], pattern: quantityPattern },
  intOrString: { type: ['integer', 'string'] },
  time: { type: 'string', format: 'date-time' },
  microTime: { type: 'string', format: 'date-time' },
  bytes: { type: 'string' },
  rawExtension: {},
  fieldsV1: { type: 'object' },
  json: {},
  schemaOrBool: { anyOf: [{ type: 'boolean' }, nestedSchema] },
  schemaOrArray: { anyOf: [nestedSchema, { type: 'array', items: nestedSchema }] },
  schemaOrStrings: { anyOf: [nestedSchema, { type: 'array', items: { type: 'string' } }] },
}

/** The JSON Schema of a custom kind, from the openAPIV3Schema of its version; closed where the server would prune. */
export function customJsonSchemaOf(
  group: string,
  version: string,
  kind: string,
  schema: JsonSchema | undefined,
  description: DescriptionProvider = () => undefined,
): JsonSchema {
  const definitions: Record<string, JsonSchema> = {}
  for (const name of ['ObjectMeta', 'ManagedFieldsEntry', 'OwnerReference'])
    definitions[name] = definitionOf(name, description)
  const { properties = {}, required = [], ...rest } = closed(schema ?? {})
  const given = Array.isArray(required) ? required.map(String) : []
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    ...rest,
    properties: {
      ...(properties as JsonSchema),
      apiVersion: { type: 'string', enum: [`${group}/${version}`] },
      kind: { type: 'string', enum: [kind] },
      metadata: { $ref: '#/definitions/ObjectMeta' },
    },
    required: [...new Set(['apiVersion', 'kind', 'metadata', ...given])],
    definitions,
  }
}

/** A structural schema as an editor understands it: our extensions said in plain JSON Schema. */
function closed(schema: JsonSchema): JsonSchema {
  const result: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'nullable' || key === 'default' || key.startsWith('x-kubernetes-')) continue
    if (key === 'properties') result.properties = mapValues(value as Readonly<Record<string, JsonSchema>>, closed)
    else if ((key === 'items' || key === 'additionalProperties') && typeof value === 'object')
      result[key] = closed(value as JsonSchema)
    else result[key] = value
  }
  if (schema['x-kubernetes-int-or-string'] === true) result.type = ['integer', 'string']
  if (schema.nullable === true && typeof result.type === 'string') result.type = [result.type, 'null']
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties !== undefined
  if (schema.properties !== undefined && !isOpen) result.additionalProperties = false
  return result
}

function mapValues<T, R>(values: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]))
}
