import type { ClusterEvent, Plugin, QueueRank } from './framework.ts'
import { popFrom, pushTo } from './heap.ts'
import type { PodInfo } from './podInfo.ts'

/** Where a pod waits. In flight: it was popped and its attempt, binding included, is not over. */
export type Pool = 'active' | 'backOff' | 'errorBackOff' | 'unschedulable' | 'inFlight'

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
}

/** The scheduling queue as plain data. */
export interface QueueState {
  pods: Map<string, QueuedPod>
  active: Ticket[]
  backOff: Ticket[]
  errorBackOff: Ticket[]
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

/** What the queue must know of the rest: time, order, gates, and who wants to hear of which event. */
export interface QueueRules {
  readonly now: () => number
  readonly less: (a: QueueRank, b: QueueRank) => boolean
  /** the plugin that keeps a pod out, or the empty string */
  readonly gateOf: (pod: PodInfo) => string
  readonly pluginOf: (name: string) => Plugin | undefined
}

/** The scheduling queue: active pods, those that back off, and those that wait for the cluster to change. */
export interface Queue {
  readonly add: (pod: PodInfo, cause: number) => void
  /** Takes a waiting pod's new state over; `events` say what changed of it. */
  readonly update: (pod: PodInfo, events: readonly ClusterEvent[], cause: number) => void
  readonly remove: (uid: string) => QueuedPod | undefined
  readonly find: (uid: string) => QueuedPod | undefined
  /** The next pod to try; one that backs off, when nobody else waits. */
  readonly pop: () => QueuedPod | undefined
  readonly hasNext: () => boolean
  /** Puts a popped pod back: turned down by plugins, or, without any, after an error. */
  readonly putBack: (pod: QueuedPod, rejectedBy: readonly string[], cause: number) => void
  /** Lets pods try again that an event may help. */
  readonly move: (event: ClusterEvent, cause: number) => void
  /** Lets a pod try again whatever it waits for. */
  readonly activate: (uid: string, cause: number) => void
  /** Ends back-offs that are over. */
  readonly flushBackOff: () => void
  /** when the next back-off after an error ends, if any */
  readonly nextFlush: () => number | undefined
  /** Lets pods try again that have waited for five minutes. */
  readonly flushUnschedulable: () => void
  readonly nominate: (pod: PodInfo, node: string) => void
  readonly dropNomination: (uid: string) => boolean
}

// upstream: pkg/scheduler/backend/queue/scheduling_queue.go, backoff_queue.go
const backOffMs = 1_000
const backOffMsMax = 10_000
const windowMs = 1_000
const unschedulableMsMax = 300_000

/** No pod waits. */
export function createQueueState(): QueueState {
  return {
    pods: new Map(),
    active: [],
    backOff: [],
    errorBackOff: [],
    unschedulable: new Map(),
    nextSerial: 1,
    nominated: new Map(),
    nominations: new Map(),
    preempting: new Set(),
  }
}

/** The verbs over a queue's state. */
export function createQueue(state: QueueState, { now, less, gateOf, pluginOf }: QueueRules): Queue {
  const { pods, unschedulable } = state

  const isFirst = (a: Ticket, b: Ticket): boolean => (less(a, b) ? true : less(b, a) ? false : a.serial < b.serial)
  const endsFirst = (a: Ticket, b: Ticket): boolean => (a.until !== b.until ? a.until < b.until : isFirst(a, b))
  const heaps = { active: isFirst, backOff: endsFirst, errorBackOff: endsFirst } as const

  function enter(pod: QueuedPod, pool: Pool, cause: number): void {
    leaveGroup(unschedulable, pod)
    pod.pool = pool
    pod.serial = state.nextSerial++
    pod.cause = cause
    if (pool === 'unschedulable') enterGroup(unschedulable, pod)
    else if (pool !== 'inFlight') pushTo(state[pool], ticketOf(pod), heaps[pool])
  }

  /** Enters the active queue, unless something gates the pod. */
  function enterActive(pod: QueuedPod, cause: number): void {
    const gate = gateOf(pod.info)
    pod.gatedBy = gate
    if (gate === '') return enter(pod, 'active', cause)
    if (!pod.rejectedBy.includes(gate)) pod.rejectedBy = Object.freeze([...pod.rejectedBy, gate])
    enter(pod, 'unschedulable', cause)
  }

  function isBackingOff(pod: QueuedPod): boolean {
    return pod.attempts > 0 && pod.backOffUntil >= windowOf(now())
  }

  function retry(pod: QueuedPod, cause: number): void {
    if (isBackingOff(pod) && gateOf(pod.info) === '') enter(pod, 'backOff', cause)
    else enterActive(pod, cause)
  }

  /** The first ticket that still stands. */
  function peek(pool: 'active' | 'backOff' | 'errorBackOff'): Ticket | undefined {
    const heap = state[pool]
    for (let top = heap[0]; top !== undefined; top = heap[0]) {
      const pod = pods.get(top.uid)
      if (pod?.serial === top.serial) return top
      popFrom(heap, heaps[pool])
    }
    return undefined
  }

  function mayHelp(group: string, { name }: ClusterEvent): boolean {
    return group.split(' ').some((plugin) => pluginOf(plugin)?.eventsToRegister?.[name] !== undefined)
  }

  function isHelped({ info, rejectedBy }: QueuedPod, event: ClusterEvent): boolean {
    return rejectedBy.some((name) => pluginOf(name)?.eventsToRegister?.[event.name]?.(info, event) === true)
  }

  function flush(pool: 'backOff' | 'errorBackOff'): void {
    for (let ticket = peek(pool); ticket !== undefined && ticket.until < windowOf(now()); ticket = peek(pool)) {
      const pod = pods.get(ticket.uid)!
      enterActive(pod, pod.cause)
    }
  }

  return {
    add(info, cause) {
      const pod: QueuedPod = {
        info,
        pool: 'inFlight',
        serial: 0,
        timestamp: now(),
        attempts: 0,
        unschedulableCount: 0,
        consecutiveErrors: 0,
        backOffUntil: 0,
        rejectedBy: none,
        group: '',
        gatedBy: '',
        cause,
        victims: none,
      }
      pods.set(info.uid, pod)
      enterActive(pod, cause)
    },
    update(info, events, cause) {
      const pod = pods.get(info.uid)
      if (pod === undefined) return
      pod.info = info
      const node = state.nominations.get(info.uid)
      if (node !== undefined) state.nominated.get(node)?.set(info.uid, info)
      if (pod.pool === 'unschedulable' && events.some((event) => isHelped(pod, event))) retry(pod, cause)
    },
    remove(uid) {
      const pod = pods.get(uid)
      pods.delete(uid)
      if (pod !== undefined) leaveGroup(unschedulable, pod)
      state.preempting.delete(uid)
      return pod
    },
    find: (uid) => pods.get(uid),
    pop() {
      flush('backOff')
      const pool = peek('active') !== undefined ? 'active' : 'backOff'
      const ticket = peek(pool)
      if (ticket === undefined) return undefined
      popFrom(state[pool], heaps[pool])
      const pod = pods.get(ticket.uid)!
      enter(pod, 'inFlight', pod.cause)
      pod.attempts++
      return pod
    },
    hasNext: () => peek('active') !== undefined || peek('backOff') !== undefined,
    putBack(pod, rejectedBy, cause) {
      const isError = rejectedBy.length === 0
      pod.timestamp = now()
      pod.rejectedBy = Object.freeze([...rejectedBy])
      pod.consecutiveErrors = isError ? pod.consecutiveErrors + 1 : 0
      if (!isError) pod.unschedulableCount++
      pod.backOffUntil = windowOf(now() + backOffAfter(isError ? pod.consecutiveErrors : pod.unschedulableCount))
      enter(pod, isError ? 'errorBackOff' : 'unschedulable', cause)
    },
    move(event, cause) {
      for (const [group, uids] of [...unschedulable]) {
        if (!mayHelp(group, event)) continue
        for (const uid of [...uids]) {
          const pod = pods.get(uid)!
          if (!state.preempting.has(uid) && isHelped(pod, event)) retry(pod, cause)
        }
      }
    },
    activate(uid, cause) {
      const pod = pods.get(uid)
      if (pod !== undefined && pod.pool !== 'inFlight' && pod.pool !== 'active') enterActive(pod, cause)
    },
    flushBackOff() {
      flush('backOff')
      flush('errorBackOff')
    },
    nextFlush() {
      const ticket = peek('errorBackOff')
      return ticket && ticket.until + windowMs
    },
    flushUnschedulable() {
      for (const uid of [...unschedulable.values()].flatMap((uids) => [...uids])) {
        const pod = pods.get(uid)!
        if (pod.gatedBy === '' && now() - pod.timestamp > unschedulableMsMax) retry(pod, pod.cause)
      }
    },
    nominate(pod, node) {
      drop(state, pod.uid)
      state.nominations.set(pod.uid, node)
      const list = state.nominated.get(node)
      if (list !== undefined) list.set(pod.uid, pod)
      else state.nominated.set(node, new Map([[pod.uid, pod]]))
    },
    dropNomination: (uid) => drop(state, uid),
  }
}

const none: readonly string[] = Object.freeze([])

function enterGroup(groups: QueueState['unschedulable'], pod: QueuedPod): void {
  pod.group = pod.rejectedBy.join(' ')
  const group = groups.get(pod.group)
  if (group !== undefined) group.add(pod.info.uid)
  else groups.set(pod.group, new Set([pod.info.uid]))
}

function leaveGroup(groups: QueueState['unschedulable'], pod: QueuedPod): void {
  if (pod.pool !== 'unschedulable') return
  const group = groups.get(pod.group)
  group?.delete(pod.info.uid)
  if (group?.size === 0) groups.delete(pod.group)
}

function drop({ nominations, nominated }: QueueState, uid: string): boolean {
  const node = nominations.get(uid)
  if (node === undefined) return false
  nominations.delete(uid)
  const list = nominated.get(node)
  list?.delete(uid)
  if (list?.size === 0) nominated.delete(node)
  return true
}

function ticketOf({ info, serial, timestamp, backOffUntil }: QueuedPod): Ticket {
  return Object.freeze({ uid: info.uid, serial, priority: info.priority, timestamp, until: backOffUntil })
}

/** One second after the first failure, then twice as long each time, ten seconds at most. */
export function backOffAfter(failures: number): number {
  return Math.min(backOffMs * 2 ** (failures - 1), backOffMsMax)
}

/** Back-offs end by whole seconds. */
function windowOf(at: number): number {
  return Math.floor(at / windowMs) * windowMs
}
