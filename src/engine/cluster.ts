import { badRequest, type Api, type Pod, type User } from './api/index.ts'
import { createApi } from './apiserver/api.ts'
import { createApiServer } from './apiserver/apiServer.ts'
import { handleHttp, type HttpAnswer, type HttpDoors, type HttpRequest } from './apiserver/http.ts'
import { bootstrap } from './bootstrap.ts'
import { createClient, createProcess } from './client/index.ts'
import { createControllerManager } from './controllers/index.ts'
import { createEtcd } from './etcd/store.ts'
import { createFaults, type ActiveFault, type Fault } from './faults.ts'
import { kinds } from './kinds/index.ts'
import { createMachines } from './machines.ts'
import type { NodeSpec } from './node/index.ts'
import type { TrafficCounters, TrafficRow } from './node/network/index.ts'
import type { NodeDoor } from './nodeDoor.ts'
import { createScheduler, type DecisionRecord, type QueueView } from './scheduler/index.ts'
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
  readonly nodes: NodeDoor
  readonly control: Control
  readonly trace: Trace
  /** the scheduler's last decision about a pod `namespace/name` */
  readonly explain: (pod: string) => DecisionRecord | undefined
  readonly queue: () => QueueView
  /** the store's revision */
  readonly revision: () => number
  readonly objectCount: () => number
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
  /** Breaks or mends something. Throws a FaultError for a target that is not there. */
  readonly fault: (fault: Fault) => void
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

const administrator: User = Object.freeze({
  name: 'kubernetes-admin',
  groups: ['system:masters', 'system:authenticated'],
})

/** A new cluster, as a fresh installation leaves it: nodes joined, system namespaces there. */
export function createCluster(options: ClusterOptions = {}): Cluster {
  return build(createSim(createWorld(options.seed ?? 1)), options)
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

  if (isNew)
    bootstrap(
      createClient(createProcess(sim, server, 'kube-apiserver')),
      controlPlane === 'full' && (options.addOns ?? true),
    )
  const schedulerProcess = controlPlane === 'api' ? undefined : createProcess(sim, server, 'kube-scheduler')
  const scheduler = schedulerProcess && createScheduler(createClient(schedulerProcess))
  const managerProcess = controlPlane === 'full' ? createProcess(sim, server, 'kube-controller-manager') : undefined
  const manager = managerProcess && createControllerManager(createClient(managerProcess))
  const machines = createMachines(sim, server, options.kubelets ?? true)
  if (isNew && controlPlane === 'full')
    for (const spec of specsOf(options.nodes ?? 3)) machines.add({ isBooted: true, ...spec })

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
  })

  const door = machines.doorFor(findPod)

  return {
    options,
    api,
    http: (request) => handleHttp(server, request, { log: logReader(door) }),
    nodes: door,
    explain: (pod) => scheduler?.lastDecision(pod),
    queue: () => scheduler?.queue() ?? noQueue,
    revision: server.revision,
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

/** A container's log as the API server passes it on. */
function logReader({ logs }: NodeDoor): NonNullable<HttpDoors['log']> {
  return (namespace, pod, container, query) => {
    const answer = logs(`${namespace}/${pod}`, container, { previous: query.get('previous') === 'true' })
    if ('error' in answer) throw badRequest(answer.error)
    const tail = query.get('tailLines')
    const lines =
      tail === undefined ? answer.lines : answer.lines.slice(Math.max(0, answer.lines.length - Number(tail)))
    return lines.map(({ text }) => `${text}\n`).join('')
  }
}

const noQueue: QueueView = Object.freeze({ active: [], backOff: [], unschedulable: [] })

function specsOf(nodes: number | readonly NodeSpec[]): readonly NodeSpec[] {
  if (typeof nodes !== 'number') return nodes
  return Array.from({ length: nodes }, (_, index) => ({ name: `node-${index + 1}` }))
}
