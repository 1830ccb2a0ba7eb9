import { badRequest, copyOf, quote, statusError, type Draft, type KubeObject } from '../api/index.ts'
import { decode, decodeFailure, strictDecodingError, unknownField } from '../api/schema/decode.ts'
import { typeOf } from '../api/schema/schema.ts'
import { apiVersionOf } from '../kinds/defineKind.ts'
import { normalize } from './normalize.ts'
import type { Passage } from './passage.ts'

/** The body of a create or update as a private copy, checked against its kind and the request's path. */
export function decodeBody(passage: Passage): Draft<KubeObject> {
  const body = objectIn(passage, passage.request.body)
  const draft = passage.isTrusted ? trusted(passage, body, passage.request.isGiven) : readStrictly(passage, body)
  placeIn(passage, draft)
  return draft
}

function objectIn({ kind }: Passage, body: unknown): object {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body
  throw badRequest(`the object provided is unrecognized (must be of type ${kind.kind})`)
}

/** A component's own object: it is of the right shape, and only its status counts where only the status is written. */
function trusted({ kind, subresource }: Passage, body: object, isGiven = false): Draft<KubeObject> {
  const object = body as Draft<KubeObject>
  const draft =
    subresource === 'status' ? { ...object, metadata: { ...object.metadata } } : isGiven ? object : copyOf(object)
  draft.kind ??= kind.kind
  draft.apiVersion ??= apiVersionOf(kind)
  draft.metadata ??= {} as Draft<KubeObject>['metadata']
  return draft
}

// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/create.go
function readStrictly(passage: Passage, body: object): Draft<KubeObject> {
  const { kind, options, warnings, duplicates } = passage
  const given = body as Partial<KubeObject>
  checkType(passage, given)
  const named = { ...body, kind: kind.kind, apiVersion: apiVersionOf(kind) }
  const type = typeOf(kind.group, kind.version, kind.kind)
  if (type === undefined) return trusted(passage, named)
  const { object, unknown, error } = decode(type, named)
  if (error !== undefined) throw badRequest(decodeFailure(kind.kind, kind.version, error))
  if (unknown.length + duplicates.length > 0) {
    const mode = options.fieldValidation || 'Warn'
    if (mode === 'Strict')
      throw badRequest(decodeFailure(kind.kind, kind.version, strictDecodingError(unknown, duplicates)))
    if (mode === 'Warn')
      warnings.push(...duplicates.map((path) => `duplicate field ${quote(path)}`), ...unknown.map(unknownField))
  }
  const draft = normalize(type, object) as Draft<KubeObject>
  draft.metadata ??= {} as Draft<KubeObject>['metadata']
  return draft
}

function checkType(
  { kind }: Passage,
  { kind: name = kind.kind, apiVersion = apiVersionOf(kind) }: Partial<KubeObject>,
): void {
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
    `${name} in version ${quote(version)} cannot be handled as a ${kind.kind}: converting (${version}.${name}) to (core.${kind.kind}): unknown conversion`,
  )
}

function placeIn({ kind, namespace, name, request }: Passage, draft: Draft<KubeObject>): void {
  const { metadata } = draft
  if (!kind.namespaced) delete metadata.namespace
  else if (!metadata.namespace) metadata.namespace = namespace
  else if (metadata.namespace !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  if (request.verb === 'create') {
    if (metadata.resourceVersion)
      throw statusError({ message: 'resourceVersion should not be set on objects to be created', code: 500 })
    return
  }
  if (metadata.name && metadata.name !== name)
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`)
  if (!metadata.name && request.verb === 'patch')
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`)
  metadata.name = name
}
