import { isEqual, notAllowed, type FieldError, type VolumeAttributesClass } from '../../api/index.ts'
import { ageColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { parameterErrors, provisionerErrors } from './parameters.ts'

const defaultAnnotation = 'volumeattributesclass.alpha.kubernetes.io/is-default-class'

/** Properties of a volume that may change while it is in use. */
export const volumeAttributesClass = defineKind<VolumeAttributesClass>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttributesClass',
  plural: 'volumeattributesclasses',
  shortNames: ['vac'],
  namespaced: false,
  answersWithDeleted: true,
  validate: classErrors,
  // upstream's strategy looks at the whole, and so does its validation of an update once more
  validateUpdate: (next, old, meta) => [
    ...meta(),
    ...classErrors(next),
    ...changeErrors(next, old),
    ...meta(),
    ...classErrors(next),
  ],
  columns: [
    {
      name: 'Name',
      format: 'name',
      cell: ({ metadata }) =>
        `${metadata.name}${metadata.annotations?.[defaultAnnotation] === 'true' ? ' (default)' : ''}`,
    },
    { name: 'DriverName', cell: ({ driverName }) => driverName },
    ageColumn,
  ],
})

// upstream: pkg/apis/storage/validation/validation.go ValidateVolumeAttributesClass
function classErrors({ driverName, parameters }: VolumeAttributesClass): readonly FieldError[] {
  return [...provisionerErrors('driverName', driverName), ...parameterErrors(parameters, false)]
}

function changeErrors(next: VolumeAttributesClass, old: VolumeAttributesClass): readonly FieldError[] {
  const errors: FieldError[] = []
  if (next.driverName !== old.driverName) errors.push(notAllowed('driverName', 'updates to driverName are forbidden.'))
  if (!isEqual(next.parameters, old.parameters))
    errors.push(notAllowed('parameters', 'updates to parameters are forbidden.'))
  return errors
}
