import type { Draft, PersistentVolumeClaim } from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { accessModesText, classAnnotation } from './volume/claimFacts.ts'
import { claimSpecErrors, claimStatusErrors, claimUpdateErrors } from './volume/claim.ts'
import { claimWarnings } from './volume/warnings.ts'

/** Asks for storage; a volume is bound to it. */
export const persistentVolumeClaim = defineKind<PersistentVolumeClaim>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  shortNames: ['pvc'],
  namespaced: true,
  answersWithDeleted: true,
  subresources: ['status'],
  defaults(draft) {
    draft.spec ??= {}
    draft.spec.resources ??= {}
    draft.spec.volumeMode ??= 'Filesystem'
    draft.status ??= {}
    draft.status.phase ||= 'Pending'
  },
  prepareForCreate(draft) {
    draft.status = { phase: 'Pending' }
    dropForeignSource(draft)
    matchSources(draft)
  },
  prepareForUpdate(draft, old) {
    if (old.spec.dataSource === undefined && old.spec.dataSourceRef === undefined) dropForeignSource(draft)
    matchSources(draft)
  },
  validate: ({ spec }) => claimSpecErrors('spec', spec),
  // upstream's strategy looks at the claim, and so does its validation of an update once more
  validateUpdate: (next, old, meta) => [
    ...meta(),
    ...claimSpecErrors('spec', next.spec, !namesGroup(old)),
    ...meta(),
    ...claimUpdateErrors(next, old),
  ],
  validateStatusUpdate: claimStatusErrors,
  warnings: claimWarnings,
  columns: [
    nameColumn,
    { name: 'Status', cell: ({ metadata, status }) => (metadata.deletionTimestamp ? 'Terminating' : status.phase) },
    { name: 'Volume', cell: ({ spec }) => spec.volumeName ?? '' },
    { name: 'Capacity', cell: ({ spec, status }) => (spec.volumeName ? (status.capacity?.['storage'] ?? '0') : '') },
    { name: 'Access Modes', cell: ({ spec, status }) => (spec.volumeName ? accessModesText(status.accessModes) : '') },
    {
      name: 'StorageClass',
      cell: ({ metadata, spec }) => metadata.annotations?.[classAnnotation] ?? spec.storageClassName ?? '',
    },
    { name: 'VolumeAttributesClass', cell: ({ spec }) => spec.volumeAttributesClassName ?? '<unset>' },
    ageColumn,
    { name: 'VolumeMode', priority: 1, cell: ({ spec }) => spec.volumeMode ?? '<unset>' },
  ],
})

/** A source of another API group that was accepted once is not looked at again. */
function namesGroup({ spec: { dataSource, dataSourceRef } }: PersistentVolumeClaim): boolean {
  return dataSource?.apiGroup !== undefined || dataSourceRef?.apiGroup !== undefined
}

type Claim = Draft<PersistentVolumeClaim>

/** The older field knows claims and snapshots alone; anything else there is dropped without a word. */
// upstream: pkg/api/persistentvolumeclaim/util.go EnforceDataSourceBackwardsCompatibility
function dropForeignSource({ spec }: Claim): void {
  const { kind, apiGroup = '' } = spec.dataSource ?? {}
  const isClaim = kind === 'PersistentVolumeClaim' && apiGroup === ''
  const isSnapshot = kind === 'VolumeSnapshot' && apiGroup === 'snapshot.storage.k8s.io'
  if (!isClaim && !isSnapshot) delete spec.dataSource
  if (spec.dataSourceRef) delete spec.dataSourceRef.namespace // its feature is off
}

/** The two fields say the same. */
// upstream: NormalizeDataSources there
function matchSources({ spec }: Claim): void {
  const { dataSource, dataSourceRef } = spec
  if (dataSource && !dataSourceRef) spec.dataSourceRef = { ...dataSource }
  else if (dataSourceRef && !dataSource && !dataSourceRef.namespace)
    spec.dataSource = {
      ...(dataSourceRef.apiGroup !== undefined && { apiGroup: dataSourceRef.apiGroup }),
      kind: dataSourceRef.kind,
      name: dataSourceRef.name,
    }
}
