import { invalidValue, required, unsupported, type FieldError, type MutatingAdmissionPolicy } from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { expressionErrors, type ExpressionUse } from './expressions.ts'
import { defaultPolicy, paramKindText, policyErrors } from './policy.ts'
import { staticNameWarnings } from './rules.ts'

/** Changes in CEL that are made to requests, wherever a binding says so. */
export const mutatingAdmissionPolicy = defineKind<MutatingAdmissionPolicy>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingAdmissionPolicy',
  plural: 'mutatingadmissionpolicies',
  categories: ['api-extensions'],
  namespaced: false,
  needsResourceVersion: true,
  hasGeneration: true,
  defaults(draft) {
    draft.spec ??= {}
    defaultPolicy(draft.spec)
  },
  validate: allErrors,
  validateUpdate: (next, _old, meta) => [...meta(), ...allErrors(next)],
  warnings: ({ metadata }, old) => (old === undefined ? staticNameWarnings(metadata.name) : []),
  columns: [
    nameColumn,
    { name: 'Mutations', type: 'integer', cell: ({ spec }) => spec.mutations?.length ?? 0 },
    { name: 'ParamKind', cell: ({ spec }) => paramKindText(spec.paramKind) },
    ageColumn,
  ],
})

const reinvocations = ['Never', 'IfNeeded']

// upstream: pkg/apis/admissionregistration/validation/validation.go validateMutatingAdmissionPolicySpec
function allErrors({ spec }: MutatingAdmissionPolicy): readonly FieldError[] {
  const errors = policyErrors(spec, 'mutating')
  const { mutations = [], reinvocationPolicy, paramKind, variables = [] } = spec
  const use: ExpressionUse = {
    returns: 'any',
    hasParams: paramKind !== undefined,
    hasAuthorizer: true,
    variables: variables.map(({ name }) => name),
  }
  if (mutations.length === 0) errors.push(required('spec.mutations', 'mutations must contain at least one item'))
  mutations.forEach((one, index) => mutationErrors(errors, `spec.mutations[${index}]`, one, use))
  if (!reinvocationPolicy) errors.push(required('spec.reinvocationPolicy'))
  else if (!reinvocations.includes(reinvocationPolicy))
    errors.push(unsupported('spec.reinvocationPolicy', reinvocationPolicy, reinvocations))
  return errors
}

type Mutation = NonNullable<MutatingAdmissionPolicy['spec']['mutations']>[number]

const patchTypes = { ApplyConfiguration: 'applyConfiguration', JSONPatch: 'jsonPatch' } as const

function mutationErrors(errors: FieldError[], path: string, mutation: Mutation, use: ExpressionUse): void {
  const patchType = mutation.patchType as string | undefined
  if (!patchType) return void errors.push(required(`${path}.patchType`))
  const field = (patchTypes as Readonly<Record<string, 'applyConfiguration' | 'jsonPatch' | undefined>>)[patchType]
  if (field === undefined) return void errors.push(unsupported(`${path}.patchType`, patchType, Object.keys(patchTypes)))
  const other = field === 'jsonPatch' ? 'applyConfiguration' : 'jsonPatch'
  const patch = mutation[field]
  const at = `${path}.${field}`
  if (patch === undefined) errors.push(required(at, `must be specified when patchType is ${patchType}`))
  if (mutation[other] !== undefined)
    errors.push(invalidValue(`${path}.${other}`, `{${other}}`, `must not be specified when patchType is ${patchType}`))
  if (patch === undefined) return
  const { expression = '' } = patch
  if (expression.trim() === '') errors.push(required(`${at}.expression`))
  else {
    const returns = field === 'jsonPatch' ? 'jsonPatch' : 'apply'
    errors.push(...expressionErrors(`${at}.expression`, expression, { ...use, returns }))
  }
}
