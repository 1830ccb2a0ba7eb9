import { ApiError, formatTime, type Draft, type Pod } from '../api/index.ts'
import type { Client } from '../client/index.ts'
import type { PreBindPlan } from './framework.ts'
import type { PersistentVolume, PersistentVolumeClaim } from './objects.ts'
import type { PodInfo } from './podInfo.ts'

type Condition = NonNullable<Pod['status']['conditions']>[number]

/** What the scheduler writes to the cluster. A refusal is a message, not an exception: the next attempt will do better. */
export interface Writes {
  /** Binds a pod; returns why not. */
  readonly bind: (pod: Pod, node: string) => string | undefined
  /** Says on the pod why it waits; `nominatedNode` undefined leaves the nomination as it is. */
  readonly reportFailure: (pod: Pod, reason: string, message: string, nominatedNode: string | undefined) => void
  readonly preempt: (victim: Pod, preemptor: PodInfo, node: string) => void
  readonly dropNomination: (pod: Pod) => void
  readonly bindVolumes: (plan: PreBindPlan) => string | undefined
}

/** Makes the writer of a scheduler; events are signed with the profile's name. */
export function createWrites(client: Client, schedulerName: string): Writes {
  const recorder = client.as(schedulerName)
  const { sim } = client.process

  function patchStatus(pod: Pod, status: object): void {
    const { name, namespace } = pod.metadata
    client.patch({ kind: 'Pod', name, namespace }, { status }, 'strategic', 'status')
  }

  function condition(pod: Pod, wanted: Pick<Condition, 'type' | 'status' | 'reason' | 'message'>): Condition {
    const old = pod.status.conditions?.find(({ type }) => type === wanted.type)
    const since = old?.status === wanted.status ? old.lastTransitionTime : formatTime(sim.now())
    const { generation } = pod.metadata
    return {
      ...wanted,
      ...(generation !== undefined && { observedGeneration: generation }),
      lastProbeTime: null as unknown as string,
      ...(since !== undefined && { lastTransitionTime: since }),
    }
  }

  return {
    bind: (pod, node) =>
      refusalOf(() => {
        client.bind(pod, node)
        const message = `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${node}`
        recorder.event(pod, { type: 'Normal', reason: 'Scheduled', message, action: 'Binding' })
      }),
    reportFailure(pod, reason, message, nominatedNode) {
      recorder.event(pod, { type: 'Warning', reason: 'FailedScheduling', message: cut(message), action: 'Scheduling' })
      const next = condition(pod, { type: 'PodScheduled', status: 'False', reason, message })
      const isSame = pod.status.conditions?.some((old) => isSameCondition(old, next)) === true
      const isNominated = nominatedNode === undefined || nominatedNode === (pod.status.nominatedNodeName ?? '')
      if (isSame && isNominated) return
      const nomination = isNominated ? {} : { nominatedNodeName: nominatedNode || null }
      refusalOf(() => patchStatus(pod, { ...(!isSame && { conditions: [next] }), ...nomination }))
    },
    preempt(victim, preemptor, node) {
      const { name, namespace } = victim.metadata
      refusalOf(() => {
        const reason = 'PreemptionByScheduler'
        const message = `${schedulerName}: preempting to accommodate a higher priority pod`
        patchStatus(victim, {
          conditions: [condition(victim, { type: 'DisruptionTarget', status: 'True', reason, message })],
        })
        client.delete({ kind: 'Pod', name, namespace })
        const text = `Preempted by pod ${preemptor.uid} on node ${node}`
        recorder.event(victim, { type: 'Normal', reason: 'Preempted', message: text, action: 'Preempting' })
      })
    },
    dropNomination: (pod) => void refusalOf(() => patchStatus(pod, { nominatedNodeName: null })),
    bindVolumes: (plan) =>
      refusalOf(() => {
        for (const { volume, claim } of plan.bindings) bindVolume(client, volume, claim)
        for (const { claim, node } of plan.provisions) selectNode(client, claim, node)
      }),
  }
}

/** Runs a write; the message of its refusal, or undefined. */
function refusalOf(write: () => void): string | undefined {
  try {
    write()
    return undefined
  } catch (error) {
    if (error instanceof ApiError) return error.message
    throw error
  }
}

function isSameCondition(old: Condition, next: Condition): boolean {
  return (
    old.type === next.type && old.status === next.status && old.reason === next.reason && old.message === next.message
  )
}

// upstream: schedule_one.go truncateMessage: an event's note is 1024 bytes at most
function cut(message: string): string {
  return message.length <= 1024 ? message : `${message.slice(0, 1020)} ...`
}

/** Reserves a volume for a claim; the PV controller does the rest. */
function bindVolume(client: Client, name: string, claim: string): void {
  const volume = client.find<PersistentVolume>('PersistentVolume', name)
  const [namespace, claimName] = claim.split('/') as [string, string]
  const owner = client.find<PersistentVolumeClaim>('PersistentVolumeClaim', claimName, namespace)
  if (volume === undefined || owner === undefined) return
  const { uid, resourceVersion } = owner.metadata
  const claimRef = { kind: 'PersistentVolumeClaim', apiVersion: 'v1', namespace, name: claimName, uid, resourceVersion }
  const annotations = { ...volume.metadata.annotations, 'pv.kubernetes.io/bound-by-controller': 'yes' }
  const next = { ...volume, metadata: { ...volume.metadata, annotations }, spec: { ...volume.spec, claimRef } }
  client.update(next as Draft<PersistentVolume>)
}

/** Tells the provisioner where the volume will be needed. */
function selectNode(client: Client, claim: string, node: string): void {
  const [namespace, name] = claim.split('/') as [string, string]
  const annotations = { 'volume.kubernetes.io/selected-node': node }
  client.patch({ kind: 'PersistentVolumeClaim', name, namespace }, { metadata: { annotations } }, 'merge')
}
