import { formatTime, type Pod, type RequestOptions } from '../../api/index.ts'
import { defineSubresource } from './subresource.ts'

interface Eviction {
  readonly deleteOptions?: RequestOptions
}

/** A polite delete, which a disruption budget may refuse. */
// upstream: pkg/registry/core/pod/storage/eviction.go; budgets come with their kind
export const eviction = defineSubresource({
  name: 'eviction',
  create(passage, old, server, store) {
    const pod = old as Pod
    const { deleteOptions } = (passage.request.body ?? {}) as Eviction
    const at = { ...passage, subresource: '', options: { ...passage.options, ...deleteOptions } }
    const { phase } = pod.status
    const isOver =
      phase === 'Succeeded' || phase === 'Failed' || phase === 'Pending' || pod.metadata.deletionTimestamp !== undefined
    store.remove(at, isOver ? pod : store.put(at, marked(pod, server.sim.now()), 'statusUpdated'))
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }
  },
})

function marked(pod: Pod, now: number): Pod {
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    observedGeneration: pod.metadata.generation,
    lastProbeTime: null as unknown as string,
    lastTransitionTime: formatTime(now),
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  }
  const others = (pod.status.conditions ?? []).filter(({ type }) => type !== 'DisruptionTarget')
  return { ...pod, status: { ...pod.status, conditions: [...others, condition] } } as Pod
}
