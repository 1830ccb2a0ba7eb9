import { setOwn } from '../equal.ts'
import { embeddingPath, namedGoType } from './goTypes.ts'
import type { Field, ObjectType, ScalarKind, TypeRef } from './schema.ts'
import { getObjectType } from './schema.ts'
import { base64Error, quantityError, timeError } from './scalars.ts'

/** What decoding made of a body: the object without what its type doesn't know, and what was wrong with it. */
export interface Decoded<T> {
  /** The given object itself, if it was clean; never changed in place. */
  readonly object: T
  /** Paths of fields the type doesn't have, in the order met: `spec.containers[0].imagee`. */
  readonly unknown: readonly string[]
  /** In Go's words; such a body is refused however lenient the field validation is. */
  readonly error?: string
}

/**
 * Reads a parsed JSON body as a type of the schema, as strictly as Go's decoder: names and types exact, null means absent.
 * Unknown fields are reported and left out; whether they are an error, a warning or nothing is the request's choice.
 */
// upstream: sigs.k8s.io/json UnmarshalStrict
export function decode<T extends object>(type: string, body: T): Decoded<T> {
  const objectType = getObjectType(type)
  if (isCleanObject(objectType, body as JsonObject)) return { object: body, unknown: [] }
  const reader = { struct: undefined, fields: [], path: '', unknown: [], strict: true } satisfies Reader as Reader
  const object = readObject(reader, objectType, body) as T
  const error = reader.fatal ?? reader.mismatch
  return { object, unknown: [...new Set(reader.unknown)].slice(0, 100), ...(error === undefined ? {} : { error }) }
}

/** The refusal of a body that could not be decoded: `Pod in version "v1" cannot be handled as a Pod: …`. */
export function decodeFailure(kind: string, version: string, error: string): string {
  return `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: ${error}`
}

/** The error of strict field validation; duplicates are found by whoever parsed the text. */
export function strictDecodingError(unknown: readonly string[], duplicate: readonly string[] = []): string {
  return `strict decoding error: ${[...duplicate.map(duplicateField), ...unknown.map(unknownField)].join(', ')}`
}

/** One unknown field in words, as an error and as a warning. */
export const unknownField = (path: string): string => `unknown field ${JSON.stringify(path)}`

/** One duplicate field in words. */
export const duplicateField = (path: string): string => `duplicate field ${JSON.stringify(path)}`

type JsonObject = Readonly<Record<string, unknown>>

// The clean pass: no paths, no copies, no messages. Anything it doubts is left to the careful pass below.

function isCleanObject(type: ObjectType, value: JsonObject): boolean {
  for (const key in value) {
    const field = type.fields.get(key)
    if (field === undefined || !isClean(field.type, value[key])) return false
  }
  return true
}

function isClean(ref: TypeRef, value: unknown): boolean {
  switch (ref.kind) {
    case 'string':
      return typeof value === 'string'
    case 'object':
      return isJsonObject(value) && isCleanObject(getObjectType(ref.name), value)
    case 'array':
      return Array.isArray(value) && everyIsClean(ref.of, value)
    case 'map':
      return isJsonObject(value) && isCleanMap(ref.of, value)
    default:
      return value !== null && value !== undefined && scalarError(ref.kind, value) === undefined
  }
}

function everyIsClean(ref: TypeRef, values: readonly unknown[]): boolean {
  for (const value of values) if (!isClean(ref, value)) return false
  return true
}

function isCleanMap(ref: TypeRef, value: JsonObject): boolean {
  for (const key in value) if (!isClean(ref, value[key])) return false
  return true
}

// The careful pass. Go keeps its place as the struct it is in and the names of fields on the way (lists and maps add nothing);
// strict errors have a path of their own, with indexes and keys.

interface Reader {
  struct: string | undefined
  fields: readonly string[]
  path: string
  /** Below a type with a decoder of its own, unknown fields go unnoticed. */
  strict: boolean
  readonly unknown: string[]
  /** The first value of a wrong type; decoding goes on. */
  mismatch?: string
  /** A type's own decoder refused a value; decoding ends there. */
  fatal?: string
}

function readObject(reader: Reader, type: ObjectType, value: unknown, goType = type.goType): unknown {
  if (!isJsonObject(value)) return mismatch(reader, value, goType)
  const { struct, fields, path } = reader
  const result: Record<string, unknown> = {}
  let changed = false
  for (const key of Object.keys(value)) {
    const field = type.fields.get(key)
    const given = value[key]
    reader.path = path === '' ? key : `${path}.${key}`
    if (field === undefined && reader.strict) reader.unknown.push(reader.path)
    if (field === undefined || given === null || given === undefined) {
      changed = true
      continue
    }
    reader.struct = type.goName
    reader.fields = [...fields, ...embeddingPath(type.name, key), key]
    const read = readValue(reader, field.type, given, goTypeOf(type, field))
    if (reader.fatal !== undefined) return value
    changed ||= read !== given
    if (read !== undefined) setOwn(result, key, read)
  }
  Object.assign(reader, { struct, fields, path })
  return changed ? result : value
}

function readValue(reader: Reader, ref: TypeRef, value: unknown, goType: string): unknown {
  switch (ref.kind) {
    case 'object':
      return readObject(reader, getObjectType(ref.name), value, goType)
    case 'array':
      return readArray(reader, ref.of, value, goType)
    case 'map':
      return readMap(reader, ref.of, value, goType)
    case 'schemaOrBool':
    case 'schemaOrArray':
    case 'schemaOrStrings':
      return readSchemaUnion(reader, ref.kind, value)
    default:
      return readScalar(reader, ref.kind, value, goType)
  }
}

function readArray(reader: Reader, of: TypeRef, value: unknown, goType: string): unknown {
  if (!Array.isArray(value)) return mismatch(reader, value, goType)
  const inner = elementGoType(goType, of)
  const path = reader.path
  let changed = false
  const result: unknown[] = []
  for (const [index, given] of value.entries()) {
    reader.path = `${path}[${index}]`
    const read = given === null ? zeroOf(of) : (readValue(reader, of, given, inner) ?? zeroOf(of))
    if (reader.fatal !== undefined) return value
    changed ||= read !== given
    result.push(read)
  }
  reader.path = path
  return changed ? result : value
}

function readMap(reader: Reader, of: TypeRef, value: unknown, goType: string): unknown {
  if (!isJsonObject(value)) return mismatch(reader, value, goType)
  const inner = elementGoType(goType, of)
  const path = reader.path
  let changed = false
  const result: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const given = value[key]
    reader.path = path === '' ? key : `${path}.${key}`
    const read = given === null ? zeroOf(of) : (readValue(reader, of, given, inner) ?? zeroOf(of))
    if (reader.fatal !== undefined) return value
    changed ||= read !== given
    setOwn(result, key, read)
  }
  reader.path = path
  return changed ? result : value
}

function readScalar(reader: Reader, kind: ScalarKind, value: unknown, goType: string): unknown {
  const error = scalarError(kind, value)
  if (error === undefined) return value
  const text = error.text ?? cannotUnmarshal(reader, error.value, error.goType ?? goType)
  if (error.fatal === true) reader.fatal ??= text
  else reader.mismatch ??= text
  return undefined
}

/** `items`, `additionalProperties` and `dependencies` of a custom resource's schema: a schema, or something shorter. */
// upstream: apiextensions-apiserver/pkg/apis/apiextensions/v1/marshal.go
function readSchemaUnion(reader: Reader, kind: ScalarKind, value: unknown): unknown {
  if (isJsonObject(value))
    return readNested(reader, { kind: 'object', name: 'JSONSchemaProps' }, value, 'v1.JSONSchemaProps')
  if (kind === 'schemaOrBool') {
    if (typeof value === 'boolean') return value
    reader.fatal ??= 'boolean or JSON schema expected'
    return undefined
  }
  if (!Array.isArray(value)) return undefined
  const of: TypeRef = kind === 'schemaOrArray' ? { kind: 'object', name: 'JSONSchemaProps' } : { kind: 'string' }
  return readNested(
    reader,
    { kind: 'array', of },
    value,
    kind === 'schemaOrArray' ? '[]v1.JSONSchemaProps' : '[]string',
  )
}

function readNested(reader: Reader, ref: TypeRef, value: unknown, goType: string): unknown {
  const inner: Reader = { struct: reader.struct, fields: reader.fields, path: reader.path, strict: false, unknown: [] }
  const read = readValue(inner, ref, value, goType)
  const error = inner.fatal ?? inner.mismatch
  if (error !== undefined) reader.fatal ??= error
  return read
}

interface ScalarError {
  /** How Go's JSON names the value: `string`, `number 2.5`. */
  readonly value: string
  /** Where the type's own decoder expects another type than the field's. */
  readonly goType?: string
  /** The whole message, if it is no mismatch of types. */
  readonly text?: string
  readonly fatal?: boolean
}

function scalarError(kind: ScalarKind, value: unknown): ScalarError | undefined {
  switch (kind) {
    case 'string':
      return typeof value === 'string' ? undefined : { value: wordFor(value) }
    case 'boolean':
      return typeof value === 'boolean' ? undefined : { value: wordFor(value) }
    case 'double':
      return typeof value === 'number' ? undefined : { value: wordFor(value) }
    case 'int32':
      return integerError(value, 0x7fffffff)
    case 'int64':
      return integerError(value, 2 ** 63 - 1)
    case 'intOrString':
      return typeof value === 'string' ? undefined : asOwn(integerError(value, 0x7fffffff), 'int32')
    case 'time':
    case 'microTime':
      return typeof value === 'string'
        ? own(timeError(value, kind === 'microTime'))
        : asOwn({ value: wordFor(value) }, 'string')
    case 'quantity':
      return own(quantityError(typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '?'))
    case 'bytes':
      return bytesError(value)
    case 'schemaOrBool':
    case 'schemaOrArray':
    case 'schemaOrStrings':
      // Simple ones are clean; schemas are looked at in the careful pass.
      return typeof value === 'boolean' ? undefined : { value: wordFor(value) }
    default:
      return undefined
  }
}

const own = (text: string | undefined): ScalarError | undefined =>
  text === undefined ? undefined : { value: '', text, fatal: true }

const asOwn = (error: ScalarError | undefined, goType: string): ScalarError | undefined =>
  error === undefined ? undefined : { ...error, goType, fatal: true }

function integerError(value: unknown, max: number): ScalarError | undefined {
  if (typeof value !== 'number') return { value: wordFor(value) }
  return Number.isInteger(value) && value <= max && value >= -max - 1 ? undefined : { value: `number ${value}` }
}

function bytesError(value: unknown): ScalarError | undefined {
  if (typeof value !== 'string') return { value: wordFor(value) }
  const text = base64Error(value)
  return text === undefined ? undefined : { value: '', text }
}

function mismatch(reader: Reader, value: unknown, goType: string): undefined {
  reader.mismatch ??= cannotUnmarshal(reader, wordFor(value), goType)
  return undefined
}

function cannotUnmarshal(reader: Reader, value: string, goType: string): string {
  if (reader.struct === undefined) return `json: cannot unmarshal ${value} into Go value of type ${goType}`
  return `json: cannot unmarshal ${value} into Go struct field ${reader.struct}.${reader.fields.join('.')} of type ${goType}`
}

function wordFor(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'boolean') return 'bool'
  return typeof value
}

function goTypeOf(type: ObjectType, field: Field): string {
  return namedGoType(type.name, field.name) ?? plainGoType(field.type)
}

function plainGoType(ref: TypeRef): string {
  if (ref.kind === 'array') return `[]${plainGoType(ref.of)}`
  if (ref.kind === 'map') return `map[string]${plainGoType(ref.of)}`
  if (ref.kind === 'object') return getObjectType(ref.name).goType
  return scalarGoTypes[ref.kind] ?? ref.kind
}

const scalarGoTypes: Partial<Readonly<Record<ScalarKind, string>>> = {
  boolean: 'bool',
  double: 'float64',
  bytes: '[]uint8',
}

/** `[]v1.Capability` holds `v1.Capability`; a named list or map tells nothing, so what it holds is told by the schema. */
function elementGoType(goType: string, of: TypeRef): string {
  const match = /^(?:\[\]|map\[[^\]]*\])(.*)$/.exec(goType)
  return match?.[1] ?? plainGoType(of)
}

/** What Go leaves in a list or map for a null. */
function zeroOf(ref: TypeRef): unknown {
  if (ref.kind === 'array') return []
  if (ref.kind === 'string' || ref.kind === 'bytes') return ''
  if (ref.kind === 'boolean') return false
  if (ref.kind === 'int32' || ref.kind === 'int64' || ref.kind === 'double' || ref.kind === 'intOrString') return 0
  return ref.kind === 'quantity' ? '0' : ref.kind === 'object' || ref.kind === 'map' ? {} : null
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
