import { invalidValue, isQualifiedName, type DeviceClass, type FieldError } from '../../api/index.ts'
import { defineKind } from '../defineKind.ts'
import { configErrors, deviceSelectorErrors } from './deviceClaim.ts'
import { setErrors } from './lists.ts'

/** A sort of devices that claims can ask for. */
export const deviceClass = defineKind<DeviceClass>({
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'DeviceClass',
  plural: 'deviceclasses',
  namespaced: false,
  hasGeneration: true,
  answersWithDeleted: true,
  defaults(draft) {
    draft.spec ??= {}
  },
  validate: classErrors,
  validateUpdate: (next, _old, meta) => [...meta(), ...classErrors(next)],
})

// upstream: pkg/apis/resource/validation/validation.go validateDeviceClassSpec
function classErrors({ spec }: DeviceClass): readonly FieldError[] {
  const errors: FieldError[] = []
  deviceSelectorErrors(errors, 'spec.selectors', spec.selectors)
  setErrors(errors, 'spec.config', spec.config, 32, (path, config) => configErrors(errors, path, config))
  const name = spec.extendedResourceName
  if (name !== undefined && !isExtendedResource(name))
    errors.push(invalidValue('spec.extendedResourceName', name, 'must be a valid extended resource name'))
  return errors
}

function isExtendedResource(name: string): boolean {
  if (!name.includes('/') || name.includes('kubernetes.io/') || name.startsWith('requests.')) return false
  return isQualifiedName(`requests.${name}`).length === 0
}
