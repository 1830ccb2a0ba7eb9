import { isEqual, type KubeObject, type Node, type Pod } from '../api/index.ts'
import type { Change } from '../client/index.ts'
import type { Core } from './core.ts'
import type { ClusterEvent, ClusterEventName } from './framework.ts'
import type { ObservedKind } from './objects.ts'
import { isOver, isSameOnItsNode, podInfoOf, type PodInfo } from './podInfo.ts'
import type { Frameworks } from './profile.ts'
import { isIgnored } from './responsibility.ts'

/** What the handlers need to tell the rest of the scheduler. */
export interface EventHost {
  readonly current: { readonly core: Core }
  readonly frameworks: Frameworks
  /** the pod is on its node for all to see, or gone */
  readonly confirmed: (uid: string) => void
  readonly gone: (uid: string) => void
  readonly volumesChanged: () => void
  /** pods may be waiting */
  readonly wake: () => void
}

/** Turns what informers say into changes of cache and queue. */
// upstream: pkg/scheduler/eventhandlers.go
export interface EventHandlers {
  readonly node: (change: Change<Node>) => void
  readonly pod: (change: Change<Pod>) => void
  readonly other: (kind: ObservedKind, change: Change<KubeObject>) => void
}

/** Makes the handlers. */
export function createEventHandlers(host: EventHost): EventHandlers {
  function move(event: ClusterEvent, cause: number): void {
    host.current.core.queue.move(event, cause)
    host.wake()
  }

  function nodeSet(node: Node, cause: number): void {
    const update = host.current.core.cache.setNode(node)
    if (update === undefined) return
    const { before: nodeBefore, after, change } = update
    if (nodeBefore === undefined) return move({ name: 'Node/Add', node: after }, cause)
    const names: ClusterEventName[] = []
    if (change.allocatable) names.push('Node/UpdateAllocatable')
    if (change.labels) names.push('Node/UpdateLabel')
    if (change.taints) names.push('Node/UpdateTaint')
    for (const name of names) move({ name, node: after, nodeBefore }, cause)
  }

  function podGone(pod: Pod, cause: number): void {
    const { cache, queue } = host.current.core
    const { uid } = pod.metadata
    const placed = cache.find(uid)
    const hadRoom = queue.dropNomination(uid)
    queue.remove(uid)
    cache.removePod(uid)
    host.gone(uid)
    if (placed !== undefined || hadRoom) move({ name: 'Pod/Delete', other: placed ?? podInfoOf(pod) }, cause)
  }

  function podPlaced(pod: Pod, key: string, cause: number): void {
    const { cache, queue } = host.current.core
    const { before, after, isNews } = cache.setPod(pod, key)
    if (!isNews) return podUpdated(after, before!, cause)
    queue.remove(after.uid)
    queue.dropNomination(after.uid)
    host.confirmed(after.uid)
    move({ name: 'Pod/Add', other: after }, cause)
  }

  function podUpdated(other: PodInfo, otherBefore: PodInfo, cause: number): void {
    if (other.requests === otherBefore.requests) return // nothing that is read has changed
    if (!isEqual(other.labels, otherBefore.labels)) move({ name: 'Pod/UpdateLabel', other, otherBefore }, cause)
    if (needsLess(other, otherBefore)) move({ name: 'Pod/UpdateScaleDown', other, otherBefore }, cause)
  }

  function podWaiting(pod: Pod, key: string, cause: number): void {
    const { queue, cache } = host.current.core
    const waiting = queue.find(pod.metadata.uid)
    if (pod.metadata.deletionTimestamp !== undefined) return void queue.remove(pod.metadata.uid)
    if (waiting === undefined) {
      // one that has a place already is assumed to be there, and its binding is on its way
      if (cache.placeOf(pod.metadata.uid) === undefined) queue.add(podInfoOf(pod, undefined, key), cause)
    } else {
      const before = waiting.info
      const after = podInfoOf(pod, before, key)
      queue.update(after, ownEvents(before, after), cause)
      if (before.pod.status?.nominatedNodeName && !pod.status?.nominatedNodeName) queue.dropNomination(after.uid)
    }
    followNomination(pod)
    host.wake()
  }

  /** A nomination can be written by others, too. */
  function followNomination({ metadata, status }: Pod): void {
    if (!status?.nominatedNodeName) return
    const { queue } = host.current.core
    const waiting = queue.find(metadata.uid)
    if (waiting !== undefined) queue.nominate(waiting.info, status.nominatedNodeName)
  }

  return {
    node({ type, object, cause }) {
      if (type !== 'DELETED') return nodeSet(object, cause)
      const facts = host.current.core.cache.removeNode(object.metadata.name)
      if (facts !== undefined) move({ name: 'Node/Delete', node: facts }, cause)
    },
    pod({ type, key, object, previous, cause }) {
      // most of what is told of a pod is how it fares on its node
      if (type === 'MODIFIED' && isSameOnItsNode(object, previous!)) return
      if (previous !== undefined && previous.metadata.uid !== object.metadata.uid) podGone(previous, cause)
      if (type === 'DELETED' || isOver(object)) podGone(object, cause)
      else if (object.spec.nodeName) podPlaced(object, key, cause)
      else if (!isIgnored(object, host.frameworks)) podWaiting(object, key, cause)
    },
    other(kind, { type, object, cause }) {
      if (kind === 'PersistentVolumeClaim' || kind === 'PersistentVolume') host.volumesChanged()
      const name = otherEvents[kind]?.[type]
      if (name !== undefined) move({ name, object }, cause)
    },
  }
}

const otherEvents: Partial<Record<ObservedKind, Partial<Record<Change<KubeObject>['type'], ClusterEventName>>>> = {
  PersistentVolumeClaim: { ADDED: 'PersistentVolumeClaim/Add', MODIFIED: 'PersistentVolumeClaim/Update' },
  PersistentVolume: { ADDED: 'PersistentVolume/Add', MODIFIED: 'PersistentVolume/Update' },
  StorageClass: { ADDED: 'StorageClass/Add', MODIFIED: 'StorageClass/Update' },
  CSINode: { ADDED: 'CSINode/Add', MODIFIED: 'CSINode/Update' },
  Namespace: { MODIFIED: 'Namespace/Update' },
  ResourceClaim: { ADDED: 'ResourceClaim/Add', MODIFIED: 'ResourceClaim/Update', DELETED: 'ResourceClaim/Delete' },
  ResourceSlice: { ADDED: 'ResourceSlice/Add', MODIFIED: 'ResourceSlice/Update' },
  DeviceClass: { ADDED: 'DeviceClass/Add', MODIFIED: 'DeviceClass/Update' },
}

/** What changed of a waiting pod that may make it schedulable. */
// upstream: pkg/scheduler/framework/events.go PodSchedulingPropertiesChange
function ownEvents(before: PodInfo, after: PodInfo): readonly ClusterEvent[] {
  const names: ClusterEventName[] = []
  const gates = ({ pod }: PodInfo): number => pod.spec.schedulingGates?.length ?? 0
  if (gates(before) > 0 && gates(after) === 0) names.push('OwnPod/UpdateGates')
  if (!isEqual(before.labels, after.labels)) names.push('OwnPod/UpdateLabel')
  if (!isEqual(before.tolerations, after.tolerations)) names.push('OwnPod/UpdateToleration')
  if (needsLess(after, before)) names.push('OwnPod/UpdateScaleDown')
  if (!isEqual(before.pod.status?.resourceClaimStatuses, after.pod.status?.resourceClaimStatuses))
    names.push('OwnPod/UpdateClaims')
  return names.map((name) => ({ name }))
}

function needsLess({ requests: now }: PodInfo, { requests: was }: PodInfo): boolean {
  return now.cpuMilli < was.cpuMilli || now.memoryBytes < was.memoryBytes || now.ephemeralBytes < was.ephemeralBytes
}
