import type { RoleBinding } from '../../api/index.ts'
import { defineKind } from '../defineKind.ts'
import { isPathSegment } from '../networking/pathSegment.ts'
import { bindingColumns, bindingErrors, defaultBinding, roleChangeErrors } from './binding.ts'
import { twice } from './rules.ts'

/** Gives a role to users, groups or service accounts in one namespace. */
export const roleBinding = defineKind<RoleBinding>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'RoleBinding',
  plural: 'rolebindings',
  namespaced: true,
  validateName: isPathSegment,
  defaults: defaultBinding,
  validate: (binding) => bindingErrors(binding, true),
  validateUpdate: (next, old, meta) => [
    ...twice(() => [...meta(), ...bindingErrors(next, true)]),
    ...roleChangeErrors(next, old),
  ],
  columns: bindingColumns,
})
