import {
  invalidValue,
  isEqual,
  notAllowed,
  type Draft,
  type FieldError,
  type PersistentVolume,
} from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { immutable } from '../rules/meta.ts'
import { jsonDiff } from '../rules/unifiedDiff.ts'
import { accessModesText, classAnnotation } from './volume/claimFacts.ts'
import { goVolume } from './volume/goVolume.ts'
import { defaultSources } from './volume/sourceDefaults.ts'
import { volumeSpecErrors } from './volume/spec.ts'
import { volumeWarnings } from './volume/warnings.ts'

/** A piece of storage, whoever claims it. */
export const persistentVolume = defineKind<PersistentVolume>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  shortNames: ['pv'],
  namespaced: false,
  answersWithDeleted: true,
  subresources: ['status'],
  defaults(draft) {
    draft.spec ??= {}
    draft.spec.persistentVolumeReclaimPolicy ||= 'Retain'
    draft.spec.volumeMode ??= 'Filesystem'
    defaultSources(draft.spec)
    draft.status ??= {}
    draft.status.phase ||= 'Pending'
  },
  prepareForCreate(draft, { now }) {
    draft.status = { phase: 'Pending', lastPhaseTransitionTime: now }
  },
  prepareForStatusUpdate(draft, old, { now }) {
    const { status } = draft
    if (status.phase === old.status.phase) return
    const isUntold = status.lastPhaseTransitionTime === undefined
    if (isUntold || status.lastPhaseTransitionTime === old.status.lastPhaseTransitionTime)
      status.lastPhaseTransitionTime = now
  },
  validate: volumeErrors,
  // upstream's strategy looks at the volume, and so does its validation of an update once more
  validateUpdate: (next, old, meta) => [
    ...meta(),
    ...volumeErrors(next),
    ...meta(),
    ...volumeSpecErrors('spec', next.spec, false),
    ...changeErrors(next, old),
  ],
  warnings: volumeWarnings,
  columns: [
    nameColumn,
    { name: 'Capacity', cell: ({ spec }) => spec.capacity?.['storage'] ?? '0' },
    { name: 'Access Modes', cell: ({ spec }) => accessModesText(spec.accessModes) },
    { name: 'Reclaim Policy', cell: ({ spec }) => spec.persistentVolumeReclaimPolicy },
    { name: 'Status', cell: ({ metadata, status }) => (metadata.deletionTimestamp ? 'Terminating' : status.phase) },
    { name: 'Claim', cell: ({ spec }) => claimText(spec.claimRef) },
    {
      name: 'StorageClass',
      cell: ({ metadata, spec }) => metadata.annotations?.[classAnnotation] ?? spec.storageClassName ?? '',
    },
    { name: 'VolumeAttributesClass', cell: ({ spec }) => spec.volumeAttributesClassName ?? '<unset>' },
    { name: 'Reason', cell: ({ status }) => status.reason ?? '' },
    ageColumn,
    { name: 'VolumeMode', priority: 1, cell: ({ spec }) => spec.volumeMode ?? '<unset>' },
  ],
})

function claimText(claim: PersistentVolume['spec']['claimRef']): string {
  return claim === undefined ? '' : `${claim.namespace ?? ''}/${claim.name ?? ''}`
}

const mountOptions = 'volume.beta.kubernetes.io/mount-options'
const takesMountOptions = [
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'nfs',
  'rbd',
  'quobyte',
  'iscsi',
  'cinder',
  'cephfs',
  'azureFile',
  'vsphereVolume',
  'azureDisk',
  'photonPersistentDisk',
] as const

// upstream: pkg/apis/core/validation/validation.go ValidatePersistentVolume, pkg/volume/validation/pv_validation.go
function volumeErrors({ metadata, spec }: PersistentVolume): readonly FieldError[] {
  const errors = volumeSpecErrors('spec', spec, false)
  const isAnnotated = metadata.annotations?.[mountOptions] !== undefined
  if (!isAnnotated || takesMountOptions.some((source) => spec[source] !== undefined)) return errors
  const text = 'may not specify mount options for this volume type'
  return [...errors, notAllowed(`metadata.annotations.${mountOptions}`, text)]
}

/** Where the bytes are, and how they are used, stays. */
function changeErrors({ spec }: PersistentVolume, { spec: old }: PersistentVolume): readonly FieldError[] {
  const errors: FieldError[] = []
  const next =
    old.csi !== undefined && old.csi.controllerExpandSecretRef === undefined ? withoutExpandSecret(spec) : spec
  const before = goVolume('PersistentVolumeSource', old)
  const after = goVolume('PersistentVolumeSource', next)
  if (!isEqual(before, after))
    errors.push(
      notAllowed(
        'spec.persistentvolumesource',
        `spec.persistentvolumesource is immutable after creation\n${jsonDiff(before, after)}`,
      ),
    )
  errors.push(...immutable('volumeMode', spec.volumeMode, old.volumeMode))
  if (old.nodeAffinity !== undefined && !isSameAffinity(spec.nodeAffinity, old.nodeAffinity))
    errors.push(
      invalidValue(
        'nodeAffinity',
        spec.nodeAffinity && goVolume('VolumeNodeAffinity', spec.nodeAffinity),
        'field is immutable, except for updating from beta label to GA',
      ),
    )
  if (old.volumeAttributesClassName !== undefined && spec.volumeAttributesClassName === undefined)
    errors.push(notAllowed('spec.volumeAttributesClassName', 'update from non-nil value to nil is forbidden'))
  return errors
}

type Affinity = PersistentVolume['spec']['nodeAffinity']

const renamed: Readonly<Record<string, string>> = {
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'beta.kubernetes.io/os': 'kubernetes.io/os',
  'beta.kubernetes.io/arch': 'kubernetes.io/arch',
  'beta.kubernetes.io/instance-type': 'node.kubernetes.io/instance-type',
}

/** A label that was renamed may be called by its new name. */
// upstream: validatePvNodeAffinity there
function isSameAffinity(next: Affinity, old: Affinity): boolean {
  const keysOf = (affinity: Affinity) =>
    (affinity?.required?.nodeSelectorTerms ?? []).flatMap(({ matchExpressions, matchFields }) =>
      [...(matchExpressions ?? []), ...(matchFields ?? [])].map(({ key }) => key),
    )
  const now = keysOf(next)
  const isRenamed = keysOf(old).every((key, index) => now[index] === key || now[index] === renamed[key])
  const current = (affinity: Affinity): string =>
    JSON.stringify(affinity, (key, value: unknown) => (key === 'key' ? (renamed[value as string] ?? value) : value))
  return isEqual(next, old) || (isRenamed && current(next) === current(old))
}

/** That secret may be told later. */
function withoutExpandSecret(spec: PersistentVolume['spec']): PersistentVolume['spec'] {
  if (spec.csi?.controllerExpandSecretRef === undefined) return spec
  const csi: Draft<NonNullable<typeof spec.csi>> = { ...spec.csi } as Draft<NonNullable<typeof spec.csi>>
  delete csi.controllerExpandSecretRef
  return { ...spec, csi }
}
