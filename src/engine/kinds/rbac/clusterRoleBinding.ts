import type { ClusterRoleBinding } from '../../api/index.ts'
import { defineKind } from '../defineKind.ts'
import { isPathSegment } from '../networking/pathSegment.ts'
import { bindingColumns, bindingErrors, defaultBinding, roleChangeErrors } from './binding.ts'
import { twice } from './rules.ts'

/** Gives a ClusterRole to users, groups or service accounts everywhere. */
export const clusterRoleBinding = defineKind<ClusterRoleBinding>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  namespaced: false,
  validateName: isPathSegment,
  defaults: defaultBinding,
  validate: (binding) => bindingErrors(binding, false),
  validateUpdate: (next, old, meta) => [
    ...twice(() => [...meta(), ...bindingErrors(next, false)]),
    ...roleChangeErrors(next, old),
  ],
  columns: bindingColumns,
})
