import type { Pod, Service } from '../../api/index.ts'
import { keyOf } from '../../api/index.ts'
import type { Change, Client, Informer } from '../../client/index.ts'
import { runMachine, type Sim, type TimerEvent } from '../../sim/index.ts'
import type { Machine } from '../machine/machine.ts'
import { stillHost } from '../machine/stillHost.ts'
import type { ExitEvent, Runtime } from '../runtime/runtime.ts'
import type { ContainerEvent } from './containerMachine.ts'
import { processExited, sendContainer } from './containerRun.ts'
import { hostOf, ownAddress, type Kubelet, type KubeletAddress, type Subject } from './context.ts'
import { serviceVariables } from './env.ts'
import { hookAnswered, type HookAnswer } from './hooks.ts'
import { pullCharts, sendPull } from './images.ts'
import { kubeletMachine, type KubeletEvent } from './kubeletMachine.ts'
import type { PodEvent } from './podMachine.ts'
import { drop, losePod, release, seePod, sweep } from './podSet.ts'
import { takesDown } from './podStop.ts'
import {
  failMount,
  nextDue,
  requestSync,
  resized,
  sandboxFailed,
  sendPod,
  startEnded,
  stopWorker,
} from './podWorker.ts'
import type { PullEvent } from './pullMachine.ts'
import { probeHeard, sendProbe } from './probes.ts'
import type { ProbeEvent } from './probeMachine.ts'
import {
  compareLater,
  compareStatus,
  heartbeat,
  leaseDue,
  registrationEffects,
  takeUpLease,
  tellStatus,
} from './registration.ts'
import { noticeLater, relist } from './relist.ts'
import { retryResizes } from './resizing.ts'
import { flush, report } from './reporting.ts'
import { losePower, withSandbox, type KubeletState, type ProbeState, type Worker } from './state.ts'
import { containerOf } from './texts.ts'
import { volumesHeard } from './volumeWait.ts'

/** One node's agent, as its machine drives it. */
export interface KubeletHandle {
  readonly kubelet: Kubelet
  /** A timer or an answer came in. */
  readonly handle: (address: KubeletAddress, event: TimerEvent) => void
  readonly start: () => void
  readonly stop: () => void
  /** Tells the chart something else: a network plugin lost or back. */
  readonly send: (event: KubeletEvent) => void
  /** The way to the API server is open again. */
  readonly reconnected: () => void
  /** The machine lost power: what ran is gone, what the disk holds stays. */
  readonly lostPower: () => void
  /** A pod's sandbox died. */
  readonly lostSandbox: (uid: string) => void
  /** Says that a probe answers so, whatever its container does; undefined takes it back. */
  readonly forceProbe: (uid: string, kind: ProbeState['kind'], isGood: boolean | undefined) => void
}

/** What waits in line for a chart: a pod's, that of its container of a name, a probe's, or, with no worker, the pulls'. */
interface Letter {
  readonly worker: Worker | undefined
  readonly to: string | ProbeState | undefined
  /** with no worker and no event, resizes that wait are tried again */
  readonly event: PodEvent | ContainerEvent | ProbeEvent | PullEvent | undefined
}

const charts = runMachine<object, KubeletEvent>(kubeletMachine)
const context = Object.freeze({})

/** A kubelet before its first start. */
export function newKubeletState(relistPhase: number, tickPhase: number): KubeletState {
  return {
    chart: charts.start(context, stillHost),
    epoch: 0,
    relistPhase,
    tickPhase,
    workers: new Map(),
    changed: new Map(),
    isRelisting: false,
    dirty: new Map(),
    isFlushing: false,
    isLeaseDue: false,
    pulls: [],
    pullChart: pullCharts.start(context, stillHost),
    truth: new Map(),
    images: {},
    isNetworkReady: true,
    used: {},
    podCount: 0,
    resizes: new Map(),
    pendingResizes: [],
  }
}

/** Builds a kubelet over its state; `runsPods: false` leaves the pods to somebody else. */
export function createKubelet(
  sim: Sim,
  runtime: Runtime,
  client: Client,
  machine: Machine,
  state: KubeletState,
  runsPods: boolean,
): KubeletHandle {
  const outbox: Letter[] = []
  let isDraining = false
  const serviceInformer = (): Informer<Service> => client.informer<Service>({ kind: 'Service' })
  // only a kubelet with pods watches Services; one that did so before a restore must go on hearing of them
  let services = state.watchesServices ? serviceInformer() : undefined
  const variables = new Map<string, { readonly revision: number; readonly values: Readonly<Record<string, string>> }>()
  const pods = runsPods
    ? client.informer<Pod>({ kind: 'Pod', fieldSelector: `spec.nodeName=${machine.name}` })
    : undefined

  /** Whatever charts cause waits here until the chart that caused it rests; nothing is left when an event is over. */
  function drain(): void {
    if (isDraining) return
    isDraining = true
    try {
      for (let next = outbox.shift(); next !== undefined; next = outbox.shift()) deliver(next)
    } finally {
      isDraining = false
    }
  }

  function deliver({ worker, to, event }: Letter): void {
    if (worker === undefined) {
      if (event === undefined) retryResizes(kubelet)
      else sendPull(kubelet, event as PullEvent)
    } else if (to === undefined) heardByPod(worker, event as PodEvent)
    else if (typeof to === 'string') heardByContainer(worker, to, event as ContainerEvent)
    else sendProbe(kubelet, worker, to, event as ProbeEvent)
  }

  const kubelet: Kubelet = {
    sim,
    runtime,
    client,
    events: client.as('kubelet'),
    machine,
    state,
    tell: {
      pod: (worker, event) => void outbox.push({ worker, to: undefined, event }),
      container: (worker, name, event) => void outbox.push({ worker, to: name, event }),
      probe: (worker, probe, event) => void outbox.push({ worker, to: probe, event }),
      pull: (event) => void outbox.push({ worker: undefined, to: undefined, event }),
    },
    podNow: ({ pod }) => {
      const found = pods?.get(keyOf(pod))
      return found?.metadata.uid === pod.metadata.uid ? found : undefined
    },
    servicesFor,
    requestSync: (worker) => requestSync(kubelet, worker),
    readinessChanged: (worker) => void report(kubelet, worker, { isStopped: false, isLook: false }),
    release: (worker) => release(kubelet, worker),
    drop: (worker) => drop(kubelet, worker),
    resizeLater: () => void outbox.push({ worker: undefined, to: undefined, event: undefined }),
    noticeLater: (uid) => noticeLater(kubelet, uid),
  }

  function heardByPod(worker: Worker, event: PodEvent): void {
    if (event.type === 'container.started' || event.type === 'container.failed')
      startEnded(worker, event.name, event.type === 'container.started')
    if (event.type === 'containers.stopped' && takesDown(kubelet, worker)) return
    if (event.type === 'containers.resized') resized(kubelet, worker)
    sendPod(kubelet, worker, event)
  }

  function heardByContainer(worker: Worker, name: string, event: ContainerEvent): void {
    sendContainer(kubelet, worker, name, event)
  }

  function servicesFor(pod: Pod): Readonly<Record<string, string>> {
    services ??= serviceInformer()
    state.watchesServices = true
    const key = `${pod.metadata.namespace}/${pod.spec.enableServiceLinks ?? true}`
    const known = variables.get(key)
    if (known?.revision === services.revision()) return known.values
    const values = serviceVariables(services.list(), pod)
    variables.set(key, { revision: services.revision(), values })
    return values
  }

  function listen({ type, object, previous }: Change<Pod>): void {
    if (!isSyncing()) return
    if (type !== 'DELETED' && previous !== undefined && previous.metadata.uid !== object.metadata.uid)
      losePod(kubelet, previous)
    if (type === 'DELETED') losePod(kubelet, object)
    else seePod(kubelet, object, previous)
    drain()
  }

  const isSyncing = (): boolean => state.chart.at === 'running.ready' || state.chart.at === 'running.notReady'

  function handle({ epoch, uid, what, name, probe }: KubeletAddress, event: TimerEvent): void {
    if (what === 'exit') processExited(kubelet, uid, name, event as unknown as ExitEvent)
    else if (epoch !== state.epoch) return
    else if (uid === '') own(what, event)
    else {
      const worker = state.workers.get(uid)
      if (worker !== undefined) forPod(worker, what, name, probe, event)
    }
    drain()
  }

  function own(what: string, event: TimerEvent): void {
    if (what === 'relist') relist(kubelet)
    else if (what === 'flush') flush(kubelet)
    else if (what === 'status') tellStatus(kubelet)
    else if (what === 'compare') compareStatus(kubelet)
    else if (what === 'heartbeat') heartbeat(kubelet)
    else if (what === 'lease') leaseDue(kubelet)
    else if (what === 'pull') kubelet.tell.pull(event as { type: 'image.pulled' })
    else send(event as KubeletEvent)
  }

  function forPod(worker: Worker, what: string, name: string, kind: string, event: TimerEvent): void {
    if (what === 'next') nextDue(kubelet, worker)
    else if (what === 'volumes') heardOfVolumes(worker, event)
    else if (what === 'sandbox') heardOfSandbox(worker, event)
    else if (what === 'pod') heardByPod(worker, event as unknown as PodEvent)
    else if (what === 'deadline') requestSync(kubelet, worker)
    else if (what === 'container') heardOfContainer(worker, name, event)
    else if (what === 'hook')
      hookAnswered(kubelet, worker, containerOf(worker.pod, name)!, event as unknown as HookAnswer)
    else if (what === 'probe') {
      const probe = worker.probes[`${name}/${kind}`]
      if (probe !== undefined) probeHeard(kubelet, worker, probe, event)
    }
  }

  function heardOfContainer(worker: Worker, name: string, event: TimerEvent): void {
    if (event.type === 'grace.over' && event['id'] !== worker.runs[name]?.id) return
    heardByContainer(worker, name, event as unknown as ContainerEvent)
  }

  function heardOfVolumes(worker: Worker, event: TimerEvent): void {
    const error = volumesHeard(kubelet, worker, event)
    if (error !== undefined) failMount(kubelet, worker, error)
  }

  function heardOfSandbox(worker: Worker, event: TimerEvent): void {
    if (worker.chart.at !== 'syncing.sandboxing') return
    if (event.type === 'sandbox.failed') sandboxFailed(kubelet, worker, String(event['message']))
    else heardByPod(worker, { type: 'sandbox.ready', ip: String(event['ip']) })
  }

  const effects = registrationEffects(kubelet, { syncPods, forget })
  const host = hostOf<Subject, KubeletEvent>(
    () => ownAddress(kubelet, 'kubelet'),
    (effect) => effects[effect]?.(),
  )

  function send(event: KubeletEvent): void {
    charts.send(state.chart, event, host, { kubelet })
    drain()
  }

  /** The first look at what the API server and the runtime have. */
  function syncPods(): void {
    for (const pod of pods?.list() ?? []) seePod(kubelet, pod, undefined)
    for (const uid of state.truth.keys()) if (!state.workers.has(uid)) sweep(kubelet, uid)
    retryResizes(kubelet)
  }

  function forget(): void {
    for (const worker of state.workers.values()) stopWorker(kubelet, worker)
    state.epoch++
    state.workers.clear()
    state.changed.clear()
    state.dirty.clear()
    state.isRelisting = false
    state.isFlushing = false
    state.isLeaseDue = false
    state.pulls = []
    state.pullChart = pullCharts.start(context, stillHost)
    state.used = {}
    state.podCount = 0
    state.pendingResizes = []
  }

  pods?.listen(listen)

  return {
    kubelet,
    handle,
    start: () => send({ type: 'kubelet.started' }),
    stop: () => send({ type: 'kubelet.stopped' }),
    send,
    reconnected() {
      if (state.chart.at === 'running.ready' || state.chart.at === 'running.notReady') {
        takeUpLease(kubelet)
        compareLater(kubelet)
      }
      if (state.dirty.size > 0) flush(kubelet)
      drain()
    },
    lostPower: () => losePower(state.truth, sim.now()),
    lostSandbox(uid) {
      const truth = state.truth.get(uid)
      if (truth?.sandbox === undefined) return
      state.truth.set(uid, withSandbox(truth, { ...truth.sandbox, isReady: false }))
      noticeLater(kubelet, uid)
    },
    forceProbe(uid, kind, isGood) {
      const worker = state.workers.get(uid)
      if (worker === undefined) return
      if (isGood === undefined) delete worker.forced[kind]
      else worker.forced[kind] = isGood
    },
  }
}
