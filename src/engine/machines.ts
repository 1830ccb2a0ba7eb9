import type { ApiServer } from './apiserver/apiServer.ts'
import type { Pod } from './api/index.ts'
import { createNodes, type FoundContainer, type Nodes, type NodeSpec } from './node/index.ts'
import { createNetwork, type ClusterNetwork } from './node/network/index.ts'
import { createRuntime, type NodeRuntime } from './node/runtime/index.ts'
import type { ContainerInput, ExecHandle, ExecInput, LogAnswer, MachineView, NodeDoor, ProbeView } from './nodeDoor.ts'
import type { Sim } from './sim/index.ts'

/** Everything below the control plane: machines with their kubelets, the runtime, the network. */
export interface Machines {
  readonly nodes: Nodes
  readonly network: ClusterNetwork
  readonly runtime: NodeRuntime
  readonly add: (spec: NodeSpec) => void
  /** A machine goes for good. Its Node object stays until somebody deletes it. */
  readonly remove: (node: string) => void
  /** The way to machines and containers for whoever may look pods up. */
  readonly doorFor: (findPod: (key: string) => Pod | undefined) => NodeDoor
}

/** Wires network, runtime and kubelets. */
export function createMachines(sim: Sim, server: ApiServer, runsPods: boolean): Machines {
  const network = createNetwork(sim, server)
  const runtime = createRuntime(sim, network)
  network.answeredBy(runtime)
  const nodes = createNodes(sim, server, runtime, { runsPods })
  runtime.scrapedAt(() => nodes.names().filter((name) => isReachable(nodes, name)))
  return {
    nodes,
    network,
    runtime,
    add(spec) {
      runtime.images.preload(spec.name, spec.images ?? [])
      nodes.add(spec)
      const { address = '', labels = {} } = nodes.machine(spec.name) ?? {}
      const zone = labels['topology.kubernetes.io/zone']
      network.addNode({ name: spec.name, address, ...(zone !== undefined && { zone }) })
    },
    remove(node) {
      network.removeNode(node)
      nodes.remove(node)
    },
    doorFor: (findPod) => createDoor({ nodes, runtime, findPod }),
  }
}

/** Whether somebody in the cluster who asks a node's kubelet gets an answer. */
function isReachable(nodes: Nodes, name: string): boolean {
  const charts = nodes.charts(name)
  return charts?.power === 'on' && charts.link === 'joined' && charts.kubelet.startsWith('running')
}

interface Parts {
  readonly nodes: Nodes
  readonly runtime: NodeRuntime
  readonly findPod: (key: string) => Pod | undefined
}

function createDoor({ nodes, runtime, findPod }: Parts): NodeDoor {
  const views = new Map<string, string>()

  function machine(name: string, usage = runtime.usageByNode()): MachineView {
    const charts = nodes.charts(name)
    const used = usage.get(name)
    return {
      isPowered: charts?.power === 'on',
      isConnected: charts?.link === 'joined',
      isKubeletRunning: charts?.kubelet.startsWith('running') ?? false,
      usedCpuMilli: Math.round(used?.cpuMilli ?? 0),
      usedMemoryBytes: Math.round(used?.memoryBytes ?? 0),
    }
  }

  return {
    logs(key, container, { previous }) {
      const pod = findPod(key)
      if (pod === undefined) return { error: `pods "${nameOf(key)}" not found` }
      return logsOf(
        runtime,
        pod,
        nodes.find(pod).find(({ name }) => name === container),
        container,
        previous,
      )
    },
    exec: (key, container, command, input) => exec(runtime, nodes, findPod(key), container, command, input),
    attach(key, container) {
      const pod = findPod(key)
      const found = pod && nodes.find(pod).find(({ name, isRunning }) => isRunning && name === container)
      return found && inputOf(runtime, { id: found.id, group: mainGroup })
    },
    probes: (pod) => nodes.probes(pod).map(probeView),
    restartWaits: nodes.restartWaits,
    machine: (name) => machine(name),
    changed() {
      const usage = runtime.usageByNode()
      return nodes.names().filter((name) => {
        const face = JSON.stringify(machine(name, usage))
        const isSame = views.get(name) === face
        views.set(name, face)
        return !isSame
      })
    },
  }
}

function probeView({
  container,
  kind,
  result,
  last,
  inARow,
  dueAt,
  chart,
}: ReturnType<Nodes['probes']>[number]): ProbeView {
  const isOver = chart.at === 'onHold' || (kind === 'startup' && result === 'success')
  return { container, kind, result, last, inARow, ...(!isOver && { dueAt }) }
}

const nameOf = (key: string): string => key.slice(key.indexOf('/') + 1)

function logsOf(
  runtime: NodeRuntime,
  pod: Pod,
  found: FoundContainer | undefined,
  container: string,
  previous: boolean,
): LogAnswer {
  const { name } = pod.metadata
  const id = previous ? found?.previousId : found?.id
  if (previous && id === undefined)
    return { error: `previous terminated container "${container}" in pod "${name}" not found` }
  if (id === undefined)
    return { error: `container "${container}" in pod "${name}" is waiting to start: ${waitingReason(pod, container)}` }
  const isComplete = previous || !found!.isRunning
  return { id, lines: runtime.logs(id), unfinished: runtime.unfinished(id), isComplete }
}

function waitingReason({ status }: Pod, container: string): string {
  const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]
  return all.find(({ name }) => name === container)?.state?.waiting?.reason ?? 'ContainerCreating'
}

function exec(
  runtime: NodeRuntime,
  nodes: Nodes,
  pod: Pod | undefined,
  container: string,
  command: readonly string[],
  input: ExecInput | undefined,
): ExecHandle {
  const found = pod && nodes.find(pod).find(({ name, isRunning }) => isRunning && name === container)
  if (found === undefined) return failed(`container not found ("${container}")`)
  const handle = runtime.openExec(found.id, command, { stdin: input !== undefined, tty: input?.isTerminal ?? false })
  if ('error' in handle) return failed(handle.error)
  if (input !== undefined) runtime.writeExec(handle, input.text, !input.isOpen)
  let code: number | undefined
  return {
    take() {
      const { stdout, stderr, code: ended } = runtime.takeExec(handle)
      code = ended
      return { stdout, stderr }
    },
    ended: () => (code === undefined ? undefined : { code }),
    stop: () => runtime.closeExec(handle),
    ...inputOf(runtime, handle),
  }
}

/** the processes that a container begins with */
const mainGroup = 0

function inputOf(runtime: NodeRuntime, handle: Parameters<NodeRuntime['writeExec']>[0]): ContainerInput {
  return {
    write: (text, isEnd) => runtime.writeExec(handle, text, isEnd),
    signal: (name) => runtime.signalExec(handle, name),
  }
}

function failed(error: string): ExecHandle {
  return {
    take: () => ({ stdout: '', stderr: '' }),
    ended: () => ({ code: 1, error }),
    stop: () => {},
    write: () => {},
    signal: () => {},
  }
}
