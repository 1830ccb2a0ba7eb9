import type { MutatingAdmissionPolicyBinding } from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { bindingErrors, paramText } from './binding.ts'
import { defaultMatch, staticNameWarnings } from './rules.ts'

/** Where a MutatingAdmissionPolicy is used. */
export const mutatingAdmissionPolicyBinding = defineKind<MutatingAdmissionPolicyBinding>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingAdmissionPolicyBinding',
  plural: 'mutatingadmissionpolicybindings',
  categories: ['api-extensions'],
  namespaced: false,
  needsResourceVersion: true,
  hasGeneration: true,
  defaults(draft) {
    draft.spec ??= {}
    defaultMatch(draft.spec.matchResources)
  },
  validate: ({ spec }) => bindingErrors(spec, 'mutating'),
  validateUpdate: ({ spec }, _old, meta) => [...meta(), ...bindingErrors(spec, 'mutating')],
  warnings: ({ metadata }, old) => (old === undefined ? staticNameWarnings(metadata.name) : []),
  columns: [
    nameColumn,
    { name: 'PolicyName', cell: ({ spec }) => spec.policyName ?? '' },
    { name: 'ParamRef', cell: ({ spec }) => paramText(spec.paramRef) },
    ageColumn,
  ],
})
