import {
  bool,
  bytes,
  double,
  duration,
  dyn,
  int,
  listOf,
  mapOf,
  nameless,
  string,
  timestamp,
  type CelType,
} from './types.ts'

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
const known = new WeakMap<object, CelType | typeof unknown>()
const unknown = 'unknown'

/**
 * The type of a value that a schema describes; undefined where the schema does not tell, and then expressions cannot speak of the
 * value. `isWhole`: an object of the API, whose name and kind are always there.
 */
// upstream: staging/src/k8s.io/apiserver/pkg/cel/common/schemas.go
export function typeOfSchema(schema: TypeSchema, isWhole = false): CelType | undefined {
  let found = known.get(schema)
  if (found === undefined) {
    found = makeType(schema, isWhole || schema['x-kubernetes-embedded-resource'] === true) ?? unknown
    known.set(schema, found)
  }
  return found === unknown ? undefined : found
}

function makeType(schema: TypeSchema, isWhole: boolean): CelType | undefined {
  if (schema['x-kubernetes-int-or-string']) return dyn
  switch (schema.type) {
    case 'array': {
      const items = typeof schema.items === 'object' && schema.items !== null ? typeOfSchema(schema.items) : undefined
      return items && listOf(items)
    }
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
      return undefined
  }
}

function objectType({ additionalProperties: values, properties }: TypeSchema, isWhole: boolean): CelType | undefined {
  if (typeof values === 'object' && values !== null) {
    const of = typeOfSchema(values)
    return of && mapOf(string, of)
  }
  return object(isWhole ? { ...properties, ...whole(properties) } : (properties ?? {}))
}

// differs: upstream calls the object at a rule by a number of the moment (`selfType123`), and those inside by their path from there
function object(properties: Readonly<Record<string, TypeSchema>>): CelType {
  let fields: ReadonlyMap<string, CelType> | undefined
  return { kind: 'object', name: nameless, fields: () => (fields ??= fieldsOf(properties)) }
}

/** Fields of unknown types are left out. */
function fieldsOf(properties: Readonly<Record<string, TypeSchema>>): ReadonlyMap<string, CelType> {
  const fields = new Map<string, CelType>()
  for (const [name, one] of Object.entries(properties)) {
    const type = typeOfSchema(one)
    if (type !== undefined) fields.set(name, type)
  }
  return fields
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
