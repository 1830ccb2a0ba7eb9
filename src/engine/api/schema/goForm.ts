import { canonicalQuantity, canonicalTime, isZeroTime, roundedUpToMilli } from './canonical.ts'
import { namedGoType } from './goTypes.ts'
import { isOmittedEmpty, isPointer } from './pointers.ts'
import type { Field, TypeRef } from './schema.ts'
import { getObjectType } from './schema.ts'

/**
 * A decoded object as Go holds it, before defaulting: zeros of plain fields are absent, quantities and times canonical.
 * Gives back the same object where nothing changes. Run it after `decode`, before defaults.
 */
export function toGoForm<T extends object>(type: string, object: T): T {
  return fromWire({ kind: 'object', name: type }, object, false) as T
}

/**
 * An object as Go's encoder writes it: empty lists left out, empty structs and required zeros written (`resources: {}`,
 * `status: {}`, `rules: null`). Gives back the same object where nothing changes. Run it after defaults.
 */
export function toWireForm<T extends object>(type: string, object: T): T {
  return writtenObject(type, object as JsonObject) as T
}

type JsonObject = Readonly<Record<string, unknown>>

interface GoField extends Field {
  readonly isPointer: boolean
  /** Left out of the encoded object when it holds nothing. */
  readonly isOmitted: boolean
  readonly isResourceList: boolean
}

interface GoType {
  /** Those that are written even where the object doesn't have them. */
  readonly mandatory: readonly GoField[]
  readonly byName: ReadonlyMap<string, GoField>
}

// A memo of frozen facts, the same in every cluster: no state of any world.
const goTypes = new Map<string, GoType>()

function goTypeOf(type: string): GoType {
  const known = goTypes.get(type)
  if (known !== undefined) return known
  const fields = [...getObjectType(type).fields.values()].map((field): GoField => ({
    ...field,
    isPointer: isPointer(type, field.name),
    isOmitted: isOmittedEmpty(type, field.name, field.required),
    isResourceList: namedGoType(type, field.name) === 'v1.ResourceList',
  }))
  const mandatory = fields.filter((field) => writtenField(field, undefined) !== undefined)
  const made = { mandatory, byName: new Map(fields.map((field) => [field.name, field])) }
  goTypes.set(type, made)
  return made
}

function fromWire(ref: TypeRef, value: unknown, isResourceList: boolean): unknown {
  switch (ref.kind) {
    case 'object':
      return objectFromWire(ref.name, value as JsonObject)
    case 'array':
      return mapArray(value as readonly unknown[], (item) => fromWire(ref.of, item, false))
    case 'map':
      return isFlat(ref.of) ? value : mapObject(value as JsonObject, (item) => fromWire(ref.of, item, isResourceList))
    case 'quantity':
      return isResourceList ? roundedUpToMilli(value as string | number) : canonicalQuantity(value as string | number)
    case 'time':
      return typeof value === 'string' ? canonicalTime(value, false) : value
    case 'microTime':
      return typeof value === 'string' ? canonicalTime(value, true) : value
    default:
      return value
  }
}

const isFlat = (ref: TypeRef): boolean => ref.kind === 'string' || ref.kind === 'bytes'

function objectFromWire(type: string, object: JsonObject): JsonObject {
  const { byName } = goTypeOf(type)
  let copy: Record<string, unknown> | undefined
  for (const key in object) {
    const field = byName.get(key)
    if (field === undefined) continue
    const given = object[key]
    const kept = isForgotten(field, given) ? undefined : fromWire(field.type, given, field.isResourceList)
    if (kept === given) continue
    copy ??= { ...object }
    if (kept === undefined) delete copy[key]
    else copy[key] = kept
  }
  return copy ?? object
}

/** A plain field's zero can't be told from nothing once decoded. */
function isForgotten(field: GoField, value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (value !== '' && value !== 0 && value !== false) return false
  // A targetPort of "" is a string, which isn't IntOrString's zero.
  if (field.type.kind === 'intOrString' && value === '') return false
  return !field.isPointer && field.isOmitted
}

function writtenObject(type: string, object: JsonObject): JsonObject {
  const { mandatory, byName } = goTypeOf(type)
  let copy: Record<string, unknown> | undefined
  for (const key in object) {
    const field = byName.get(key)
    if (field === undefined) continue
    const given = object[key]
    const kept = writtenField(field, given)
    if (kept === given) continue
    copy ??= { ...object }
    if (kept === undefined) delete copy[key]
    else copy[key] = kept
  }
  for (const field of mandatory) {
    if (object[field.name] !== undefined) continue
    copy ??= { ...object }
    copy[field.name] = writtenField(field, undefined)
  }
  return copy ?? object
}

function writtenField(field: GoField, given: unknown): unknown {
  if (given !== undefined && given !== null && !isEmpty(field.type, given)) return written(field.type, given)
  const { isOmitted } = field
  if (field.isPointer) {
    if (given === undefined || given === null) return isOmitted ? undefined : null
    return written(field.type, given)
  }
  // Storage knows no empty list: it comes back as none at all.
  if (field.type.kind === 'array' || field.type.kind === 'map') return isOmitted ? undefined : null
  if (field.type.kind === 'object') return written(field.type, given ?? {})
  return writtenScalar(field, given)
}

/** Structs have no emptiness for Go's encoder, so a time or a quantity that was never set is written all the same. */
function writtenScalar({ name, type, isOmitted }: GoField, given: unknown): unknown {
  switch (type.kind) {
    case 'time':
    case 'microTime':
      return name === 'creationTimestamp' ? undefined : null
    case 'quantity':
      return '0'
    case 'intOrString':
      return given ?? 0
    case 'rawExtension':
      return given ?? null
    case 'boolean':
      return isOmitted ? undefined : false
    case 'int32':
    case 'int64':
    case 'double':
      return isOmitted ? undefined : 0
    case 'bytes':
      return isOmitted ? undefined : (given ?? null)
    case 'string':
      return isOmitted ? undefined : ''
    default:
      return given ?? undefined
  }
}

function isEmpty(ref: TypeRef, value: unknown): boolean {
  if (ref.kind === 'array') return (value as readonly unknown[]).length === 0
  if (ref.kind === 'map') return hasNoKeys(value as JsonObject)
  if (ref.kind === 'time' || ref.kind === 'microTime') return isZeroTime(value as string)
  return value === '' || value === 0 || value === false
}

function hasNoKeys(object: JsonObject): boolean {
  for (const _ in object) return false
  return true
}

function written(ref: TypeRef, value: unknown): unknown {
  if (ref.kind === 'object') return writtenObject(ref.name, value as JsonObject)
  if (ref.kind === 'array' && hasStructs(ref.of))
    return mapArray(value as readonly unknown[], (item) => written(ref.of, item))
  if (ref.kind === 'map' && hasStructs(ref.of)) return mapObject(value as JsonObject, (item) => written(ref.of, item))
  return value
}

const hasStructs = (ref: TypeRef): boolean => ref.kind === 'object' || ref.kind === 'array' || ref.kind === 'map'

function mapArray(values: readonly unknown[], change: (value: unknown) => unknown): readonly unknown[] {
  let copy: unknown[] | undefined
  for (let index = 0; index < values.length; index++) {
    const changed = change(values[index])
    if (changed === values[index]) continue
    copy ??= [...values]
    copy[index] = changed
  }
  return copy ?? values
}

function mapObject(values: JsonObject, change: (value: unknown) => unknown): JsonObject {
  let copy: Record<string, unknown> | undefined
  for (const key in values) {
    const changed = change(values[key])
    if (changed === values[key]) continue
    copy ??= { ...values }
    copy[key] = changed
  }
  return copy ?? values
}
