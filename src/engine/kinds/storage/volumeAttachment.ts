import {
  each,
  inRange,
  invalidValue,
  isEqual,
  isSubdomain,
  notAllowed,
  required,
  tooLong,
  type FieldError,
  type VolumeAttachment,
} from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { csiDriverErrors } from '../core/volume/sources.ts'
import { volumeSpecErrors } from '../core/volume/spec.ts'
import { defineKind } from '../defineKind.ts'

/** The wish to have a volume at a node, and whether it is there. */
export const volumeAttachment = defineKind<VolumeAttachment>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttachment',
  plural: 'volumeattachments',
  namespaced: false,
  needsResourceVersion: true,
  answersWithDeleted: true,
  subresources: ['status'],
  defaults(draft) {
    draft.spec ??= { attacher: '', nodeName: '', source: {} }
    draft.spec.source ??= {}
    draft.status ??= { attached: false }
    draft.status.attached ??= false
  },
  prepareForCreate(draft) {
    draft.status = { attached: false }
  },
  validate: (object) => [...attachmentErrors(object), ...nameErrors(object)],
  // upstream's strategy looks at the whole, and so does its validation of an update once more
  validateUpdate: (next, old, meta) => [
    ...meta(),
    ...attachmentErrors(next),
    ...meta(),
    ...attachmentErrors(next),
    ...changeErrors(next, old),
  ],
  validateStatusUpdate: (next) => statusErrors(next.status),
  columns: [
    nameColumn,
    { name: 'Attacher', format: 'name', cell: ({ spec }) => spec.attacher },
    { name: 'PV', cell: ({ spec }) => spec.source.persistentVolumeName ?? '' },
    { name: 'Node', cell: ({ spec }) => spec.nodeName },
    { name: 'Attached', type: 'boolean', cell: ({ status }) => status.attached },
    ageColumn,
  ],
})

// upstream: pkg/apis/storage/validation/validation.go ValidateVolumeAttachment
function attachmentErrors({ spec, status }: VolumeAttachment): readonly FieldError[] {
  const errors: FieldError[] = []
  if (!spec.attacher) errors.push(required('spec.attacher'))
  sourceErrors(errors, spec.source)
  errors.push(...each('spec.nodeName', spec.nodeName ?? '', isSubdomain(spec.nodeName ?? '')))
  return [...errors, ...statusErrors(status)]
}

function sourceErrors(errors: FieldError[], { inlineVolumeSpec, persistentVolumeName }: Source): void {
  const path = 'spec.source'
  const one = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'
  if (inlineVolumeSpec === undefined && persistentVolumeName === undefined) errors.push(required(path, one))
  else if (inlineVolumeSpec !== undefined && persistentVolumeName !== undefined) errors.push(notAllowed(path, one))
  else if (persistentVolumeName === '')
    errors.push(required(`${path}.persistentVolumeName`, 'must specify non empty persistentVolumeName'))
  else if (inlineVolumeSpec !== undefined)
    errors.push(...volumeSpecErrors(`${path}.inlineVolumeSpec`, inlineVolumeSpec, true))
}

type Source = VolumeAttachment['spec']['source']

/** What is asked of names since v1. */
function nameErrors({ spec }: VolumeAttachment): readonly FieldError[] {
  const name = spec.source.persistentVolumeName
  const bad = name === undefined ? [] : isSubdomain(name)
  return [...csiDriverErrors('spec.attacher', spec.attacher), ...each('spec.source.persistentVolumeName', name, bad)]
}

function changeErrors({ spec: next }: VolumeAttachment, { spec: old }: VolumeAttachment): readonly FieldError[] {
  if (isEqual(next, old)) return []
  const { attacher, source, nodeName } = next
  const { persistentVolumeName = null, inlineVolumeSpec = null } = source
  const value = {
    Attacher: attacher,
    Source: { PersistentVolumeName: persistentVolumeName, InlineVolumeSpec: inlineVolumeSpec },
    NodeName: nodeName,
  }
  return [invalidValue('spec', value, 'field is immutable')]
}

const bytesMax = 256 * 1024
const messageBytesMax = 1024

function statusErrors(status: VolumeAttachment['status']): readonly FieldError[] {
  const errors: FieldError[] = []
  let bytes = 0
  for (const [key, value] of Object.entries(status.attachmentMetadata ?? {})) bytes += key.length + value.length
  if (bytes > bytesMax) errors.push(tooLong('status.attachmentMetadata', bytesMax))
  for (const field of ['attachError', 'detachError'] as const) {
    const { message = '', errorCode } = status[field] ?? {}
    if (message.length > messageBytesMax) errors.push(tooLong(`status.${field}.message`, bytesMax)) // upstream's figure
    if (errorCode !== undefined && errorCode < 0)
      errors.push(invalidValue(`status.${field}.errorCode`, errorCode, inRange(0, 2_147_483_647)))
  }
  return errors
}
