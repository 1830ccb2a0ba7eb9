import {
  forbidden,
  statusError,
  type KubeObject,
  type ValidatingAdmissionPolicy,
  type ValidatingAdmissionPolicyBinding,
} from '../../../api/index.ts'
import { CelError, kindOf, type Budget, type Frame } from '../../../cel/index.ts'
import { resourceOf } from '../../passage.ts'
import type { AdmissionRequest } from '../admission.ts'
import { isMatch, type Match } from './match.ts'
import { paramsFor, type ParamRef } from './params.ts'
import { frameOf, programOf, runProgram, type Variable } from './scope.ts'

// upstream: staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/validating/{plugin,dispatcher,validator}.go

type Policy = ValidatingAdmissionPolicy
type Binding = ValidatingAdmissionPolicyBinding
type Validation = NonNullable<Policy['spec']['validations']>[number]

/** A policy with one of its bindings, as they are enforced. */
export interface BoundPolicy {
  readonly policy: Policy
  readonly binding: Binding
}

/** What a policy says no with. */
interface Denial {
  readonly message: string
  readonly reason: string
}

const stepsMax = 1_000_000

/** Asks every policy that has something to say about a request. Throws the first refusal. */
export function validatePolicies(active: readonly BoundPolicy[], request: AdmissionRequest): void {
  const object = request.draft as KubeObject | undefined
  let refusal: { readonly text: string; readonly reason: string } | undefined
  for (const { policy, binding } of active) {
    for (const denial of denialsOf(policy, binding, request, object)) {
      const who = `ValidatingAdmissionPolicy '${policy.metadata.name}' with binding '${binding.metadata.name}'`
      const actions = binding.spec.validationActions ?? []
      if (actions.includes('Warn')) request.warnings.push(`Validation failed for ${who}: ${denial.message}`)
      if (actions.includes('Deny'))
        refusal ??= { text: `${who} denied request: ${denial.message}`, reason: denial.reason }
    }
  }
  if (refusal !== undefined) throw refused(request, refusal.text, refusal.reason)
}

const codes: Readonly<Record<string, number>> = {
  Unauthorized: 401,
  Forbidden: 403,
  RequestEntityTooLarge: 413,
  Invalid: 422,
}

function refused({ kind, name }: AdmissionRequest, text: string, reason: string): Error {
  const { status } = forbidden(resourceOf(kind), name, text)
  const { message, details } = status
  return statusError({
    message: message!,
    reason,
    details: { ...details, causes: [{ message: text }] },
    code: codes[reason] ?? 422,
  })
}

function denialsOf(
  policy: Policy,
  binding: Binding,
  request: AdmissionRequest,
  object: KubeObject | undefined,
): readonly Denial[] {
  const { spec } = policy
  if (!isMatch(spec.matchConstraints as Match | undefined, request, object)) return []
  if (!isMatch(binding.spec.matchResources as Match | undefined, request, object)) return []
  const found = paramsFor(spec.paramKind, binding.spec.paramRef as ParamRef | undefined, request)
  if ('problem' in found) return spec.failurePolicy === 'Ignore' ? [] : [{ message: found.problem, reason: 'Invalid' }]
  return found.params.flatMap((params) => judged(policy, request, object, params))
}

function judged(
  { spec }: Policy,
  request: AdmissionRequest,
  object: KubeObject | undefined,
  params: KubeObject | undefined,
): readonly Denial[] {
  const budget: Budget = { steps: stepsMax }
  const variables = (spec.variables ?? []) as readonly Variable[]
  const frame = frameOf(request, object, params, variables, budget)
  const isLenient = spec.failurePolicy === 'Ignore'
  const condition = meetsConditions(spec.matchConditions ?? [], frame, budget)
  if (condition === false) return []
  if (condition !== true) return isLenient ? [] : [{ message: condition, reason: 'Invalid' }]
  return (spec.validations ?? []).flatMap((validation) => {
    const denial = denialOf(validation, frame, variables, budget)
    return denial === undefined || (denial.isError && isLenient) ? [] : [denial]
  })
}

/** Whether all conditions hold; the text of an error where one cannot be worked out and none says no. */
// upstream: staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions/matcher.go
export function meetsConditions(
  conditions: readonly { readonly name: string; readonly expression: string }[],
  frame: Frame,
  budget: Budget,
): boolean | string {
  const errors: string[] = []
  for (const { expression } of conditions) {
    try {
      if (runProgram(programOf(expression), frame, budget) === false) return false
    } catch (error) {
      if (!(error instanceof CelError)) throw error
      errors.push(`expression '${expression.trim()}' resulted in error: ${error.message}`)
    }
  }
  return errors.length === 0 ? true : errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`
}

function denialOf(
  validation: Validation,
  frame: Frame,
  variables: readonly Variable[],
  budget: Budget,
): (Denial & { readonly isError: boolean }) | undefined {
  const { expression, reason = 'Invalid' } = validation
  try {
    if (runProgram(programOf(expression, variables), frame, budget) === true) return undefined
    return { message: messageOf(validation, frame, variables, budget), reason, isError: false }
  } catch (error) {
    if (!(error instanceof CelError)) throw error
    const message = `expression '${expression}' resulted in error: ${error.message}`
    return { message, reason: 'Invalid', isError: true }
  }
}

function messageOf(
  { expression, message, messageExpression }: Validation,
  frame: Frame,
  variables: readonly Variable[],
  budget: Budget,
): string {
  const worked = messageExpression ? textOf(messageExpression, frame, variables, budget) : ''
  if (worked !== '') return worked
  return message ? message.trim() : `failed expression: ${expression.trim()}`
}

function textOf(expression: string, frame: Frame, variables: readonly Variable[], budget: Budget): string {
  try {
    const value = runProgram(programOf(expression, variables), frame, budget)
    const text = kindOf(value) === 'string' ? (value as string).trim() : ''
    return text.includes('\n') || text.length > 5120 ? '' : text
  } catch (error) {
    if (error instanceof CelError) return ''
    throw error
  }
}
