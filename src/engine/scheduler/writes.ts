import { ApiError, formatTime, type Draft, type Pod } from '../api/index.ts'
import type { Client } from '../client/index.ts'
import type { PreBindPlan } from './framework.ts'
import type { PersistentVolume, PersistentVolumeClaim } from './objects.ts'
import { statusOf, type Allocation, type ResourceClaim } from './devices/types.ts'
import type { PodInfo } from './podInfo.ts'

type Condition = NonNullable<Pod['status']['conditions']>[number]

/** What the scheduler writes to the cluster. A refusal is a message, not an exception: the next attempt will do better. */
export interface Writes {
  /** Binds a pod; returns why not. */
  readonly bind: (pod: PodInfo, node: string) => string | undefined
  /** Says on the pod why it waits; `nominatedNode` undefined leaves the nomination as it is. */
  readonly reportFailure: (pod: Pod, reason: string, message: string, nominatedNode: string | undefined) => void
  readonly preempt: (victim: Pod, preemptor: PodInfo, node: string) => void
  readonly dropNomination: (pod: Pod) => void
  /** Binds volumes and gives out devices for a pod; returns why not. */
  readonly prepare: (pod: PodInfo, plan: PreBindPlan) => string | undefined
}

/** Makes the writer of a scheduler; events are signed with the name of the profile that decided. */
export function createWrites(client: Client): Writes {
  const recorders = new Map<string, Client>()
  const { sim } = client.process

  const nameFor = ({ spec }: Pod): string => spec.schedulerName ?? 'default-scheduler'

  function recorderFor(pod: Pod): Client {
    const name = nameFor(pod)
    let recorder = recorders.get(name)
    if (recorder === undefined) recorders.set(name, (recorder = client.as(name)))
    return recorder
  }

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
    bind({ pod, key }, node) {
      try {
        client.bind(pod, node)
        const message = `Successfully assigned ${key} to ${node}`
        recorderFor(pod).event(pod, { type: 'Normal', reason: 'Scheduled', message, action: 'Binding' })
        return undefined
      } catch (error) {
        return messageOf(error)
      }
    },
    reportFailure(pod, reason, message, nominatedNode) {
      recorderFor(pod).event(pod, {
        type: 'Warning',
        reason: 'FailedScheduling',
        message: cut(message),
        action: 'Scheduling',
      })
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
        const message = `${nameFor(preemptor.pod)}: preempting to accommodate a higher priority pod`
        patchStatus(victim, {
          conditions: [condition(victim, { type: 'DisruptionTarget', status: 'True', reason, message })],
        })
        client.delete({ kind: 'Pod', name, namespace })
        const text = `Preempted by pod ${preemptor.uid} on node ${node}`
        recorderFor(preemptor.pod).event(victim, {
          type: 'Normal',
          reason: 'Preempted',
          message: text,
          action: 'Preempting',
        })
      })
    },
    dropNomination: (pod) => void refusalOf(() => patchStatus(pod, { nominatedNodeName: null })),
    prepare: (pod, plan) =>
      refusalOf(() => {
        for (const { claim, allocation } of plan.devices ?? []) reserveDevices(client, pod, claim, allocation)
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
    return messageOf(error)
  }
}

/** What a refusal says; what is none goes on its way. */
function messageOf(error: unknown): string {
  if (error instanceof ApiError) return error.message
  throw error
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

const deviceFinalizer = 'resource.kubernetes.io/delete-protection'

/** Gives a device claim its devices, and says that this pod may use them. */
// upstream: dynamicresources.go bindClaim
function reserveDevices(client: Client, pod: PodInfo, key: string, allocation: Allocation | undefined): void {
  const [namespace, name] = key.split('/') as [string, string]
  let claim = client.find<ResourceClaim>('ResourceClaim', name, namespace)
  if (claim === undefined) return
  const { allocation: known, reservedFor = [] } = statusOf(claim)
  const finalizers = claim.metadata.finalizers ?? []
  if (known === undefined && !finalizers.includes(deviceFinalizer))
    claim = client.update<ResourceClaim>({
      ...claim,
      metadata: { ...claim.metadata, finalizers: [...finalizers, deviceFinalizer] },
    })
  if (reservedFor.some(({ uid }) => uid === pod.uid)) return
  const users = [...reservedFor, { resource: 'pods', name: pod.name, uid: pod.uid }]
  const status = { ...claim.status, allocation: known ?? allocation, reservedFor: users }
  client.updateStatus({ ...claim, status } as ResourceClaim)
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
