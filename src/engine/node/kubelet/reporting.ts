import { ApiError, isEqual, parseTime, type Pod } from '../../api/index.ts'
import { emptyList, freeze } from '../../sim/index.ts'
import { ownOf, podEvent, type Kubelet } from './context.ts'
import { isEmpty } from './containerStatus.ts'
import { generateStatus, mergeStatus } from './podStatus.ts'
import { triggerReadiness } from './probes.ts'
import { completeResize } from './resizing.ts'
import type { PodStatus, Worker } from './state.ts'

/** How a status is made. */
export interface ReportOptions {
  /** everything was stopped for good */
  readonly isStopped: boolean
  /** part of a sync: readiness probes that fail are asked again */
  readonly isLook: boolean
}

/** Within a sync. */
export const inSync: ReportOptions = Object.freeze({ isStopped: false, isLook: true })
/** Between syncs: something became known that the status should say at once. */
export const meanwhile: ReportOptions = Object.freeze({ isStopped: false, isLook: false })
/** After the last sync. */
export const atEnd: ReportOptions = Object.freeze({ isStopped: true, isLook: false })

const deadlineText = 'Pod was active on the node longer than the specified deadline'

/** Makes the pod's status from what was last seen, and has it written. True when the pod's own end has come. */
export function report(kubelet: Kubelet, worker: Worker, { isStopped, isLook }: ReportOptions): boolean {
  const ended = deadlinePassed(kubelet, worker) ? { reason: 'DeadlineExceeded', message: deadlineText } : undefined
  if (ended) podEvent(kubelet, worker, 'Normal', ended.reason, ended.message)
  const isPlain = !isStopped && ended === undefined && hasNoMore(kubelet, worker)
  if (isPlain && saysSo(worker)) {
    markDirty(kubelet, worker)
    return false
  }
  const { status, isOver } = generateStatus(worker, {
    resize: kubelet.state.resizes.size === 0 ? undefined : completeResize(kubelet, worker),
    now: kubelet.sim.now(),
    hostIP: kubelet.machine.address,
    isStopped,
    ended,
  })
  setStatus(kubelet, worker, status)
  if (isPlain && !isOver) {
    worker.toldPod = worker.pod
    worker.toldSeen = worker.seen
  }
  if (isLook) triggerReadiness(kubelet, worker)
  return isOver
}

/** Whether the pod's status says already what a report would make of what there is now. */
export function isReported(kubelet: Kubelet, worker: Worker): boolean {
  return !deadlinePassed(kubelet, worker) && hasNoMore(kubelet, worker) && saysSo(worker)
}

/** Whether a pod's status follows from its object, its runs and its last status alone. */
function hasNoMore({ state }: Kubelet, { reasons, probes }: Worker): boolean {
  return state.resizes.size === 0 && isEmpty(reasons) && isEmpty(probes)
}

/** Whether the status was made from what there is now: syncs often find nothing new. */
function saysSo({ toldPod, toldSeen, pod, seen }: Worker): boolean {
  return toldSeen === seen && toldPod === pod
}

function deadlinePassed({ sim }: Kubelet, { pod, startedAt }: Worker): boolean {
  const seconds = pod.spec.activeDeadlineSeconds
  return seconds !== undefined && sim.now() - startedAt >= seconds * 1000
}

/** How long a status waits for others to go with it, in virtual milliseconds. */
const flushMs = 4

/** Keeps a status; it is written a moment later, together with what comes after it until then. upstream: status_manager.go */
export function setStatus(kubelet: Kubelet, worker: Worker, status: PodStatus): void {
  worker.status = freeze(status)
  worker.toldPod = undefined
  worker.toldSeen = undefined
  markDirty(kubelet, worker)
}

/** Has the pod's present status written. */
export function markDirty(kubelet: Kubelet, worker: Worker): void {
  const { state, sim } = kubelet
  if (!worker.isDirty) {
    worker.isDirty = true
    state.dirty.push(worker.pod.metadata.uid)
  }
  if (state.isFlushing) return
  state.isFlushing = true
  sim.schedule(flushMs, ownOf(kubelet).flush, statusesDue)
}

const statusesDue = Object.freeze({ type: 'statuses.due' })

/** upstream: the status manager's periodic batch */
const batchMs = 10_000

/** Writes all statuses that wait; what the API server does not take now is tried again later. */
export function flush(kubelet: Kubelet): void {
  const { state, client } = kubelet
  if (!client.process.isUp()) return retryLater(kubelet)
  const uids = state.dirty
  state.dirty = emptyList()
  state.isFlushing = true // what cannot be written now waits for the next batch
  for (const uid of uids) {
    const worker = state.workers.get(uid)
    if (worker === undefined) continue
    worker.isDirty = false
    if (!write(kubelet, worker)) markDirty(kubelet, worker)
  }
  state.isFlushing = false
  if (state.dirty.length > 0) retryLater(kubelet)
}

/** While nobody can be reached, trying again is periodic work: a cut-off cluster may well have settled. */
function retryLater(kubelet: Kubelet): void {
  kubelet.state.isFlushing = true
  kubelet.sim.schedulePeriodic(batchMs, ownOf(kubelet).flush, statusesDue)
}

/** Writes one status; false where it must be tried again. A deleted pod that is cleaned up leaves the API with it. */
function write(kubelet: Kubelet, worker: Worker): boolean {
  const { client } = kubelet
  const { latest, status } = worker
  if (worker.isGone || status === undefined) return true
  try {
    const live = writeOver(kubelet, latest, status)
    if (worker.isFinished && live.metadata.deletionTimestamp !== undefined) remove(kubelet, live)
    return true
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.code === 404) return true
    if (error.code !== 409) return false
  }
  const { name, namespace, uid } = latest.metadata
  const live = client.find<Pod>('Pod', name, namespace)
  if (live === undefined || live.metadata.uid !== uid) return true
  const next = writeOver(kubelet, live, status)
  if (worker.isFinished && next.metadata.deletionTimestamp !== undefined) remove(kubelet, next)
  return true
}

function writeOver({ client }: Kubelet, live: Pod, own: PodStatus): Pod {
  const status = mergeStatus(live.status, own)
  if (isEqual(live.status, status)) return live
  const { apiVersion, kind, metadata, spec } = live
  return client.updateStatus<Pod>({ apiVersion, kind, metadata, spec, status })
}

function remove({ client }: Kubelet, { metadata }: Pod): void {
  const { name, namespace, uid } = metadata
  client.delete({ kind: 'Pod', name, namespace }, { gracePeriodSeconds: 0, preconditions: { uid } })
}

/** When the pod began, as its status says. */
export function startOf(pod: Pod, now: number): number {
  return pod.status.startTime === undefined ? now : parseTime(pod.status.startTime)
}
