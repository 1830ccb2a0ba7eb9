import { keyDefaultsOf, mergeRule, type MergeRule } from '../../api/schema/mergeKeys.ts'
import { findObjectType, type TypeRef } from '../../api/schema/schema.ts'

/**
 * What server-side apply must know of a value: whether it is a leaf, whose parts are owned together, or something whose parts have
 * owners of their own, and how the items of a list are told apart. `customType` makes one of a custom resource's schema.
 */
// upstream: sigs.k8s.io/structured-merge-diff/schema Atom
export interface FieldType {
  /** `untyped`: nothing is said of it, so it is taken for what it looks like */
  readonly shape: 'scalar' | 'map' | 'list' | 'untyped'
  /** what a scalar may be; `any` scalar unless said otherwise */
  readonly scalar?: 'numeric' | 'string' | 'boolean' | 'any'
  /** owned as a whole, and replaced as a whole */
  readonly isAtomic?: boolean
  /** a declared field of an object; undefined for none of that name */
  readonly field?: (name: string) => FieldType | undefined
  /** the values of a map, the items of a list; an object without it has its declared fields only */
  readonly of?: () => FieldType
  /** what tells the items of a list apart, sorted; without it the items of a granular list are a set of scalars */
  readonly keys?: readonly string[]
  /** what a key counts as where an item doesn't give it */
  readonly keyDefaults?: Readonly<Record<string, unknown>>
}

const anything: FieldType = Object.freeze({ shape: 'untyped' })
const anythingWhole: FieldType = Object.freeze({ shape: 'untyped', isAtomic: true })
const scalar = (of: FieldType['scalar']): FieldType => Object.freeze({ shape: 'scalar', ...(of && { scalar: of }) })

/** A value that no schema tells anything of: maps are granular, lists atomic. */
export const untyped = anything

const scalars: Readonly<Record<string, FieldType>> = {
  string: scalar('string'),
  bytes: scalar('string'),
  boolean: scalar('boolean'),
  int32: scalar('numeric'),
  int64: scalar('numeric'),
  double: scalar('numeric'),
  quantity: scalar('any'),
  intOrString: scalar('any'),
  time: scalar('any'),
  microTime: scalar('any'),
}

const untypedList: FieldType = { shape: 'list', isAtomic: true, of: () => anything }
const untypedMap: FieldType = { shape: 'map', of: () => anything }
const wholeMap: FieldType = { shape: 'map', isAtomic: true, of: () => anythingWhole }
const anyScalar = scalar('any')

/** What a type is for a value in hand: only an untyped one depends on it. */
// upstream: sigs.k8s.io/structured-merge-diff/typed/helpers.go deduceAtom
export function resolved(type: FieldType, value: unknown): FieldType {
  if (type.shape !== 'untyped') return type
  if (Array.isArray(value)) return untypedList
  if (typeof value === 'object' && value !== null) return type.isAtomic ? wholeMap : untypedMap
  return anyScalar
}

// A memo of frozen facts, the same in every cluster: no state of any world.
const objects = new Map<string, FieldType>()
const noRule: MergeRule = {}

/** The type of a built-in object by its name in the schema: `Deployment`. */
export function builtInType(name: string): FieldType {
  const known = objects.get(name)
  if (known !== undefined) return known
  const fields = new Map<string, FieldType>()
  const type: FieldType = {
    shape: 'map',
    field(field) {
      const made = fields.get(field)
      if (made !== undefined) return made
      const ref = findObjectType(name)?.fields.get(field)?.type
      if (ref === undefined) return undefined
      const fresh = typeOfRef(ref, mergeRule(name, field))
      fields.set(field, fresh)
      return fresh
    },
  }
  objects.set(name, type)
  return type
}

function typeOfRef(ref: TypeRef, rule: MergeRule): FieldType {
  switch (ref.kind) {
    case 'object':
      return rule.apply === 'atomic' ? { ...builtInType(ref.name), isAtomic: true } : builtInType(ref.name)
    case 'map':
      return { shape: 'map', isAtomic: rule.apply === 'atomic', of: lazily(() => typeOfItem(ref.of)) }
    case 'array':
      return listOf(ref.of, rule)
    default:
      return scalars[ref.kind] ?? anythingWhole
  }
}

function listOf(item: TypeRef, { apply, applyKeys = [] }: MergeRule): FieldType {
  const of = lazily(() => typeOfItem(item))
  if (apply === 'set') return { shape: 'list', of }
  if (apply !== 'map' || applyKeys.length === 0) return { shape: 'list', isAtomic: true, of }
  const keyDefaults = item.kind === 'object' ? keyDefaultsOf(item.name) : {}
  return { shape: 'list', of, keys: [...applyKeys].sort(), keyDefaults }
}

/** Items are typed by what they are: a struct that is atomic wherever it stands is so in a list as well. */
function typeOfItem(ref: TypeRef): FieldType {
  if (ref.kind !== 'object') return typeOfRef(ref, noRule)
  return wholeTypes.has(ref.name) ? { ...builtInType(ref.name), isAtomic: true } : builtInType(ref.name)
}

/** Structs that are atomic as items of a list whose items have owners of their own. */
const wholeTypes = new Set(['OwnerReference', 'LocalObjectReference', 'ObjectReference', 'Variable'])

function lazily(make: () => FieldType): () => FieldType {
  let made: FieldType | undefined
  return () => (made ??= make())
}
