import type { PersistentVolume, PersistentVolumeClaim } from '../../api/index.ts'
import type { Plan, See, Write } from '../controller.ts'
import { hasAnnotation, hasOtherMode, provisionedBy, say } from './facts.ts'
import { reclaim } from './reclaim.ts'
import { setPhase, unbind } from './writes.ts'

type Volume = PersistentVolume
type Claim = PersistentVolumeClaim

/** Whatever brings a volume's phase in line with its claim. upstream: syncVolume in pkg/controller/volume/persistentvolume/pv_controller.go */
export function syncVolume(volume: Volume, see: See): Plan {
  // whom it is reserved for will finish the binding
  if (!volume.spec.claimRef?.uid) return { writes: setPhase(volume, 'Available') }
  const claim = claimOf(volume, see)
  if (claim === undefined) return { writes: release(volume) }
  if (!claim.spec.volumeName) return followUp(volume, claim)
  if (claim.spec.volumeName === volume.metadata.name) return { writes: setPhase(volume, 'Bound') }
  // the claim is bound elsewhere: what was made for it is of no use any more
  const isSpare = hasAnnotation(volume, provisionedBy) && volume.spec.persistentVolumeReclaimPolicy === 'Delete'
  return { writes: isSpare ? release(volume) : unbind(volume) }
}

/** The volume's claim, and not another of the same name; read past the cache before a volume is let go. */
function claimOf({ spec: { claimRef } }: Volume, { lister, find }: See): Claim | undefined {
  const { namespace = '', name = '', uid } = claimRef ?? {}
  const cached = lister<Claim>('PersistentVolumeClaim').get(`${namespace}/${name}`)
  if (cached?.metadata.uid === uid) return cached
  const fresh = find<Claim>('PersistentVolumeClaim', name, namespace)
  return fresh?.metadata.uid === uid ? fresh : undefined
}

function release(volume: Volume): readonly Write[] {
  const phase = volume.status?.phase
  return phase === 'Released' || phase === 'Failed' ? reclaim(volume) : setPhase(volume, 'Released', '', reclaim)
}

/** The claim's next look finishes what was begun. */
function followUp(volume: Volume, claim: Claim): Plan {
  const { name, namespace } = claim.metadata
  if (!hasOtherMode(claim, volume)) return { writes: [], wake: [`${namespace}/${name}`] }
  const ofVolume = `Cannot bind PersistentVolume to requested PersistentVolumeClaim "${name}" due to incompatible volumeMode.`
  const ofClaim = `Cannot bind PersistentVolume "${volume.metadata.name}" to requested PersistentVolumeClaim due to incompatible volumeMode.`
  return {
    writes: [say(volume, 'Warning', 'VolumeMismatch', ofVolume), say(claim, 'Warning', 'VolumeMismatch', ofClaim)],
  }
}

/** Whether a resync could find anything to do. */
export function isAtRest({ status, spec }: Volume): boolean {
  return status?.phase === 'Bound' ? Boolean(spec.claimRef?.uid) : status?.phase === 'Available' && !spec.claimRef?.uid
}
