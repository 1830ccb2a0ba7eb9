import { parseQuantity, type PersistentVolume, type PersistentVolumeClaim } from '../../../api/index.ts'
import { outdatedLabel } from '../../rules/nodeLabels.ts'
import { classAnnotation, classAnnotationWarning } from './claimFacts.ts'

const mountOptions = 'volume.beta.kubernetes.io/mount-options'
const gone: Readonly<Partial<Record<keyof PersistentVolume['spec'], string>>> = {
  cephfs: 'spec.cephfs: deprecated in v1.28, non-functional in v1.31+',
  photonPersistentDisk: 'spec.photonPersistentDisk: deprecated in v1.11, non-functional in v1.16+',
  rbd: 'spec.rbd: deprecated in v1.28, non-functional in v1.31+',
  scaleIO: 'spec.scaleIO: deprecated in v1.16, non-functional in v1.22+',
  storageos: 'spec.storageOS: deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'spec.glusterfs: deprecated in v1.25, non-functional in v1.26+',
}

/** What is accepted of a volume, but not without a word. */
// upstream: pkg/api/persistentvolume/util.go
export function volumeWarnings({ metadata, spec }: PersistentVolume): readonly string[] {
  const warnings: string[] = []
  if (metadata.annotations?.[classAnnotation] !== undefined) warnings.push(classAnnotationWarning)
  if (metadata.annotations?.[mountOptions] !== undefined)
    warnings.push(`metadata.annotations[${mountOptions}]: deprecated since v1.31; use "mountOptions" attribute instead`)
  if (spec.persistentVolumeReclaimPolicy === 'Recycle')
    warnings.push(
      'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
    )
  affinityWarnings(warnings, spec.nodeAffinity)
  for (const source in gone)
    if (spec[source as keyof typeof gone] !== undefined) warnings.push(gone[source as keyof typeof gone]!)
  return warnings
}

function affinityWarnings(warnings: string[], affinity: PersistentVolume['spec']['nodeAffinity']): void {
  affinity?.required?.nodeSelectorTerms.forEach(({ matchExpressions }, index) =>
    matchExpressions?.forEach(({ key }, place) => {
      const text = outdatedLabel(key)
      const at = `spec.nodeAffinity.required.nodeSelectorTerms[${index}].matchExpressions[${place}].key`
      if (text !== undefined) warnings.push(`${at}: ${key} is ${text}`)
    }),
  )
}

/** What is accepted of a claim, but not without a word. */
// upstream: pkg/api/persistentvolumeclaim/util.go
export function claimWarnings({ metadata, spec }: PersistentVolumeClaim): readonly string[] {
  const warnings: string[] = []
  if (metadata.annotations?.[classAnnotation] !== undefined) warnings.push(classAnnotationWarning)
  const asked = spec.resources?.requests?.['storage']
  if (asked !== undefined && !Number.isInteger(parseQuantity(asked)))
    warnings.push(`spec.resources.requests[storage]: fractional byte value "${asked}" is invalid, must be an integer`)
  return warnings
}
