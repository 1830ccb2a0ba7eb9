import { invalidValue, notAllowed, required, unsupported, type FieldError } from '../../../api/index.ts'
import { goPatternError } from '../goPattern.ts'
import { isObject, itemsOf, sortedKeys, valuesOf, type Schema } from '../schema.ts'
import { ruleErrors } from './rules.ts'

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string']

/** What is wrong with a schema, one node after the other. `path` is where it stands. */
// upstream: apiextensions/validation/validation.go ValidateCustomResourceDefinitionOpenAPISchema, specStandardValidatorV3
export function openApiErrors(schema: Schema, path: string, isRoot = true): readonly FieldError[] {
  const errors: FieldError[] = []
  walk(schema, path, { isRoot, forbidden: undefined, loosePath: undefined }, errors)
  return errors
}

interface Around {
  readonly isRoot: boolean
  /** why no default may stand here, if so */
  readonly forbidden: string | undefined
  /** the list above whose items cannot be told apart from one version to the next */
  readonly loosePath: string | undefined
}

function walk(schema: Schema, path: string, around: Around, errors: FieldError[]): void {
  const { isRoot, forbidden } = around
  // what an atomic map was before cannot be told apart by its keys
  const loosePath = around.loosePath ?? (schema['x-kubernetes-map-type'] === 'atomic' ? path : undefined)
  standardErrors(schema, path, forbidden, errors)
  if (schema.uniqueItems)
    errors.push(
      notAllowed(
        `${path}.uniqueItems`,
        'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ),
    )
  propertyErrors(schema, path, { isRoot, forbidden, loosePath }, errors)
  const inside = (key: string, inner: Schema): void =>
    walk(inner, `${path}.${key}`, { isRoot: false, forbidden, loosePath }, errors)
  if (schema.not !== undefined) inside('not', schema.not)
  for (const key of ['allOf', 'oneOf', 'anyOf'] as const)
    schema[key]?.forEach((inner, index) => inside(`${key}[${index}]`, inner))
  const items = itemsOf(schema)
  const isKeyed = schema['x-kubernetes-list-type'] === 'map'
  if (items !== undefined)
    walk(
      items,
      `${path}.items`,
      { isRoot: false, forbidden, loosePath: loosePath ?? (isKeyed ? undefined : path) },
      errors,
    )
  errors.push(...extensionErrors(schema, path), ...ruleErrors(schema, path, isRoot, around.loosePath))
}

function propertyErrors(
  schema: Schema,
  path: string,
  { isRoot, forbidden, loosePath }: Around,
  errors: FieldError[],
): void {
  const { properties = {}, additionalProperties } = schema
  const hasProperties = Object.keys(properties).length > 0
  if (additionalProperties !== undefined && hasProperties && additionalProperties !== true)
    errors.push(notAllowed(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'))
  const values = valuesOf(schema)
  if (values !== undefined)
    walk(values, `${path}.additionalProperties`, { isRoot: false, forbidden, loosePath }, errors)
  for (const name of sortedKeys(properties)) {
    const isMeta = isRoot && (name === 'metadata' || name === 'apiVersion' || name === 'kind')
    const inner = { isRoot: false, forbidden: isMeta ? `in top-level ${name}` : forbidden, loosePath }
    walk(properties[name]!, `${path}.properties[${name}]`, inner, errors)
  }
}

function standardErrors(schema: Schema, path: string, noDefault: string | undefined, errors: FieldError[]): void {
  const forbid = (key: string, text: string): void => void errors.push(notAllowed(`${path}.${key}`, text))
  if (schema.default !== undefined && noDefault !== undefined) forbid('default', `must not be set ${noDefault}`)
  if (schema['id']) forbid('id', 'id is not supported')
  if (schema['additionalItems'] !== undefined) forbid('additionalItems', 'additionalItems is not supported')
  for (const key of ['patternProperties', 'definitions'] as const)
    if (isObject(schema[key]) && Object.keys(schema[key]).length > 0) forbid(key, `${key} is not supported`)
  if (schema['dependencies'] !== undefined) forbid('dependencies', 'dependencies is not supported')
  if (schema['$ref'] !== undefined) forbid('$ref', '$ref is not supported')
  if (schema.type === 'null') forbid('type', 'type cannot be set to null, use nullable as an alternative')
  if (Array.isArray(schema.items)) forbid('items', 'items must be a schema object and not an array')
  if (schema.type && schema.type !== 'null' && !types.includes(schema.type))
    errors.push(unsupported(`${path}.type`, schema.type, types))
  const why = schema.pattern ? goPatternError(schema.pattern) : undefined
  if (why !== undefined)
    errors.push(
      invalidValue(`${path}.pattern`, schema.pattern, `must be a valid regular expression, but isn't: ${why}`),
    )
}

function extensionErrors(schema: Schema, path: string): readonly FieldError[] {
  const errors: FieldError[] = []
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    errors.push(invalidValue(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'))
  const mapType = schema['x-kubernetes-map-type']
  if (mapType !== undefined) {
    errors.push(...typeErrors(schema, path, 'object', 'x-kubernetes-map-type'))
    if (mapType !== 'atomic' && mapType !== 'granular')
      errors.push(unsupported(`${path}.x-kubernetes-map-type`, mapType, ['atomic', 'granular']))
  }
  const listType = schema['x-kubernetes-list-type']
  if (listType !== undefined) {
    errors.push(...typeErrors(schema, path, 'array', 'x-kubernetes-list-type'))
    if (!['atomic', 'map', 'set'].includes(listType))
      errors.push(unsupported(`${path}.x-kubernetes-list-type`, listType, ['atomic', 'map', 'set']))
  }
  return [...errors, ...keyErrors(schema, path), ...setErrors(schema, path)]
}

function typeErrors({ type }: Schema, path: string, wanted: string, word: string): readonly FieldError[] {
  const text = `must be ${wanted} if ${word} is specified`
  if (type === wanted) return []
  return [type ? invalidValue(`${path}.type`, type, text) : required(`${path}.type`, text)]
}

const scalars = ['boolean', 'integer', 'number', 'string']

function keyErrors(schema: Schema, path: string): readonly FieldError[] {
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const type = schema['x-kubernetes-list-type']
  const errors: FieldError[] = []
  const text = 'must be map if x-kubernetes-list-map-keys is non-empty'
  if (keys.length > 0 && type !== 'map')
    errors.push(
      type === undefined
        ? required(`${path}.x-kubernetes-list-type`, text)
        : invalidValue(`${path}.x-kubernetes-list-type`, type, text),
    )
  if (type !== 'map') return errors
  const items = itemsOf(schema)
  const keyPath = `${path}.x-kubernetes-list-map-keys`
  if (keys.length === 0) errors.push(required(keyPath, 'must not be empty if x-kubernetes-list-type is map'))
  if (items === undefined) {
    errors.push(required(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map'))
    return errors
  }
  if (items.type !== 'object')
    errors.push(
      invalidValue(
        `${path}.items.type`,
        items.type ?? '',
        "must be object if parent array's x-kubernetes-list-type is map",
      ),
    )
  keys.forEach((key, index) => errors.push(...oneKeyErrors(items, key, keys, index, path)))
  if (items.nullable)
    errors.push(notAllowed(`${path}.items.nullable`, 'cannot be nullable when x-kubernetes-list-type is map'))
  return errors
}

function oneKeyErrors(
  items: Schema,
  key: string,
  keys: readonly string[],
  index: number,
  path: string,
): readonly FieldError[] {
  const errors: FieldError[] = []
  const keyPath = `${path}.x-kubernetes-list-map-keys`
  const property = items.properties?.[key]
  const at = `${path}.items.properties[${key}]`
  if (property === undefined) return [invalidValue(keyPath, keys, 'entries must all be names of item properties')]
  if (!scalars.includes(property.type ?? ''))
    errors.push(
      invalidValue(
        `${at}.type`,
        property.type ?? '',
        "must be a scalar type if parent array's x-kubernetes-list-type is map",
      ),
    )
  if (keys.indexOf(key) < index) errors.push(invalidValue(keyPath, keys, 'must not contain duplicate entries'))
  if (property.default === undefined && !(items.required ?? []).includes(key))
    errors.push(
      required(
        `${at}.default`,
        'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
      ),
    )
  if (property.nullable)
    errors.push(
      notAllowed(`${at}.nullable`, 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable'),
    )
  return errors
}

function setErrors(schema: Schema, path: string): readonly FieldError[] {
  const items = itemsOf(schema)
  if (schema['x-kubernetes-list-type'] !== 'set' || items === undefined) return []
  const errors: FieldError[] = []
  if (items.nullable)
    errors.push(notAllowed(`${path}.items.nullable`, 'cannot be nullable when x-kubernetes-list-type is set'))
  const atomic = (word: string, given: string | undefined): void => {
    if (given === 'atomic') return
    const text = `must be atomic as item of a list with x-kubernetes-list-type=set`
    errors.push(
      given === undefined
        ? required(`${path}.items.${word}`, text)
        : invalidValue(`${path}.items.${word}`, given, text),
    )
  }
  if (items.type === 'object') atomic('x-kubernetes-map-type', items['x-kubernetes-map-type'])
  if (items.type === 'array') atomic('x-kubernetes-list-type', items['x-kubernetes-list-type'] ?? 'atomic')
  return errors
}
