import type { ApiServer } from './apiserver/apiServer.ts'
import { isLabelValue, type Pod } from './api/index.ts'
import type { Process } from './client/index.ts'
import type { ControllerManager } from './controllers/index.ts'
import { machineOrderOf } from './machineOrder.ts'
import type { Nodes, NodeSpec } from './node/index.ts'
import type { ClusterNetwork } from './node/network/index.ts'
import type { NodeRuntime } from './node/runtime/index.ts'
import { applyEtcdFault, type EtcdAnswer, type EtcdFault, type EtcdStore } from './etcdDoor.ts'
import { EtcdError } from './etcd/errors.ts'
import type { Sim } from './sim/index.ts'

/** Something broken, or mended, on purpose. `on` says whether the thing works. */
export type Fault =
  | { readonly kind: 'nodePower' | 'nodeNetwork'; readonly node: string; readonly on: boolean }
  | { readonly kind: 'component'; readonly name: string; readonly on: boolean }
  | { readonly kind: 'process'; readonly pod: string; readonly container?: string; readonly do: 'kill' | 'hang' }
  | {
      readonly kind: 'probe'
      readonly pod: string
      readonly probe: 'readiness' | 'liveness' | 'startup'
      readonly ok: boolean
    }
  | { readonly kind: 'load'; readonly name: string; readonly url: string; readonly rps: number }
  | { readonly kind: 'registry'; readonly on: boolean }
  | EtcdFault
  /** a machine joins, or is gone for good; `spec` is what it has, as a scenario orders it */
  | { readonly kind: 'machine'; readonly node: string; readonly on: boolean; readonly spec?: object }

/** A fault that goes on. */
export interface ActiveFault {
  readonly id: string
  readonly label: string
  /** what was done; the same with the opposite word mends it */
  readonly fault: Fault
}

/** A fault whose target is not there. */
export class FaultError extends Error {
  override name = 'FaultError'
}

/** What can be broken. */
export interface Breakable {
  readonly server: ApiServer
  readonly scheduler: Process | undefined
  readonly managerProcess: Process | undefined
  readonly manager: ControllerManager | undefined
  readonly nodes: Nodes
  readonly network: ClusterNetwork
  readonly runtime: NodeRuntime
  readonly findPod: (key: string) => Pod | undefined
  readonly store: EtcdStore
  /** programs that a scenario adds to the control plane, where it does */
  readonly programs: readonly (Process | undefined)[]
  readonly machines: { readonly add: (spec: NodeSpec) => void; readonly remove: (node: string) => void }
}

/** Applies faults to a cluster and remembers which go on. */
export interface Faults {
  /** Answers what etcd did, where it was asked something. */
  readonly apply: (fault: Fault) => EtcdAnswer
  readonly active: () => readonly ActiveFault[]
  readonly isUp: (component: string) => boolean
}

/** Makes the levers of one cluster. What goes on is the slice `faults`. */
export function createFaults(sim: Sim, parts: Breakable): Faults {
  const state = sim.slice('faults', () => ({ active: new Map<string, ActiveFault>(), stopped: new Set<string>() }))
  return {
    apply(fault) {
      checkShape(fault)
      const lever = levers[fault.kind] as (parts: Breakable, fault: never, stopped: Set<string>) => EtcdAnswer | void
      const answer = lever(parts, fault as never, state.stopped)
      const id = idOf(fault)
      if (goesOn(fault))
        state.active.set(id, Object.freeze({ id, label: labelOf(fault), fault: Object.freeze({ ...fault }) }))
      else state.active.delete(id)
      return answer ?? undefined
    },
    active: () => [...state.active.values()],
    isUp: (component) => !state.stopped.has(component),
  }
}

/** What each kind of fault must say. Faults come from links and tools, so their types are not taken on trust. */
const shapes: Readonly<
  Record<Fault['kind'], Readonly<Record<string, 'string' | 'boolean' | 'number' | readonly string[]>>>
> = {
  nodePower: { node: 'string', on: 'boolean' },
  nodeNetwork: { node: 'string', on: 'boolean' },
  component: { name: 'string', on: 'boolean' },
  process: { pod: 'string', do: ['kill', 'hang'] },
  probe: { pod: 'string', probe: ['readiness', 'liveness', 'startup'], ok: 'boolean' },
  load: { name: 'string', url: 'string', rps: 'number' },
  registry: { on: 'boolean' },
  etcdDisk: { member: 'string', slowMs: 'number' },
  etcdMaintenance: { do: ['compact', 'defrag', 'disarm'] },
  etcdRequest: { do: ['txn', 'leaseGrant', 'leaseRevoke', 'leaseKeepAlive', 'keepAliveBegin', 'keepAliveEnd'] },
  machine: { node: 'string', on: 'boolean' },
}

function checkShape(fault: unknown): void {
  const given = (typeof fault === 'object' && fault !== null ? fault : {}) as Readonly<Record<string, unknown>>
  const kind = given['kind']
  if (typeof kind !== 'string' || !Object.hasOwn(shapes, kind))
    throw new FaultError(`fault.kind must be one of ${Object.keys(shapes).join(', ')}`)
  for (const [field, type] of Object.entries(shapes[kind as Fault['kind']])) {
    const isRight = typeof type === 'string' ? typeof given[field] === type : type.includes(given[field] as string)
    if (!isRight)
      throw new FaultError(
        `fault.${field} must be ${typeof type === 'string' ? `a ${type}` : `one of ${type.join(', ')}`}`,
      )
  }
  if (kind === 'process' && given['container'] !== undefined && typeof given['container'] !== 'string')
    throw new FaultError('fault.container must be a string')
}

type Levers = {
  readonly [Kind in Fault['kind']]: (
    parts: Breakable,
    fault: Fault & { kind: Kind },
    stopped: Set<string>,
  ) => EtcdAnswer | void
}

const levers: Levers = {
  nodePower({ nodes, network }, { node, on }) {
    checkNode(nodes, node)
    if (on) network.setPower(node, true)
    nodes.setPower(node, on)
    if (!on) network.setPower(node, false)
  },

  nodeNetwork({ nodes, network }, { node, on }) {
    checkNode(nodes, node)
    network.setConnected(node, on)
    nodes.setNetwork(node, on)
  },

  component(parts, { name, on }, stopped) {
    switchComponent(parts, name, on)
    if (on) stopped.delete(name)
    else stopped.add(name)
  },

  process({ nodes, runtime, findPod }, { pod, container, do: what }) {
    const found = nodes
      .find(podOf(findPod, pod))
      .find(({ name, isRunning }) => isRunning && (container ?? name) === name)
    if (found === undefined)
      throw new FaultError(`no running container ${container ?? ''} in pod ${pod}`.replace('  ', ' '))
    if (what === 'kill') runtime.kill(found.id)
    else runtime.hang(found.id, true)
  },

  probe({ nodes, findPod }, { pod, probe, ok }) {
    nodes.forceProbe(podOf(findPod, pod), probe, ok ? undefined : false)
  },

  load({ network }, { name, url, rps }) {
    const problem = network.traffic.setLoad({ name, url, rps })
    if (problem !== undefined) throw new FaultError(problem)
  },

  machine({ nodes, machines }, { node, on, spec }) {
    if (on) {
      const order = machineOrderOf(node, spec)
      if (typeof order === 'string') throw new FaultError(order)
      if (!isLabelValue(node) || node === '' || nodes.machine(node) !== undefined)
        throw new FaultError(`there cannot be a new machine ${node}`)
      return machines.add(order)
    }
    checkNode(nodes, node)
    machines.remove(node)
  },

  registry({ runtime }, { on }) {
    runtime.images.setRegistry(on)
  },

  etcdDisk: askEtcd,
  etcdMaintenance: askEtcd,
  etcdRequest: askEtcd,
}

function askEtcd({ store }: Breakable, fault: EtcdFault): EtcdAnswer {
  try {
    return applyEtcdFault(store, fault)
  } catch (error) {
    throw error instanceof EtcdError ? new FaultError(error.message) : error
  }
}

function switchComponent(
  { server, scheduler, managerProcess, manager, nodes, network, programs, store: { raft } }: Breakable,
  name: string,
  on: boolean,
): void {
  const [role = '', node] = name.split('@')
  if (node !== undefined) checkNode(nodes, node)
  if (name === 'kube-apiserver') server.setRunning(on)
  else if (name === 'etcd' && raft) for (const member of raft.members()) raft.setRunning(member.name, on)
  else if (name === 'etcd') server.setStore(on)
  else if (raft?.has(name)) raft.setRunning(name, on)
  else if (name === 'kube-scheduler' && scheduler) scheduler.setRunning(on)
  else if (name === 'kube-controller-manager' && managerProcess) managerProcess.setRunning(on)
  else if (programs.some((program) => program?.name === name))
    programs.find((program) => program?.name === name)!.setRunning(on)
  else if (role === 'kubelet' && node !== undefined) nodes.setKubelet(node, on)
  else if (role === 'kube-proxy' && node !== undefined) network.setProxy(node, on)
  else if (!manager?.setController(name, on)) throw new FaultError(`there is no component ${name}`)
}

function checkNode(nodes: Nodes, node: string): void {
  if (nodes.machine(node) === undefined) throw new FaultError(`there is no node ${node}`)
}

function podOf(find: Breakable['findPod'], key: string): Pod {
  const pod = find(key.includes('/') ? key : `default/${key}`)
  if (pod === undefined) throw new FaultError(`there is no pod ${key}`)
  return pod
}

function idOf(fault: Fault): string {
  const target =
    'node' in fault
      ? fault.node
      : 'pod' in fault
        ? fault.pod
        : 'name' in fault
          ? fault.name
          : 'member' in fault
            ? fault.member
            : ''
  return fault.kind === 'probe' ? `probe/${target}/${fault.probe}` : `${fault.kind}/${target}`
}

function goesOn(fault: Fault): boolean {
  if (fault.kind === 'machine') return false
  if (fault.kind === 'process') return fault.do === 'hang'
  if (fault.kind === 'probe') return !fault.ok
  if (fault.kind === 'load') return fault.rps > 0
  if (fault.kind === 'etcdDisk') return fault.slowMs > 0
  if (fault.kind === 'etcdMaintenance' || fault.kind === 'etcdRequest') return false
  return !fault.on
}

function labelOf(fault: Fault): string {
  switch (fault.kind) {
    case 'nodePower':
      return `${fault.node} without power`
    case 'nodeNetwork':
      return `${fault.node} cut off`
    case 'component':
      return `${fault.name} stopped`
    case 'process':
      return `${fault.pod} hangs`
    case 'probe':
      return `${fault.probe} probe of ${fault.pod} fails`
    case 'load':
      return `${fault.rps} requests/s to ${fault.url}`
    case 'machine':
      return `${fault.node} ${fault.on ? 'joins' : 'is gone'}`
    case 'registry':
      return 'registry unreachable'
    case 'etcdDisk':
      return `${fault.member}: a write to disk takes ${fault.slowMs} ms`
    case 'etcdMaintenance':
    case 'etcdRequest':
      return `etcd: ${fault.do}`
  }
}
