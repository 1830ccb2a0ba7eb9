import type { KubeObject as ApiObject } from '#engine'

/** An API object whose fields are looked at by name. */
export interface KubeObject extends ApiObject {
  readonly spec?: Readonly<Record<string, unknown>>
  readonly status?: Readonly<Record<string, unknown>>
}

interface Condition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly message?: string
  readonly lastTransitionTime?: string
}

/** Whether a pod is Ready and not on its way out; false for null. */
export function isReadyPod(pod: KubeObject | null): boolean {
  if (pod === null || pod.metadata.deletionTimestamp !== undefined) return false
  return conditionOf(pod, 'Ready').status === 'True'
}

/** A condition of an object; empty texts where it has none. */
export function conditionOf(object: KubeObject | null, type: string): Readonly<Record<string, string>> {
  const conditions = (object?.status?.['conditions'] ?? []) as readonly Condition[]
  const {
    status = '',
    reason = '',
    message = '',
    lastTransitionTime = '',
  } = conditions.find((one) => one.type === type) ?? {}
  return { status, reason, message, since: lastTransitionTime }
}

/** Whether a workload is as it wants to be: seen by its controller, every replica updated and available, none left over. */
export function isSettled(workload: KubeObject | null): boolean {
  if (workload === null) return false
  const { spec = {}, status = {}, metadata } = workload
  if (status['observedGeneration'] !== metadata.generation) return false
  if (workload.kind === 'DaemonSet') return isSettledDaemonSet(status)
  const wanted = numberOf(spec['replicas'] ?? 1)
  const updated = workload.kind === 'ReplicaSet' ? status['replicas'] : status['updatedReplicas']
  return [status['replicas'], updated, status['availableReplicas']].every((count) => numberOf(count) === wanted)
}

function isSettledDaemonSet(status: Readonly<Record<string, unknown>>): boolean {
  const wanted = numberOf(status['desiredNumberScheduled'])
  return ['currentNumberScheduled', 'updatedNumberScheduled', 'numberAvailable'].every(
    (field) => numberOf(status[field]) === wanted,
  )
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0)

type Find = (kind: string, name: string, namespace: string) => KubeObject | null

/** The controllers of an object, nearest first, as far as they still exist; the nearest is named even when it is gone. */
export function ownerChain(
  object: KubeObject | null,
  find: Find,
): readonly { readonly kind: string; readonly name: string }[] {
  const chain: { kind: string; name: string }[] = []
  let next = object
  while (next !== null && chain.length < 8) {
    const owner = next.metadata.ownerReferences?.find(({ controller }) => controller)
    if (owner === undefined) break
    chain.push({ kind: owner.kind, name: owner.name })
    next = find(owner.kind, owner.name, next.metadata.namespace ?? '')
  }
  return chain
}
