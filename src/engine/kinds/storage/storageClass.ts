import {
  duplicate,
  each,
  isEqual,
  isQualifiedName,
  required,
  unsupported,
  type FieldError,
  type KubeObject,
  type StorageClass,
} from '../../api/index.ts'
import { ageColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { immutable, sortedKeys } from '../rules/meta.ts'
import { parameterErrors, provisionerErrors } from './parameters.ts'
import { topologyWarnings } from './topologyWarnings.ts'

/** A way to make volumes on demand. */
export const storageClass = defineKind<StorageClass>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  shortNames: ['sc'],
  namespaced: false,
  answersWithDeleted: true,
  defaults(draft) {
    draft.reclaimPolicy ??= 'Delete'
    draft.volumeBindingMode ??= 'Immediate'
  },
  validate: classErrors,
  validateUpdate: (next, old, meta) => [
    ...meta(),
    ...classErrors(next),
    ...immutable('parameters', sortedKeys(next.parameters), sortedKeys(old.parameters)),
    ...immutable('provisioner', next.provisioner, old.provisioner),
    ...immutable('reclaimPolicy', next.reclaimPolicy, old.reclaimPolicy),
    ...immutable('volumeBindingMode', next.volumeBindingMode, old.volumeBindingMode),
  ],
  warnings: topologyWarnings,
  columns: [
    {
      name: 'Name',
      format: 'name',
      cell: ({ metadata }) => `${metadata.name}${isDefaultClass(metadata) ? ' (default)' : ''}`,
    },
    { name: 'Provisioner', cell: ({ provisioner }) => provisioner },
    { name: 'ReclaimPolicy', cell: ({ reclaimPolicy }) => reclaimPolicy ?? 'Delete' },
    { name: 'VolumeBindingMode', cell: ({ volumeBindingMode }) => volumeBindingMode ?? 'Immediate' },
    { name: 'AllowVolumeExpansion', cell: ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false },
    ageColumn,
  ],
})

/** Whether claims that name no class get this one. */
// upstream: pkg/volume/util/storageclass.go IsDefaultAnnotation
export function isDefaultClass({ annotations }: KubeObject['metadata']): boolean {
  return (
    annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true' ||
    annotations?.['storageclass.beta.kubernetes.io/is-default-class'] === 'true'
  )
}

const policies = ['Delete', 'Retain']
const modes = ['Immediate', 'WaitForFirstConsumer']

// upstream: pkg/apis/storage/validation/validation.go ValidateStorageClass
function classErrors(storageClass: StorageClass): readonly FieldError[] {
  const { provisioner, parameters, reclaimPolicy, volumeBindingMode, allowedTopologies = [] } = storageClass
  const errors: FieldError[] = [...provisionerErrors('provisioner', provisioner), ...parameterErrors(parameters, true)]
  if (reclaimPolicy && !policies.includes(reclaimPolicy))
    errors.push(unsupported('reclaimPolicy', reclaimPolicy, policies))
  if (volumeBindingMode === undefined) errors.push(required('volumeBindingMode'))
  else if (!modes.includes(volumeBindingMode)) errors.push(unsupported('volumeBindingMode', volumeBindingMode, modes))
  const seen: Sets[] = allowedTopologies.map(() => ({})) // upstream leaves room for each, and an empty term is like an empty room
  allowedTopologies.forEach((term, index) => {
    const at = `allowedTopologies[${index}]`
    const sets = termErrors(errors, at, term)
    for (const other of seen) if (isEqual(sets, other)) errors.push(duplicate(`${at}.matchLabelExpressions`, ''))
    seen.push(sets)
  })
  return errors
}

type Term = NonNullable<StorageClass['allowedTopologies']>[number]
type Sets = Readonly<Record<string, readonly string[]>>

/** Complains about a term, and returns what it asks of each key. */
// upstream: pkg/apis/core/validation/validation.go ValidateTopologySelectorTerm
function termErrors(errors: FieldError[], path: string, { matchLabelExpressions = [] }: Term): Sets {
  const sets: Record<string, readonly string[]> = {}
  matchLabelExpressions.forEach(({ key, values: given }, index) => {
    const values = given ?? [] // an empty list is null
    const at = `${path}.matchLabelExpressions[${index}]`
    if (values.length === 0) errors.push(required(`${at}.values`))
    values.forEach((value, place) => {
      if (values.indexOf(value) < place) errors.push(duplicate(`${at}.values[${place}]`, value))
    })
    errors.push(...each(`${at}.key`, key ?? '', isQualifiedName(key ?? '')))
    if (sets[key] !== undefined) errors.push(duplicate(`${at}.key`, key))
    sets[key] = [...values].sort()
  })
  return sets
}
