import {
  enumOf,
  getObjectType,
  mergeRule,
  type DescriptionProvider,
  type Field,
  type MergeRule,
  type TypeRef,
} from '../../api/schema/index.ts'
import { openApiName, scalarNames } from './names.ts'

/** A schema as data. */
export type Schema = Readonly<Record<string, unknown>>

/** How the two versions of OpenAPI differ for us. */
export interface Dialect {
  /** where schemas are: `#/definitions/` or `#/components/schemas/` */
  readonly root: string
  readonly isVersion3: boolean
}

/** How OpenAPI 2 refers to a schema. */
export const version2: Dialect = Object.freeze({ root: '#/definitions/', isVersion3: false })
/** How OpenAPI 3 does. */
export const version3: Dialect = Object.freeze({ root: '#/components/schemas/', isVersion3: true })

/** Collects schemas of types by their names, each with all that it refers to. */
export function createSchemas(dialect: Dialect, describe: DescriptionProvider) {
  const schemas: Record<string, Schema> = {}

  function add(type: string): string {
    const name = openApiName(type)
    if (schemas[name] !== undefined) return name
    schemas[name] = {} // a type may refer to itself
    schemas[name] = objectSchema(type)
    return name
  }

  function objectSchema(type: string): Schema {
    const fields = [...getObjectType(type).fields.values()]
    const required = fields.filter((field) => field.required).map(({ name }) => name)
    const description = describe(type)
    return {
      ...(description !== undefined && { description }),
      type: 'object',
      ...(required.length > 0 && { required }),
      properties: Object.fromEntries(fields.map((field) => [field.name, property(type, field)])),
    }
  }

  function property(owner: string, field: Field): Schema {
    const description = describe(owner, field.name)
    const schema = schemaOf(field.type, enumOf(owner, field.name))
    const extensions = extensionsOf(field.type, mergeRule(owner, field.name))
    const text = description === undefined ? {} : { description }
    if (!('$ref' in schema)) return { ...text, ...schema, ...extensions }
    // version 3 ignores everything beside a $ref
    if (dialect.isVersion3) return { ...text, allOf: [schema], ...extensions }
    return { ...text, ...schema, ...extensions }
  }

  function schemaOf(ref: TypeRef, values?: readonly string[]): Schema {
    switch (ref.kind) {
      case 'array':
        return { type: 'array', items: schemaOf(ref.of, values) }
      case 'map':
        return { type: 'object', additionalProperties: schemaOf(ref.of, values) }
      case 'object':
        return { $ref: dialect.root + add(ref.name) }
      case 'string':
      case 'int32':
      case 'int64':
      case 'boolean':
      case 'double':
      case 'bytes':
        return values === undefined ? plain[ref.kind] : { type: 'string', enum: values }
      default: {
        const name = scalarNames[ref.kind]
        schemas[name] ??= dialect.isVersion3 ? { ...special[ref.kind], ...special3[ref.kind] } : special[ref.kind]
        if (ref.kind.startsWith('schemaOr')) add('JSONSchemaProps')
        return { $ref: dialect.root + name }
      }
    }
  }

  return { schemas, add, schemaOf }
}

type Plain = 'string' | 'int32' | 'int64' | 'boolean' | 'double' | 'bytes'

const plain: Readonly<Record<Plain, Schema>> = {
  string: { type: 'string' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  boolean: { type: 'boolean' },
  double: { type: 'number', format: 'double' },
  bytes: { type: 'string', format: 'byte' },
}

type Special = keyof typeof scalarNames

const special: Readonly<Record<Special, Schema>> = {
  quantity: { type: 'string', description: 'A number with a unit: 100m, 1Gi, 2.' },
  intOrString: { type: 'string', format: 'int-or-string' },
  time: { type: 'string', format: 'date-time' },
  microTime: { type: 'string', format: 'date-time' },
  rawExtension: { type: 'object' },
  fieldsV1: { type: 'object' },
  json: {},
  schemaOrBool: {},
  schemaOrArray: {},
  schemaOrStrings: {},
}

const special3: Readonly<Partial<Record<Special, Schema>>> = {
  quantity: { type: undefined, oneOf: [{ type: 'string' }, { type: 'number' }] },
  intOrString: { type: undefined, oneOf: [{ type: 'integer' }, { type: 'string' }] },
}

/** How clients merge a field, as the documents tell it. */
function extensionsOf(ref: TypeRef, rule: MergeRule): Schema {
  const { patch, patchKey, retainsKeys, apply, applyKeys } = rule
  const isList = ref.kind === 'array'
  const extensions: Record<string, unknown> = {}
  if (isList && apply !== undefined && apply !== 'granular') extensions['x-kubernetes-list-type'] = apply
  if (isList && apply === 'map') extensions['x-kubernetes-list-map-keys'] = applyKeys
  if (isList && apply === undefined) extensions['x-kubernetes-list-type'] = 'atomic'
  if (!isList && (apply === 'atomic' || apply === 'granular')) extensions['x-kubernetes-map-type'] = apply
  if (patchKey !== undefined) extensions['x-kubernetes-patch-merge-key'] = patchKey
  if (patch !== undefined) extensions['x-kubernetes-patch-strategy'] = retainsKeys ? 'merge,retainKeys' : patch
  return extensions
}
