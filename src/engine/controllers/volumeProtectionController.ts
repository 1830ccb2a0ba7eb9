import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../api/index.ts'
import type { Change } from '../client/index.ts'
import { defineController, nobody, nothing, patch } from './controller.ts'
import { isOver } from './pods.ts'

const claimFinalizer = 'kubernetes.io/pvc-protection'
const volumeFinalizer = 'kubernetes.io/pv-protection'

const without = (finalizers: readonly string[] | undefined, name: string) => {
  const others = (finalizers ?? []).filter((one) => one !== name)
  return { metadata: { finalizers: others.length > 0 ? others : null } }
}

/** Lets a deleted claim go once no pod uses it. upstream: pkg/controller/volume/pvcprotection/pvc_protection_controller.go */
export const claimProtectionController = defineController<PersistentVolumeClaim>({
  name: 'persistentvolumeclaim-protection-controller',
  for: 'PersistentVolumeClaim',
  watches: {
    Pod: {
      whileAny: 'PersistentVolumeClaim',
      concerns({ type, object }: Change<Pod>) {
        if (type === 'ADDED') return nobody
        if (type === 'MODIFIED' && !isOver(object.status.phase)) return nobody
        return claimsOf(object).map((name) => `${object.metadata.namespace}/${name}`)
      },
    },
  },
  reconcile({ object, lister }) {
    const { deletionTimestamp, finalizers, name, namespace } = object.metadata
    if (deletionTimestamp === undefined || !finalizers?.includes(claimFinalizer)) return nothing
    for (const pod of lister<Pod>('Pod').list())
      if (pod.metadata.namespace === namespace && holds(pod) && claimsOf(pod).includes(name)) return nothing
    return { writes: [patch(object, without(finalizers, claimFinalizer))] }
  },
})

/** A pod that was never placed, or that has ended, holds nothing. */
const holds = ({ spec, status }: Pod): boolean => Boolean(spec.nodeName) && !isOver(status.phase)

const claimsOf = ({ metadata, spec }: Pod): readonly string[] =>
  (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) =>
    persistentVolumeClaim ? [persistentVolumeClaim.claimName] : ephemeral ? [`${metadata.name}-${name}`] : [],
  )

/** Lets a deleted volume go once no claim is bound to it. upstream: pkg/controller/volume/pvprotection/pv_protection_controller.go */
export const volumeProtectionController = defineController<PersistentVolume>({
  name: 'persistentvolume-protection-controller',
  for: 'PersistentVolume',
  reconcile({ object }) {
    const { deletionTimestamp, finalizers } = object.metadata
    if (deletionTimestamp === undefined || !finalizers?.includes(volumeFinalizer)) return nothing
    if (object.status?.phase === 'Bound') return nothing
    return { writes: [patch(object, without(finalizers, volumeFinalizer))] }
  },
})
