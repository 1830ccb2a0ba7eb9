import { ApiError, type ConfigMap, type KubeObject, type Node, type Pod, type Secret } from '../../api/index.ts'
import type { Client, Informer } from '../../client/index.ts'
import type { ChartHost, Sim } from '../../sim/index.ts'
import type { Machine } from '../machine/machine.ts'
import type { Reply, Runtime } from '../runtime/runtime.ts'
import type { ContainerEvent } from './containerMachine.ts'
import type { PodEvent } from './podMachine.ts'
import type { ProbeEvent } from './probeMachine.ts'
import type { PullEvent } from './pullMachine.ts'
import type { ServiceView } from './serviceView.ts'
import type { KubeletState, ProbeState, Worker } from './state.ts'
import { fieldPathOf } from './texts.ts'
import type { ObjectSources, VolumeSources } from './volumes.ts'

/** What every part of one kubelet holds: its world, its memory, and what waits to be told to its charts. */
export interface Kubelet {
  readonly sim: Sim
  readonly runtime: Runtime
  /** writes in the kubelet's name; `events` signs as `kubelet`, as upstream does */
  readonly client: Client
  readonly events: Client
  readonly machine: Machine
  readonly state: KubeletState
  /** Events to charts wait in line until the chart that caused them has come to rest. */
  readonly mail: Mail
  /** its own addresses in this life of it */
  own: OwnAddresses
  /** its pods; absent where somebody else looks after them */
  readonly pods: Informer<Pod> | undefined
  readonly services: ServiceView
  /** what its pods refer to */
  readonly objects: ObjectSources
  readonly requestSync: (worker: Worker) => void
  /** A container became ready or ceased to be: the status says so before any sync. */
  readonly readinessChanged: (worker: Worker) => void
  /** A stopped pod no longer holds what it asked of the node. */
  readonly release: (worker: Worker) => void
  /** Forgets a pod whose API object is gone. */
  readonly drop: (worker: Worker) => void
}

/** The line of letters, from the one that is delivered next. Empty whenever the kubelet is at rest. */
export interface Mail {
  first: Letter | undefined
  last: Letter | undefined
  /** letters that were delivered, to be written on again: each pod tells its charts twenty things */
  blank: Letter | undefined
  isDelivering: boolean
}

/** What waits in line for a chart: a pod's, a container's, a probe's or the pulls'; or the wish that resizes that wait are tried again. */
export interface Letter extends Subject {
  to: 'pod' | 'container' | 'probe' | 'pulls' | 'resizes'
  /** the pod, the container and the probe whose chart it is; nothing where it is the node's */
  worker: Worker | undefined
  name: string
  probe: ProbeState | undefined
  event: PodEvent | ContainerEvent | ProbeEvent | PullEvent | undefined
  next: Letter | undefined
}

/** Where timers and answers of one kubelet go. */
export interface KubeletAddress {
  readonly component: 'kubelet'
  readonly node: string
  /** which life of the kubelet it belongs to: those of an earlier one find nobody; -1: whichever lives */
  readonly epoch: number
  /** the pod it is about; empty for the kubelet as a whole */
  readonly uid: string
  readonly what: string
  /** the container it is about */
  readonly name: string
  readonly probe: string
}

/** Where timers and answers about a pod go. */
export function addressOf(
  { machine, state }: Kubelet,
  { pod }: Worker,
  what: string,
  name = '',
  probe = '',
): KubeletAddress {
  const { uid } = pod.metadata
  return { component: 'kubelet', node: machine.name, epoch: state.epoch, uid, what, name, probe }
}

/** Where timers and answers go that concern the kubelet as a whole: few addresses, each of them used again and again. */
export interface OwnAddresses {
  readonly epoch: number
  readonly kubelet: KubeletAddress
  readonly flush: KubeletAddress
  readonly relist: KubeletAddress
  readonly pull: KubeletAddress
  readonly status: KubeletAddress
  readonly compare: KubeletAddress
  readonly heartbeat: KubeletAddress
  readonly lease: KubeletAddress
}

/** The addresses of a kubelet in a life of it. */
export function ownAddresses(node: string, epoch: number): OwnAddresses {
  const to = (what: string): KubeletAddress =>
    Object.freeze({ component: 'kubelet', node, epoch, uid: '', what, name: '', probe: '' })
  return {
    epoch,
    kubelet: to('kubelet'),
    flush: to('flush'),
    relist: to('relist'),
    pull: to('pull'),
    status: to('status'),
    compare: to('compare'),
    heartbeat: to('heartbeat'),
    lease: to('lease'),
  }
}

/** A kubelet's own addresses as they are now. */
export function ownOf(kubelet: Kubelet): OwnAddresses {
  const { epoch } = kubelet.state
  if (kubelet.own.epoch !== epoch) kubelet.own = ownAddresses(kubelet.machine.name, epoch)
  return kubelet.own
}

/** Where a container's end is told: to whichever kubelet lives then. */
export function exitAddress({ machine }: Kubelet, { pod }: Worker, name: string): KubeletAddress {
  const { uid } = pod.metadata
  return Object.freeze({ component: 'kubelet', node: machine.name, epoch: -1, uid, what: 'exit', name, probe: '' })
}

/** An answer's way back. */
export function replyTo(kubelet: Kubelet, worker: Worker, what: string, name = '', token = ''): Reply {
  return { to: Object.freeze(addressOf(kubelet, worker, what, name)), token }
}

/** Whom a chart of a kubelet is about. */
export interface Subject {
  readonly kubelet: Kubelet
}

/** Runs all charts of a kind, of all kubelets; their timers come back to the given address. */
export function hostOf<About extends Subject, ChartEvent extends { type: string }>(
  addressOf: (about: About) => KubeletAddress,
  perform: ChartHost<object, ChartEvent, About>['perform'],
): ChartHost<object, ChartEvent, About> {
  return {
    schedule: (delayMs, event, about) => about.kubelet.sim.schedule(delayMs, addressOf(about), event),
    cancel: (timer, about) => about.kubelet.sim.cancel(timer),
    perform,
  }
}

/** Says something about a pod, or about one of its containers. */
export function podEvent(
  { events, machine }: Kubelet,
  worker: Worker,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  container?: string,
): void {
  const fieldPath = container === undefined ? undefined : fieldPathOf(worker.pod, container)
  events.event(worker.pod, { type, reason, message, fieldPath, host: machine.name })
}

/** What a pod's variables, files and volumes are read from. */
export function sourcesOf({ objects, machine }: Kubelet, { pod, seen }: Worker, podIP?: string): VolumeSources {
  return {
    pod,
    node: machine.name,
    podIP: podIP ?? seen.sandbox?.ip ?? '',
    hostIP: machine.address,
    allocatable: machine.allocatable,
    configMap: objects.configMap,
    secret: objects.secret,
    claim: objects.claim,
  }
}

/** Reads what pods refer to. */
export function objectsOf(client: Client): ObjectSources {
  const kind = 'PersistentVolumeClaim'
  return {
    configMap: (name, namespace) => found<ConfigMap>(client, 'ConfigMap', name, namespace),
    secret: (name, namespace) => found<Secret>(client, 'Secret', name, namespace),
    claim(name, namespace) {
      const claim = client.process.server.registry.findByKind(kind) && found<Claim>(client, kind, name, namespace)
      return claim && { isBound: claim.status?.phase === 'Bound' }
    },
  }
}

interface Claim extends KubeObject {
  readonly status?: { readonly phase?: string }
}

/** An object read past all caches; nothing while the API server cannot be reached. */
export function found<T extends KubeObject>(
  client: Client,
  kind: string,
  name: string,
  namespace?: string,
): T | undefined {
  if (!client.process.isUp()) return undefined
  try {
    return client.find<T>(kind, name, namespace)
  } catch (error) {
    if (error instanceof ApiError) return undefined // a store without a leader answers nobody
    throw error
  }
}

/** The node as the API server has it. */
export function nodeNow({ client, machine }: Kubelet): Node | undefined {
  return found<Node>(client, 'Node', machine.name)
}
