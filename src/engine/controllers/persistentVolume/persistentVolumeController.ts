import { keyOf, type PersistentVolume, type PersistentVolumeClaim, type Pod } from '../../api/index.ts'
import type { Change } from '../../client/index.ts'
import { defineController, nothing, periodKey, type Plan, type See } from '../controller.ts'
import { bindCompleted, hasAnnotation } from './facts.ts'
import { syncClaim } from './syncClaim.ts'
import { isAtRest, syncVolume } from './syncVolume.ts'

/**
 * Brings claims and volumes together, and does with a volume what its policy says when its claim is gone. Keys with a slash are claims,
 * the others volumes.
 * upstream: pkg/controller/volume/persistentvolume/pv_controller_base.go
 */
export const persistentVolumeController = defineController<PersistentVolumeClaim>({
  name: 'persistentvolume-binder-controller',
  for: 'PersistentVolumeClaim',
  everyMs: 15_000,
  watches: {
    PersistentVolumeClaim: {
      concerns: ({ type, object }: Change<PersistentVolumeClaim>) =>
        type !== 'DELETED' ? [keyOf(object)] : object.spec.volumeName ? [object.spec.volumeName] : [],
    },
    PersistentVolume: {
      concerns: ({ type, object }: Change<PersistentVolume>) => {
        if (type !== 'DELETED') return [object.metadata.name]
        const { claimRef } = object.spec
        return claimRef ? [`${claimRef.namespace}/${claimRef.name}`] : []
      },
    },
    StorageClass: {},
    Pod: { indexes: { claims: { reads: ['spec'], values: claimsOf } } },
  },
  reconcile: (view) => ({ writes: syncClaim(view.object, view) }),
  reconcileAbsent(see, key) {
    if (key === periodKey) return resync(see)
    const volume = see.lister<PersistentVolume>('PersistentVolume').get(key)
    return volume === undefined ? nothing : syncVolume(volume, see)
  },
})

const noKeys: readonly string[] = Object.freeze([])

/** The claims that a pod names, as keys. */
function claimsOf({ metadata, spec }: Pod): readonly string[] {
  if (spec.volumes === undefined) return noKeys
  let keys: string[] | undefined
  for (const { name, persistentVolumeClaim, ephemeral } of spec.volumes)
    if (persistentVolumeClaim) (keys ??= []).push(`${metadata.namespace}/${persistentVolumeClaim.claimName}`)
    else if (ephemeral) (keys ??= []).push(`${metadata.namespace}/${metadata.name}-${name}`)
  return keys ?? noKeys
}

/** Looks at everything again, but for what is bound or free and says so. */
function resync({ lister }: See): Plan {
  const wake: string[] = []
  for (const claim of lister<PersistentVolumeClaim>('PersistentVolumeClaim').list())
    if (claim.status?.phase !== 'Bound' || !hasAnnotation(claim, bindCompleted)) wake.push(keyOf(claim))
  for (const volume of lister<PersistentVolume>('PersistentVolume').list())
    if (!isAtRest(volume)) wake.push(volume.metadata.name)
  return { writes: [], wake }
}
