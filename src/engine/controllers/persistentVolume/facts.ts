import type { KubeObject, PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../api/index.ts'
import type { See, Write } from '../controller.ts'

export const bindCompleted = 'pv.kubernetes.io/bind-completed'
export const boundByController = 'pv.kubernetes.io/bound-by-controller'
export const provisionedBy = 'pv.kubernetes.io/provisioned-by'
export const selectedNode = 'volume.kubernetes.io/selected-node'
const betaClass = 'volume.beta.kubernetes.io/storage-class'

/** Whether an object carries an annotation, whatever it says. */
export function hasAnnotation({ metadata }: KubeObject, name: string): boolean {
  return metadata.annotations?.[name] !== undefined
}

/** The class that a claim or a volume names; empty for none. upstream: GetPersistentVolumeClaimClass */
export function classNameOf(object: PersistentVolumeClaim | PersistentVolume): string {
  return object.metadata.annotations?.[betaClass] ?? object.spec.storageClassName ?? ''
}

/** Whether a claim says anything of classes, be it that it wants none. upstream: PersistentVolumeClaimHasClass */
export function saysClass(claim: PersistentVolumeClaim): boolean {
  return hasAnnotation(claim, betaClass) || claim.spec.storageClassName !== undefined
}

/** Whether binding is left to the scheduler. upstream: IsDelayBindingMode; a class that does not exist delays nothing */
export function isDelayed(claim: PersistentVolumeClaim, { lister }: See): boolean {
  const name = classNameOf(claim)
  if (name === '') return false
  return lister<StorageClass>('StorageClass').get(name)?.volumeBindingMode === 'WaitForFirstConsumer'
}

/** Whether a volume names this claim, and no other of the same name. upstream: IsVolumeBoundToClaim */
export function isBoundTo({ spec: { claimRef } }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  if (claimRef?.name !== metadata.name || claimRef.namespace !== metadata.namespace) return false
  return !claimRef.uid || claimRef.uid === metadata.uid
}

/** Whether one is a block device and the other a file system. */
export function hasOtherMode({ spec: wanted }: PersistentVolumeClaim, { spec }: PersistentVolume): boolean {
  return (spec.volumeMode ?? 'Filesystem') !== (wanted.volumeMode ?? 'Filesystem')
}

/** Says something of a claim or a volume as upstream's controller does, whose events have another name than itself. */
export function say(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): Write {
  return { do: 'event', object, event: { type, reason, message, component: 'persistentvolume-controller' } }
}
