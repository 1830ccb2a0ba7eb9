import { copyOf, type Draft, type KubeObject, type Pod } from '../../api/index.ts'
import { validatePodResize } from '../../kinds/core/pod/updateResize.ts'
import { defineSubresource } from './subresource.ts'

type Container = Draft<Pod>['spec']['containers'][number]

/** Where a running pod is given other resources. */
// upstream: pkg/registry/core/pod/strategy.go podResizeStrategy, dropNonResizeUpdates
export const resize = defineSubresource({
  name: 'resize',
  merge(sent, old, kind) {
    const next = copyOf(old) as unknown as Draft<Pod>
    const { spec } = sent as unknown as Draft<Pod>
    next.spec.containers = resized(next.spec.containers, spec?.containers)
    if (next.spec.initContainers ?? spec?.initContainers)
      next.spec.initContainers = resized(next.spec.initContainers ?? [], spec?.initContainers)
    if (spec?.resources !== undefined) next.spec.resources = spec.resources
    else delete next.spec.resources
    kind.defaults?.(next as unknown as Draft<KubeObject>)
    return next as unknown as Draft<KubeObject>
  },
  validate: (next, old) => validatePodResize(next as Pod, old as Pod),
})

/** The old containers with new resources; what was added, removed or renamed is left for validation to complain about. */
function resized(old: Container[], given: Container[] | null | undefined): Container[] {
  const sent = given ?? [] // an empty list that must be there is stored as null
  if (old.length !== sent.length || old.some(({ name }, index) => sent[index]!.name !== name)) return sent
  return old.map((container, index) => {
    const { resources, resizePolicy } = sent[index]!
    return { ...container, ...(resources && { resources }), ...(resizePolicy && { resizePolicy }) }
  })
}
