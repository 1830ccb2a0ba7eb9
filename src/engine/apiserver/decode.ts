import { badRequest, copyOf, type Draft, type KubeObject } from '../api/index.ts'
import { apiVersionOf } from '../kinds/defineKind.ts'
import type { Passage } from './passage.ts'

/** The body of a create or update as a private copy, checked against its kind and the request's path. */
export function decodeBody(passage: Passage): Draft<KubeObject> {
  const { kind, request } = passage
  const body = request.body
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badRequest(`the object provided is unrecognized (must be of type ${kind.kind})`)
  const draft = copyOf(body) as Draft<KubeObject>
  draft.kind ??= kind.kind
  draft.apiVersion ??= apiVersionOf(kind)
  draft.metadata ??= {} as Draft<KubeObject>['metadata']
  placeIn(passage, draft)
  return draft
}

function placeIn({ kind, namespace, name }: Passage, draft: Draft<KubeObject>): void {
  const { metadata } = draft
  if (!kind.namespaced) delete metadata.namespace
  else if (!metadata.namespace) metadata.namespace = namespace
  else if (metadata.namespace !== namespace)
    throw badRequest(
      `the namespace of the provided object does not match the namespace sent on the request`,
    )
  if (name !== '' && metadata.name && metadata.name !== name)
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`)
  if (name !== '') metadata.name = name
}
