import { runMachine } from '../../sim/index.ts'
import { tellPod } from './letters.ts'
import { isEmptyPlan, planOf } from './actions.ts'
import { isInBackoff, nextBackoff } from './backoff.ts'
import { forgetRun, startRun, stopContainers } from './containerRun.ts'
import { addressOf, hostOf, podEvent, replyTo, type Kubelet, type Subject } from './context.ts'
import { tellMissingSecrets } from './images.ts'
import { noticed, noticeLater } from './notice.ts'
import { podEvents, podMachine, type PodEvent } from './podMachine.ts'
import { killPod, stopOf, takesDown } from './podStop.ts'
import { finalStatus, renewedStatus, withSandboxReady } from './podStatus.ts'
import { addProbes, awaitsReadiness, dropKillingProbes, releaseProbes } from './probes.ts'
import { atEnd, inSync, isReported, markDirty, meanwhile, report, setStatus } from './reporting.ts'
import { actuateAll, resizeFailed, resizeOf } from './resizing.ts'
import { isSidecar } from './restartPolicy.ts'
import {
  noEntries,
  noItems,
  unseen,
  withItem,
  withSandbox,
  type Container,
  type Plan,
  type RuntimePod,
  type SyncError,
  type Worker,
} from './state.ts'
import { containerOf, durationText, podText } from './texts.ts'
import { nextRelist, nextTick } from './rhythm.ts'
import { hasVolumes, mountVolumes } from './volumeWait.ts'

/** The charts of all pods. */
const charts = runMachine<object, PodEvent>(podMachine)

/** Whom a pod's chart is about. */
export interface OfPod extends Subject {
  readonly worker: Worker
}

const host = hostOf<OfPod, PodEvent>(
  ({ kubelet, worker }) => addressOf(kubelet, worker, 'pod'),
  (effect, _params, _context, event, { kubelet, worker }) => effects[effect]!(kubelet, worker, event),
)

/** Sends an event to a pod's chart, once it is seen to what the event says. */
export function sendPod(about: OfPod, event: PodEvent): void {
  const { kubelet, worker } = about
  if (event.type === 'container.started' || event.type === 'container.failed')
    startEnded(worker, event.name, event.type === 'container.started')
  else if (event.type === 'containers.stopped') {
    if (takesDown(kubelet, worker)) return
  } else if (event.type === 'containers.resized') resized(kubelet, worker)
  charts.send(worker.chart, event, host, about)
}

/** Takes all delays of a pod off the clock. */
export function stopWorker(kubelet: Kubelet, worker: Worker): void {
  if (worker.next) kubelet.sim.cancel(worker.next.timer)
  worker.next = undefined
  charts.stop(worker.chart, host, { kubelet, worker })
  for (const name in worker.runs) forgetRun(kubelet, worker, name)
}

/** Asks for a sync as soon as the runtime was looked at since the last one. upstream: pod_workers.go, cache.GetNewerThan */
export function requestSync(kubelet: Kubelet, worker: Worker): void {
  if (worker.isFinished) return
  worker.isSyncWanted = true
  if (worker.chart.at === 'waiting') planNext(kubelet, worker)
  else if (worker.isDoomed && worker.chart.at === 'syncing.mounting') tellPod(kubelet, worker, podEvents.podDoomed)
}

/** When the next step of a pod may begin at the earliest. */
function earliest({ state, sim }: Kubelet, { isFresh, endedAt }: Worker): number {
  return isFresh ? sim.now() : Math.max(sim.now(), nextRelist(state, endedAt))
}

function planNext(kubelet: Kubelet, worker: Worker): void {
  const at = nextAt(kubelet, worker)
  if (worker.next && at !== undefined && worker.next.at <= at) return
  if (worker.next) kubelet.sim.cancel(worker.next.timer)
  worker.next = undefined
  if (at === undefined) return
  const delayMs = at - kubelet.sim.now()
  if (delayMs <= 0) return tellPod(kubelet, worker, worker.isDoomed ? podEvents.stopDue : podEvents.syncDue)
  worker.next = Object.freeze({
    at,
    timer: kubelet.sim.schedule(delayMs, addressOf(kubelet, worker, 'next'), { type: 'next.due' }),
  })
}

function nextAt(kubelet: Kubelet, worker: Worker): number | undefined {
  if (worker.isDoomed || worker.isSyncWanted) return earliest(kubelet, worker)
  const { error } = worker
  if (error === undefined) return undefined
  return nextTick(
    kubelet.state,
    kubelet.sim.now() + retryMs(error) * (1 + 0.5 * kubelet.sim.float(kubelet.client.actor)),
  )
}

/** How long a failed sync rests. upstream: pod_workers.go completeWork */
function retryMs({ kind, restMs = 0 }: SyncError): number {
  if (kind === 'network') return 1000
  return kind === 'backOff' ? Math.min(restMs, 60_000) : 10_000
}

/** The timer of the next step fired. */
export function nextDue(kubelet: Kubelet, worker: Worker): void {
  worker.next = undefined
  tellPod(kubelet, worker, worker.isDoomed ? podEvents.stopDue : podEvents.syncDue)
}

type Effect = (kubelet: Kubelet, worker: Worker, event: PodEvent) => void

const effects: Readonly<Record<string, Effect>> = {
  awaitNext(kubelet, worker) {
    if (worker.isSyncWanted && worker.isFresh && !worker.isDoomed && isInLine(kubelet, worker))
      passOver(kubelet, worker)
    planNext(kubelet, worker)
  },

  beginSync(kubelet, worker) {
    if (worker.next) kubelet.sim.cancel(worker.next.timer)
    worker.next = undefined
    if (worker.isLookDue) worker.seen = worker.truth
    worker.isLookDue = false
    worker.tried = noItems
    worker.error = undefined
    worker.hasChanged = false
    worker.isSyncWanted = false
  },

  reportStatus(kubelet, worker) {
    const isOver = report(kubelet, worker, inSync)
    if (isOver) worker.isDoomed = true
    if (isOver) return tellPod(kubelet, worker, podEvents.syncEnded)
    if (kubelet.state.isNetworkReady || worker.pod.spec.hostNetwork)
      return tellPod(kubelet, worker, podEvents.statusReported)
    podEvent(kubelet, worker, 'Warning', 'NetworkNotReady', `network is not ready: ${networkText}`)
    endWith(kubelet, worker, { kind: 'network' })
  },

  mountVolumes(kubelet, worker) {
    const error = mountVolumes(kubelet, worker)
    if (error !== undefined) failMount(kubelet, worker, error)
  },

  makePlan(kubelet, worker) {
    addProbes(kubelet, worker)
    tellMissingSecrets(kubelet, worker, worker.pod)
    worker.plan = planFor(kubelet, worker, worker.seen)
    if (worker.truth === unseen) worker.plan.killsPod = false // of a new pod there is nothing to kill
  },

  goOn(kubelet, worker) {
    if (worker.plan!.removesAll && worker.plan!.kills.length === 0) renew(kubelet, worker)
    const plan = worker.plan!
    if (plan.killsPod || plan.kills.length > 0) return tellPod(kubelet, worker, podEvents.killNeeded)
    if (plan.makesSandbox) return tellPod(kubelet, worker, podEvents.sandboxNeeded)
    if (plan.updates.length > 0) return tellPod(kubelet, worker, podEvents.resizeNeeded)
    const isStuck = worker.error !== undefined && isPlainInit(worker, worker.tried.at(-1))
    const next = isStuck ? undefined : (nextStart(worker, plan) ?? nextAfterSidecar(kubelet, worker))
    tellPod(kubelet, worker, next === undefined ? podEvents.syncEnded : podEvents.startNeeded)
  },

  killUnwanted(kubelet, worker) {
    const plan = worker.plan!
    const { kills, killsPod } = plan
    plan.kills = noItems
    plan.killsPod = false
    worker.hasChanged ||= kills.length > 0
    if (killsPod) return killPod(kubelet, worker, plan)
    const stops = kills.map(({ name, message, graceSeconds }) => ({
      name,
      stop: stopOf(kubelet, worker, message, false, graceSeconds),
    }))
    if (!stopContainers(kubelet, worker, stops)) tellPod(kubelet, worker, podEvents.containersStopped)
  },

  makeSandbox(kubelet, worker) {
    kubelet.runtime.runSandbox(kubelet.machine.name, worker.pod, replyTo(kubelet, worker, 'sandbox'))
  },

  keepSandbox(kubelet, worker, event) {
    const { truth } = worker
    const attempt = truth.sandbox === undefined ? 0 : truth.sandbox.attempt + 1
    const ip = event.type === 'sandbox.ready' ? event.ip : ''
    worker.truth = withSandbox(truth, { attempt, isReady: true, ip })
    noticeLater(kubelet, worker)
    worker.plan!.makesSandbox = false
    worker.hasChanged = true
    if (worker.status) setStatus(kubelet, worker, withSandboxReady(worker.status, kubelet.sim.now()))
  },

  resizeContainers(kubelet, worker) {
    kubelet.sim.schedule(resizeMs, addressOf(kubelet, worker, 'pod'), { type: 'containers.resized' })
  },

  startNext(kubelet, worker) {
    const name = nextStart(worker, worker.plan!)!
    worker.tried = withItem(worker.tried, name)
    const container = containerOf(worker.pod, name)!
    if (backsOff(kubelet, worker, name)) tellPod(kubelet, worker, { type: 'container.failed', name })
    else startRun(kubelet, worker, container)
  },

  endSync(kubelet, worker) {
    worker.plan = undefined
    worker.endedAt = kubelet.sim.now()
    worker.isFresh = worker.hasChanged && worker.error === undefined
    if (!worker.isFresh) return
    worker.seen = worker.truth
    releaseProbes(kubelet, worker)
    const isOver = report(kubelet, worker, inSync)
    if (!isOver && !awaitsReadiness(worker)) noticed(kubelet, worker)
  },

  beginStop(kubelet, worker) {
    if (worker.next) kubelet.sim.cancel(worker.next.timer)
    worker.next = undefined
    worker.isDoomed = true
    dropKillingProbes(worker)
    report(kubelet, worker, inSync)
  },

  killAll: (kubelet, worker) => killPod(kubelet, worker),

  reportStopped(kubelet, worker) {
    worker.probes = noEntries
    worker.seen = worker.truth
    report(kubelet, worker, atEnd)
    kubelet.release(worker)
    worker.endedAt = kubelet.sim.now()
    const delayMs = nextRelist(kubelet.state, worker.endedAt) - worker.endedAt
    kubelet.sim.schedule(delayMs, addressOf(kubelet, worker, 'pod'), { type: 'cleanup.due' })
  },

  finish(kubelet, worker) {
    report(kubelet, worker, atEnd)
    worker.isFinished = true
    if (worker.status) setStatus(kubelet, worker, finalStatus(worker.status, worker.pod))
    if (worker.isGone) kubelet.drop(worker)
  },
}

/**
 * Whether a sync that begins now would find all as the last one left it: nothing new to report, to wait for, to tell or to do. Most
 * pods are looked at while their image is pulled, and so are synced again the moment they run.
 */
function isInLine(kubelet: Kubelet, worker: Worker): boolean {
  const { pod, seen, error } = worker
  return (
    kubelet.mail.first === undefined &&
    error === undefined &&
    seen === worker.truth &&
    isReported(kubelet, worker) &&
    (kubelet.state.isNetworkReady || pod.spec.hostNetwork === true) &&
    pod.spec.imagePullSecrets === undefined &&
    hasVolumes(worker) &&
    isEmptyPlan(planFor(kubelet, worker, seen))
  )
}

/** Leaves such a sync out; its status is written all the same. */
function passOver(kubelet: Kubelet, worker: Worker): void {
  markDirty(kubelet, worker)
  worker.isLookDue = false
  worker.isSyncWanted = false
  worker.isFresh = false
}

/** All runs are gone for a restart of the whole pod: it begins anew in its sandbox. */
function renew(kubelet: Kubelet, worker: Worker): void {
  const { truth } = worker
  for (const { id } of truth.containers) kubelet.runtime.removeContainer(id)
  worker.seen = Object.freeze({ sandbox: truth.sandbox, containers: noItems })
  worker.truth = worker.seen
  worker.hasChanged = true
  if (worker.status) setStatus(kubelet, worker, renewedStatus(worker.status, kubelet.sim.now()))
  worker.plan = planFor(kubelet, worker, worker.seen)
}

function planFor(kubelet: Kubelet, worker: Worker, seen: RuntimePod): Plan {
  const { pod, probes } = worker
  return planOf({ pod, seen, probes, resize: resizeOf(kubelet, worker) })
}

/** How long the runtime takes to change the resources of a pod's containers, in virtual milliseconds. */
const resizeMs = 10

/** The runtime's answer to a resize. A refusal is tried again with the next sync; whatever else is due goes on. */
function resized(kubelet: Kubelet, worker: Worker): void {
  if (worker.chart.at !== 'syncing.resizing') return
  const plan = worker.plan!
  const { updates } = plan
  plan.updates = noItems
  const error = actuateAll(kubelet, worker, updates)
  if (error === undefined) {
    worker.hasChanged = true
    return
  }
  worker.error = failedSync
  resizeFailed(kubelet, worker, error)
  report(kubelet, worker, meanwhile)
}

/** Why no pod can get an address. */
export const networkText =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized'

function endWith(kubelet: Kubelet, worker: Worker, error: SyncError): void {
  worker.error = Object.freeze(error)
  tellPod(kubelet, worker, podEvents.syncEnded)
}

/** A volume cannot be had: told, and tried again with the next sync. */
export function failMount(kubelet: Kubelet, worker: Worker, error: string): void {
  if (error !== '') podEvent(kubelet, worker, 'Warning', 'FailedMount', error)
  endWith(kubelet, worker, { kind: 'failed' })
}

/** The runtime could not make the sandbox. */
export function sandboxFailed(kubelet: Kubelet, worker: Worker, message: string): void {
  const text = message.startsWith('rpc error') ? message : `rpc error: code = Unknown desc = ${message}`
  podEvent(kubelet, worker, 'Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: ${text}`)
  endWith(kubelet, worker, { kind: 'failed' })
}

/** A start went well or badly: the outcome stays until the next one. */
function startEnded(worker: Worker, name: string, isStarted: boolean): void {
  if (worker.reasons[name] !== undefined) {
    const { [name]: _, ...others } = worker.reasons
    worker.reasons = others
  }
  if (isStarted) {
    worker.hasChanged = true
    return
  }
  const failure = worker.backedOff ?? worker.runs[name]?.failure
  if (failure !== undefined) worker.reasons = { ...worker.reasons, [name]: Object.freeze({ ...failure }) }
  if (worker.backedOff === undefined) worker.error = failedSync
  worker.backedOff = undefined
}

const failedSync: SyncError = Object.freeze({ kind: 'failed' })

function isPlainInit({ pod }: Worker, name: string | undefined): boolean {
  const container = pod.spec.initContainers?.find((one) => one.name === name) as Container | undefined
  return container !== undefined && !isSidecar(container)
}

function nextStart({ tried }: Worker, { starts }: Plan): string | undefined {
  for (const name of starts) if (!tried.includes(name)) return name
  return undefined
}

/** A sidecar that needs no startup probe lets the next container begin in the same sync. */
function nextAfterSidecar(kubelet: Kubelet, worker: Worker): string | undefined {
  const last = worker.tried.at(-1)
  if (
    last === undefined ||
    worker.error !== undefined ||
    !worker.pod.spec.initContainers?.some(({ name }) => name === last)
  )
    return undefined
  const plan = worker.plan!
  plan.starts = planFor(kubelet, worker, worker.truth).starts
  return nextStart(worker, plan)
}

/** Whether a container must wait before it is run again. upstream: kuberuntime_manager.go doBackOff */
function backsOff(kubelet: Kubelet, worker: Worker, name: string): boolean {
  const ended = worker.seen.containers.find((record) => record.name === name && record.state === 'exited')
  if (ended === undefined) return false
  const now = kubelet.sim.now()
  const since = ended.finishedAt ?? now
  const backoff = worker.backoffs[name]
  if (backoff === undefined || !isInBackoff(backoff, since, now)) {
    worker.backoffs = { ...worker.backoffs, [name]: nextBackoff(backoff, since, now) }
    return false
  }
  podEvent(
    kubelet,
    worker,
    'Warning',
    'BackOff',
    `Back-off restarting failed container ${name} in pod ${podText(worker.pod)}`,
    name,
  )
  const message = `back-off ${durationText(backoff.delayMs)} restarting failed container=${name} pod=${podText(worker.pod)}`
  worker.backedOff = Object.freeze({ reason: 'CrashLoopBackOff', message })
  const restMs = backoff.delayMs - (now - since)
  if (worker.error === undefined || (worker.error.kind === 'backOff' && worker.error.restMs! > restMs))
    worker.error = Object.freeze({ kind: 'backOff', restMs })
  return true
}
