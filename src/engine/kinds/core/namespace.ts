import { invalidValue, isLabel, type FieldError, type Namespace } from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { finalizerErrors, standardFinalizer } from '../rules/meta.ts'

/** A room for names: what is inside lives and goes with it. */
export const namespace = defineKind<Namespace>({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  shortNames: ['ns'],
  namespaced: false,
  subresources: ['finalize', 'status'],
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  validateName: isLabel,
  defaults(draft) {
    draft.spec ??= {}
    draft.status ??= {}
    draft.status.phase ||= 'Active'
    if (draft.metadata.name)
      draft.metadata.labels = { ...draft.metadata.labels, 'kubernetes.io/metadata.name': draft.metadata.name }
  },
  prepareForCreate(draft) {
    draft.metadata.labels = { ...draft.metadata.labels, 'kubernetes.io/metadata.name': draft.metadata.name }
    const finalizers = draft.spec.finalizers ?? []
    draft.spec = { finalizers: finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'] }
    draft.status = { phase: 'Active' }
  },
  prepareForUpdate(draft, old) {
    draft.spec = old.spec as typeof draft.spec
  },
  validate: specErrors,
  validateUpdate: (next, _old, meta) => [...meta(), ...specErrors(next)],
  validateStatusUpdate: ({ metadata, status }) => {
    const isGoing = metadata.deletionTimestamp !== undefined
    const only = isGoing ? 'Terminating' : 'Active'
    if (status.phase === only) return []
    const when = isGoing ? '`deletionTimestamp` is not empty' : '`deletionTimestamp` is empty'
    return [invalidValue('status.Phase', status.phase ?? '', `may only be '${only}' if ${when}`)]
  },
  columns: [nameColumn, { name: 'Status', cell: ({ status }) => status.phase }, ageColumn],
  selectableFields: { 'status.phase': ({ status }) => status.phase ?? '', name: ({ metadata }) => metadata.name },
})

// upstream: pkg/apis/core/validation/validation.go ValidateNamespace
function specErrors({ spec }: Namespace): readonly FieldError[] {
  return (spec.finalizers ?? []).flatMap((name) => [
    ...finalizerErrors('spec.finalizers', name),
    ...standardFinalizer('spec.finalizers', name),
  ])
}
