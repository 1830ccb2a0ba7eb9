import { builtInType, untyped, type FieldType } from './fieldType.ts'

type Schema = Readonly<Record<string, unknown>>

const text: FieldType = { shape: 'scalar', scalar: 'string' }
const number: FieldType = { shape: 'scalar', scalar: 'numeric' }
const boolean: FieldType = { shape: 'scalar', scalar: 'boolean' }
const any: FieldType = { shape: 'scalar', scalar: 'any' }

/** The type of a custom resource, as its definition's schema tells it. */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/customresource_handler.go newFieldManager
export function customType(schema: Schema): FieldType {
  return rootOf(typeIn(schema))
}

function rootOf(own: FieldType): FieldType {
  const inner = own.shape === 'map' ? own : untyped
  return {
    ...inner,
    shape: 'map',
    field: (name) =>
      name === 'metadata'
        ? builtInType('ObjectMeta')
        : name === 'apiVersion' || name === 'kind'
          ? text
          : inner.field?.(name),
  }
}

function typeIn(schema: unknown): FieldType {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return untyped
  const given = schema as Schema
  if (given['x-kubernetes-int-or-string'] === true) return any
  const type = given['type']
  if (type === 'array') return listOf(given)
  if (type === 'object' || (type === undefined && given['properties'] !== undefined)) return mapOf(given)
  if (type === 'string') return text
  if (type === 'integer' || type === 'number') return number
  return type === 'boolean' ? boolean : untyped
}

function listOf(schema: Schema): FieldType {
  const of = lazily(() => typeIn(schema['items']))
  const how = schema['x-kubernetes-list-type']
  if (how === 'set') return { shape: 'list', of }
  const keys = schema['x-kubernetes-list-map-keys']
  if (how !== 'map' || !Array.isArray(keys)) return { shape: 'list', isAtomic: true, of }
  return { shape: 'list', of, keys: [...(keys as string[])].sort(), keyDefaults: defaultsIn(schema['items']) }
}

function defaultsIn(items: unknown): Readonly<Record<string, unknown>> {
  const properties = ((items as Schema | undefined)?.['properties'] ?? {}) as Readonly<Record<string, Schema>>
  const defaults: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(properties))
    if (schema?.['default'] !== undefined) defaults[name] = schema['default']
  return defaults
}

function mapOf(schema: Schema): FieldType {
  const properties = schema['properties'] as Readonly<Record<string, unknown>> | undefined
  const fields = new Map<string, FieldType>()
  const more = schema['additionalProperties']
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true || more === true
  const of =
    typeof more === 'object' && more !== null
      ? lazily(() => typeIn(more))
      : isOpen || properties === undefined
        ? () => untyped
        : undefined
  const type: FieldType = {
    shape: 'map',
    ...(schema['x-kubernetes-map-type'] === 'atomic' && { isAtomic: true }),
    ...(of !== undefined && { of }),
    field(name) {
      const known = fields.get(name)
      if (known !== undefined) return known
      if (properties === undefined || !Object.hasOwn(properties, name)) return undefined
      const made = typeIn(properties[name])
      fields.set(name, made)
      return made
    },
  }
  return schema['x-kubernetes-embedded-resource'] === true ? rootOf(type) : type
}

function lazily(make: () => FieldType): () => FieldType {
  let made: FieldType | undefined
  return () => (made ??= make())
}
