import { conflict, formatTime, type Pod } from '../../api/index.ts'
import { resourceOf } from '../passage.ts'
import { defineSubresource } from './subresource.ts'

interface Binding {
  readonly target?: { readonly name?: string }
}

/** The scheduler's word: the pod belongs to that node from now on. */
// upstream: pkg/registry/core/pod/storage/storage.go assignPod
export const binding = defineSubresource({
  name: 'binding',
  create(passage, old, server, store) {
    const pod = old as Pod
    const node = (passage.request.body as Binding).target?.name ?? ''
    if (pod.spec.nodeName)
      throw conflict(resourceOf(passage.kind), pod.metadata.name, `pod ${pod.metadata.name} is already assigned to node "${pod.spec.nodeName}"`)
    if (pod.metadata.deletionTimestamp !== undefined)
      throw conflict(resourceOf(passage.kind), pod.metadata.name, `pod ${pod.metadata.name} is being deleted, cannot be assigned to a host`)
    const scheduled = { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: formatTime(server.sim.now()) }
    const others = (pod.status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled')
    const next = {
      ...pod,
      spec: { ...pod.spec, nodeName: node },
      status: { ...pod.status, conditions: [...others, scheduled] },
    }
    store.put(passage, next as unknown as Pod, 'bound', { node })
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }
  },
})
