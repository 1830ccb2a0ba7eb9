import { ownAt, type Pod } from '../../api/index.ts'
import { createClient, createProcess, forgetProgram } from '../../client/index.ts'
import { freeze, must, runMachine, type ChartState, type Sim } from '../../sim/index.ts'
import { isInBackoff } from '../kubelet/backoff.ts'
import type { Kubelet, KubeletAddress } from '../kubelet/context.ts'
import {
  createKubelet,
  forceProbe,
  kubeletHeard,
  lostPower,
  lostSandbox,
  newKubeletState,
  reconnected,
  sendKubelet,
} from '../kubelet/kubelet.ts'
import { rememberImage } from '../kubelet/images.ts'
import { dropLease, joinReady, leaseLater, leaseOf } from '../kubelet/registration.ts'
import { runtimePodOf, type KubeletState, type ProbeKind, type ProbeState } from '../kubelet/state.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { linkMachine, powerMachine, type LinkEvent, type PowerEvent } from './machineMachine.ts'
import { stillHost } from './stillHost.ts'
import { machineOf, type Machine, type NodeSpec } from './machine.ts'

type ApiServer = Parameters<typeof createProcess>[1]

/** How a cluster's machines behave. */
export interface NodesOptions {
  /** false: nodes stay Ready by themselves, the status of pods is written by somebody else */
  readonly runsPods?: boolean
}

/** A container of a pod, as logs and exec find it. */
export interface FoundContainer {
  readonly name: string
  readonly id: string
  readonly attempt: number
  readonly isRunning: boolean
  /** the run before, for `logs --previous` */
  readonly previousId: string | undefined
}

/** The machines of a cluster and what can befall them. */
export interface Nodes {
  /** Puts a machine up; it boots and joins, or is there already where the order says so. */
  readonly add: (spec: NodeSpec) => void
  /** Takes a machine away for good. Its Node object stays until somebody deletes it. */
  readonly remove: (node: string) => void
  readonly setPower: (node: string, on: boolean) => void
  readonly setNetwork: (node: string, on: boolean) => void
  readonly setKubelet: (node: string, on: boolean) => void
  /** The network plugin of a node: without it no new pod gets an address. */
  readonly setPlugin: (node: string, on: boolean) => void
  /** A pod's sandbox dies; its processes are the runtime's business. */
  readonly killSandbox: (pod: Pod) => void
  /** Answers for a probe of a pod; undefined takes it back. */
  readonly forceProbe: (pod: Pod, kind: ProbeKind, isGood: boolean | undefined) => void
  readonly names: () => readonly string[]
  readonly machine: (node: string) => Machine | undefined
  /** The containers of a pod that its node knows, in no particular order. */
  readonly find: (pod: Pod) => readonly FoundContainer[]
  /** The probes that a pod's kubelet keeps; they are its own, and only to be read. */
  readonly probes: (pod: Pod) => readonly Readonly<ProbeState>[]
  /** The containers of a pod that ended and wait before they are run again. */
  readonly restartWaits: (pod: Pod) => readonly RestartWait[]
  /** The charts of a node, for the page: where each stands. */
  readonly charts: (node: string) => NodeCharts | undefined
}

/** A wait of a container that ended; virtual ms. */
export interface RestartWait {
  readonly container: string
  readonly since: number
  readonly until: number
}

/** Where the charts of a node stand. */
export interface NodeCharts {
  readonly power: string
  readonly link: string
  readonly kubelet: string
  readonly pull: string
  readonly pods: readonly PodCharts[]
}

/** Where the charts of one pod stand. */
export interface PodCharts {
  readonly uid: string
  readonly at: string
  readonly containers: Readonly<Record<string, string>>
  readonly probes: Readonly<Record<string, string>>
}

interface NodeState {
  machine: Machine
  power: ChartState<object>
  link: ChartState<object>
  /** the kubelet was stopped by itself, not by a power cut */
  isStopped: boolean
  kubelet: KubeletState
}

interface NodesState {
  nodes: Map<string, NodeState>
  count: number
}

const powerCharts = runMachine<object, PowerEvent>(powerMachine)
const linkCharts = runMachine<object, LinkEvent>(linkMachine)
const context = Object.freeze({})

/** Makes the machines of a cluster, each with a kubelet. All state is the slice `nodes`. */
export function createNodes(
  sim: Sim,
  server: ApiServer,
  runtime: Runtime,
  { runsPods = true }: NodesOptions = {},
): Nodes {
  const state = sim.slice<NodesState>('nodes', () => ({ nodes: new Map(), count: 0 }))
  const kubelets = new Map<string, Kubelet>()

  sim.handle('kubelet', (_, event, address) => {
    const to = address as KubeletAddress
    const kubelet = kubelets.get(to.node)
    if (kubelet !== undefined) kubeletHeard(kubelet, to, event)
  })
  sim.handle('machine', (name, event) => sendPower(name, event as PowerEvent))

  function build(node: NodeState): Kubelet {
    const { machine } = node
    const process = createProcess(sim, server, `kubelet@${machine.name}`)
    const kubelet = createKubelet(sim, runtime, createClient(process), machine, node.kubelet, runsPods)
    process.onChange((change) => {
      if (change === 'connected') reconnected(kubelet)
    })
    kubelets.set(machine.name, kubelet)
    return kubelet
  }

  const nodeOf = (name: string): NodeState => must(state.nodes.get(name), `no machine ${name}`)
  const kubeletOf = (name: string): Kubelet => must(kubelets.get(name), `no kubelet on ${name}`)

  function sendPower(name: string, event: PowerEvent): void {
    const host = {
      schedule: (delayMs: number, timer: { type: string }) => sim.schedule(delayMs, `machine/${name}`, timer),
      cancel: sim.cancel,
      perform: (effect: string) => (effect === 'stopAll' ? stopAll(name) : startAgain(name)),
    }
    powerCharts.send(nodeOf(name).power, event, host)
  }

  function stopAll(name: string): void {
    halt(name)
    runtime.powerOff(name)
    lostPower(kubeletOf(name))
  }

  function startAgain(name: string): void {
    if (!nodeOf(name).isStopped) boot(name)
  }

  function halt(name: string): void {
    const kubelet = kubeletOf(name)
    if (!kubelet.client.process.isRunning()) return
    if (kubelet.client.process.isUp()) dropLease(kubelet)
    sendKubelet(kubelet, { type: 'kubelet.stopped' })
    kubelet.client.process.setRunning(false)
  }

  function boot(name: string): void {
    const kubelet = kubeletOf(name)
    kubelet.client.process.setRunning(true)
    sendKubelet(kubelet, { type: 'kubelet.started' })
  }

  function sendLink(name: string, event: LinkEvent): void {
    const kubelet = kubeletOf(name)
    const { process } = kubelet.client
    const perform = (effect: string): void => {
      if (effect === 'cut' && process.isUp()) dropLease(kubelet)
      process.setConnected(effect === 'join')
    }
    linkCharts.send(nodeOf(name).link, event, { ...stillHost, perform })
  }

  for (const node of state.nodes.values()) build(node)

  // what became of the kubelets while the API server was away is told when it is back
  server.onBack?.(() => {
    for (const kubelet of kubelets.values()) {
      if (kubelet.client.process.isUp()) reconnected(kubelet)
      else dropLease(kubelet)
    }
  })

  // a node's sign of life that somebody deleted is missed when it should be renewed
  server.onLeaseLost?.((namespace, name, dueMs) => {
    const kubelet = kubelets.get(name)
    if (kubelet !== undefined && namespace === leaseOf(name).namespace) leaseLater(kubelet, dueMs)
  })

  return {
    add(spec) {
      const machine = freeze(machineOf(spec, state.count++))
      const stream = `kubelet@${machine.name}`
      const kubeletState = newKubeletState(sim.int(stream, 1000), sim.int(stream, 1000))
      const node: NodeState = {
        machine,
        power: powerCharts.start(context, stillHost),
        link: linkCharts.start(context, stillHost),
        isStopped: false,
        kubelet: kubeletState,
      }
      state.nodes.set(machine.name, node)
      const kubelet = build(node)
      for (const image of machine.images) rememberImage(kubelet, image)
      if (spec.isBooted) {
        joinReady(kubelet)
        kubeletState.chart = { at: 'running.ready', context, timers: {} }
      } else sendKubelet(kubelet, { type: 'kubelet.started' })
    },
    remove(name) {
      halt(name)
      runtime.powerOff(name)
      forgetProgram(kubeletOf(name).client.process)
      state.nodes.delete(name)
      kubelets.delete(name)
    },
    setPower: (name, on) => sendPower(name, { type: on ? 'power.restored' : 'power.failed' }),
    setNetwork: (name, on) => sendLink(name, { type: on ? 'link.joined' : 'link.cut' }),
    setKubelet(name, on) {
      const node = nodeOf(name)
      node.isStopped = !on
      if (!on) halt(name)
      else if (node.power.at === 'on' && !kubeletOf(name).client.process.isRunning()) boot(name)
    },
    setPlugin(name, on) {
      const kubelet = kubeletOf(name)
      kubelet.state.isNetworkReady = on
      sendKubelet(kubelet, { type: on ? 'network.back' : 'network.lost' })
    },
    killSandbox(pod) {
      const node = pod.spec.nodeName
      const kubelet = node === undefined ? undefined : kubelets.get(node)
      if (kubelet !== undefined) lostSandbox(kubelet, pod.metadata.uid)
    },
    forceProbe(pod, kind, isGood) {
      const node = pod.spec.nodeName
      const kubelet = node === undefined ? undefined : kubelets.get(node)
      if (kubelet !== undefined) forceProbe(kubelet, pod.metadata.uid, kind, isGood)
    },
    names: () => [...state.nodes.keys()],
    machine: (name) => state.nodes.get(name)?.machine,
    find(pod) {
      const kubelet = state.nodes.get(pod.spec.nodeName ?? '')?.kubelet
      const runs = kubelet === undefined ? [] : runtimePodOf(kubelet, pod.metadata.uid).containers
      return runs.flatMap((record, index) => {
        if (runs.findIndex(({ name }) => name === record.name) !== index) return []
        const previous = runs.find(({ name, id }) => name === record.name && id !== record.id)
        const { name, id, attempt, state: at } = record
        return { name, id, attempt, isRunning: at === 'running', previousId: previous?.id }
      })
    },
    probes(pod) {
      const worker = state.nodes.get(pod.spec.nodeName ?? '')?.kubelet.workers.get(pod.metadata.uid)
      return worker === undefined ? [] : Object.values(worker.probes)
    },
    restartWaits(pod) {
      const kubelet = state.nodes.get(pod.spec.nodeName ?? '')?.kubelet
      const { uid } = pod.metadata
      if (kubelet === undefined) return []
      const backoffs = kubelet.workers.get(uid)?.backoffs ?? {}
      return runtimePodOf(kubelet, uid).containers.flatMap(({ name, state: at, finishedAt }, index, runs) => {
        const isLatest = runs.findIndex((run) => run.name === name) === index
        const backoff = ownAt(backoffs, name)
        if (!isLatest || at !== 'exited' || finishedAt === undefined || backoff === undefined) return []
        const isWaiting = isInBackoff(backoff, finishedAt, sim.now())
        return isWaiting ? [{ container: name, since: finishedAt, until: finishedAt + backoff.delayMs }] : []
      })
    },
    charts(name) {
      const node = state.nodes.get(name)
      if (node === undefined) return undefined
      const { power, link, kubelet } = node
      const at = (charts: Readonly<Record<string, { readonly chart: ChartState<object> }>>) =>
        Object.fromEntries(Object.entries(charts).map(([key, { chart }]) => [key, chart.at]))
      const pods = [...kubelet.workers].map(([uid, { chart, runs, probes }]) => ({
        uid,
        at: chart.at,
        containers: at(runs),
        probes: at(probes),
      }))
      return { power: power.at, link: link.at, kubelet: kubelet.chart.at, pull: kubelet.pullChart.at, pods }
    },
  }
}
