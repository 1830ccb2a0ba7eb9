import {
  formatFieldError,
  invalidValue,
  isEqual,
  required,
  tooLong,
  tooMany,
  unsupported,
  type FieldError,
} from '../../../api/index.ts'
import { goPattern } from '../../../cel/index.ts'
import { isObject, itemsOf, sortedKeys, valuesOf, type Json, type Schema } from '../schema.ts'
import { inOrder } from './copyPlain.ts'
import { identityOf, isUnchanged, itemsBefore, memberBefore } from './correlate.ts'
import { hasFormat, isChecked } from './formats.ts'

/** Where a complaint that belongs to no field stands. */
export const nowhere = '<nil>'

/**
 * What is wrong with a value by its schema, in the words and the order of the server's OpenAPI validator. What was wrong in the value
 * before (`old`) and has not changed is let through.
 */
// upstream: k8s.io/kube-openapi/pkg/validation/validate/schema.go, apiextensions-apiserver/pkg/apiserver/validation/{validation,ratcheting}.go
export function validateValue(schema: Schema, value: unknown, base = '', old?: unknown): readonly FieldError[] {
  const found: Finding[] = []
  check(schema, value, old, '', found)
  return distinct(found.map((finding) => errorOf(finding, base)))
}

/** upstream: Result.AddErrors tells nothing twice */
function distinct(errors: readonly FieldError[]): readonly FieldError[] {
  if (errors.length < 2) return errors
  return [...new Map(errors.map((error) => [formatFieldError(error), error] as const)).values()]
}

/** A complaint, still by the validator's own path, in which a list's item is `[0]` and a property `.name`. */
interface Finding {
  readonly path: string
  readonly toError: (field: string) => FieldError
  /** it belongs to no field */
  readonly isLoose?: boolean
}

function errorOf({ path, toError, isLoose }: Finding, base: string): FieldError {
  if (isLoose) return toError(base === '' ? nowhere : base)
  const own = path.startsWith('.') ? path.slice(1) : path
  return toError(own === '' ? base || nowhere : base === '' ? own : `${base}.${own}`)
}

type Findings = Finding[]

const say = (findings: Findings, path: string, value: unknown, text: string): void =>
  void findings.push({ path, toError: (field) => invalidValue(field, value, `${path} in body ${text}`) })

function check(schema: Schema, value: unknown, old: unknown, path: string, found: Findings): void {
  const before = found.length
  inspect(schema, value, old, path, found)
  if (old !== undefined && found.length > before && isUnchanged(schema, value, old)) found.length = before
}

function inspect(schema: Schema, value: unknown, old: unknown, path: string, found: Findings): void {
  const before = found.length
  checkType(schema, value, path, found)
  if (value === null) return checkEnum(schema, value, path, found)
  checkCombinations(schema, value, old, path, found)
  if (typeof value === 'string') checkString(schema, value, path, found, before)
  else if (typeof value === 'number') checkNumber(schema, value, path, found)
  else if (Array.isArray(value)) checkList(schema, value, old, path, found)
  checkEnum(schema, value, path, found)
  if (isObject(value)) checkObject(schema, value, old, path, found)
}

function wordFor(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? 'integer' : 'number'
  return typeof value
}

function checkType(schema: Schema, value: unknown, path: string, found: Findings): void {
  const types = schema['x-kubernetes-int-or-string'] ? ['integer', 'string'] : schema.type ? [schema.type] : []
  const word = wordFor(value)
  const wrongFormat = formatMismatch(schema, types, value, word)
  if (wrongFormat === 'fits' || types.length === 0) return
  if (wrongFormat !== undefined) {
    const { format = '' } = schema
    return void found.push({ path, toError: (field) => typeError(field, path, format, wrongFormat, wrongFormat) })
  }
  if (word === 'null' ? schema.nullable === true : types.includes(word)) return
  if (word === 'integer' && types.includes('number')) return
  found.push({ path, toError: (field) => typeError(field, path, types.join(','), word, word) })
}

/**
 * With a format that somebody looks at, texts and lists are left to that, and numbers, objects and the like are told by the format:
 * `fits`, or the format that they have themselves.
 */
function formatMismatch(
  { format }: Schema,
  types: readonly string[],
  value: unknown,
  word: string,
): string | undefined {
  if (value === null || !format || !isChecked(format)) return undefined
  const isText = word === 'string' || word === 'array'
  if (isText) return types.includes('number') || types.includes('integer') ? undefined : 'fits'
  if (types.includes(word) || (word === 'integer' && types.includes('number'))) return undefined
  return word === 'integer' ? 'int64' : word === 'number' ? 'float64' : ''
}

const typeError = (field: string, path: string, type: string, shown: unknown, given: string): FieldError => ({
  type: 'FieldValueTypeInvalid',
  field,
  value: shown,
  detail: `${path === '' ? '' : path} in body must be of type ${type}: ${JSON.stringify(given)}`,
})

function checkCombinations(schema: Schema, value: unknown, old: unknown, path: string, found: Findings): void {
  const { anyOf = [], oneOf = [], allOf = [], not } = schema
  const loose = (text: string): void =>
    void found.push({ path, isLoose: true, toError: (field) => invalidValue(field, '', text) })
  const name = JSON.stringify(path)
  if (anyOf.length > 0) {
    const tries = anyOf.map((one) => tried(one, value, old, path))
    if (tries.every((findings) => findings.length > 0)) {
      loose(`${name} must validate at least one schema (anyOf)`)
      found.push(...best(tries))
    }
  }
  if (oneOf.length > 0) {
    const tries = oneOf.map((one) => tried(one, value, old, path))
    const count = tries.filter((findings) => findings.length === 0).length
    if (count !== 1)
      loose(
        `${name} must validate one and only one schema (oneOf). Found ${count === 0 ? 'none valid' : `${count} valid alternatives`}`,
      )
    if (count === 0) found.push(...best(tries))
  }
  if (allOf.length > 0) {
    const tries = allOf.map((one) => tried(one, value, old, path))
    const count = tries.filter((findings) => findings.length === 0).length
    for (const findings of tries) found.push(...findings)
    if (count < allOf.length)
      loose(`${name} must validate all the schemas (allOf)${count === 0 ? '. None validated' : ''}`)
  }
  if (not !== undefined && tried(not, value, old, path).length === 0)
    loose(`${name} must not validate the schema (not)`)
}

function tried(schema: Schema, value: unknown, old: unknown, path: string): Findings {
  const findings: Findings = []
  inspect(schema, value, old, path, findings)
  return findings
}

/** upstream counts what matched; who failed least comes near to that */
function best(tries: readonly Findings[]): Findings {
  return tries.reduce((least, findings) => (findings.length < least.length ? findings : least))
}

function checkString(schema: Schema, value: string, path: string, found: Findings, before: number): void {
  const { maxLength, minLength, pattern, format } = schema
  const length = [...value].length
  // one complaint is enough
  if (maxLength !== undefined && length > maxLength) found.push({ path, toError: (field) => tooLong(field, maxLength) })
  else if (minLength !== undefined && length < minLength)
    say(found, path, value, `should be at least ${minLength} chars long`)
  else if (pattern && goPattern(pattern)?.test(value) === false) say(found, path, value, `should match '${pattern}'`)
  if (format && found.length >= before && !hasFormat(format, value))
    found.push({ path, toError: (field) => typeError(field, path, format, value, value) })
}

function checkNumber(schema: Schema, value: number, path: string, found: Findings): void {
  const { multipleOf, maximum, minimum, exclusiveMaximum = false, exclusiveMinimum = false, format } = schema
  const isFar = format === 'int32' && Number.isInteger(value) && Math.abs(value) > 2_147_483_648
  if (isFar) say(found, path, value, `must be of type int32: "${value}"`)
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf))
    say(found, path, value, `should be a multiple of ${multipleOf}`)
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum))
    say(found, path, value, `should be less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`)
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum))
    say(found, path, value, `should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`)
}

function checkList(schema: Schema, value: readonly unknown[], old: unknown, path: string, found: Findings): void {
  const { minItems, maxItems, uniqueItems } = schema
  const items = itemsOf(schema)
  if (items !== undefined) {
    const itemBefore = itemsBefore(schema, old)
    value.forEach((item, index) => check(items, item, itemBefore(item), `${path}[${index}]`, found))
  }
  if (minItems !== undefined && value.length < minItems)
    say(found, path, value.length, `should have at least ${minItems} items`)
  if (maxItems !== undefined && value.length > maxItems)
    found.push({ path, toError: (field) => tooMany(field, value.length, maxItems) })
  if (uniqueItems && new Set(value.map(identityOf)).size < value.length)
    say(found, path, '', "shouldn't contain duplicates")
}

function checkEnum(schema: Schema, value: unknown, path: string, found: Findings): void {
  const { enum: values } = schema
  if (values === undefined || values.some((one) => isEqual(one, value))) return
  const texts = values.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
  found.push({ path, toError: (field) => ({ ...unsupported(field, '', texts), value: inOrder(value) }) })
}

function checkObject(schema: Schema, value: Json, old: unknown, path: string, found: Findings): void {
  const { minProperties, maxProperties, required: names = [], properties = {} } = schema
  const keys = sortedKeys(value)
  // the two words at the root are the request's
  const before = (key: string): unknown =>
    path === '' && (key === 'kind' || key === 'apiVersion') ? undefined : memberBefore(old, key)
  if (minProperties !== undefined && keys.length < minProperties)
    say(found, path, keys.length, `should have at least ${minProperties} properties`)
  if (maxProperties !== undefined && keys.length > maxProperties)
    found.push({ path, toError: (field) => tooMany(field, keys.length, maxProperties) })
  for (const name of names)
    if (!Object.hasOwn(value, name)) found.push({ path: `${path}.${name}`, toError: (field) => required(field) })
  if (schema.additionalProperties === false)
    for (const key of keys)
      if (!Object.hasOwn(properties, key))
        found.push({
          path,
          toError: (field) => invalidValue(field, '', `${path}.${key} in body is a forbidden property`),
        })
  const others = valuesOf(schema)
  if (others !== undefined)
    for (const key of keys)
      if (!Object.hasOwn(properties, key)) check(others, value[key], before(key), `${path}.${key}`, found)
  for (const key of sortedKeys(properties))
    if (Object.hasOwn(value, key)) check(properties[key]!, value[key], before(key), join(path, key), found)
}

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`)
