import { bool, bytes, double, duration, dyn, int, listOf, mapOf, string, timestamp, type CelType } from './types.ts'

/** What of an openAPIV3Schema tells a type. */
export interface TypeSchema {
  readonly type?: string
  readonly format?: string
  readonly nullable?: boolean
  readonly items?: unknown
  readonly properties?: Readonly<Record<string, TypeSchema>>
  readonly additionalProperties?: unknown
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
  readonly 'x-kubernetes-embedded-resource'?: boolean
}

// A memo of frozen facts: types by the schema they come from.
const known = new WeakMap<object, CelType>()

/** The type of a value that a schema describes. `isWhole`: an object of the API, whose name and kind are always there. */
// upstream: staging/src/k8s.io/apiserver/pkg/cel/common/schemas.go
export function typeOfSchema(schema: TypeSchema, isWhole = false): CelType {
  const found = known.get(schema)
  if (found !== undefined) return found
  const made = makeType(schema, isWhole || schema['x-kubernetes-embedded-resource'] === true)
  known.set(schema, made)
  return made
}

function makeType(schema: TypeSchema, isWhole: boolean): CelType {
  if (schema['x-kubernetes-int-or-string']) return dyn
  switch (schema.type) {
    case 'array':
      return listOf(typeof schema.items === 'object' && schema.items !== null ? typeOfSchema(schema.items) : dyn)
    case 'object':
      return objectType(schema, isWhole)
    case 'boolean':
      return bool
    case 'number':
      return double
    case 'integer':
      return int
    case 'string':
      return textType(schema.format)
    default:
      return dyn
  }
}

function objectType(schema: TypeSchema, isWhole: boolean): CelType {
  const { additionalProperties: values, properties } = schema
  if (typeof values === 'object' && values !== null) return mapOf(string, typeOfSchema(values))
  if (properties === undefined && !isWhole)
    return schema['x-kubernetes-preserve-unknown-fields'] ? dyn : object(schema, {})
  return object(schema, isWhole ? { ...properties, ...whole(properties) } : (properties ?? {}))
}

function object(_: TypeSchema, properties: Readonly<Record<string, TypeSchema>>): CelType {
  let fields: ReadonlyMap<string, CelType> | undefined
  return {
    kind: 'object',
    name: 'object',
    fields: () => (fields ??= new Map(Object.entries(properties).map(([name, one]) => [name, typeOfSchema(one)]))),
  }
}

function whole(properties: TypeSchema['properties'] = {}): Readonly<Record<string, TypeSchema>> {
  const text: TypeSchema = { type: 'string' }
  const { metadata } = properties
  return {
    apiVersion: text,
    kind: text,
    metadata: { type: 'object', properties: { name: text, generateName: text, ...metadata?.properties } },
  }
}

function textType(format: string | undefined): CelType {
  if (format === 'date' || format === 'date-time') return timestamp
  if (format === 'duration') return duration
  return format === 'byte' ? bytes : string
}
