import { ApiError, type Node, type Pod } from '../api/index.ts'
import type { Client } from '../client/index.ts'
import type { Cloud } from './cloud.ts'
import type { AutoscalerSettings } from './options.ts'
import type { UnneededNode } from './scaleDown.ts'
import type { AutoscalerState, Deletion } from './state.ts'
import { taintsWith, taintsWithout, toBeDeletedTaint } from './taints.ts'

const retryMs = 10_000

/** What deletions need of the autoscaler. */
export interface DeletionHost {
  readonly client: Client
  readonly state: AutoscalerState
  readonly settings: AutoscalerSettings
  readonly cloud: Cloud
  readonly findNode: (name: string) => Node | undefined
  readonly findPod: (key: string) => Pod | undefined
  /** Says something of the cluster as a whole. */
  readonly tell: (reason: string, message: string) => void
}

/** Drains nodes and gives their machines back. */
export interface Deletions {
  readonly begin: (node: UnneededNode) => void
  /** Goes on with what is under way: asks pods again, and removes nodes that are empty by now. */
  readonly proceed: () => void
}

/** Makes the hands of the scale-down. */
// upstream: cluster-autoscaler/core/scaledown/actuation
export function createDeletions(host: DeletionHost): Deletions {
  const { client, state, settings, cloud, findNode, findPod, tell } = host
  const now = client.process.sim.now

  function begin({ name, pods, utilization }: UnneededNode): void {
    const node = findNode(name)
    const group = cloud.groupOf(name)
    if (node === undefined || group === undefined) return
    const keys = pods.map(({ key }) => key)
    const isEmpty = keys.length === 0
    if (isEmpty) tell('ScaleDownEmpty', `Scale-down: removing empty node "${name}"`)
    else {
      const names = keys.map((key) => key.slice(key.indexOf('/') + 1)).join(',')
      tell(
        'ScaleDown',
        `Scale-down: removing node ${name}, utilization: ${formatShare(utilization)}, pods to reschedule: ${names}`,
      )
    }
    if (!setTaints(client, node, taintsWith(node, toBeDeletedTaint, 'NoSchedule', now()))) return
    client.event(node, { type: 'Normal', reason: 'ScaleDown', message: 'marked the node as toBeDeleted/unschedulable' })
    const waiting = new Map(keys.map((key) => [key, { at: -Infinity, isEvicted: false }]))
    state.deletions.set(name, { group: group.name, since: now(), pods: waiting, isEmpty })
  }

  function evict(name: string, deletion: Deletion): void {
    for (const [key, asked] of deletion.pods) {
      const pod = findPod(key)
      if (pod === undefined || pod.spec.nodeName !== name) {
        deletion.pods.delete(key)
        continue
      }
      if (asked.isEvicted || now() - asked.at < retryMs) continue
      asked.at = now()
      asked.isEvicted = ask(pod)
    }
  }

  function ask(pod: Pod): boolean {
    const { name, namespace } = pod.metadata
    const own = pod.spec.terminationGracePeriodSeconds ?? 30
    const gracePeriodSeconds = Math.min(own, settings.maxGracefulTerminationSeconds)
    const body = {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace },
      deleteOptions: { gracePeriodSeconds },
    }
    try {
      client.post({ kind: 'Pod', name, namespace }, 'eviction', body)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return error.code === 404
    }
    client.event(pod, { type: 'Normal', reason: 'ScaleDown', message: 'deleting pod for node scale down' })
    return true
  }

  function giveUp(name: string): void {
    const node = findNode(name)
    state.deletions.delete(name)
    state.lastFailureAt = now()
    if (node === undefined) return
    const message = 'failed to drain the node, aborting ScaleDown'
    client.event(node, { type: 'Warning', reason: 'ScaleDownFailed', message })
    setTaints(client, node, taintsWithout(node, toBeDeletedTaint))
  }

  function finish(name: string, { isEmpty }: Deletion): void {
    const node = findNode(name)
    if (node !== undefined)
      client.event(node, { type: 'Normal', reason: 'ScaleDown', message: 'node removed by cluster autoscaler' })
    state.deletions.delete(name)
    state.unneeded.delete(name)
    state.lastDeletionAt = now()
    cloud.remove(name)
    // differs: a cloud's own controller would find the machine gone and delete the Node
    attempt(() => client.delete({ kind: 'Node', name }))
    if (isEmpty) tell('ScaleDownEmpty', `Scale-down: empty node ${name} removed`)
    else tell('ScaleDown', `Scale-down: node ${name} removed with drain`)
  }

  return {
    begin,
    proceed() {
      for (const [name, deletion] of [...state.deletions]) {
        evict(name, deletion)
        if (deletion.pods.size === 0) finish(name, deletion)
        else if (now() - deletion.since > giveUpAfter(deletion, settings)) giveUp(name)
      }
    },
  }
}

/** Pods that have agreed are waited for as long as they may take; those that have not, only so long. */
function giveUpAfter({ pods }: Deletion, settings: AutoscalerSettings): number {
  const isAsking = [...pods.values()].some(({ isEvicted }) => !isEvicted)
  return settings.maxPodEvictionMs + (isAsking ? 0 : settings.maxGracefulTerminationSeconds * 1000)
}

/** Go's %v of a float64. */
function formatShare(share: number): string {
  return String(share)
}

/** Writes a node's taints; whether the API server took them. */
export function setTaints(client: Client, node: Node, taints: readonly object[]): boolean {
  return attempt(() =>
    client.patch(
      { kind: 'Node', name: node.metadata.name },
      { spec: { taints: taints.length > 0 ? taints : null } },
      'merge',
    ),
  )
}

function attempt(write: () => void): boolean {
  try {
    write()
    return true
  } catch (error) {
    if (error instanceof ApiError) return false
    throw error
  }
}
