import {
  badRequest,
  copyOf,
  nestingError,
  quote,
  statusError,
  type ApiError,
  type Draft,
  type KubeObject,
} from '../api/index.ts'
import { decode, decodeFailure, duplicateField, strictDecodingError, unknownField } from '../api/schema/decode.ts'
import { getObjectType, typeOf } from '../api/schema/schema.ts'
import { apiVersionOf, type Kind } from '../kinds/defineKind.ts'
import { checkCustomType } from './customResources/typeMeta.ts'
import { normalize } from './normalize.ts'
import type { Passage } from './passage.ts'

/** The body of a create or update as a private copy, checked against its kind and the request's path. */
export function decodeBody(passage: Passage): Draft<KubeObject> {
  const body = objectIn(passage, passage.request.body)
  const draft = passage.isTrusted ? trusted(passage, body, passage.request.isGiven) : readStrictly(passage, body)
  placeIn(passage, draft)
  return draft
}

const decoding: Readonly<Record<string, string>> = {
  apply: 'error decoding YAML: ',
  json: 'error decoding patch: ',
  merge: 'error decoding patch: ',
}

/** Refuses a body that is nested too deeply, as the decoder of its text would. */
export function checkNesting({ kind, request: { verb, body, patchType = 'strategic' } }: Passage): void {
  if (typeof body !== 'object' || body === null) return
  const error = nestingError(body)
  if (error === undefined) return
  if (verb === 'patch') throw badRequest(`${decoding[patchType] ?? ''}${error}`)
  throw badRequest(
    `the object provided is unrecognized (must be of type ${kind.kind}): couldn't get version/kind; json parse error: ${error}`,
  )
}

function objectIn({ kind }: Passage, body: unknown): object {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body
  throw badRequest(`the object provided is unrecognized (must be of type ${kind.kind})`)
}

/** A component's own object: it is of the right shape, and only its status counts where only the status is written. */
function trusted({ kind, subresource }: Passage, body: object, isGiven = false): Draft<KubeObject> {
  const object = body as Draft<KubeObject>
  // whoever reports a state sends what is stored besides: nothing but the status is taken from it, so it need not be copied
  if (subresource === 'status' && object.kind !== undefined && object.metadata?.name !== undefined) return object
  const draft = isGiven ? object : copyOf(object)
  draft.kind ??= kind.kind
  draft.apiVersion ??= apiVersionOf(kind)
  draft.metadata ??= {} as Draft<KubeObject>['metadata']
  return draft
}

// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/create.go
function readStrictly(passage: Passage, body: object): Draft<KubeObject> {
  const { kind } = passage
  const given = body as Partial<KubeObject>
  if (kind.custom === undefined) checkType(passage, given)
  else checkCustomType(passage, given)
  const named = { ...body, kind: kind.kind, apiVersion: apiVersionOf(kind) }
  const type = typeOf(kind.group, kind.version, kind.kind)
  if (kind.custom?.isTerminating && passage.request.verb === 'create') throw terminating(kind)
  if (type === undefined && kind.custom === undefined) return trusted(passage, named)
  const { object, unknown, error } = kind.custom?.decode(named) ?? decode(type!, named)
  if (error !== undefined) throw badRequest(decodeFailure(kind.kind, kind.version, error))
  checkFields(passage, kind.kind, kind.version, unknown)
  const draft = (type === undefined ? object : normalize(type, object)) as Draft<KubeObject> & { spec?: unknown }
  // a struct is never missing in Go, and rules look into it
  if (draft.spec === undefined && type !== undefined && hasStruct(type, 'spec')) draft.spec = {}
  draft.metadata ??= {} as Draft<KubeObject>['metadata']
  return draft
}

/** Refuses fields that are unknown or named twice, or warns of them, as the request wants it. */
export function checkFields(passage: Passage, kind: string, version: string, unknown: readonly string[]): void {
  const { options, warnings, duplicates } = passage
  if (unknown.length + duplicates.length === 0) return
  const mode = options.fieldValidation || 'Warn'
  if (mode === 'Strict') throw badRequest(decodeFailure(kind, version, strictDecodingError(unknown, duplicates)))
  if (mode === 'Warn') warnings.push(...duplicates.map(duplicateField), ...unknown.map(unknownField))
}

const hasStruct = (type: string, field: string): boolean =>
  getObjectType(type).fields.get(field)?.type.kind === 'object'

/** upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/customresource_handler.go serveResource */
const terminating = (kind: Kind): ApiError =>
  statusError({
    message: 'create not allowed while custom resource definition is terminating',
    reason: 'MethodNotAllowed',
    details: { group: kind.group, kind: kind.plural },
    code: 405,
  })

function checkType({ kind }: Passage, given: Partial<KubeObject>): void {
  const name = textOf(kind, given, 'kind') ?? kind.kind
  const apiVersion = textOf(kind, given, 'apiVersion') ?? apiVersionOf(kind)
  const expected = apiVersionOf(kind)
  if (name === kind.kind && apiVersion === expected) return
  if (name === kind.kind && apiVersion !== '' && name !== '') {
    const version = apiVersion.slice(apiVersion.indexOf('/') + 1)
    const why = `no kind ${quote(name)} is registered for version ${quote(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`
    throw badRequest(decodeFailure(kind.kind, version, why).replace(kind.kind, name))
  }
  if (name === '' || apiVersion === '') return
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1)
  throw badRequest(
    `${name} in version ${quote(version)} cannot be handled as a ${kind.kind}: converting (${version}.${name}) to (${packageOf(kind)}.${kind.kind}): unknown conversion`,
  )
}

/** The Go package of a kind's internal type. */
const packageOf = ({ group }: Kind): string =>
  group === '' || group === 'events.k8s.io' ? 'core' : group.split('.', 1)[0]!

function textOf({ kind }: Kind, given: Partial<KubeObject>, field: 'apiVersion' | 'kind'): string | undefined {
  const value: unknown = given[field]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  const word = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
  const text = JSON.stringify(given)
  const shown = text.length > 30 ? `${text.slice(0, 30)} ...` : text
  throw badRequest(
    `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: json: cannot unmarshal ${word} into Go struct field .${field} of type string (${shown})`,
  )
}

function placeIn({ kind, namespace, name, request }: Passage, draft: Draft<KubeObject>): void {
  const { metadata } = draft
  if (!kind.namespaced) {
    if (metadata.namespace !== undefined) delete metadata.namespace
  } else if (!metadata.namespace) metadata.namespace = namespace
  else if (metadata.namespace !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  if (request.verb === 'create') {
    if (metadata.resourceVersion && metadata.resourceVersion !== '0')
      throw statusError({ message: 'resourceVersion should not be set on objects to be created', code: 500 })
    metadata.name ??= '' // what is missing is empty in Go, and rules look at it before it is missed
    return
  }
  if (metadata.name && metadata.name !== name)
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`)
  if (!metadata.name && request.verb === 'patch')
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`)
  if (metadata.name !== name) metadata.name = name
}
