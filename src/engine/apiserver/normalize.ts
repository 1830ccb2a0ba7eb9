import { formatMicroTime, formatQuantity, formatTime, parseTime, setOwn } from '../api/index.ts'
import { isPointer } from '../api/schema/pointers.ts'
import { getObjectType, type Field, type ObjectType, type TypeRef } from '../api/schema/schema.ts'

/**
 * A private copy of a decoded body in the form the API stores: zero values that Go leaves out are gone, quantities and times have
 * their one spelling, unknown fields are dropped.
 */
export function normalize<T extends object>(type: string, value: T): T {
  return copyObject(planOf(type), value as Json) as T
}

type Json = Readonly<Record<string, unknown>>

interface Plan {
  readonly fields: ReadonlyMap<string, FieldPlan>
  /** structs that are always there in Go, if only empty */
  readonly structs: readonly string[]
}

interface FieldPlan {
  readonly ref: TypeRef
  /** a zero value is left out: upstream's `omitempty` on what is no pointer */
  readonly omitsZero: boolean
  /** an empty list is nil, which a list without `omitempty` shows as null */
  readonly nullsEmpty: boolean
  readonly precision: 'milli' | 'nano'
}

// A memo of frozen facts, the same in every cluster: no state of any world.
const plans = new Map<string, Plan>()

function planOf(name: string): Plan {
  let plan = plans.get(name)
  if (plan === undefined) plans.set(name, (plan = makePlan(getObjectType(name))))
  return plan
}

function makePlan(type: ObjectType): Plan {
  const fields = new Map<string, FieldPlan>()
  const structs: string[] = []
  for (const field of type.fields.values()) {
    fields.set(field.name, planField(type.name, field))
    const { name, required, type: ref } = field
    if (required && ref.kind === 'object' && !isPointer(type.name, name)) structs.push(name)
  }
  return { fields, structs }
}

function planField(type: string, { name, type: ref, required }: Field): FieldPlan {
  const isList = ref.kind === 'array' || ref.kind === 'map'
  const canOmit = (isList || scalars.has(ref.kind)) && !isPointer(type, name)
  const omitsZero = !required && canOmit && !keptEmpty.has(`${type}.${name}`)
  const precision = ref.kind === 'map' && ref.of.kind === 'quantity' ? 'milli' : 'nano'
  return { ref, omitsZero, nullsEmpty: required && ref.kind === 'array', precision }
}

const nothing: Json = Object.freeze({})
const scalars: ReadonlySet<string> = new Set(['boolean', 'int32', 'int64', 'string'])

/** Lists of which none and an empty one are two things to the defaults that come after. */
const keptEmpty: ReadonlySet<string> = new Set(['HPAScalingRules.policies'])

function copyObject({ fields, structs }: Plan, value: Json): Json {
  const copy: Record<string, unknown> = {}
  for (const key in value) {
    const field = fields.get(key)
    if (field === undefined) continue
    const given = copyValue(field.ref, value[key], field.precision)
    if (given === undefined) continue
    if (field.omitsZero && isZero(given)) continue
    copy[key] = field.nullsEmpty && (given as readonly unknown[]).length === 0 ? null : given
  }
  for (const key of structs) copy[key] ??= copyObject(planOf((fields.get(key)!.ref as { name: string }).name), nothing)
  return copy
}

function isZero(value: unknown): boolean {
  if (typeof value !== 'object') return value === '' || value === 0 || value === false
  if (Array.isArray(value)) return value.length === 0
  for (const _ in value) return false
  return true
}

function copyValue(ref: TypeRef, value: unknown, precision: 'milli' | 'nano'): unknown {
  if (value === undefined || value === null) return undefined
  switch (ref.kind) {
    case 'object':
      return copyObject(planOf(ref.name), value as Json)
    case 'array':
      return (value as readonly unknown[]).map((item) => copyValue(ref.of, item, precision))
    case 'map':
      return copyMap(ref.of, value as Json, precision)
    case 'quantity':
      return formatQuantity(value as string, precision)
    case 'time':
      return timeIn(value as string, formatTime)
    case 'microTime':
      return timeIn(value as string, formatMicroTime)
    case 'bytes':
      return (value as string).replace(/[\r\n]/g, '')
    default:
      return typeof value === 'object' ? copyPlain(value) : value
  }
}

function copyMap(ref: TypeRef, value: Json, precision: 'milli' | 'nano'): Json {
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) setOwn(copy, key, copyValue(ref, value[key], precision))
  return copy
}

function copyPlain(value: object): unknown {
  if (Array.isArray(value))
    return value.map((item: unknown) => (typeof item === 'object' && item !== null ? copyPlain(item) : item))
  const copy: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value))
    setOwn(copy, key, typeof item === 'object' && item !== null ? copyPlain(item as object) : item)
  return copy
}

function timeIn(text: string, format: (atMs: number) => string): string {
  const at = parseTime(text)
  return Number.isNaN(at) ? text : format(at)
}
