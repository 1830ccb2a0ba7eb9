import { copyOf, type Draft, type KubeObject, type Pod } from '../../api/index.ts'
import { validateEphemeralContainersUpdate } from '../../kinds/core/pod/updateEphemeral.ts'
import { defineSubresource } from './subresource.ts'

/** Where containers for a look around are added to a running pod. */
// upstream: pkg/registry/core/pod/strategy.go podEphemeralContainersStrategy
export const ephemeralContainers = defineSubresource({
  name: 'ephemeralcontainers',
  merge(sent, old, kind) {
    const next = copyOf(old) as unknown as Draft<Pod>
    const { ephemeralContainers } = (sent as unknown as Draft<Pod>).spec ?? {}
    if (ephemeralContainers === undefined) delete next.spec.ephemeralContainers
    else next.spec.ephemeralContainers = ephemeralContainers
    kind.defaults?.(next as unknown as Draft<KubeObject>)
    return next as unknown as Draft<KubeObject>
  },
  validate: (next, old) => validateEphemeralContainersUpdate(next as Pod, old as Pod),
})
