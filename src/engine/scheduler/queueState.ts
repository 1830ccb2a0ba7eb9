import { emptyList } from '../sim/index.ts'
import type { QueueRank } from './framework.ts'
import type { PodInfo } from './podInfo.ts'

/** Where a pod waits. In flight: it was popped and its attempt, binding included, is not over. */
export type Pool = 'active' | 'backOff' | 'errorBackOff' | 'unschedulable' | 'inFlight'

/** The pools that are kept in order. */
export type Heap = 'active' | 'backOff' | 'errorBackOff'

/** What let a pod be tried: it was new, its time was up, or something happened that a plugin had waited for. */
export interface Wake {
  /** `PodAdd`, `UnschedulableTimeout`, `ForceActivate`, `BackoffComplete`, or a cluster event such as `Node/Add` */
  readonly event: string
  /** the plugin whose queueing hint said that it may help, or the empty string */
  readonly plugin: string
  /** the node or pod the event was about, or the empty string */
  readonly about: string
  readonly at: number
  /** where it went: straight to the active queue, or to the end of its back-off first */
  readonly to: 'active' | 'backOff'
}

/** A pod that waits for a node, with the story of its attempts. */
export interface QueuedPod {
  info: PodInfo
  pool: Pool
  /** grows with each change of pool; older tickets of the pod are void */
  serial: number
  /** when it was last added or turned down */
  timestamp: number
  attempts: number
  unschedulableCount: number
  consecutiveErrors: number
  /** the end of the second until which it backs off */
  backOffUntil: number
  /** the plugins that turned it down; what changes their minds brings it back */
  rejectedBy: readonly string[]
  /** its place in the unschedulable pool, or the empty string */
  group: string
  /** the plugin that keeps it from being tried at all */
  gatedBy: string
  /** the trace record that put it where it is */
  cause: number
  /** pods evicted to make room for it */
  victims: readonly string[]
  /** what let it be tried last */
  wake: Wake | undefined
}

/** The scheduling queue as plain data. */
export interface QueueState {
  pods: Map<string, QueuedPod>
  active: Ticket[]
  backOff: Ticket[]
  errorBackOff: Ticket[]
  /** how many tickets of each heap are void */
  voids: Record<Heap, number>
  /** uids by the plugins that turned the pods down, so that an event need not ask about pods it cannot help */
  unschedulable: Map<string, Set<string>>
  nextSerial: number
  /** by node, then uid: pods that room was made for */
  nominated: Map<string, Map<string, PodInfo>>
  nominations: Map<string, string>
  /** preemptors whose victims have not been told yet */
  preempting: Set<string>
}

/** A place in a heap. Immutable; void once the pod has a later serial. */
export interface Ticket extends QueueRank {
  readonly uid: string
  readonly serial: number
  readonly until: number
}

/** No pod waits. */
export function createQueueState(): QueueState {
  return {
    pods: new Map(),
    active: emptyList(),
    backOff: emptyList(),
    errorBackOff: emptyList(),
    voids: { active: 0, backOff: 0, errorBackOff: 0 },
    unschedulable: new Map(),
    nextSerial: 1,
    nominated: new Map(),
    nominations: new Map(),
    preempting: new Set(),
  }
}

/** Puts a pod among those that the same plugins turned down. */
export function enterGroup(groups: QueueState['unschedulable'], pod: QueuedPod): void {
  pod.group = pod.rejectedBy.join(' ')
  const group = groups.get(pod.group)
  if (group !== undefined) group.add(pod.info.uid)
  else groups.set(pod.group, new Set([pod.info.uid]))
}

/** Takes a pod out of its pool; in a heap, its ticket is void from now on. */
export function leavePool({ unschedulable, voids }: QueueState, pod: QueuedPod): void {
  if (pod.pool === 'unschedulable') leaveGroup(unschedulable, pod)
  else if (pod.pool !== 'inFlight') voids[pod.pool]++
}

function leaveGroup(groups: QueueState['unschedulable'], pod: QueuedPod): void {
  const group = groups.get(pod.group)
  group?.delete(pod.info.uid)
  if (group?.size === 0) groups.delete(pod.group)
}

/** Forgets that room was made for a pod; whether any was. */
export function drop({ nominations, nominated }: QueueState, uid: string): boolean {
  const node = nominations.size === 0 ? undefined : nominations.get(uid)
  if (node === undefined) return false
  nominations.delete(uid)
  const list = nominated.get(node)
  list?.delete(uid)
  if (list?.size === 0) nominated.delete(node)
  return true
}

/** A pod's place in a heap, as it stands now. */
export function ticketOf({ info, serial, timestamp, backOffUntil }: QueuedPod): Ticket {
  return Object.freeze({ uid: info.uid, serial, priority: info.priority, timestamp, until: backOffUntil })
}
