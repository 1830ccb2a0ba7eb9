import { invalidValue, isEqual, notAllowed, required, type FieldError } from '../../../api/index.ts'
import { itemsOf, sortedKeys, valuesOf, type Schema } from '../schema.ts'

type Level = 'root' | 'item' | 'field'

const missingTypes: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
}

/** What keeps a schema from being structural: every value's type is known from the schema's own skeleton. */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/validation.go
export function structuralErrors(schema: Schema, path: string): readonly FieldError[] {
  const errors: FieldError[] = []
  walk(schema, path, 'root', errors)
  return [...errors, ...completenessErrors(schema, schema, path)]
}

function walk(schema: Schema, path: string, level: Level, errors: FieldError[]): void {
  const { type = '', properties = {} } = schema
  const items = itemsOf(schema)
  if (type === 'array' && items === undefined) errors.push(required(`${path}.items`, 'must be specified'))
  if (items !== undefined) walk(items, `${path}.items`, 'item', errors)
  for (const name of sortedKeys(properties)) walk(properties[name]!, `${path}.properties[${name}]`, 'field', errors)
  const values = valuesOf(schema)
  if (values !== undefined) walk(values, `${path}.additionalProperties`, 'field', errors)
  extensionErrors(schema, path, errors)
  const patterns = intOrString(schema)
  valueErrors(schema, patterns, path, errors)
  ownErrors(schema, type, path, level, errors)
  wholeErrors(schema, path, level, errors)
}

function extensionErrors(schema: Schema, path: string, errors: FieldError[]): void {
  if (!schema['x-kubernetes-int-or-string']) return
  const text = 'must be empty if x-kubernetes-int-or-string is true'
  if (schema.type) errors.push(invalidValue(`${path}.type`, schema.type, text))
  if (schema['x-kubernetes-preserve-unknown-fields'])
    errors.push(
      invalidValue(
        `${path}.x-kubernetes-preserve-unknown-fields`,
        true,
        'must be false if x-kubernetes-int-or-string is true',
      ),
    )
  if (schema['x-kubernetes-embedded-resource'])
    errors.push(
      invalidValue(
        `${path}.x-kubernetes-embedded-resource`,
        true,
        'must be false if x-kubernetes-int-or-string is true',
      ),
    )
}

function ownErrors(schema: Schema, type: string, path: string, level: Level, errors: FieldError[]): void {
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true
  const isFree = schema['x-kubernetes-int-or-string'] || schema['x-kubernetes-preserve-unknown-fields']
  const embedded = 'must be object if x-kubernetes-embedded-resource is true'
  if (isEmbedded && type !== 'object')
    errors.push(type === '' ? required(`${path}.type`, embedded) : invalidValue(`${path}.type`, type, embedded))
  else if (type === '' && !isFree) errors.push(required(`${path}.type`, missingTypes[level]))
  if (isEmbedded && schema.additionalProperties !== undefined)
    errors.push(notAllowed(`${path}.additionalProperties`, 'must not be used if x-kubernetes-embedded-resource is set'))
  if (level === 'root' && type !== '' && type !== 'object')
    errors.push(invalidValue(`${path}.type`, type, 'must be object at the root'))
}

function wholeErrors(schema: Schema, path: string, level: Level, errors: FieldError[]): void {
  const { properties = {} } = schema
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true
  if (level !== 'root' && !isEmbedded) return
  for (const name of ['kind', 'apiVersion'] as const) {
    const { type = '' } = properties[name] ?? { type: 'string' }
    if (type !== 'string') errors.push(invalidValue(`${path}.properties[${name}].type`, type, 'must be string'))
  }
  const { metadata } = properties
  if (metadata !== undefined) metadataErrors(metadata, `${path}.properties[metadata]`, level, errors)
  if (isEmbedded && !schema['x-kubernetes-preserve-unknown-fields'] && Object.keys(properties).length === 0)
    errors.push(
      required(
        `${path}.properties`,
        'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
      ),
    )
}

function metadataErrors(schema: Schema, path: string, level: Level, errors: FieldError[]): void {
  if (schema.type !== 'object') errors.push(invalidValue(`${path}.type`, schema.type ?? '', 'must be object'))
  if (level !== 'root') return
  const { properties = {}, type: _type, description: _description, ...rest } = schema
  const names = Object.keys(properties)
  const isPlain = names.every((name) => name === 'name' || name === 'generateName')
  if (!isPlain || !isEqual(rest, {}))
    errors.push(
      notAllowed(
        path,
        'must not specify anything other than name and generateName, but metadata is implicitly specified',
      ),
    )
}

interface IntOrString {
  readonly anyOf: boolean
  readonly firstAllOf: boolean
}

const both = [{ type: 'integer' }, { type: 'string' }]

function intOrString(schema: Schema): IntOrString {
  if (!schema['x-kubernetes-int-or-string']) return { anyOf: false, firstAllOf: false }
  return { anyOf: isEqual(schema.anyOf, both), firstAllOf: isEqual(schema.allOf?.[0]?.anyOf, both) }
}

const combinations = ['allOf', 'anyOf', 'oneOf'] as const

/** Combinations may only tighten what the skeleton says. */
function valueErrors(schema: Schema, skip: IntOrString, path: string, errors: FieldError[]): void {
  for (const key of combinations)
    schema[key]?.forEach((inner, index) => {
      if (key === 'anyOf' && skip.anyOf) return
      nestedErrors(inner, key === 'allOf' && index === 0 && skip.firstAllOf, `${path}.${key}[${index}]`, errors)
    })
  if (schema.not !== undefined) nestedErrors(schema.not, false, `${path}.not`, errors)
}

const skeletal = [
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-embedded-resource',
  'x-kubernetes-int-or-string',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-list-type',
  'x-kubernetes-map-type',
] as const

function nestedErrors(schema: Schema, skipAnyOf: boolean, path: string, errors: FieldError[]): void {
  valueErrors(schema, { anyOf: skipAnyOf, firstAllOf: false }, path, errors)
  const items = itemsOf(schema)
  if (items !== undefined) nestedErrors(items, false, `${path}.items`, errors)
  const { properties = {} } = schema
  for (const name of sortedKeys(properties))
    nestedErrors(properties[name]!, false, `${path}.properties[${name}]`, errors)
  const text = 'must be empty to be structural'
  if (schema.additionalProperties !== undefined)
    errors.push(notAllowed(`${path}.additionalProperties`, 'must be undefined to be structural'))
  if (schema.type && !skipAnyOf) errors.push(notAllowed(`${path}.type`, text))
  if (schema.title) errors.push(notAllowed(`${path}.title`, text))
  if (schema.description) errors.push(notAllowed(`${path}.description`, text))
  if (schema.default !== undefined) errors.push(notAllowed(`${path}.default`, 'must be undefined to be structural'))
  if (schema.nullable) errors.push(notAllowed(`${path}.nullable`, 'must be false to be structural'))
  for (const key of skeletal)
    if (schema[key] !== undefined && schema[key] !== false)
      errors.push(notAllowed(`${path}.${key}`, 'must be false to be structural'))
}

/** What a combination speaks of must be in the skeleton too. */
// upstream: validateStructuralCompleteness
function completenessErrors(skeleton: Schema | undefined, schema: Schema, path: string): readonly FieldError[] {
  const errors: FieldError[] = []
  for (const key of combinations)
    schema[key]?.forEach((inner, index) =>
      errors.push(...completeness(skeleton, inner, path, `${path}.${key}[${index}]`)),
    )
  if (schema.not !== undefined) errors.push(...completeness(skeleton, schema.not, path, `${path}.not`))
  for (const name of sortedKeys(schema.properties ?? {}))
    errors.push(
      ...completenessErrors(schema.properties![name], schema.properties![name]!, `${path}.properties[${name}]`),
    )
  const items = itemsOf(schema)
  if (items !== undefined) errors.push(...completenessErrors(items, items, `${path}.items`))
  const values = valuesOf(schema)
  if (values !== undefined) errors.push(...completenessErrors(values, values, `${path}.additionalProperties`))
  return errors
}

function completeness(skeleton: Schema | undefined, inner: Schema, at: string, path: string): readonly FieldError[] {
  const errors: FieldError[] = []
  const items = itemsOf(inner)
  const own = skeleton === undefined ? undefined : itemsOf(skeleton)
  if (items !== undefined && own === undefined && !skeleton?.['x-kubernetes-preserve-unknown-fields'])
    errors.push(required(`${at}.items`, `because it is defined in ${path}.items`))
  else if (items !== undefined) errors.push(...completeness(own, items, `${at}.items`, `${path}.items`))
  for (const name of sortedKeys(inner.properties ?? {})) {
    const known = skeleton?.properties?.[name] ?? (skeleton === undefined ? undefined : valuesOf(skeleton))
    const [here, there] = [`${at}.properties[${name}]`, `${path}.properties[${name}]`]
    if (known === undefined && !skeleton?.['x-kubernetes-preserve-unknown-fields'])
      errors.push(required(here, `because it is defined in ${there}`))
    else errors.push(...completeness(known, inner.properties![name]!, here, there))
  }
  for (const key of combinations)
    inner[key]?.forEach((one, index) => errors.push(...completeness(skeleton, one, at, `${path}.${key}[${index}]`)))
  if (inner.not !== undefined) errors.push(...completeness(skeleton, inner.not, at, `${path}.not`))
  return errors
}
