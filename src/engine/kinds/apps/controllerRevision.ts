import { controllerOf, notNegative, required, type ControllerRevision, type FieldError } from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { immutable } from '../rules/meta.ts'

/** One version of a workload's template, kept for rollbacks. */
export const controllerRevision = defineKind<ControllerRevision>({
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  namespaced: true,
  validate: errorsIn,
  validateUpdate: (next, old, meta) => [...meta(), ...errorsIn(next), ...immutable('data', next.data, old.data)],
  columns: [
    nameColumn,
    { name: 'Controller', cell: (revision) => ownerText(revision) },
    { name: 'Revision', cell: ({ revision }) => String(revision ?? 0) },
    ageColumn,
  ],
})

// upstream: pkg/apis/apps/validation/validation.go ValidateControllerRevision
function errorsIn({ data, revision }: ControllerRevision): readonly FieldError[] {
  const errors: FieldError[] = data === undefined || data === null ? [required('data', 'data is mandatory')] : []
  errors.push(...notNegative('revision', revision))
  return errors
}

/** `daemonset.apps/agent`, or `<none>`. */
function ownerText(revision: ControllerRevision): string {
  const owner = controllerOf(revision)
  if (owner === undefined) return '<none>'
  const group = owner.apiVersion.includes('/') ? owner.apiVersion.split('/')[0]! : ''
  return `${owner.kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${owner.name}`
}
