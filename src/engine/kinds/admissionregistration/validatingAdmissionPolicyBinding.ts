import {
  duplicate,
  invalidValue,
  required,
  unsupported,
  type FieldError,
  type ValidatingAdmissionPolicyBinding,
} from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { bindingErrors, paramText } from './binding.ts'
import { defaultMatch, staticNameWarnings } from './rules.ts'

/** Where a ValidatingAdmissionPolicy is used, and what happens to those who break it. */
export const validatingAdmissionPolicyBinding = defineKind<ValidatingAdmissionPolicyBinding>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  plural: 'validatingadmissionpolicybindings',
  categories: ['api-extensions'],
  namespaced: false,
  needsResourceVersion: true,
  hasGeneration: true,
  defaults(draft) {
    draft.spec ??= {} as typeof draft.spec
    defaultMatch(draft.spec.matchResources)
  },
  validate: allErrors,
  validateUpdate: (next, _old, meta) => [...meta(), ...allErrors(next)],
  warnings: ({ metadata }, old) => (old === undefined ? staticNameWarnings(metadata.name) : []),
  columns: [
    nameColumn,
    { name: 'PolicyName', cell: ({ spec }) => spec.policyName ?? '' },
    { name: 'ParamRef', cell: ({ spec }) => paramText(spec.paramRef) },
    ageColumn,
  ],
})

const path = 'spec.validationActions'
const actions = ['Audit', 'Deny', 'Warn']

// upstream: pkg/apis/admissionregistration/validation/validation.go validateValidationActions
function allErrors({ spec }: ValidatingAdmissionPolicyBinding): readonly FieldError[] {
  const errors = bindingErrors(spec, 'validating')
  const asked = spec.validationActions ?? []
  asked.forEach((action, index) => {
    if (!actions.includes(action)) errors.push(unsupported(`${path}[${index}]`, action, actions))
    if (asked.indexOf(action) < index) errors.push(duplicate(`${path}[${index}]`, action))
  })
  if (asked.includes('Deny') && asked.includes('Warn'))
    errors.push(
      invalidValue(
        path,
        asked,
        'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
      ),
    )
  if (asked.length === 0) errors.push(required(path, 'at least one validation action is required'))
  return errors
}
