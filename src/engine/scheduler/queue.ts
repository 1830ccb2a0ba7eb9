import type { ClusterEvent, Plugin, QueueRank } from './framework.ts'
import { popFrom, pushTo, type Less } from './heap.ts'
import type { PodInfo } from './podInfo.ts'
import {
  drop,
  enterGroup,
  leavePool,
  ticketOf,
  type Heap,
  type Pool,
  type QueuedPod,
  type QueueState,
  type Ticket,
  type Wake,
} from './queueState.ts'

/** What the queue must know of the rest: time, order, gates, and who wants to hear of which event. */
export interface QueueRules {
  readonly now: () => number
  readonly less: (a: QueueRank, b: QueueRank) => boolean
  /** the plugin that keeps a pod out, or the empty string */
  readonly gateOf: (pod: PodInfo) => string
  /** a plugin of the profile that decides for the pod */
  readonly pluginOf: (name: string, pod: PodInfo | undefined) => Plugin | undefined
  readonly initialBackoffMs?: number
  readonly maxBackoffMs?: number
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

/** The verbs over a queue's state. */
export function createQueue(state: QueueState, { now, less, gateOf, pluginOf, ...backoff }: QueueRules): Queue {
  const { initialBackoffMs = backOffMs, maxBackoffMs = backOffMsMax } = backoff
  const { pods, unschedulable } = state
  const heaps = ordersBy(less)
  let birth: Wake | undefined

  function enter(pod: QueuedPod, pool: Pool, cause: number): void {
    leavePool(state, pod)
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

  function retry(pod: QueuedPod, cause: number, event: string, plugin = '', about = ''): void {
    const waits = isBackingOff(pod) && gateOf(pod.info) === ''
    pod.wake = Object.freeze({ event, plugin, about, at: now(), to: waits ? 'backOff' : 'active' })
    if (waits) enter(pod, 'backOff', cause)
    else enterActive(pod, cause)
  }

  function retryFor(pod: QueuedPod, cause: number, event: ClusterEvent): void {
    const plugin = helperOf(pod, event)
    if (plugin !== undefined) retry(pod, cause, event.name, plugin, event.node?.name ?? event.other?.key)
  }

  /** The first pod of a pool. Tickets of pods that are there no longer are thrown away. */
  function peek(pool: Heap): QueuedPod | undefined {
    const heap = state[pool]
    for (let top = heap[0]; top !== undefined; top = heap[0]) {
      const pod = pods.get(top.uid)
      if (pod?.serial === top.serial) return pod
      popFrom(heap, heaps[pool])
      state.voids[pool]--
    }
    state.voids[pool] = 0
    return undefined
  }

  function isEmpty(pool: Heap): boolean {
    return state[pool].length === state.voids[pool]
  }

  function mayHelp(group: string, { name }: ClusterEvent): boolean {
    return group.split(' ').some((plugin) => pluginOf(plugin, undefined)?.eventsToRegister?.[name] !== undefined)
  }

  /** The first of the plugins that turned the pod down and now thinks that another try may help. */
  function helperOf({ info, rejectedBy }: QueuedPod, event: ClusterEvent): string | undefined {
    return rejectedBy.find((name) => pluginOf(name, info)?.eventsToRegister?.[event.name]?.(info, event) === true)
  }

  function flush(pool: 'backOff' | 'errorBackOff'): void {
    const heap = state[pool]
    for (let pod = peek(pool); pod !== undefined && heap[0]!.until < windowOf(now()); pod = peek(pool)) {
      if (pool === 'errorBackOff')
        pod.wake = Object.freeze({ event: 'BackoffComplete', plugin: '', about: '', at: now(), to: 'active' })
      enterActive(pod, pod.cause)
    }
  }

  /** Pods that come at the same time have the same story. */
  function birthNow(): Wake {
    const at = now()
    if (birth?.at !== at) birth = Object.freeze({ event: 'PodAdd', plugin: '', about: '', at, to: 'active' })
    return birth
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
        wake: birthNow(),
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
      for (const event of events) if (pod.pool === 'unschedulable') retryFor(pod, cause, event)
    },
    remove(uid) {
      const pod = pods.get(uid)
      pods.delete(uid)
      if (pod !== undefined) leavePool(state, pod)
      if (state.preempting.size > 0) state.preempting.delete(uid)
      return pod
    },
    find: (uid) => pods.get(uid),
    pop() {
      flush('backOff')
      const pod = peek('active') ?? peek('backOff')
      if (pod === undefined) return undefined
      const pool = pod.pool as Heap
      popFrom(state[pool], heaps[pool])
      pod.pool = 'inFlight'
      pod.attempts++
      return pod
    },
    hasNext: () => !isEmpty('active') || !isEmpty('backOff'),
    putBack(pod, rejectedBy, cause) {
      const isError = rejectedBy.length === 0
      pod.timestamp = now()
      pod.rejectedBy = Object.freeze([...rejectedBy])
      pod.consecutiveErrors = isError ? pod.consecutiveErrors + 1 : 0
      if (!isError) pod.unschedulableCount++
      pod.backOffUntil = windowOf(
        now() + backOffAfter(isError ? pod.consecutiveErrors : pod.unschedulableCount, initialBackoffMs, maxBackoffMs),
      )
      enter(pod, isError ? 'errorBackOff' : 'unschedulable', cause)
    },
    move(event, cause) {
      if (unschedulable.size === 0) return
      for (const [group, uids] of [...unschedulable]) {
        if (!mayHelp(group, event)) continue
        for (const uid of [...uids]) {
          const pod = pods.get(uid)!
          if (!state.preempting.has(uid)) retryFor(pod, cause, event)
        }
      }
    },
    activate(uid, cause) {
      const pod = pods.get(uid)
      if (pod !== undefined && pod.pool !== 'inFlight' && pod.pool !== 'active') {
        pod.wake = Object.freeze({ event: 'ForceActivate', plugin: '', about: '', at: now(), to: 'active' })
        enterActive(pod, cause)
      }
    },
    flushBackOff() {
      flush('backOff')
      flush('errorBackOff')
    },
    nextFlush() {
      return peek('errorBackOff') && state.errorBackOff[0]!.until + windowMs
    },
    flushUnschedulable() {
      for (const uid of [...unschedulable.values()].flatMap((uids) => [...uids])) {
        const pod = pods.get(uid)!
        if (pod.gatedBy === '' && now() - pod.timestamp > unschedulableMsMax)
          retry(pod, pod.cause, 'UnschedulableTimeout')
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

/** Which ticket of a pool goes first. */
type Orders = Readonly<Record<'active' | 'backOff' | 'errorBackOff', Less<Ticket>>>

// one for each plugin that sorts: what the heaps call is then the same function for every queue
const orders = new WeakMap<QueueRules['less'], Orders>()

function ordersBy(less: QueueRules['less']): Orders {
  const known = orders.get(less)
  if (known !== undefined) return known
  const isFirst = (a: Ticket, b: Ticket): boolean => {
    if (a.priority === b.priority && a.timestamp === b.timestamp) return a.serial < b.serial
    return less(a, b) || (!less(b, a) && a.serial < b.serial)
  }
  const endsFirst = (a: Ticket, b: Ticket): boolean => (a.until !== b.until ? a.until < b.until : isFirst(a, b))
  const made: Orders = { active: isFirst, backOff: endsFirst, errorBackOff: endsFirst }
  orders.set(less, made)
  return made
}

const none: readonly string[] = Object.freeze([])

/** One second after the first failure, then twice as long each time, ten seconds at most. */
export function backOffAfter(failures: number, first = backOffMs, most = backOffMsMax): number {
  return Math.min(first * 2 ** (failures - 1), most)
}

/** Back-offs end by whole seconds. */
function windowOf(at: number): number {
  return Math.floor(at / windowMs) * windowMs
}
