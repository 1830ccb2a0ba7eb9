import { invalidValue, notAllowed, required, unsupported, type FieldError } from '../../../api/index.ts'
import { isObject, itemsOf, sortedKeys, valuesOf, type Schema } from '../schema.ts'
import { ruleErrors, ruleFormErrors } from './rules.ts'

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string']

/** What is wrong with a schema, one node after the other, and then with the rules in it; a rule in CEL is only read (`readsRules`) where the schema is right. `path` is where it stands. */
// upstream: apiextensions/validation/validation.go ValidateCustomResourceDefinitionOpenAPISchema, specStandardValidatorV3
export function openApiErrors(schema: Schema, path: string, readsRules: boolean): readonly FieldError[] {
  const { errors, ofRules } = look(schema, path, { isRoot: true, readsRules })
  return [...errors, ...ofRules]
}

interface Around {
  readonly isRoot?: boolean
  readonly readsRules: boolean
  /** why no default may stand here, if so */
  readonly forbidden?: string | undefined
  /** whether this is inside the metadata of an object */
  readonly isMeta?: boolean
  /** the list above whose items cannot be told apart from one version to the next */
  readonly loosePath?: string | undefined
}

interface Found {
  readonly errors: FieldError[]
  readonly ofRules: FieldError[]
}

function look(schema: Schema, path: string, around: Around): Found {
  const found: Found = { errors: standardErrors(schema, path, around), ofRules: [] }
  const { errors } = found
  const inner: Around = { ...around, isRoot: false }
  const inside = (key: string, one: Schema, own: Around): void => {
    const deeper = look(one, `${path}.${key}`, own)
    errors.push(...deeper.errors)
    found.ofRules.push(...deeper.ofRules)
  }
  if (schema.uniqueItems)
    errors.push(
      notAllowed(
        `${path}.uniqueItems`,
        'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ),
    )
  lookAtProperties(schema, path, around, errors, inside)
  const unread: Around = { ...inner, readsRules: false }
  if (schema.not !== undefined) inside('not', schema.not, unread)
  for (const key of ['allOf', 'oneOf', 'anyOf'] as const)
    schema[key]?.forEach((one, index) => inside(`${key}[${index}]`, one, unread))
  if (isObject(schema['definitions']))
    for (const name of sortedKeys(schema['definitions']))
      inside(`definitions[${name}]`, schema['definitions'][name] as Schema, unread)
  const loosePath = inner.loosePath ?? (schema['x-kubernetes-list-type'] === 'map' ? undefined : path)
  const items = itemsOf(schema)
  if (items !== undefined) inside('items', items, { ...inner, loosePath })
  if (Array.isArray(schema.items))
    schema.items.forEach((one: Schema, index) => inside(`items[${index}]`, one, { ...inner, loosePath }))
  errors.push(...extensionErrors(schema, path), ...ruleFormErrors(schema, path))
  if (around.readsRules && errors.length === 0)
    found.ofRules.push(...ruleErrors(schema, path, around.isRoot === true, around.loosePath))
  return found
}

const metaFields: ReadonlySet<string> = new Set(['metadata', 'kind', 'apiVersion'])

function lookAtProperties(
  schema: Schema,
  path: string,
  around: Around,
  errors: FieldError[],
  inside: (key: string, one: Schema, own: Around) => void,
): void {
  const { properties = {}, additionalProperties } = schema
  const isRoot = around.isRoot === true
  const inner: Around = { ...around, isRoot: false }
  const hasProperties = Object.keys(properties).length > 0
  if (additionalProperties !== undefined && hasProperties && additionalProperties !== true)
    errors.push(notAllowed(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'))
  const values = valuesOf(schema)
  const ambiguous = 'inside additionalProperties applying to object metadata'
  if (values !== undefined)
    inside('additionalProperties', values, inner.isMeta ? { ...inner, forbidden: ambiguous } : inner)
  const mapType = schema['x-kubernetes-map-type']
  const isTold = mapType === undefined || mapType === 'granular' || mapType === 'atomic'
  const loosePath = inner.loosePath ?? (isTold ? undefined : path)
  const hasMeta = isRoot || schema['x-kubernetes-embedded-resource'] === true
  for (const name of sortedKeys(properties)) {
    const isMeta = inner.isMeta === true || (hasMeta && metaFields.has(name))
    const forbidden = isRoot && metaFields.has(name) ? `in top-level ${name}` : inner.forbidden
    inside(`properties[${name}]`, properties[name]!, { ...inner, loosePath, isMeta, forbidden })
  }
}

function standardErrors(schema: Schema, path: string, { forbidden, isMeta }: Around): FieldError[] {
  const errors: FieldError[] = []
  const forbid = (key: string, text: string): void => void errors.push(notAllowed(`${path}.${key}`, text))
  if (schema.type && !types.includes(schema.type)) errors.push(unsupported(`${path}.type`, schema.type, types))
  if (schema.default !== undefined && schema.default !== null && forbidden !== undefined)
    forbid('default', `must not be set ${forbidden}`)
  if (schema['id']) forbid('id', 'id is not supported')
  if (schema['additionalItems'] !== undefined) forbid('additionalItems', 'additionalItems is not supported')
  for (const key of ['patternProperties', 'definitions'] as const)
    if (isObject(schema[key]) && Object.keys(schema[key]).length > 0) forbid(key, `${key} is not supported`)
  if (schema['dependencies'] !== undefined) forbid('dependencies', 'dependencies is not supported')
  if (schema['$ref'] !== undefined) forbid('$ref', '$ref is not supported')
  if (schema.type === 'null') forbid('type', 'type cannot be set to null, use nullable as an alternative')
  if (Array.isArray(schema.items) && schema.items.length > 0)
    forbid('items', 'items must be a schema object and not an array')
  if (isMeta && schema['x-kubernetes-embedded-resource'])
    forbid('x-kubernetes-embedded-resource', 'must not be used inside of resource meta')
  return errors
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
    const wrongType = typeErrors(schema, path, 'array', 'x-kubernetes-list-type')
    errors.push(...(wrongType.length > 0 ? wrongType : setErrors(schema, path)))
    const known = ['atomic', 'set', 'map']
    if (!known.includes(listType)) errors.push(unsupported(`${path}.x-kubernetes-list-type`, listType, known))
  }
  return [...errors, ...keyErrors(schema, path), ...keyedItemErrors(schema, path)]
}

function typeErrors({ type }: Schema, path: string, wanted: string, word: string): readonly FieldError[] {
  const text = `must be ${wanted} if ${word} is specified`
  if (type === wanted) return []
  return [type ? invalidValue(`${path}.type`, type, text) : required(`${path}.type`, text)]
}

function keyErrors(schema: Schema, path: string): readonly FieldError[] {
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const type = schema['x-kubernetes-list-type']
  const errors: FieldError[] = []
  const text = 'must be map if x-kubernetes-list-map-keys is non-empty'
  const typePath = `${path}.x-kubernetes-list-type`
  if (keys.length > 0 && type !== 'map')
    errors.push(type === undefined ? required(typePath, text) : invalidValue(typePath, type, text))
  if (type !== 'map') return errors
  const keyPath = `${path}.x-kubernetes-list-map-keys`
  if (keys.length === 0) errors.push(required(keyPath, 'must not be empty if x-kubernetes-list-type is map'))
  const items = itemsOf(schema)
  if (schema.items === undefined)
    errors.push(required(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map'))
  if (items === undefined) return errors
  if (items.type !== 'object') {
    const wanted = "must be object if parent array's x-kubernetes-list-type is map"
    return [...errors, invalidValue(`${path}.items.type`, items.type ?? '', wanted)]
  }
  keys.forEach((key, index) => {
    const property = items.properties?.[key]
    if (property === undefined) errors.push(invalidValue(keyPath, keys, 'entries must all be names of item properties'))
    else if (property.type === 'array' || property.type === 'object')
      errors.push(
        invalidValue(
          `${path}.items.properties[${key}].type`,
          items.type, // upstream shows the items' type
          "must be a scalar type if parent array's x-kubernetes-list-type is map",
        ),
      )
    if (keys.indexOf(key) < index) errors.push(invalidValue(keyPath, keys, 'must not contain duplicate entries'))
  })
  return errors
}

/** Items that are told apart are there, and so are their keys. */
// upstream: validateMapListKeysMapSet there
function keyedItemErrors(schema: Schema, path: string): readonly FieldError[] {
  const items = itemsOf(schema)
  const type = schema['x-kubernetes-list-type']
  if (items === undefined || (type !== 'set' && type !== 'map')) return []
  const errors: FieldError[] = []
  if (items.nullable)
    errors.push(notAllowed(`${path}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${type}`))
  if (type === 'set') return errors
  for (const key of schema['x-kubernetes-list-map-keys'] ?? []) {
    const property = items.properties?.[key]
    if (property === undefined) continue
    const at = `${path}.items.properties[${key}]`
    const start = 'this property is in x-kubernetes-list-map-keys, so it'
    if (!(items.required ?? []).includes(key) && (property.default ?? null) === null)
      errors.push(required(`${at}.default`, `${start} must have a default or be a required property`))
    if (property.nullable) errors.push(notAllowed(`${at}.nullable`, `${start} cannot be nullable`))
  }
  return errors
}

/** The items of a set are compared as a whole. */
function setErrors(schema: Schema, path: string): readonly FieldError[] {
  const items = itemsOf(schema)
  if (schema['x-kubernetes-list-type'] !== 'set' || items === undefined) return []
  const text = 'must be atomic as item of a list with x-kubernetes-list-type=set'
  const { 'x-kubernetes-list-type': listType, 'x-kubernetes-map-type': mapType } = items
  if (items.type === 'array' && listType !== undefined && listType !== 'atomic')
    return [invalidValue(`${path}.items.x-kubernetes-list-type`, listType, text)]
  // upstream shows the list's type here
  if (items.type === 'object' && mapType !== 'atomic')
    return [invalidValue(`${path}.items.x-kubernetes-map-type`, listType ?? null, text)]
  return []
}
