import {
  each,
  invalidValue,
  isLabel1035,
  isSubdomain,
  required,
  unsupported,
  type Draft,
  type FieldError,
  type ValidatingAdmissionPolicy,
} from '../../api/index.ts'
import { conditionErrors } from './conditions.ts'
import { expressionErrors } from './expressions.ts'
import { defaultMatch, failurePolicies, matchErrors, mutableErrors, type PolicySort } from './rules.ts'

// upstream: pkg/apis/admissionregistration/validation/validation.go validateValidatingAdmissionPolicySpec

type Spec = ValidatingAdmissionPolicy['spec']

/** What policies that check and policies that change have in common. */
export type PolicySpec = Pick<
  Spec,
  'failurePolicy' | 'paramKind' | 'matchConstraints' | 'matchConditions' | 'variables'
>

/** What goes without saying. */
export function defaultPolicy(spec: Draft<PolicySpec>): void {
  spec.failurePolicy ??= 'Fail'
  defaultMatch(spec.matchConstraints)
}

/** What is wrong with when a policy is asked, and with its variables. */
export function policyErrors(spec: PolicySpec, sort: PolicySort): FieldError[] {
  const errors: FieldError[] = []
  const { failurePolicy, paramKind, matchConstraints, matchConditions = [], variables = [] } = spec
  if (failurePolicy === undefined) errors.push(required('spec.failurePolicy'))
  else if (!failurePolicies.includes(failurePolicy))
    errors.push(unsupported('spec.failurePolicy', failurePolicy, failurePolicies))
  if (paramKind !== undefined) paramKindErrors(errors, 'spec.paramKind', paramKind)
  if (matchConstraints === undefined) errors.push(required('spec.matchConstraints'))
  else {
    matchErrors(errors, 'spec.matchConstraints', matchConstraints)
    if (!matchConstraints.resourceRules?.length) errors.push(required('spec.matchConstraints.resourceRules'))
    if (sort === 'mutating') mutableErrors(errors, 'spec.matchConstraints', matchConstraints)
  }
  errors.push(...conditionErrors('spec.matchConditions', matchConditions, paramKind !== undefined))
  variables.forEach(({ name = '', expression = '' }, index) => {
    const at = `spec.variables[${index}]`
    if (name.trim() === '') errors.push(required(`${at}.name`, 'name is not specified'))
    else if (!isIdentifier(name)) errors.push(invalidValue(`${at}.name`, name, 'name is not a valid CEL identifier'))
    if (expression.trim() === '') errors.push(required(`${at}.expression`, 'expression is not specified'))
    else
      errors.push(
        ...expressionErrors(`${at}.expression`, expression, {
          returns: 'any',
          hasParams: paramKind !== undefined,
          hasAuthorizer: true,
          variables: variables.slice(0, index).map((one) => one.name),
        }),
      )
  })
  return errors
}

type ParamKind = NonNullable<PolicySpec['paramKind']>

function paramKindErrors(errors: FieldError[], path: string, { apiVersion = '', kind = '' }: ParamKind): void {
  const at = `${path}.apiVersion`
  const parts = apiVersion === '/' ? ['', ''] : apiVersion.split('/')
  if (apiVersion === '') errors.push(required(at))
  else if (parts.length > 2) errors.push(invalidValue(at, apiVersion, `unexpected GroupVersion string: ${apiVersion}`))
  else {
    const [group, version] = parts.length === 2 ? (parts as [string, string]) : ['', parts[0]!]
    const badGroup = group === '' ? [] : isSubdomain(group)
    if (badGroup.length > 0) errors.push(invalidValue(at, group, badGroup.join(',')))
    if (version === '') errors.push(invalidValue(at, apiVersion, 'version must be specified'))
    else if (isLabel1035(version).length > 0) errors.push(invalidValue(at, version, isLabel1035(version).join(',')))
  }
  if (kind === '') return void errors.push(required(`${path}.kind`))
  const bad = isLabel1035(kind.toLowerCase())
  if (bad.length > 0)
    errors.push(invalidValue(`${path}.kind`, kind, `may have mixed case, but should otherwise match: ${bad.join(',')}`))
}

const reservedWords = new Set(
  (
    'true false null in as break const continue else for function if import let loop package namespace return var void ' +
    'while'
  ).split(' '),
)
const identifier = /^[_a-zA-Z][_a-zA-Z0-9]*$/

const isIdentifier = (name: string): boolean => identifier.test(name) && !reservedWords.has(name)

/** What is wrong with a name that is a DNS subdomain and has to be there. */
export function nameErrors(path: string, name: string | undefined): readonly FieldError[] {
  return name ? each(path, name, isSubdomain(name)) : [required(path)]
}

/** `v1/ConfigMap`, as tables show the kind of a policy's parameters. */
export function paramKindText(paramKind: ParamKind | undefined): string {
  return paramKind === undefined ? '<unset>' : `${paramKind.apiVersion ?? ''}/${paramKind.kind ?? ''}`
}
