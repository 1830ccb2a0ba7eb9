import type { Api, User } from './api/index.ts'
import { createApi } from './apiserver/api.ts'
import { createApiServer } from './apiserver/apiServer.ts'
import { handleHttp, type HttpAnswer, type HttpRequest } from './apiserver/http.ts'
import { bootstrap } from './bootstrap.ts'
import { createClient, createProcess } from './client/index.ts'
import { createControllerManager } from './controllers/index.ts'
import { createEtcd } from './etcd/store.ts'
import { createFaults, type ActiveFault, type Fault } from './faults.ts'
import { kinds } from './kinds/index.ts'
import { createNodes, type NodeDoor, type NodeSpec } from './node/index.ts'
import { createScheduler, type DecisionRecord, type QueueView } from './scheduler/index.ts'
import {
  causesOf,
  copyWorld,
  createSim,
  createWorld,
  freeze,
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
  /** how many machines, or each of them; 3 unless said otherwise */
  readonly nodes?: number | readonly NodeSpec[]
  /** `api`: API server only. `scheduler`: API server and scheduler; nodes are written by the caller. `full`: everything. */
  readonly controlPlane?: 'full' | 'scheduler' | 'api'
  /** false: nodes stay Ready by themselves, the status of pods is written by the caller */
  readonly kubelets?: boolean
  /** cluster DNS and what else a new cluster comes with; true unless said otherwise */
  readonly addOns?: boolean
}

/** A world that was put aside: plain data, to be continued by `restore` any number of times. */
export interface SavedCluster {
  readonly options: ClusterOptions
  readonly world: World
}

/** A whole cluster at one virtual instant, and the handles to act on it. */
export interface Cluster {
  readonly options: ClusterOptions
  /** the verbs of an administrator */
  readonly api: Api
  /** the same server by paths and bodies */
  readonly http: (request: HttpRequest) => HttpAnswer
  readonly nodes: NodeDoor
  readonly control: Control
  readonly trace: Trace
  /** the scheduler's last decision about a pod `namespace/name` */
  readonly explain: (pod: string) => DecisionRecord | undefined
  readonly queue: () => QueueView
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
  /** Breaks or mends something. Throws a FaultError for a target that is not there. */
  readonly fault: (fault: Fault) => void
  readonly faults: () => readonly ActiveFault[]
  readonly save: () => SavedCluster
}

/** Reads what happened. */
export interface Trace {
  readonly count: () => number
  readonly at: (seq: number) => TraceRecord | undefined
  readonly since: (seq: number) => Iterable<TraceRecord>
  /** from an effect back to what a person did, itself first */
  readonly causes: (seq: number) => readonly TraceRecord[]
}

const administrator: User = Object.freeze({ name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] })

/** A new cluster, as a fresh installation leaves it: nodes joined, system namespaces there. */
export function createCluster(options: ClusterOptions = {}): Cluster {
  const sim = createSim(createWorld(options.seed ?? 1))
  const cluster = build(sim, options)
  return cluster
}

/** Continues a saved world. The saved one is not touched, and what follows is the same each time. */
export function restore(saved: SavedCluster): Cluster {
  return build(createSim(copyWorld(saved.world)), saved.options)
}

function build(sim: Sim, options: ClusterOptions): Cluster {
  const { controlPlane = 'full' } = options
  const isNew = sim.world.slices.size === 0
  const server = createApiServer(sim, createEtcd(sim), kinds)
  const api = createApi(sim, server, administrator)
  const clientOf = (name: string) => createClient(createProcess(sim, server, name))

  if (isNew) bootstrap(clientOf('kube-apiserver'), options.addOns ?? true)
  const scheduler = controlPlane === 'api' ? undefined : createScheduler(clientOf('kube-scheduler'))
  const manager = controlPlane === 'full' ? createControllerManager(clientOf('kube-controller-manager')) : undefined
  const nodes = createNodes(sim, server, { runsPods: options.kubelets ?? true })
  if (isNew && controlPlane === 'full') for (const spec of specsOf(options.nodes ?? 3)) nodes.add(spec)
  const faults = createFaults(sim, { server, scheduler, manager, nodes })

  return {
    options,
    api,
    http: (request) => handleHttp(server, request),
    nodes: nodes.door,
    explain: (pod) => scheduler?.lastDecision(pod),
    queue: () => scheduler?.queue() ?? { active: [], backOff: [], unschedulable: [] },
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
      fault: faults.apply,
      faults: faults.active,
      save: () => ({ options, world: copyWorld(sim.world) }),
    },
  }
}

function specsOf(nodes: number | readonly NodeSpec[]): readonly NodeSpec[] {
  if (typeof nodes !== 'number') return nodes
  return Array.from({ length: nodes }, (_, index) => ({ name: `node-${index + 1}` }))
}
