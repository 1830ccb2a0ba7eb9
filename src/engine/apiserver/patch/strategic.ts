import { badRequest, ownAt, setOwn } from '../../api/index.ts'
import { mergeRule, type MergeRule } from '../../api/schema/mergeKeys.ts'
import { findObjectType, type TypeRef } from '../../api/schema/schema.ts'
import { formatGo, goTypeOf, inText } from './goText.ts'
import { failed, isMap, mergeLists, orderedBy, type Json, type List, type ListRule } from './strategicLists.ts'

// upstream: staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go

const orderPrefix = '$setElementOrder'
const deletePrefix = '$deleteFromPrimitiveList'

/** Merges a strategic merge patch into a live object: lists by their merge keys, with directives. Neither is touched. */
export function strategicPatch(type: string | undefined, live: Json, patch: Json): Json {
  return mergeMaps(type === undefined ? undefined : { kind: 'object', name: type }, live, patch)
}

/** A map that the merge may write to. */
type Draft = Record<string, unknown>

function mergeMaps(ref: TypeRef | undefined, live: Json, patch: Json): Json {
  if ('$patch' in patch) return directed(patch)
  const rest: Draft = { ...patch }
  const merged: Draft = { ...retained(live, rest) }
  for (const key of Object.keys(patch)) if (key.startsWith(orderPrefix)) mergeInOrder(merged, rest, ref, key)
  for (const key of Object.keys(rest)) mergeField(merged, ref, key, rest[key])
  return merged
}

/** A map that says itself what becomes of what was there. */
function directed(patch: Json): Json {
  const { $patch: directive, ...rest } = patch
  if (directive === 'replace') return rest
  if (directive === 'delete') return {}
  throw failed(`unknown patch type: ${inText(directive)} in map: ${formatGo(patch)}`)
}

/** What stays where a patch names all that may be there. The directive is taken off the patch. */
function retained(live: Json, patch: Draft): Json {
  if (!('$retainKeys' in patch)) return live
  const keys = patch['$retainKeys']
  delete patch['$retainKeys']
  const kept = new Set(Array.isArray(keys) ? (keys as List) : [])
  const isKept = (key: string): boolean => kept.has(key)
  const isFine = ([key, value]: [string, unknown]): boolean =>
    value === null || key.startsWith(deletePrefix) || key.startsWith(orderPrefix) || isKept(key)
  if (!Array.isArray(keys) || !Object.entries(patch).every(isFine))
    throw badRequest('invalid patch format of retainKeys')
  return Object.fromEntries(Object.entries(live).filter(([key]) => isKept(key)))
}

/** Merges a list whose order the patch gives; both are taken off the patch. */
// upstream: mergePatchIntoOriginal
function mergeInOrder(merged: Draft, patch: Draft, ref: TypeRef | undefined, directive: string): void {
  const order = listIn(patch[directive])
  delete patch[directive]
  const field = fieldOf(directive, orderPrefix)
  const live = Object.hasOwn(merged, field) ? listIn(merged[field]) : undefined
  const given = Object.hasOwn(patch, field) ? listIn(patch[field]) : undefined
  const list = orderedBy(order, live, given, listRule(ref, field, false))
  if (list === undefined) return
  setOwn(merged, field, list)
  delete patch[field]
}

function listIn(value: unknown): List {
  if (Array.isArray(value)) return value as List
  throw failed(`expected a []interface {}, but received a ${goTypeOf(value)}`)
}

/** The field that a directive is about: `containers` of `$setElementOrder/containers`. */
function fieldOf(directive: string, prefix: string): string {
  if (directive.startsWith(`${prefix}/`)) return directive.slice(prefix.length + 1)
  const what = prefix === orderPrefix ? 'setElementOrder' : 'primitive'
  throw badRequest(`invalid patch format of ${what} list`)
}

function mergeField(merged: Draft, ref: TypeRef | undefined, key: string, value: unknown): void {
  const isDeletion = key.startsWith(deletePrefix)
  const field = isDeletion ? fieldOf(key, deletePrefix) : key
  const live = ownAt(merged, field)
  if (value === null) delete merged[field]
  else if (isMap(value) && isMap(live)) {
    const at = lookUp(ref, field)
    setOwn(merged, field, at?.rule.patch === 'replace' ? value : mergeMaps(at?.ref, live, value))
  } else if (Array.isArray(value) && Array.isArray(live)) {
    const rule = listRule(ref, field, isDeletion)
    setOwn(merged, field, rule.isMerged ? mergeLists(live as List, value as List, rule).list : value)
  } else if (!isDeletion || (Object.hasOwn(merged, field) && goTypeOf(live) === goTypeOf(value)))
    put(merged, field, value)
}

/** Takes a value that nothing is merged into: its nulls mean nothing, and what has a directive is left out. */
function put(merged: Draft, field: string, value: unknown): void {
  const clean = withoutNulls(value)
  if (isPlain(clean)) setOwn(merged, field, withoutDirectives(clean))
  else delete merged[field]
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return (value as List).map(withoutNulls)
  if (!isMap(value)) return value
  const result: Draft = {}
  for (const [key, item] of Object.entries(value)) if (item !== null) setOwn(result, key, withoutNulls(item))
  return result
}

function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return (value as List).filter(isPlain).map(withoutDirectives)
  if (!isMap(value)) return value
  const result: Draft = {}
  for (const [key, item] of Object.entries(value)) if (isPlain(item)) setOwn(result, key, withoutDirectives(item))
  return result
}

const isPlain = (value: unknown): boolean => !isMap(value) || !('$patch' in value)

interface Place {
  readonly ref: TypeRef
  readonly rule: MergeRule
}

/** The type and rule of a field; undefined where no types are known. */
// upstream: apimachinery/third_party/forked/golang/json/fields.go LookupPatchMetadataForStruct
function lookUp(ref: TypeRef | undefined, field: string): Place | undefined {
  if (ref === undefined) return undefined
  if (ref.kind !== 'object' && !(ref.kind in structs))
    throw failed(`merging an object in json but data type is not struct, instead is: ${goKinds[ref.kind] ?? ref.kind}`)
  const type = ref.kind === 'object' ? findObjectType(ref.name) : undefined
  const found = type?.fields.get(field)?.type
  if (type !== undefined && found !== undefined) return { ref: found, rule: mergeRule(type.name, field) }
  const name = type?.goName ?? structs[ref.kind]
  throw failed(`unable to find api field in struct ${name} for the json field ${JSON.stringify(field)}`)
}

/** Values with a form of their own that are structs in Go. */
const structs: Readonly<Record<string, string>> = {
  quantity: 'Quantity',
  intOrString: 'IntOrString',
  time: 'Time',
  microTime: 'MicroTime',
  rawExtension: 'RawExtension',
  fieldsV1: 'FieldsV1',
  json: 'JSON',
  schemaOrBool: 'JSONSchemaPropsOrBool',
  schemaOrArray: 'JSONSchemaPropsOrArray',
  schemaOrStrings: 'JSONSchemaPropsOrStringArray',
}

const goKinds: Readonly<Record<string, string>> = { array: 'slice', bytes: 'slice', boolean: 'bool', double: 'float64' }

function listRule(ref: TypeRef | undefined, field: string, isDeletion: boolean): ListRule {
  const at = lookUp(ref, field)
  if (at !== undefined && at.ref.kind !== 'array' && at.ref.kind !== 'bytes')
    throw failed('expected slice or array type, but got: struct')
  const of = at?.ref.kind === 'array' ? at.ref.of : undefined
  return {
    key: at?.rule.patchKey,
    isMerged: isDeletion || at?.rule.patch === 'merge',
    isDeletion,
    itemKind: of === undefined ? 'uint8' : of.kind === 'object' ? 'struct' : (goKinds[of.kind] ?? of.kind),
    mergeItem: (live, patch) => mergeMaps(of, live, patch),
    plainItems: (list) => withoutDirectives(list) as List,
  }
}
