import { keyOf, type PersistentVolume, type PersistentVolumeClaim, type Pod } from '../../api/index.ts'
import { update, type See, type Write } from '../controller.ts'
import { isOver } from '../pods.ts'
import {
  bindCompleted,
  boundByController,
  classNameOf,
  hasAnnotation,
  isBoundTo,
  isDelayed,
  say,
  saysClass,
  selectedNode,
} from './facts.ts'
import { bestVolumeFor, complaintAbout } from './matching.ts'
import { defaultClass, provision } from './provisioning.ts'
import { bind, lose, setClaimStatus } from './writes.ts'

type Claim = PersistentVolumeClaim

/** Whatever brings a claim nearer to its volume. upstream: syncClaim in pkg/controller/volume/persistentvolume/pv_controller.go */
export function syncClaim(claim: Claim, see: See): readonly Write[] {
  if (hasAnnotation(claim, bindCompleted)) return syncBound(claim, see)
  return claim.spec.volumeName ? bindNamed(claim, claim.spec.volumeName, see) : bindAny(claim, see)
}

// upstream: syncBoundClaim
function syncBound(claim: Claim, { lister }: See): readonly Write[] {
  const { volumeName } = claim.spec
  if (!volumeName)
    return lose(claim, 'ClaimLost', 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!')
  const volume = lister<PersistentVolume>('PersistentVolume').get(volumeName)
  if (volume === undefined)
    return lose(claim, 'ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!')
  const { claimRef } = volume.spec
  if (claimRef === undefined || claimRef.uid === claim.metadata.uid) return bind(volume, claim)
  return lose(claim, 'ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly')
}

/** A claim that says which volume it wants. */
function bindNamed(claim: Claim, volumeName: string, { lister }: See): readonly Write[] {
  const volume = lister<PersistentVolume>('PersistentVolume').get(volumeName)
  if (volume === undefined) return setClaimStatus(claim, 'Pending')
  if (volume.spec.claimRef === undefined) {
    const complaint = complaintAbout(volume, claim)
    if (complaint === undefined) return bind(volume, claim)
    const message = `Cannot bind to requested volume "${volumeName}": ${complaint}`
    return [say(claim, 'Warning', 'VolumeMismatch', message), ...setClaimStatus(claim, 'Pending')]
  }
  if (isBoundTo(volume, claim)) return bind(volume, claim)
  const told = say(claim, 'Warning', 'FailedBinding', `volume "${volumeName}" already bound to a different claim.`)
  return hasAnnotation(claim, boundByController) ? [told] : [told, ...setClaimStatus(claim, 'Pending')]
}

/** A claim that takes what fits. */
function bindAny(claim: Claim, see: See): readonly Write[] {
  const isWaiting = isDelayed(claim, see)
  const volume = bestVolumeFor(claim, volumesNow(see), isWaiting)
  if (volume !== undefined) return bind(volume, claim)
  const byDefault = saysClass(claim) ? undefined : defaultClass(see)
  if (byDefault !== undefined)
    return [update({ ...claim, spec: { ...claim.spec, storageClassName: byDefault } } as Claim)]
  if (isWaiting && !hasAnnotation(claim, selectedNode))
    return [whyItWaits(claim, see), ...setClaimStatus(claim, 'Pending')]
  if (classNameOf(claim) !== '') return provision(claim, see)
  const message = 'no persistent volumes available for this claim and no storage class is set'
  return [say(claim, 'Normal', 'FailedBinding', message), ...setClaimStatus(claim, 'Pending')]
}

/** All volumes; those that may just have been declared free as they are now: upstream's cache knows its own writes at once. */
function* volumesNow({ lister, find }: See): Iterable<PersistentVolume> {
  for (const volume of lister<PersistentVolume>('PersistentVolume').list()) {
    const phase = volume.status?.phase
    if (phase === 'Available' || phase === 'Bound') yield volume
    else yield find<PersistentVolume>('PersistentVolume', volume.metadata.name) ?? volume
  }
}

// upstream: emitEventForUnboundDelayBindingClaim
function whyItWaits(claim: Claim, { lister }: See): Write {
  const names: string[] = []
  for (const pod of lister<Pod>('Pod').by('claims', keyOf(claim)))
    if (!pod.spec.nodeName && !isOver(pod.status.phase)) names.push(pod.metadata.name)
  if (names.length === 0)
    return say(claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding')
  const pods = names.length > 1 ? `pods ${names.join(',')}` : `pod ${names[0]}`
  return say(claim, 'Normal', 'WaitForPodScheduled', `waiting for ${pods} to be scheduled`)
}
