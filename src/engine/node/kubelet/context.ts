import type { ConfigMap, KubeObject, Node, Pod, Secret } from '../../api/index.ts'
import type { Client } from '../../client/index.ts'
import type { ChartHost, Sim } from '../../sim/index.ts'
import type { Machine } from '../machine/machine.ts'
import type { Reply, Runtime } from '../runtime/runtime.ts'
import type { ContainerEvent } from './containerMachine.ts'
import type { PodEvent } from './podMachine.ts'
import type { ProbeEvent } from './probeMachine.ts'
import type { PullEvent } from './pullMachine.ts'
import type { KubeletState, ProbeState, Worker } from './state.ts'
import { fieldPathOf } from './texts.ts'
import type { VolumeSources } from './volumes.ts'

/** What every part of one kubelet holds: its world, its memory, and a way to tell its charts what happened. */
export interface Kubelet {
  readonly sim: Sim
  readonly runtime: Runtime
  /** writes in the kubelet's name; `events` signs as `kubelet`, as upstream does */
  readonly client: Client
  readonly events: Client
  readonly machine: Machine
  readonly state: KubeletState
  /** Events to charts wait in line until the chart that caused them has come to rest. */
  readonly tell: Tell
  /** the latest object of a pod */
  readonly podNow: (worker: Worker) => Pod | undefined
  /** variables about services for a pod */
  readonly servicesFor: (pod: Pod) => Readonly<Record<string, string>>
  readonly requestSync: (worker: Worker) => void
  /** A container became ready or ceased to be: the status says so before any sync. */
  readonly readinessChanged: (worker: Worker) => void
  /** A stopped pod no longer holds what it asked of the node. */
  readonly release: (worker: Worker) => void
  /** Forgets a pod whose API object is gone. */
  readonly drop: (worker: Worker) => void
  /** The truth about a pod changed: the next look at the runtime will find it. */
  readonly noticeLater: (uid: string) => void
}

export interface Tell {
  readonly pod: (worker: Worker, event: PodEvent) => void
  readonly container: (worker: Worker, name: string, event: ContainerEvent) => void
  readonly probe: (worker: Worker, probe: ProbeState, event: ProbeEvent) => void
  readonly pull: (event: PullEvent) => void
}

/** Where timers and answers about a pod go; those of an earlier life of the kubelet find nobody. */
export function addressOf({ machine, state }: Kubelet, worker: Worker, what: string): string {
  return `kubelet/${machine.name}/${state.epoch}/${worker.pod.metadata.uid}/${what}`
}

/** The same for what concerns the kubelet as a whole. */
export function ownAddress({ machine, state }: Kubelet, what: string): string {
  return `kubelet/${machine.name}/${state.epoch}//${what}`
}

/** An answer's way back. */
export function replyTo(kubelet: Kubelet, worker: Worker, what: string, token = ''): Reply {
  return { to: addressOf(kubelet, worker, what), token }
}

/** Runs a chart whose timers come back to the given address. */
export function hostOf<ChartEvent extends { type: string }>(
  { sim }: Kubelet,
  address: () => string,
  perform: (effect: string) => void,
): ChartHost<object, ChartEvent> {
  return { schedule: (delayMs, event) => sim.schedule(delayMs, address(), event), cancel: sim.cancel, perform }
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
  const about = container === undefined ? {} : { fieldPath: fieldPathOf(worker.pod, container) }
  events.event(worker.pod, { type, reason, message, host: machine.name, ...about })
}

/** What a pod's variables, files and volumes are read from. */
export function sourcesOf({ client, machine }: Kubelet, { pod, seen }: Worker, podIP?: string): VolumeSources {
  const { namespace } = pod.metadata
  return {
    pod,
    node: machine.name,
    podIP: podIP ?? seen.sandbox?.ip ?? '',
    hostIP: machine.address,
    allocatable: machine.allocatable,
    configMap: (name) => found<ConfigMap>(client, 'ConfigMap', name, namespace),
    secret: (name) => found<Secret>(client, 'Secret', name, namespace),
    claim(name) {
      const kind = 'PersistentVolumeClaim'
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
  return client.process.isUp() ? client.find<T>(kind, name, namespace) : undefined
}

/** The node as the API server has it. */
export function nodeNow({ client, machine }: Kubelet): Node | undefined {
  return found<Node>(client, 'Node', machine.name)
}
