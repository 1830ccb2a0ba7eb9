import {
  each,
  notAllowed,
  required,
  unsupported,
  type FieldError,
  type LabelSelector,
  type ValidatingAdmissionPolicyBinding,
} from '../../api/index.ts'
import { isPathSegment } from '../networking/pathSegment.ts'
import { selectorErrors } from '../rules/labelSelector.ts'
import { nameErrors } from './policy.ts'
import { matchErrors, mutableErrors, type PolicySort } from './rules.ts'

type Spec = ValidatingAdmissionPolicyBinding['spec']

/** What bindings of both sorts of policies have in common. */
export type BindingSpec = Partial<Pick<Spec, 'policyName' | 'paramRef' | 'matchResources'>>

/** What is wrong with where a policy is used, and with what. */
// upstream: pkg/apis/admissionregistration/validation/validation.go validateValidatingAdmissionPolicyBindingSpec
export function bindingErrors({ policyName, paramRef, matchResources }: BindingSpec, sort: PolicySort): FieldError[] {
  const errors: FieldError[] = [...nameErrors('spec.policyName', policyName)]
  if (paramRef !== undefined) paramErrors(errors, 'spec.paramRef', paramRef)
  const path = sort === 'mutating' ? 'spec.matchResources' : 'spec.matchResouces' // upstream misspells it
  matchErrors(errors, path, matchResources)
  if (sort === 'mutating' && matchResources !== undefined) mutableErrors(errors, path, matchResources)
  return errors
}

type ParamRef = NonNullable<BindingSpec['paramRef']>

const actions = ['Deny', 'Allow']

function paramErrors(errors: FieldError[], path: string, paramRef: ParamRef): void {
  const { name, selector, parameterNotFoundAction: action } = paramRef
  const exclusive = 'name and selector are mutually exclusive'
  if (name) {
    errors.push(...each(`${path}.name`, name, isPathSegment(name)))
    if (selector !== undefined) errors.push(notAllowed(`${path}.name`, exclusive))
  }
  if (selector !== undefined) {
    errors.push(...selectorErrors(`${path}.selector`, selector))
    if (name) errors.push(notAllowed(`${path}.selector`, exclusive))
  }
  if (!name && selector === undefined) errors.push(required(path, 'one of name or selector must be specified'))
  if (!action) errors.push(required(`${path}.parameterNotFoundAction`))
  else if (!actions.includes(action)) errors.push(unsupported(`${path}.parameterNotFoundAction`, action, actions))
}

/** How tables name the parameters. */
// upstream: pkg/printers/internalversion/printers.go printValidatingAdmissionPolicyBinding
export function paramText(paramRef: ParamRef | undefined): string {
  if (paramRef === undefined) return '<unset>'
  const { name, namespace, selector } = paramRef
  if (!name) return selector === undefined ? '<unset>' : goText(selector)
  return namespace ? `${namespace}/${name}` : `*/${name}`
}

/** A selector as Go prints the struct. */
function goText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const labels = Object.keys(matchLabels).sort()
  const pairs = labels.map((key) => `${key}: ${matchLabels[key]},`).join('')
  const items = matchExpressions.map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  )
  return `&LabelSelector{MatchLabels:map[string]string{${pairs}},MatchExpressions:[]LabelSelectorRequirement{${items.join('')}},}`
}
