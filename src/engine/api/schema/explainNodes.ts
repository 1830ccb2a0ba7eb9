import { enumOf } from './enums.ts'
import type { Field, TypeRef } from './schema.ts'
import { elementOf, getObjectType, typeOf } from './schema.ts'

/** Texts of a type (no field given) or of one of its fields; undefined where there is none. */
export type DescriptionProvider = (type: string, field?: string) => string | undefined

/** A value in the tree that `kubectl explain` walks; lists and maps stand for what they hold. */
export interface ExplainNode {
  /** As shown: `[]Container`, `map[string]string`, `integer`. */
  readonly type: string
  /** What stands under DESCRIPTION, the field's own text first. */
  readonly texts: readonly string[]
  readonly values?: readonly string[] | undefined
  /** The same for the same type, which a recursive listing enters once on its way down. */
  readonly identity?: string
  readonly fields: () => readonly ExplainField[]
}

/** One field of a node. */
export interface ExplainField {
  readonly name: string
  readonly required: boolean
  readonly text: string | undefined
  readonly node: ExplainNode
}

/** The tree of a built-in kind; undefined if the schema does not know it. */
export function builtInExplainRoot(
  group: string,
  version: string,
  kind: string,
  description: DescriptionProvider,
): ExplainNode | undefined {
  const type = typeOf(group, version, kind)
  return type === undefined ? undefined : nodeOf({ kind: 'object', name: type }, [], undefined, description)
}

/** The tree of a custom kind, from the openAPIV3Schema of its version. */
export function customExplainRoot(schema: OpenApiSchema | undefined, description: DescriptionProvider): ExplainNode {
  const given = customNode(schema ?? {})
  const own = builtInNames.map((name): ExplainField => fieldOf('Pod', getField('Pod', name), description))
  const rest = given.fields().filter(({ name }) => !builtInNames.includes(name))
  return { ...given, fields: () => [...own, ...rest].sort((a, b) => (a.name < b.name ? -1 : 1)) }
}

/** What of a custom resource's schema explain reads. */
export interface OpenApiSchema {
  readonly type?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, OpenApiSchema>>
  readonly required?: readonly string[]
  readonly items?: OpenApiSchema
  readonly additionalProperties?: OpenApiSchema | boolean
  readonly enum?: readonly unknown[]
}

const builtInNames: readonly string[] = ['apiVersion', 'kind', 'metadata']

function nodeOf(
  ref: TypeRef,
  ownTexts: readonly string[],
  values: readonly string[] | undefined,
  description: DescriptionProvider,
): ExplainNode {
  const inner = elementOf(ref)
  const base = { type: shownType(ref), values }
  if (inner.kind !== 'object') return { ...base, texts: ownTexts, fields: () => [] }
  const typeText = description(inner.name)
  const fields = () =>
    [...getObjectType(inner.name).fields.values()].map((field) => fieldOf(inner.name, field, description))
  return { ...base, texts: typeText === undefined ? ownTexts : [...ownTexts, typeText], identity: inner.name, fields }
}

function fieldOf(owner: string, field: Field, description: DescriptionProvider): ExplainField {
  // The values of a list are an enumeration of its items, which explain does not show.
  const values = field.type.kind === 'string' ? enumOf(owner, field.name) : undefined
  const given = description(owner, field.name)
  const text = given === undefined ? undefined : given + valuesText(values)
  const node = nodeOf(field.type, text === undefined ? [] : [text], values, description)
  // differs: the models have no text for a field that refers to a type; that type's own text is shown instead
  return { name: field.name, required: field.required, text: text ?? node.texts[0], node }
}

// differs: upstream also says what each value means, where its source has a comment; the models don't carry that
function valuesText(values: readonly string[] | undefined): string {
  return values === undefined ? '' : `\n\nPossible enum values:${values.map((value) => `\n - \`"${value}"\``).join('')}`
}

function shownType(ref: TypeRef): string {
  if (ref.kind === 'array') return `[]${shownType(ref.of)}`
  if (ref.kind === 'map') return `map[string]${shownType(ref.of)}`
  if (ref.kind === 'object') return getObjectType(ref.name).goName
  return shownTypes[ref.kind] ?? ref.kind
}

const shownTypes: Readonly<Record<string, string>> = {
  int32: 'integer',
  int64: 'integer',
  double: 'number',
  quantity: 'Quantity',
  intOrString: 'IntOrString',
  time: 'string',
  microTime: 'string',
  bytes: 'string',
  rawExtension: 'RawExtension',
  fieldsV1: 'FieldsV1',
  json: 'JSON',
  schemaOrBool: 'JSONSchemaPropsOrBool',
  schemaOrArray: 'JSONSchemaPropsOrArray',
  schemaOrStrings: 'JSONSchemaPropsOrStringArray',
}

function getField(type: string, name: string): Field {
  const field = getObjectType(type).fields.get(name)
  if (field === undefined) throw new Error(`${type} has no field ${name}`)
  return field
}

function customNode(schema: OpenApiSchema): ExplainNode {
  const values = schema.enum?.map(String)
  return { type: customType(schema), texts: customTexts(schema), values, fields: () => customFields(schema) }
}

function customFields(schema: OpenApiSchema): readonly ExplainField[] {
  const inside = innerOf(schema)
  if (inside !== undefined) return customFields(inside)
  const required = schema.required ?? []
  return Object.entries(schema.properties ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => ({
      name,
      required: required.includes(name),
      text: field.description,
      node: customNode(field),
    }))
}

function customType(schema: OpenApiSchema): string {
  if (schema.items !== undefined) return `[]${customType(schema.items)}`
  if (typeof schema.additionalProperties === 'object') return `map[string]${customType(schema.additionalProperties)}`
  return schema.type === undefined || schema.type === 'object' ? 'Object' : schema.type
}

function customTexts(schema: OpenApiSchema): readonly string[] {
  const inside = innerOf(schema)
  const own = schema.description === undefined || schema.description === '' ? [] : [schema.description]
  return inside === undefined ? own : [...own, ...customTexts(inside)]
}

function innerOf({ items, additionalProperties }: OpenApiSchema): OpenApiSchema | undefined {
  return items ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined)
}

/** A provider that reads the generated table of texts; that table is large, so whoever needs it imports it lazily. */
export function describedBy(table: DescriptionTable): DescriptionProvider {
  return (type, field) => {
    const texts = table[type]
    const text = field === undefined ? texts?.[0] : texts?.[1][field]
    return text === '' ? undefined : text
  }
}

/** The shape of `generated/descriptions.ts`. */
export type DescriptionTable = Readonly<
  Record<string, readonly [text: string, fields: Readonly<Record<string, string>>]>
>
