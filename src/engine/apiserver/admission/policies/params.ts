import { selects, type KubeObject, type LabelSelector } from '../../../api/index.ts'
import type { AdmissionRequest } from '../admission.ts'

/** Which objects a binding hands to its policy. */
export interface ParamRef {
  readonly name?: string
  readonly namespace?: string
  readonly selector?: LabelSelector
  readonly parameterNotFoundAction?: string
}

interface ParamKind {
  readonly apiVersion?: string
  readonly kind?: string
}

type Found = { readonly params: readonly (KubeObject | undefined)[] } | { readonly problem: string }

const withoutParams: Found = Object.freeze({ params: [undefined] })

/** The objects that a policy is to be asked with, one after the other; none where missing ones may be overlooked. */
// upstream: staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/generic/policy_dispatcher.go CollectParams
export function paramsFor(
  paramKind: ParamKind | undefined,
  ref: ParamRef | undefined,
  request: AdmissionRequest,
): Found {
  if (paramKind === undefined || ref === undefined) return withoutParams
  const { apiVersion = '', kind = '' } = paramKind
  const slash = apiVersion.indexOf('/')
  const name = slash < 0 ? kind : `${kind}.${apiVersion.slice(slash + 1)}.${apiVersion.slice(0, slash)}`
  const found = listed(name, ref, request)
  if (found === undefined)
    return {
      problem: `failed to configure policy: failed to find resource referenced by paramKind: '${apiVersion}, Kind=${kind}'`,
    }
  if (found.length > 0) return { params: found }
  if (ref.parameterNotFoundAction === 'Allow') return { params: [] }
  return {
    problem: 'failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction',
  }
}

function listed(
  kind: string,
  { name, namespace, selector }: ParamRef,
  request: AdmissionRequest,
): readonly KubeObject[] | undefined {
  const { context } = request
  if (context.isServed !== undefined && !context.isServed(kind)) return undefined
  const at = namespace ?? request.namespace
  if (name !== undefined) {
    const object = context.find(kind, name, at) ?? context.find(kind, name)
    return object === undefined ? [] : [object]
  }
  const all = at === '' ? context.list(kind) : context.list(kind, at)
  return selector === undefined ? all : all.filter(({ metadata }) => selects(selector, metadata.labels ?? {}))
}
