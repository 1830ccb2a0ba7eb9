import type { Pod, Service } from '../../api/index.ts'
import type { Change, Client, Informer } from '../../client/index.ts'
import { emptyList, runMachine, type Sim, type TimerEvent } from '../../sim/index.ts'
import type { Machine } from '../machine/machine.ts'
import { stillHost } from '../machine/stillHost.ts'
import type { ExitEvent, Runtime } from '../runtime/runtime.ts'
import type { ContainerEvent } from './containerMachine.ts'
import { processExited, sendContainer, type OfContainer } from './containerRun.ts'
import {
  hostOf,
  objectsOf,
  ownAddresses,
  ownOf,
  type Kubelet,
  type KubeletAddress,
  type Letter,
  type Subject,
} from './context.ts'
import { hookAnswered, type HookAnswer } from './hooks.ts'
import { pullCharts, sendPull } from './images.ts'
import { kubeletMachine, type KubeletEvent } from './kubeletMachine.ts'
import { deliverAll, tellPulls } from './letters.ts'
import { noticeLater } from './notice.ts'
import type { PodEvent } from './podMachine.ts'
import { drop, losePod, release, seePod, sweep } from './podSet.ts'
import { failMount, nextDue, requestSync, sandboxFailed, sendPod, stopWorker, type OfPod } from './podWorker.ts'
import type { ProbeEvent } from './probeMachine.ts'
import { probeHeard, sendProbe, type OfProbe } from './probes.ts'
import type { PullEvent } from './pullMachine.ts'
import {
  compareLater,
  compareStatus,
  heartbeat,
  leaseDue,
  registrationEffects,
  takeUpLease,
  tellStatus,
} from './registration.ts'
import { relist } from './relist.ts'
import { retryResizes } from './resizing.ts'
import { flush, meanwhile, report } from './reporting.ts'
import type { ServiceView } from './serviceView.ts'
import { losePower, unseen, withSandbox, type KubeletState, type ProbeState, type Worker } from './state.ts'
import { containerOf } from './texts.ts'
import { volumesHeard } from './volumeWait.ts'

/** The charts of all kubelets. */
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
    changed: emptyList(),
    isRelisting: false,
    dirty: emptyList(),
    isFlushing: false,
    isLeaseDue: false,
    pulls: emptyList(),
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
): Kubelet {
  const services = serviceViewOf(client, state)
  const pods = runsPods
    ? client.informer<Pod>({ kind: 'Pod', fieldSelector: `spec.nodeName=${machine.name}` })
    : undefined
  const kubelet: Kubelet = {
    sim,
    runtime,
    client,
    events: client.as('kubelet'),
    machine,
    state,
    mail: { first: undefined, last: undefined, blank: undefined, isDelivering: false },
    own: ownAddresses(machine.name, state.epoch),
    pods,
    services,
    objects: objectsOf(client),
    requestSync: (worker) => requestSync(kubelet, worker),
    readinessChanged: (worker) => void report(kubelet, worker, meanwhile),
    release: (worker) => release(kubelet, worker),
    drop: (worker) => drop(kubelet, worker),
  }
  pods?.listen((change) => podChanged(kubelet, change))
  return kubelet
}

function serviceViewOf(client: Client, state: KubeletState): ServiceView {
  const watch = (): Informer<Service> => {
    state.watchesServices = true
    return client.informer<Service>({ kind: 'Service' })
  }
  // one that watched them before a restore must go on hearing of them
  return { informer: state.watchesServices ? watch() : undefined, watch, known: new Map() }
}

/** Tells the chart something: it starts, it stops, a network plugin is lost or back. */
export function sendKubelet(kubelet: Kubelet, event: KubeletEvent): void {
  charts.send(kubelet.state.chart, event, host, { kubelet })
  deliverAll(kubelet, deliver)
}

const effects: Readonly<Record<string, (kubelet: Kubelet) => void>> = { ...registrationEffects, syncPods, forget }

const host = hostOf<Subject, KubeletEvent>(
  ({ kubelet }) => ownOf(kubelet).kubelet,
  (effect, _params, _context, _event, { kubelet }) => effects[effect]?.(kubelet),
)

/** The first look at what the API server and the runtime have. */
function syncPods(kubelet: Kubelet): void {
  const { state, pods } = kubelet
  for (const pod of pods?.list() ?? []) seePod(kubelet, pod, undefined)
  for (const uid of state.truth.keys()) sweep(kubelet, uid)
  retryResizes(kubelet)
}

function forget(kubelet: Kubelet): void {
  const { state } = kubelet
  for (const [uid, worker] of state.workers) {
    stopWorker(kubelet, worker)
    if (worker.truth !== unseen) state.truth.set(uid, worker.truth)
  }
  state.epoch++
  state.workers.clear()
  state.changed = emptyList()
  state.dirty = emptyList()
  state.isRelisting = false
  state.isFlushing = false
  state.isLeaseDue = false
  state.pulls = emptyList()
  state.pullChart = pullCharts.start(context, stillHost)
  state.used = {}
  state.podCount = 0
  state.pendingResizes = []
}

function podChanged(kubelet: Kubelet, { type, object, previous }: Change<Pod>): void {
  if (!isSyncing(kubelet)) return
  if (type !== 'DELETED' && previous !== undefined && previous.metadata.uid !== object.metadata.uid)
    losePod(kubelet, previous)
  if (type === 'DELETED') losePod(kubelet, object)
  else seePod(kubelet, object, previous)
  if (kubelet.mail.first !== undefined) deliverAll(kubelet, deliver)
}

function isSyncing({ state: { chart } }: Kubelet): boolean {
  return chart.at === 'running.ready' || chart.at === 'running.notReady'
}

/** A timer or an answer came in. */
export function kubeletHeard(kubelet: Kubelet, to: KubeletAddress, event: TimerEvent): void {
  const { state } = kubelet
  if (to.what === 'exit') processExited(kubelet, to.uid, to.name, event as unknown as ExitEvent)
  else if (to.epoch !== state.epoch) return
  else if (to.uid === '') heard(kubelet, to.what, event)
  else {
    const worker = state.workers.get(to.uid)
    if (worker !== undefined) heardByWorker(kubelet, worker, to, event)
  }
  deliverAll(kubelet, deliver)
}

function heard(kubelet: Kubelet, what: string, event: TimerEvent): void {
  if (what === 'relist') relist(kubelet)
  else if (what === 'flush') flush(kubelet)
  else if (what === 'status') tellStatus(kubelet)
  else if (what === 'compare') compareStatus(kubelet)
  else if (what === 'heartbeat') heartbeat(kubelet)
  else if (what === 'lease') leaseDue(kubelet)
  else if (what === 'pull') tellPulls(kubelet, event as { type: 'image.pulled' })
  else sendKubelet(kubelet, event as KubeletEvent)
}

function heardByWorker(
  kubelet: Kubelet,
  worker: Worker,
  { what, name, probe: kind }: KubeletAddress,
  event: TimerEvent,
): void {
  if (what === 'next') nextDue(kubelet, worker)
  else if (what === 'volumes') heardOfVolumes(kubelet, worker, event)
  else if (what === 'sandbox') heardOfSandbox(kubelet, worker, event)
  else if (what === 'pod') sendPod({ kubelet, worker }, event as unknown as PodEvent)
  else if (what === 'deadline') requestSync(kubelet, worker)
  else if (what === 'container') heardOfContainer(kubelet, worker, name, event)
  else if (what === 'hook')
    hookAnswered(kubelet, worker, containerOf(worker.pod, name)!, event as unknown as HookAnswer)
  else if (what === 'probe') {
    const probe = worker.probes[`${name}/${kind}`]
    if (probe !== undefined) probeHeard(kubelet, worker, probe, event)
  }
}

function heardOfContainer(kubelet: Kubelet, worker: Worker, name: string, event: TimerEvent): void {
  if (event.type === 'grace.over' && event['id'] !== worker.runs[name]?.id) return
  sendContainer({ kubelet, worker, name }, event as unknown as ContainerEvent)
}

function heardOfVolumes(kubelet: Kubelet, worker: Worker, event: TimerEvent): void {
  const error = volumesHeard(kubelet, worker, event)
  if (error !== undefined) failMount(kubelet, worker, error)
}

function heardOfSandbox(kubelet: Kubelet, worker: Worker, event: TimerEvent): void {
  if (worker.chart.at !== 'syncing.sandboxing') return
  if (event.type === 'sandbox.failed') sandboxFailed(kubelet, worker, String(event['message']))
  else sendPod({ kubelet, worker }, { type: 'sandbox.ready', ip: String(event['ip']) })
}

function deliver(letter: Letter): void {
  const { to, event } = letter
  if (to === 'pod') sendPod(letter as OfPod, event as PodEvent)
  else if (to === 'container') sendContainer(letter as OfContainer, event as ContainerEvent)
  else if (to === 'probe') sendProbe(letter as OfProbe, event as ProbeEvent)
  else if (to === 'pulls') sendPull(letter, event as PullEvent)
  else retryResizes(letter.kubelet)
}

/** The way to the API server is open again. */
export function reconnected(kubelet: Kubelet): void {
  if (isSyncing(kubelet)) {
    takeUpLease(kubelet)
    compareLater(kubelet)
  }
  if (kubelet.state.dirty.length > 0) flush(kubelet)
  deliverAll(kubelet, deliver)
}

/** The machine lost power: what ran is gone, what the disk holds stays. */
export function lostPower({ state, sim }: Kubelet): void {
  losePower(state.truth, sim.now())
}

/** A pod's sandbox died. */
export function lostSandbox(kubelet: Kubelet, uid: string): void {
  const { state } = kubelet
  const worker = state.workers.get(uid)
  const truth = worker?.truth ?? state.truth.get(uid)
  if (truth?.sandbox === undefined) return
  const after = withSandbox(truth, { ...truth.sandbox, isReady: false })
  if (worker === undefined) return void state.truth.set(uid, after)
  worker.truth = after
  noticeLater(kubelet, worker)
}

/** Says that a probe answers so, whatever its container does; undefined takes it back. */
export function forceProbe(
  { state }: Kubelet,
  uid: string,
  kind: ProbeState['kind'],
  isGood: boolean | undefined,
): void {
  const worker = state.workers.get(uid)
  if (worker === undefined) return
  const { [kind]: _, ...others } = worker.forced
  worker.forced = isGood === undefined ? others : { ...others, [kind]: isGood }
}
