import { addOnsNamed } from './addOns/index.ts'
import { epochMs, type Api, type Pod } from './api/index.ts'
import type { DescriptionProvider } from './api/schema/index.ts'
import { createApi } from './apiserver/api.ts'
import { createApiServer } from './apiserver/apiServer.ts'
import { storeBuiltIns } from './apiserver/builtIns/index.ts'
import { administrator } from './apiserver/authentication/users.ts'
import { storePolicy } from './apiserver/authorization/index.ts'
import {
  handleHttp,
  openHttp,
  type HttpAnswer,
  type HttpDoors,
  type HttpRequest,
  type HttpStream,
} from './apiserver/http.ts'
import { createAutoscaler, type Autoscaler, type AutoscalerOptions, type Cost } from './autoscaler/index.ts'
import { machineDoorOf } from './autoscaling.ts'
import { bootstrap } from './bootstrap.ts'
import { createClient, createProcess } from './client/index.ts'
import { createControllerManager } from './controllers/index.ts'
import { createDescheduler, type DeschedulerOptions } from './descheduler/index.ts'
import { createStore, type EtcdAnswer, type EtcdDoor } from './etcdDoor.ts'
import { createFaults, type ActiveFault, type Fault } from './faults.ts'
import { kinds } from './kinds/index.ts'
import { createMachines } from './machines.ts'
import { metricsSourceOf } from './metricsSource.ts'
import type { NodeSpec } from './node/index.ts'
import type { TrafficCounters, TrafficRow } from './node/network/index.ts'
import type { LogAnswer, NodeDoor } from './nodeDoor.ts'
import {
  createScheduler,
  type DecisionRecord,
  type QueueView,
  type Scheduler,
  type SchedulerConfiguration,
  type Why,
} from './scheduler/index.ts'
import {
  causesOf,
  copyWorld,
  copyWorldCounted,
  createSim,
  createWorld,
  recordAt,
  recordsAfter,
  type Sim,
  type TraceDetail,
  type TraceRecord,
  type World,
} from './sim/index.ts'

/** The shape of a cluster: everything that a run begins from, besides what people do. */
export interface ClusterOptions {
  readonly seed?: number
  /** what the wall shows at the start, in milliseconds since 1970; 2026-09-01T08:00:00Z unless said otherwise */
  readonly startMs?: number
  /** how many machines, or each of them; 3 unless said otherwise */
  readonly nodes?: number | readonly NodeSpec[]
  /** `api`: API server only. `scheduler`: API server and scheduler; nodes are written by the caller. `full`: everything. */
  readonly controlPlane?: 'full' | 'scheduler' | 'api'
  /** false: nodes stay Ready by themselves, the status of pods is written by the caller */
  readonly kubelets?: boolean
  /**
   * true, unless said otherwise: cluster DNS, in a full control plane. A list: that, and the optional add-ons of these names,
   * such as `gateway-api`; throws an AddOnsError for a name that none has.
   */
  readonly addOns?: boolean | readonly string[]
  /** 3 or 5: members that elect a leader and agree on every write; 1 unless said otherwise */
  readonly etcdMembers?: 1 | 3 | 5
  /** what etcd's file may hold; as much as it likes unless said otherwise */
  readonly etcdQuotaBytes?: number
  /** a KubeSchedulerConfiguration, parsed: profiles, plugins, weights; throws a SchedulerConfigurationError when it is none */
  readonly scheduler?: SchedulerConfiguration
  /** node groups, and a cluster autoscaler that buys and sells their machines; without it there is none */
  readonly autoscaler?: AutoscalerOptions
  /** strategies of a descheduler; without it there is none */
  readonly descheduler?: DeschedulerOptions
}

/** A world that was put aside: plain data, to be continued by `restore` any number of times. */
export interface SavedCluster {
  readonly options: ClusterOptions
  readonly world: World
  /** how much there was to copy: what a checkpoint of this cluster costs, whatever the machine */
  readonly weight: number
}

/** A whole cluster at one virtual instant, and the handles to act on it. */
export interface Cluster {
  readonly options: ClusterOptions
  /** the verbs of an administrator */
  readonly api: Api
  /** the same server by paths and bodies */
  readonly http: (request: HttpRequest) => HttpAnswer
  /** the same, but watches and followed logs go on until they are stopped; `describe` gives the OpenAPI documents their texts */
  readonly openHttp: (request: HttpRequest, describe?: DescriptionProvider) => HttpAnswer | HttpStream
  readonly nodes: NodeDoor
  readonly control: Control
  readonly trace: Trace
  /** the scheduler's last decision about a pod `namespace/name` */
  readonly explain: (pod: string) => DecisionRecord | undefined
  readonly queue: () => QueueView
  /** why a pod `namespace/name` is where it is, or nowhere, and what would place it; undefined without the pod. Changes nothing. */
  readonly why: (pod: string) => Why | undefined
  /** etcd itself, past the API server */
  readonly etcd: EtcdDoor
  /** what the machines of node groups have cost and cost now */
  readonly cost: () => Cost
  /** the cluster autoscaler, where a scenario has one; only to be asked */
  readonly autoscaler: Autoscaler | undefined
  /** the store's revision */
  readonly revision: () => number
  readonly objectCount: () => number
  /** who has a watch open on what: `kube-scheduler/Pod`, with its field selector */
  readonly watches: () => readonly OpenWatch[]
  /** whether a component runs: `kube-scheduler`, `etcd`, … */
  readonly isUp: (component: string) => boolean
  /** what became of a load's requests, or of all loads' */
  readonly traffic: (name?: string) => TrafficCounters
  readonly trafficRows: () => readonly TrafficRow[]
  /** one request made now and not recorded: `ok`, `refused`, `timeout`, `nxdomain`, `http-404`, … */
  readonly reach: (from: string, url: string) => string
  /** the workload that would answer it */
  readonly served: (from: string, url: string) => string | undefined
}

/** One open watch. */
export interface OpenWatch {
  readonly id: string
  readonly kind: string
  readonly fieldSelector: string
}

/** Time, faults and checkpoints. */
export interface Control {
  /** virtual milliseconds since the start */
  readonly now: () => number
  readonly advanceTo: (at: number) => void
  /** Lets the next thing happen, whatever its time; false when nothing ever will. */
  readonly step: () => boolean
  readonly nextAt: () => number | undefined
  /** nothing is left to happen but periodic work */
  readonly isSettled: () => boolean
  /** Does something in a person's name: the record it makes is the cause of all that follows. */
  readonly act: <T>(what: string, detail: TraceDetail, run: () => T) => T
  /** Goes on with something that a record began: what happens now is due to that record. */
  readonly resume: <T>(cause: number, run: () => T) => T
  /** Breaks or mends something; answers what etcd did, where that is what was asked. Throws a FaultError for a target that is not there. */
  readonly fault: (fault: Fault) => EtcdAnswer
  readonly faults: () => readonly ActiveFault[]
  readonly save: () => SavedCluster
  /** how many things have been put on the clock: grows with all that happens, recorded or not */
  readonly steps: () => number
}

/** Reads what happened. */
export interface Trace {
  readonly count: () => number
  readonly at: (seq: number) => TraceRecord | undefined
  readonly since: (seq: number) => Iterable<TraceRecord>
  /** from an effect back to what a person did, itself first */
  readonly causes: (seq: number) => readonly TraceRecord[]
}

/** A new cluster, as a fresh installation leaves it: nodes joined, system namespaces there. */
export function createCluster(options: ClusterOptions = {}): Cluster {
  const { seed = 1, startMs = epochMs } = options
  return build(createSim(createWorld(seed, startMs - epochMs)), options)
}

/** Continues a saved world. The saved one is not touched, and what follows is the same each time. */
export function restore(saved: SavedCluster): Cluster {
  return build(createSim(copyWorld(saved.world)), saved.options)
}

function build(sim: Sim, options: ClusterOptions): Cluster {
  const { controlPlane = 'full' } = options
  const isNew = sim.world.slices.size === 0
  const store = createStore(sim, options)
  const server = createApiServer(sim, store.etcd, kinds)
  store.raft?.onChange(server.setStore)
  const api = createApi(sim, server, administrator)

  if (isNew) storePolicy(server.etcd, sim.now())
  if (isNew) storeBuiltIns(server.etcd)
  if (isNew)
    bootstrap(
      createClient(createProcess(sim, server, 'kube-apiserver')),
      controlPlane === 'full' && options.addOns !== false,
      addOnsNamed(options.addOns),
    )
  const schedulerProcess = controlPlane === 'api' ? undefined : createProcess(sim, server, 'kube-scheduler')
  const scheduler = schedulerProcess && createScheduler(createClient(schedulerProcess), options.scheduler)
  const managerProcess = controlPlane === 'full' ? createProcess(sim, server, 'kube-controller-manager') : undefined
  const manager = managerProcess && createControllerManager(createClient(managerProcess))
  const machines = createMachines(sim, server, options.kubelets ?? true)
  server.metricsFrom(metricsSourceOf(machines))
  if (isNew && controlPlane === 'full')
    for (const spec of specsOf(options.nodes ?? 3)) machines.add({ isBooted: true, ...spec })

  const autoscalerProcess = options.autoscaler && createProcess(sim, server, 'cluster-autoscaler')
  const autoscaler =
    autoscalerProcess && createAutoscaler(createClient(autoscalerProcess), options.autoscaler!, machineDoorOf(machines))

  const deschedulerProcess = options.descheduler && createProcess(sim, server, 'descheduler')
  if (deschedulerProcess) createDescheduler(createClient(deschedulerProcess), options.descheduler!)

  const findPod = (key: string): Pod | undefined => {
    const [namespace = '', name = ''] = key.split('/')
    return api.find<Pod>('Pod', name, { namespace })
  }
  const { nodes, network, runtime } = machines
  const faults = createFaults(sim, {
    server,
    scheduler: schedulerProcess,
    managerProcess,
    manager,
    nodes,
    network,
    runtime,
    findPod,
    store,
    machines,
    programs: [autoscalerProcess, deschedulerProcess],
  })

  const door = machines.doorFor(findPod)
  const doors: HttpDoors = {
    log: (namespace, pod, ...rest) => logsAt(door, `${namespace}/${pod}`, ...rest),
    now: sim.now,
  }

  return {
    options,
    api,
    http: (request) => handleHttp(server, request, doors),
    openHttp(request, describe) {
      const counter = sim.slice('http', () => ({ streams: 0 }))
      return openHttp(server, request, { ...doors, ...(describe && { describe }) }, `http/${++counter.streams}`)
    },
    nodes: door,
    explain: (pod) => scheduler?.lastDecision(pod),
    queue: () => scheduler?.queue() ?? noQueue,
    why: (key) => whyOf(scheduler, findPod(key), api),
    etcd: store.door,
    cost: () => autoscaler?.cost() ?? noCost,
    autoscaler,
    revision: server.revision,
    watches: () =>
      [...server.watchers.open()].map(({ id, selection }) => ({
        id,
        kind: selection.kind,
        fieldSelector: selection.fieldSelector ?? '',
      })),
    objectCount: server.objectCount,
    isUp: faults.isUp,
    traffic: network.traffic.counters,
    trafficRows: network.traffic.rows,
    reach: network.reach,
    served: network.served,
    trace: {
      count: () => sim.world.trace.nextSeq - 1,
      at: (seq) => recordAt(sim.world.trace, seq),
      since: (seq) => recordsAfter(sim.world.trace, seq),
      causes: (seq) => causesOf(sim.world.trace, seq),
    },
    control: {
      now: sim.now,
      advanceTo: sim.advanceTo,
      step: () => sim.step(Infinity),
      nextAt: sim.nextAt,
      isSettled: sim.isSettled,
      act: (what, detail, run) => sim.because(sim.record('you', what, undefined, detail), run),
      resume: sim.because,
      fault: faults.apply,
      faults: faults.active,
      save() {
        const { copy, visited } = copyWorldCounted(sim.world)
        return { options, world: copy, weight: visited }
      },
      steps: () => sim.world.clock.nextSeq,
    },
  }
}

function logsAt({ logs }: NodeDoor, key: string, container: string, previous: boolean): LogAnswer {
  return logs(key, container, { previous })
}

function whyOf(scheduler: Scheduler | undefined, pod: Pod | undefined, api: Api): Why | undefined {
  return pod && scheduler?.why(pod, (kind, namespace, name) => api.find(kind, name, namespace ? { namespace } : {}))
}

const noCost: Cost = Object.freeze({ spent: 0, perHour: 0, groups: [] })

const noQueue: QueueView = Object.freeze({ active: [], backOff: [], unschedulable: [] })

function specsOf(nodes: number | readonly NodeSpec[]): readonly NodeSpec[] {
  if (typeof nodes !== 'number') return nodes
  return Array.from({ length: nodes }, (_, index) => ({ name: `node-${index + 1}` }))
}
