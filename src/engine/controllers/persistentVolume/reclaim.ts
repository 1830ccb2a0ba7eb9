import type { PersistentVolume } from '../../api/index.ts'
import { remove, type Write } from '../controller.ts'
import { hasAnnotation, provisionedBy, say } from './facts.ts'
import { setPhase, unbind } from './writes.ts'

/** What becomes of a volume whose claim is gone. upstream: reclaimVolume in pkg/controller/volume/persistentvolume/pv_controller.go */
export function reclaim(volume: PersistentVolume): readonly Write[] {
  const policy = volume.spec.persistentVolumeReclaimPolicy
  if (policy === 'Retain') return []
  if (policy === 'Delete') return destroy(volume)
  if (policy === 'Recycle') return recycle(volume)
  return fail(volume, 'VolumeUnknownReclaimPolicy', 'Volume has unrecognized reclaim policy')
}

// upstream: deleteVolumeOperation, findDeletablePlugin: of the drivers that the controller manager knows only hostPath deletes
function destroy(volume: PersistentVolume): readonly Write[] {
  const { hostPath, nfs, local } = volume.spec
  const { name } = volume.metadata
  const provisioner = volume.metadata.annotations?.[provisionedBy]
  // an external provisioner made it, and will delete it
  if (hasAnnotation(volume, provisionedBy) && provisioner && !provisioner.startsWith('kubernetes.io/')) return []
  if (hostPath === undefined) {
    const why = nfs || local ? 'no deletable volume plugin matched' : 'no volume plugin matched'
    return fail(volume, 'VolumeFailedDelete', `error getting deleter volume plugin for volume "${name}": ${why}`)
  }
  if (!isScratch(hostPath.path))
    return fail(
      volume,
      'VolumeFailedDelete',
      `host_path deleter only supports /tmp/.+ but received provided ${hostPath.path}`,
    )
  return volume.metadata.deletionTimestamp === undefined ? [remove(volume)] : []
}

// upstream: recycleVolumeOperation
// differs: the scrubbing pod is not run; the volume is clean at once
function recycle(volume: PersistentVolume): readonly Write[] {
  if (!volume.spec.hostPath && !volume.spec.nfs)
    return fail(volume, 'VolumeFailedRecycle', 'No recycler plugin found for the volume!')
  return [say(volume, 'Normal', 'VolumeRecycled', 'Volume recycled'), ...unbind(volume)]
}

function isScratch(path: string): boolean {
  return path.startsWith('/tmp/') && path.length > 5
}

function fail(volume: PersistentVolume, reason: string, message: string): readonly Write[] {
  return setPhase(volume, 'Failed', message, undefined, ['Warning', reason, message])
}
