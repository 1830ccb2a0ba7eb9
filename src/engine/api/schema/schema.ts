import { kinds, types, version2 } from '../../generated/schema.ts'

/** What a value of the API is: a scalar of JSON, one of the few types with a form of their own, or something made of them. */
export type TypeRef =
  | { readonly kind: ScalarKind }
  | { readonly kind: 'array' | 'map'; readonly of: TypeRef }
  | { readonly kind: 'object'; readonly name: string }

export type ScalarKind =
  | 'string'
  | 'int32'
  | 'int64'
  | 'boolean'
  | 'double'
  | 'quantity'
  | 'intOrString'
  | 'time'
  | 'microTime'
  | 'bytes'
  | 'rawExtension'
  | 'fieldsV1'
  | 'json'
  | 'schemaOrBool'
  | 'schemaOrArray'
  | 'schemaOrStrings'

/** One field of an object, by its name in JSON. */
export interface Field {
  readonly name: string
  readonly type: TypeRef
  readonly required: boolean
}

/** A struct of the API: its schema name (`Container`, `core.Event`), and its fields in alphabetical order. */
export interface ObjectType {
  readonly name: string
  /** The name people know: `Event` for `core.Event`. */
  readonly goName: string
  /** As Go's messages spell it: `v1.Event`. */
  readonly goType: string
  readonly fields: ReadonlyMap<string, Field>
}

/** The schema name of a kind, undefined for what is not built in: `typeOf('apps', 'v1', 'Deployment')` → `Deployment`. */
export function typeOf(group: string, version: string, kind: string): string | undefined {
  return kinds[`${group === '' ? version : `${group}/${version}`} ${kind}`]
}

/** A type by its schema name. */
export function getObjectType(name: string): ObjectType {
  const type = findObjectType(name)
  if (type === undefined) throw new Error(`the schema has no type ${name}`)
  return type
}

/** A type by its schema name, if there is one. */
export function findObjectType(name: string): ObjectType | undefined {
  const known = compiled.get(name)
  if (known !== undefined) return known
  const text = types[name]
  if (text === undefined) return undefined
  const type = compile(name, text)
  compiled.set(name, type)
  return type
}

/** The fields of a type in alphabetical order. */
export function fieldsOf(name: string): readonly Field[] {
  return [...getObjectType(name).fields.values()]
}

/** What a path through a type ends at, lists and maps being passed through: `resolvePath('Pod', ['spec', 'containers'])`. */
export function resolvePath(name: string, path: readonly string[]): TypeRef | undefined {
  let ref: TypeRef | undefined = { kind: 'object', name }
  for (const part of path) {
    const inner = elementOf(ref)
    ref = inner.kind === 'object' ? findObjectType(inner.name)?.fields.get(part)?.type : undefined
    if (ref === undefined) return undefined
  }
  return ref
}

/** What the lists and maps around a type hold in the end: the `Container` of `[]Container`. */
export function elementOf(ref: TypeRef): TypeRef {
  return ref.kind === 'array' || ref.kind === 'map' ? elementOf(ref.of) : ref
}

/** Every built-in kind, as `apiVersion kind`, with its schema name. */
export function builtInKinds(): readonly (readonly [gvk: string, type: string])[] {
  return Object.entries(kinds)
}

// A memo of frozen facts, the same in every cluster: no state of any world.
const compiled = new Map<string, ObjectType>()
const later = new Set(version2)

const scalarCodes: Readonly<Record<string, ScalarKind>> = {
  s: 'string',
  i: 'int32',
  l: 'int64',
  b: 'boolean',
  d: 'double',
  q: 'quantity',
  x: 'intOrString',
  t: 'time',
  m: 'microTime',
  y: 'bytes',
  R: 'rawExtension',
  F: 'fieldsV1',
  j: 'json',
  B: 'schemaOrBool',
  A: 'schemaOrArray',
  S: 'schemaOrStrings',
}

const refs = new Map<string, TypeRef>()

function compile(name: string, text: string): ObjectType {
  const fields = new Map<string, Field>()
  for (const part of text === '' ? [] : text.split(' ')) {
    const colon = part.indexOf(':')
    const required = part.endsWith('!')
    const field = part.slice(0, colon)
    fields.set(field, { name: field, type: refOf(part.slice(colon + 1, required ? -1 : undefined)), required })
  }
  const goName = name.slice(name.lastIndexOf('.') + 1)
  return { name, goName, goType: `${later.has(name) ? 'v2' : 'v1'}.${goName}`, fields }
}

function refOf(code: string): TypeRef {
  const known = refs.get(code)
  if (known !== undefined) return known
  const ref = makeRef(code)
  refs.set(code, ref)
  return ref
}

function makeRef(code: string): TypeRef {
  if (code.startsWith('[]')) return { kind: 'array', of: refOf(code.slice(2)) }
  if (code.startsWith('{}')) return { kind: 'map', of: refOf(code.slice(2)) }
  const scalar = scalarCodes[code]
  return scalar === undefined ? { kind: 'object', name: code } : { kind: scalar }
}
