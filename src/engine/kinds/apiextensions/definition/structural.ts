import { formatFieldError, invalidValue, isEqual, notAllowed, required, type FieldError } from '../../../api/index.ts'
import { goPatternError } from '../../../cel/index.ts'
import { itemsOf, propertyOf, sortedKeys, valuesOf, type Schema } from '../schema.ts'

type Level = 'root' | 'item' | 'field'

const missingTypes: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
}

/** What keeps a schema from being structural: every value's type is known from the schema's own skeleton. In the order of the texts. */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/validation.go
export function structuralErrors(schema: Schema, path: string): readonly FieldError[] {
  const errors: FieldError[] = []
  walk(schema, path, 'root', errors)
  errors.push(...completeness(schema, schema, path, path))
  return errors
    .map((error) => ({ error, text: formatFieldError(error) }))
    .toSorted((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ error }) => error)
}

function walk(schema: Schema, path: string, level: Level, errors: FieldError[]): void {
  const { type = '', properties = {} } = schema
  const items = itemsOf(schema)
  if (type === 'array' && items === undefined) errors.push(required(`${path}.items`, 'must be specified'))
  if (items !== undefined) walk(items, `${path}.items`, 'item', errors)
  for (const name of sortedKeys(properties)) walk(properties[name]!, `${path}.properties[${name}]`, 'field', errors)
  const values = valuesOf(schema)
  if (values !== undefined) walk(values, `${path}.additionalProperties`, 'field', errors)
  if (level === 'root' && schema.additionalProperties !== undefined)
    errors.push(notAllowed(`${path}.additionalProperties`, 'must not be used at the root'))
  extensionErrors(schema, path, errors)
  valueErrors(schema, intOrString(schema), path, errors)
  ownErrors(schema, type, path, level, errors)
  wholeErrors(schema, path, level, errors)
}

function extensionErrors(schema: Schema, path: string, errors: FieldError[]): void {
  if (!schema['x-kubernetes-int-or-string']) return
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
  const { properties = {}, type: _type, default: _default, ...rest } = schema
  const names = Object.keys(properties)
  const isPlain = names.every((name) => name === 'name' || name === 'generateName')
  if (!isPlain || Object.values(rest).some((value) => value !== false && value !== '' && value !== null))
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
  const why = schema.pattern ? goPatternError(schema.pattern) : undefined
  if (why !== undefined)
    errors.push(
      invalidValue(`${path}.pattern`, schema.pattern, `must be a valid regular expression, but isn't: ${why}`),
    )
}

/** What belongs to the skeleton alone, by what it must be elsewhere. */
const skeletal: readonly (readonly [string, string])[] = [
  ['type', 'empty'],
  ['title', 'empty'],
  ['description', 'empty'],
  ['nullable', 'false'],
  ['x-kubernetes-preserve-unknown-fields', 'false'],
  ['x-kubernetes-embedded-resource', 'false'],
  ['x-kubernetes-int-or-string', 'false'],
  ['x-kubernetes-list-map-keys', 'empty'],
  ['x-kubernetes-list-type', 'undefined'],
  ['x-kubernetes-map-type', 'undefined'],
  ['x-kubernetes-validations', 'empty'],
  ['default', 'undefined'],
]
const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

function nestedErrors(schema: Schema, skipAnyOf: boolean, path: string, errors: FieldError[]): void {
  valueErrors(schema, { anyOf: skipAnyOf, firstAllOf: false }, path, errors)
  const items = itemsOf(schema)
  if (items !== undefined) nestedErrors(items, false, `${path}.items`, errors)
  const { properties = {} } = schema
  for (const name of sortedKeys(properties))
    nestedErrors(properties[name]!, false, `${path}.properties[${name}]`, errors)
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== false)
    errors.push(notAllowed(`${path}.additionalProperties`, 'must be undefined to be structural'))
  for (const [key, nothing] of skeletal)
    if (!isNothing(schema[key]) && (nothing !== 'false' || schema[key] !== false))
      errors.push(notAllowed(`${path}.${key}`, `must be ${nothing} to be structural`))
  if (properties['metadata'] !== undefined)
    errors.push(notAllowed(`${path}.properties[metadata]`, 'must not be specified in a nested context'))
}

/** What a combination at the root speaks of must be in the skeleton too. */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/complete.go
function completeness(skeleton: Schema, combined: Schema, at: string, path: string): readonly FieldError[] {
  const inside = (inner: Schema, key: string): readonly FieldError[] =>
    nestedCompleteness(skeleton, inner, at, `${path}.${key}`)
  const errors = combined.not === undefined ? [] : [...inside(combined.not, 'not')]
  for (const key of combinations)
    combined[key]?.forEach((inner, index) => errors.push(...inside(inner, `${key}[${index}]`)))
  return errors
}

function nestedCompleteness(
  skeleton: Schema | undefined,
  inner: Schema,
  at: string,
  path: string,
): readonly FieldError[] {
  if (skeleton === undefined) return [required(at, `because it is defined in ${path}`)]
  const errors = [...completeness(skeleton, inner, at, path)]
  const items = itemsOf(inner)
  if (items !== undefined) errors.push(...nestedCompleteness(itemsOf(skeleton), items, `${at}.items`, `${path}.items`))
  for (const name of sortedKeys(inner.properties ?? {})) {
    const key = `properties[${name}]`
    const known = propertyOf(skeleton, name)
    errors.push(...nestedCompleteness(known, inner.properties![name]!, `${at}.${key}`, `${path}.${key}`))
  }
  return errors
}
