import type { ApiServer } from '../../../src/engine/apiserver/apiServer.ts'
import { cpuMilli, type Node, type PersistentVolumeClaim, type Pod } from '../../../src/engine/api/index.ts'
import { createClient, createProcess } from '../../../src/engine/client/index.ts'
import type { Sim } from '../../../src/engine/sim/index.ts'

/** Binds each pod to the first node with the fewest pods that it tolerates and selects: enough where no decision is the point. */
export function runTrivialScheduler(sim: Sim, server: ApiServer): void {
  const client = createClient(createProcess(sim, server, 'default-scheduler'))
  const pods = client.informer<Pod>(
    { kind: 'Pod' },
    { node: { reads: ['spec'], values: (pod) => [pod.spec.nodeName ?? ''] } },
  )
  const nodes = client.informer<Node>({ kind: 'Node' })
  const claims = client.informer<PersistentVolumeClaim>({ kind: 'PersistentVolumeClaim' })
  const reserved = new Map<string, number>()
  const assumed = new Map<string, number>()
  sim.handle('trivial-scheduler', () => schedule())
  let isPlanned = false
  const soon = (): void => {
    if (isPlanned) return
    isPlanned = true
    sim.schedule(1, 'trivial-scheduler', { type: 'asked' })
  }
  pods.listen(soon)
  nodes.listen(soon)
  claims.listen(soon)

  function schedule(): void {
    isPlanned = false
    reserved.clear()
    for (const pod of pods.by('node', '')) {
      const fresh = client.find<Pod>('Pod', pod.metadata.name, pod.metadata.namespace)
      if (!fresh || fresh.spec.nodeName || fresh.metadata.deletionTimestamp) continue
      const fitting = [...nodes.list()].filter(
        (node) => hasVolumes(fresh) && isFit(fresh, node) && cpuOf(fresh) <= freeCpu(node),
      )
      fitting.sort((a, b) => load(a) - load(b))
      const node = fitting[0]
      if (!node) {
        refuse(fresh)
        continue
      }
      client.bind(fresh, node.metadata.name)
      reserved.set(node.metadata.name, (reserved.get(node.metadata.name) ?? 0) + cpuOf(fresh))
      assumed.set(node.metadata.name, load(node) + 1)
      const message = `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${nameOf(node)}`
      client.event(fresh, { type: 'Normal', reason: 'Scheduled', message, action: 'Binding' })
    }
  }

  function refuse(pod: Pod): void {
    const conditions = pod.status.conditions ?? []
    if (conditions.some(({ type, status }) => type === 'PodScheduled' && status === 'False')) return
    const refusal = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: '',
      lastTransitionTime: pod.metadata.creationTimestamp,
    }
    client.updateStatus({ ...pod, status: { ...pod.status, conditions: [...conditions, refusal] } } as unknown as Pod)
  }

  function hasVolumes({ spec, metadata }: Pod): boolean {
    return (spec.volumes ?? []).every(({ persistentVolumeClaim: claim }) => {
      const found = claim && claims.get(`${metadata.namespace}/${claim.claimName}`)
      return claim === undefined || found?.status?.phase === 'Bound'
    })
  }

  function freeCpu(node: Node): number {
    let free = cpuMilli(node.status?.allocatable?.['cpu'])
    for (const pod of pods.by('node', node.metadata.name)) free -= cpuOf(pod)
    return free - (reserved.get(node.metadata.name) ?? 0)
  }

  const load = (node: Node): number => assumed.get(node.metadata.name) ?? 0
  const nameOf = ({ metadata }: Node): string => (metadata.name.startsWith('pool-') ? '<node>' : metadata.name)
}

function cpuOf({ spec }: Pod): number {
  return spec.containers.reduce((sum, { resources }) => sum + cpuMilli(resources?.requests?.['cpu']), 0)
}

const cordoned = 'node.kubernetes.io/unschedulable'

function isFit({ spec }: Pod, node: Node): boolean {
  if (node.spec.unschedulable && !(spec.tolerations ?? []).some(({ key }) => key === cordoned)) return false
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
  const names = terms.flatMap(({ matchFields = [] }) => matchFields.flatMap(({ values = [] }) => values))
  if (names.length > 0 && !names.includes(node.metadata.name)) return false
  const labels = node.metadata.labels ?? {}
  if (!Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value)) return false
  return (node.spec.taints ?? []).every(
    ({ key, value, effect }) =>
      effect === 'PreferNoSchedule' ||
      (spec.tolerations ?? []).some(
        (each) =>
          (!each.key || each.key === key) &&
          (!each.effect || each.effect === effect) &&
          (each.operator === 'Exists' || (each.value ?? '') === (value ?? '')),
      ),
  )
}
