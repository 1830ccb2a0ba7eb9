import {
  each,
  invalidValue,
  isEqual,
  isSubdomain,
  parseQuantity,
  type CSIStorageCapacity,
  type FieldError,
} from '../../api/index.ts'
import { defineKind } from '../defineKind.ts'
import { bornColumns } from '../rbac/columns.ts'
import { selectorErrors } from '../rules/labelSelector.ts'
import { capacityWarnings } from './topologyWarnings.ts'

/** How much room a driver still has for volumes of a class on some nodes. */
export const csiStorageCapacity = defineKind<CSIStorageCapacity>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIStorageCapacity',
  plural: 'csistoragecapacities',
  namespaced: true,
  needsResourceVersion: true,
  validate: capacityErrors,
  validateUpdate: (next, old, meta) => [...meta(), ...capacityErrors(next), ...changeErrors(next, old)],
  warnings: capacityWarnings,
  columns: bornColumns,
})

// upstream: pkg/apis/storage/validation/validation.go ValidateCSIStorageCapacity
function capacityErrors({ nodeTopology, storageClassName = '', capacity }: CSIStorageCapacity): readonly FieldError[] {
  const errors: FieldError[] = [...selectorErrors('nodeTopology', nodeTopology)]
  errors.push(...each('storageClassName', storageClassName, isSubdomain(storageClassName)))
  if (capacity !== undefined && parseQuantity(capacity) < 0)
    errors.push(invalidValue('capacity', capacity, 'must be greater than or equal to 0'))
  return errors
}

function changeErrors(next: CSIStorageCapacity, old: CSIStorageCapacity): readonly FieldError[] {
  const fixed = 'field is immutable'
  const errors: FieldError[] = []
  if (!isEqual(next.nodeTopology, old.nodeTopology)) errors.push(invalidValue('nodeTopology', next.nodeTopology, fixed))
  if (next.storageClassName !== old.storageClassName)
    errors.push(invalidValue('storageClassName', next.storageClassName, fixed))
  return errors
}
