import type { Role } from '../../api/index.ts'
import { defineKind } from '../defineKind.ts'
import { isPathSegment } from '../networking/pathSegment.ts'
import { bornColumns } from './columns.ts'
import { ruleErrors, twice } from './rules.ts'

/** What may be done in one namespace. */
export const role = defineKind<Role>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'Role',
  plural: 'roles',
  namespaced: true,
  validateName: isPathSegment,
  defaults(draft) {
    ;(draft as { rules?: unknown }).rules ??= null
  },
  validate: ({ rules }) => ruleErrors(rules, true),
  validateUpdate: ({ rules }, _old, meta) => twice(() => [...meta(), ...ruleErrors(rules, true)]),
  columns: bornColumns,
})
