import type { Pod, Service } from '../../api/index.ts'
import { isEqual, keyOf } from '../../api/index.ts'
import type { Change, Client, Informer } from '../../client/index.ts'
import { freeze, runMachine, type Sim, type TimerEvent } from '../../sim/index.ts'
import type { Machine } from '../machine/machine.ts'
import { stillHost } from '../machine/stillHost.ts'
import type { ExitEvent, Runtime } from '../runtime/runtime.ts'
import { rejectionOf } from './admission.ts'
import type { ContainerEvent } from './containerMachine.ts'
import { adoptRun, processExited, sendContainer, truthOf } from './containerRun.ts'
import {
  addressOf,
  hostOf,
  nodeNow,
  ownAddress,
  podEvent,
  type Kubelet,
  type KubeletAddress,
  type Subject,
} from './context.ts'
import { serviceVariables } from './env.ts'
import { hookAnswered, type HookAnswer } from './hooks.ts'
import { pullCharts, sendPull } from './images.ts'
import { kubeletMachine, type KubeletEvent } from './kubeletMachine.ts'
import type { PodEvent } from './podMachine.ts'
import { rejectedStatus } from './podStatus.ts'
import {
  failMount,
  nextDue,
  requestSync,
  resized,
  sandboxFailed,
  sendPod,
  startEnded,
  startWorker,
  stopWorker,
  takesDown,
} from './podWorker.ts'
import { probeHeard, sendProbe } from './probes.ts'
import type { ProbeEvent } from './probeMachine.ts'
import { podRequests } from './resources.ts'
import { compareLater, compareStatus, heartbeat, registrationEffects, takeUpLease, tellStatus } from './registration.ts'
import { learned, receive, retryResizes } from './resizing.ts'
import { flush, markDirty, report, setStatus, startOf } from './reporting.ts'
import { nextRelist } from './rhythm.ts'
import { newestOf, unseen, withSandbox, type KubeletState, type ProbeState, type Worker } from './state.ts'
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
  const outbox: (() => void)[] = []
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
      for (let next = outbox.shift(); next !== undefined; next = outbox.shift()) next()
    } finally {
      isDraining = false
    }
  }

  const later = (run: () => void): void => void outbox.push(run)

  const kubelet: Kubelet = {
    sim,
    runtime,
    client,
    events: client.as('kubelet'),
    machine,
    state,
    tell: {
      pod: (worker, event) => later(() => heardByPod(worker, event)),
      container: (worker, name, event) => later(() => heardByContainer(worker, name, event)),
      probe: (worker, probe, event: ProbeEvent) => later(() => sendProbe(kubelet, worker, probe, event)),
      pull: (event) => later(() => sendPull(kubelet, event)),
    },
    podNow: ({ pod }) => {
      const found = pods?.get(keyOf(pod))
      return found?.metadata.uid === pod.metadata.uid ? found : undefined
    },
    servicesFor,
    requestSync: (worker) => requestSync(kubelet, worker),
    readinessChanged: (worker) => void report(kubelet, worker, { isStopped: false, isLook: false }),
    release,
    drop,
    resizeLater: () => later(() => retryResizes(kubelet)),
    noticeLater,
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

  function noticeLater(uid: string): void {
    if (!state.workers.has(uid)) return
    state.changed.set(uid, true)
    relistLater()
  }

  function relistLater(): void {
    if (state.isRelisting) return
    state.isRelisting = true
    sim.schedule(nextRelist(state, sim.now()) - sim.now(), ownAddress(kubelet, 'relist'), { type: 'runtime.due' })
  }

  /** Looks at the runtime: pods whose containers changed are synced. upstream: pleg/generic.go Relist */
  function relist(): void {
    state.isRelisting = false
    const uids = [...state.changed.keys()]
    state.changed.clear()
    for (const uid of uids) {
      const worker = state.workers.get(uid)
      if (worker === undefined || worker.isDoomed) continue
      if (worker.chart.at === 'waiting') worker.seen = truthOf(kubelet, worker)
      else worker.isLookDue = true
      requestSync(kubelet, worker)
    }
  }

  function listen({ type, object, previous }: Change<Pod>): void {
    if (!isSyncing()) return
    if (type !== 'DELETED' && previous !== undefined && previous.metadata.uid !== object.metadata.uid) gone(previous)
    if (type === 'DELETED') gone(object)
    else seePod(object, previous)
    drain()
  }

  const isSyncing = (): boolean => state.chart.at === 'running.ready' || state.chart.at === 'running.notReady'

  function seePod(pod: Pod, previous: Pod | undefined): void {
    const worker = state.workers.get(pod.metadata.uid)
    if (worker === undefined) addPod(pod)
    else if (isNews(worker, pod, previous)) updatePod(worker, pod)
  }

  /** A kubelet's own status writes are no news; a readiness gate's condition is. upstream: config.go checkAndUpdatePod */
  function isNews({ pod: known }: Worker, pod: Pod, previous: Pod | undefined): boolean {
    const { metadata, spec } = pod
    if (
      known.metadata.deletionTimestamp !== metadata.deletionTimestamp ||
      known.metadata.generation !== metadata.generation
    )
      return true
    if (!isEqual(known.metadata.labels, metadata.labels) || !isEqual(known.metadata.annotations, metadata.annotations))
      return true
    const gates = spec.readinessGates ?? []
    return gates.some(
      ({ conditionType }) => conditionOf(pod, conditionType) !== conditionOf(previous ?? known, conditionType),
    )
  }

  function updatePod(worker: Worker, pod: Pod): void {
    const asksForMore = receive(kubelet, worker, pod)
    if (pod.metadata.deletionTimestamp !== undefined) {
      if (worker.isFinished) return markDirty(kubelet, worker)
      worker.isDoomed = true
    }
    if (asksForMore) retryResizes(kubelet, worker)
    requestSync(kubelet, worker)
  }

  function gone({ metadata }: Pod): void {
    const worker = state.workers.get(metadata.uid)
    if (worker === undefined) return
    worker.isGone = true
    if (worker.isFinished) return drop(worker)
    if (worker.isDoomed) return
    worker.isDoomed = true
    const deletion = {
      deletionTimestamp: metadata.deletionTimestamp ?? metadata.creationTimestamp,
      deletionGracePeriodSeconds: 0,
    }
    worker.pod = freeze({ ...worker.pod, metadata: { ...worker.pod.metadata, ...deletion } })
    requestSync(kubelet, worker)
  }

  function addPod(pod: Pod): void {
    const worker = newWorker(pod)
    const isOver = pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed'
    if (isOver) {
      worker.isFinished = true
      worker.status = pod.status
      if (pod.metadata.deletionTimestamp !== undefined) markDirty(kubelet, worker)
      return
    }
    const rejection =
      pod.metadata.deletionTimestamp === undefined && worker.seen === unseen ? rejectionFor(pod) : undefined
    if (rejection !== undefined) {
      podEvent(kubelet, worker, 'Warning', rejection.reason, rejection.message)
      worker.isFinished = true
      return setStatus(kubelet, worker, rejectedStatus(pod, rejection.reason, rejection.message, sim.now()))
    }
    learned(kubelet, worker)
    hold(worker)
    startWorker(kubelet, worker)
    for (const record of worker.seen.containers)
      if (record.state === 'running' && newestOf(worker.seen, record.name) === record) adoptRun(worker, record)
    watchDeadline(worker)
    worker.isDoomed = pod.metadata.deletionTimestamp !== undefined
    requestSync(kubelet, worker)
  }

  function rejectionFor(pod: Pod) {
    const node = nodeNow(kubelet)
    return node && rejectionOf(pod, node, state.used, state.podCount)
  }

  function hold(worker: Worker): void {
    const requests = Object.freeze(podRequests(worker.pod))
    worker.requests = requests
    state.podCount++
    for (const name in requests) state.used[name] = (state.used[name] ?? 0) + requests[name]!
  }

  function release(worker: Worker): void {
    const { requests } = worker
    if (requests === undefined) return
    worker.requests = undefined
    state.podCount--
    for (const name in requests) state.used[name]! -= requests[name]!
    if (state.pendingResizes.length > 0) kubelet.resizeLater()
  }

  function watchDeadline(worker: Worker): void {
    const seconds = worker.pod.spec.activeDeadlineSeconds
    if (seconds === undefined) return
    sim.schedule(worker.startedAt + seconds * 1000 - sim.now(), addressOf(kubelet, worker, 'deadline'), {
      type: 'deadline.passed',
    })
  }

  function newWorker(pod: Pod): Worker {
    const { uid } = pod.metadata
    const worker: Worker = {
      pod,
      isGone: false,
      isDoomed: false,
      isFinished: false,
      chart: { at: 'waiting', context, timers: {} },
      seen: state.truth.get(uid) ?? unseen,
      status: undefined,
      reasons: {},
      backoffs: {},
      pullBackoffs: {},
      runs: {},
      probes: {},
      volumes: { mounted: {}, tries: {}, since: 0, wait: 0 },
      plan: undefined,
      tried: [],
      error: undefined,
      hasChanged: false,
      isLookDue: false,
      isSyncWanted: false,
      next: undefined,
      endedAt: -1000,
      isFresh: true,
      backedOff: undefined,
      takesDown: false,
      forced: {},
      startedAt: startOf(pod, sim.now()),
      requests: undefined,
    }
    state.workers.set(uid, worker)
    return worker
  }

  function drop(worker: Worker): void {
    const { uid } = worker.pod.metadata
    release(worker)
    stopWorker(kubelet, worker)
    for (const { id } of state.truth.get(uid)?.containers ?? []) runtime.removeContainer(id)
    runtime.removeStorage?.(`${uid}/`)
    state.truth.delete(uid)
    state.resizes.delete(uid)
    state.workers.delete(uid)
    state.changed.delete(uid)
    state.dirty.delete(uid)
  }

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
    if (what === 'relist') relist()
    else if (what === 'flush') flush(kubelet)
    else if (what === 'status') tellStatus(kubelet)
    else if (what === 'compare') compareStatus(kubelet)
    else if (what === 'heartbeat') heartbeat(kubelet)
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
    for (const pod of pods?.list() ?? []) seePod(pod, undefined)
    for (const uid of state.truth.keys()) if (!state.workers.has(uid)) sweep(uid)
    retryResizes(kubelet)
  }

  /** Containers of a pod that was deleted while nobody looked. upstream: HandlePodCleanups */
  function sweep(uid: string): void {
    for (const { id, state: at } of state.truth.get(uid)?.containers ?? []) {
      if (at === 'running') runtime.stopContainer(id, 0)
      runtime.removeContainer(id)
    }
    runtime.removeSandbox(machine.name, uid)
    runtime.removeStorage?.(`${uid}/`)
    state.truth.delete(uid)
    state.resizes.delete(uid)
  }

  function forget(): void {
    for (const worker of state.workers.values()) stopWorker(kubelet, worker)
    state.epoch++
    state.workers.clear()
    state.changed.clear()
    state.dirty.clear()
    state.isRelisting = false
    state.isFlushing = false
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
    lostPower() {
      const now = sim.now()
      for (const [uid, truth] of state.truth) {
        const containers = truth.containers.map((record) =>
          record.state === 'running'
            ? Object.freeze({ ...record, state: 'exited' as const, finishedAt: now, exitCode: 255, reason: 'Unknown' })
            : record,
        )
        const sandbox = truth.sandbox && Object.freeze({ ...truth.sandbox, isReady: false })
        state.truth.set(uid, Object.freeze({ sandbox, containers: Object.freeze(containers) }))
      }
    },
    lostSandbox(uid) {
      const truth = state.truth.get(uid)
      if (truth?.sandbox === undefined) return
      state.truth.set(uid, withSandbox(truth, { ...truth.sandbox, isReady: false }))
      noticeLater(uid)
    },
    forceProbe(uid, kind, isGood) {
      const worker = state.workers.get(uid)
      if (worker === undefined) return
      if (isGood === undefined) delete worker.forced[kind]
      else worker.forced[kind] = isGood
    },
  }
}

function conditionOf({ status }: Pod, type: string): string | undefined {
  return status.conditions?.find((condition) => condition.type === type)?.status
}
