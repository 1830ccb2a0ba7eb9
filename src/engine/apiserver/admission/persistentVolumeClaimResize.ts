import { forbidden, type PersistentVolumeClaim, type StorageClass } from '../../api/index.ts'
import { amountOf } from '../../api/quota/amount.ts'
import { defineAdmission } from './admission.ts'

const classAnnotation = 'volume.beta.kubernetes.io/storage-class'

/** Lets a claim grow only where its class can make that happen. */
// upstream: plugin/pkg/admission/storage/persistentvolume/resize/admission.go
export const persistentVolumeClaimResize = defineAdmission({
  name: 'PersistentVolumeClaimResize',
  kinds: ['PersistentVolumeClaim'],
  verbs: ['update'],
  subresources: [''],
  validate({ kind, draft, old, name, context }) {
    const [next, before] = [draft as unknown as PersistentVolumeClaim, old as PersistentVolumeClaim]
    if (sizeOf(next) <= sizeOf(before)) return
    const refuse = (text: string): Error => forbidden({ group: kind.group, resource: kind.plural }, name, text)
    if (before.status?.phase !== 'Bound') throw refuse('Only bound persistent volume claims can be expanded')
    const className = next.metadata.annotations?.[classAnnotation] ?? next.spec.storageClassName ?? ''
    if (context.find<StorageClass>('StorageClass', className)?.allowVolumeExpansion !== true)
      throw refuse(
        'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
      )
  },
})

const sizeOf = ({ spec }: PersistentVolumeClaim): bigint => amountOf(spec.resources?.requests?.['storage'] ?? '0').milli
