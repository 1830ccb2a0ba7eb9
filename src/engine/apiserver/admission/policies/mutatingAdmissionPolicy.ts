import {
  ApiError,
  forbidden,
  type KubeObject,
  type MutatingAdmissionPolicy,
  type MutatingAdmissionPolicyBinding,
} from '../../../api/index.ts'
import { typeOf } from '../../../api/schema/schema.ts'
import { CelError, toJson, withoutStructs, type Budget } from '../../../cel/index.ts'
import { resourceOf } from '../../passage.ts'
import { jsonPatch } from '../../patch/json.ts'
import { strategicPatch } from '../../patch/strategic.ts'
import type { AdmissionRequest } from '../admission.ts'
import { replaceDraft } from './draft.ts'
import { isMatch, type Match } from './match.ts'
import { paramsFor, type ParamRef } from './params.ts'
import { frameOf, programOf, runProgram, type Variable } from './scope.ts'
import { meetsConditions } from './validatingAdmissionPolicy.ts'

// upstream: staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/mutating/{dispatcher,plugin}.go

/** A policy that changes objects, with one of its bindings. */
export interface BoundMutation {
  readonly policy: MutatingAdmissionPolicy
  readonly binding: MutatingAdmissionPolicyBinding
}

type Mutation = NonNullable<MutatingAdmissionPolicy['spec']['mutations']>[number]

const stepsMax = 1_000_000

/** Lets every policy that has something to say about a request change its object, one after the other. */
export function mutatePolicies(active: readonly BoundMutation[], request: AdmissionRequest): void {
  for (const { policy, binding } of active) {
    try {
      mutate(policy, binding, request)
    } catch (error) {
      if (!(error instanceof CelError) && !(error instanceof ApiError)) throw error
      if (policy.spec.failurePolicy === 'Ignore') continue
      const who = `policy '${policy.metadata.name}' with binding '${binding.metadata.name}'`
      throw forbidden(resourceOf(request.kind), request.name, `${who} denied request: ${error.message}`)
    }
  }
}

function mutate(
  { spec }: MutatingAdmissionPolicy,
  { spec: bound }: MutatingAdmissionPolicyBinding,
  request: AdmissionRequest,
): void {
  const object = request.draft as KubeObject | undefined
  if (object === undefined || !isMatch(spec.matchConstraints as Match | undefined, request, object)) return
  if (!isMatch(bound.matchResources as Match | undefined, request, object)) return
  const found = paramsFor(spec.paramKind, bound.paramRef as ParamRef | undefined, request)
  if ('problem' in found) throw new CelError(found.problem)
  const variables = (spec.variables ?? []) as readonly Variable[]
  for (const params of found.params)
    for (const mutation of spec.mutations ?? []) apply(mutation, spec.matchConditions ?? [], variables, params, request)
}

function apply(
  mutation: Mutation,
  conditions: Parameters<typeof meetsConditions>[0],
  variables: readonly Variable[],
  params: KubeObject | undefined,
  request: AdmissionRequest,
): void {
  const budget: Budget = { steps: stepsMax }
  const object = request.draft as unknown as KubeObject
  const frame = frameOf(request, object, params, variables, budget)
  const met = meetsConditions(conditions, frame, budget)
  if (met === false) return
  if (met !== true) throw new CelError(met)
  const expression = (mutation.applyConfiguration ?? mutation.jsonPatch)?.expression ?? ''
  const made = toJson(runProgram(programOf(withoutStructs(expression), variables), frame, budget))
  replaceDraft(request, (mutation.patchType === 'JSONPatch' ? patched : merged)(request, object, made))
}

function patched(_: AdmissionRequest, object: KubeObject, operations: unknown): KubeObject {
  if (!Array.isArray(operations)) throw new CelError('a JSON patch must be a list')
  return jsonPatch(object, operations as readonly unknown[]) as KubeObject
}

/** differs: upstream merges by server-side apply; a strategic merge comes to the same but for atomic lists */
function merged({ kind }: AdmissionRequest, object: KubeObject, fields: unknown): KubeObject {
  const type = typeOf(kind.group, kind.version, kind.kind)
  type Json = Readonly<Record<string, unknown>>
  return strategicPatch(type, object as unknown as Json, fields as Json) as unknown as KubeObject
}
