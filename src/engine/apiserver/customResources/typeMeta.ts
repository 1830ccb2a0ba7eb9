import { badRequest, invalid, invalidValue, type KubeObject } from '../../api/index.ts'
import { apiVersionOf } from '../../kinds/defineKind.ts'
import type { Passage } from '../passage.ts'

/** Refuses a body for a custom resource that says it is something else: such bodies are read without a type that would tell. */
// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/create.go AcceptsGroupVersion;
// staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresource/validator.go ValidateTypeMeta
export function checkCustomType({ kind, request }: Passage, given: Partial<KubeObject>): void {
  const { kind: name = '', apiVersion = '' } = given
  const wanted = apiVersionOf(kind)
  if (name === '') throw kindless(kind.kind, given)
  if (apiVersion !== wanted && request.verb !== 'patch')
    throw badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${wanted})`)
  const about = given.metadata?.name ?? ''
  const refuse = (field: string, value: string, must: string): never => {
    throw invalid(kind.group, name, about, [invalidValue(field, value, `must be ${must}`)])
  }
  if (name !== kind.kind) refuse('kind', name, kind.kind)
  if (apiVersion !== wanted) refuse('apiVersion', apiVersion, wanted)
}

const shownMax = 30

function kindless(kind: string, given: object) {
  const text = JSON.stringify(given)
  const start = text.length > shownMax ? `${text.slice(0, shownMax)} ...` : text
  return badRequest(
    `the object provided is unrecognized (must be of type ${kind}): Object 'Kind' is missing in '${text}' (${start})`,
  )
}
