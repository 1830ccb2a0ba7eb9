import { invalidValue, type ClusterRole, type FieldError } from '../../api/index.ts'
import { defineKind } from '../defineKind.ts'
import { isPathSegment } from '../networking/pathSegment.ts'
import { isUsable, selectorErrors } from '../rules/labelSelector.ts'
import { bornColumns } from './columns.ts'
import { ruleErrors, twice } from './rules.ts'

/** What may be done everywhere, or what a RoleBinding lends to one namespace. */
export const clusterRole = defineKind<ClusterRole>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  namespaced: false,
  validateName: isPathSegment,
  defaults(draft) {
    ;(draft as { rules?: unknown }).rules ??= null
  },
  validate: roleErrors,
  validateUpdate: (next, _old, meta) => twice(() => [...meta(), ...roleErrors(next)]),
  columns: bornColumns,
})

// upstream: pkg/apis/rbac/validation/validation.go ValidateClusterRole
function roleErrors({ rules, aggregationRule }: ClusterRole): readonly FieldError[] {
  const errors = [...ruleErrors(rules, false)]
  if (aggregationRule === undefined) return errors
  const path = 'aggregationRule.clusterRoleSelectors'
  const selectors = aggregationRule.clusterRoleSelectors ?? []
  if (selectors.length === 0)
    errors.push({
      type: 'FieldValueRequired',
      field: path,
      detail: 'at least one clusterRoleSelector required if aggregationRule is non-nil',
    })
  selectors.forEach((selector, index) => {
    errors.push(...selectorErrors(`${path}[${index}]`, selector))
    // upstream shows the selector that could not be made
    if (!isUsable(selector)) errors.push(invalidValue(`${path}[${index}]`, null, 'invalid label selector.'))
  })
  return errors
}
