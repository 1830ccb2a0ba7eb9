import { duplicate, invalidValue, isLabel1035, required, type FieldError } from '../../../api/index.ts'
import { isObject, itemsOf, propertyOf, sortedKeys, valuesOf, type Json, type Schema } from '../schema.ts'
import { inOrder } from './copyPlain.ts'
import { identityOf, keysOf } from './correlate.ts'

/** What stands twice in lists that are sets, or maps by some keys. */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype/validation.go
export function listErrors(schema: Schema, value: unknown, path = ''): readonly FieldError[] {
  if (Array.isArray(value)) return [...doubles(schema, value as unknown[], path), ...inItems(schema, value, path)]
  return isObject(value) ? inFields(value, schema, path, listErrors) : none
}

const none: readonly FieldError[] = Object.freeze([])

function inItems(schema: Schema, values: readonly unknown[], path: string): readonly FieldError[] {
  const items = itemsOf(schema)
  return items === undefined ? none : values.flatMap((item, index) => listErrors(items, item, `${path}[${index}]`))
}

function doubles(schema: Schema, values: readonly unknown[], path: string): readonly FieldError[] {
  const type = schema['x-kubernetes-list-type']
  if (type === 'set') return repeated(values, path)
  if (type !== 'map') return none
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const items = itemsOf(schema)
  const odd = values.flatMap((item, index) =>
    isObject(item) ? none : invalidValue(`${path}[${index}]`, inOrder(item), mustBeObject),
  )
  if (odd.length > 0) return odd
  return repeated(
    values.map((item) => keysOf(item, keys, items)),
    path,
  )
}

const mustBeObject = 'must be an object for an array of list-type map'

function repeated(values: readonly unknown[], path: string): readonly FieldError[] {
  const errors: FieldError[] = []
  const counts = new Map<string, number>()
  values.forEach((value, index) => {
    const identity = identityOf(value)
    const before = counts.get(identity) ?? 0
    if (before === 1) errors.push(duplicate(`${path}[${index}]`, inOrder(value)))
    counts.set(identity, before + 1)
  })
  return errors
}

function inFields(
  value: Json,
  schema: Schema,
  path: string,
  walk: (schema: Schema, value: unknown, path: string) => readonly FieldError[],
): readonly FieldError[] {
  const others = valuesOf(schema)
  return sortedKeys(value).flatMap((key) => {
    const property = propertyOf(schema, key)
    const inner = property ?? others
    if (inner === undefined) return none
    const at = property === undefined ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`
    return walk(inner, value[key], at)
  })
}

/** What objects inside an object lack to be objects of the API: their kind and version. */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta/validation.go
export function embeddedErrors(schema: Schema, value: unknown, path = ''): readonly FieldError[] {
  if (Array.isArray(value)) {
    const items = itemsOf(schema)
    return items === undefined ? none : value.flatMap((item, at) => embeddedErrors(items, item, `${path}[${at}]`))
  }
  if (!isObject(value)) return none
  const own = schema['x-kubernetes-embedded-resource'] === true ? typeErrors(value, path) : none
  return [...own, ...inFields(value, schema, path, embeddedErrors)]
}

// differs: what is inside the metadata is read as such, but not looked at further
function typeErrors({ kind, apiVersion }: Json, path: string): readonly FieldError[] {
  const errors: FieldError[] = []
  const say = (name: string, value: unknown, detail: string): void =>
    void errors.push(invalidValue(`${path}.${name}`, value, detail))
  if (apiVersion === undefined) errors.push(required(`${path}.apiVersion`))
  if (kind === undefined) errors.push(required(`${path}.kind`))
  for (const [name, value] of [
    ['apiVersion', apiVersion],
    ['kind', kind],
  ] as const)
    if (value !== undefined && typeof value !== 'string') say(name, inOrder(value), 'must be a string')
    else if (value === '') say(name, value, 'must not be empty')
  if (typeof apiVersion === 'string' && apiVersion.split('/').length > 2)
    say('apiVersion', apiVersion, `unexpected GroupVersion string: ${apiVersion}`)
  const problems = typeof kind === 'string' && kind !== '' ? isLabel1035(kind.toLowerCase()) : []
  if (problems.length > 0) say('kind', kind, `may have mixed case, but should otherwise match: ${problems.join(',')}`)
  return errors
}
