import { isEqual, type Pod } from '../../api/index.ts'
import { freeze } from '../../sim/index.ts'
import { rejectionOf } from './admission.ts'
import { adoptRun } from './containerRun.ts'
import { addressOf, nodeNow, podEvent, type Kubelet } from './context.ts'
import { resizeLater } from './letters.ts'
import { rejectedStatus } from './podStatus.ts'
import { requestSync, stopWorker } from './podWorker.ts'
import { learned, receive, retryResizes } from './resizing.ts'
import { markDirty, setStatus, startOf } from './reporting.ts'
import { podRequests, type Amounts } from './resources.ts'
import { newestOf, noEntries, noItems, unseen, type Worker } from './state.ts'

// Which pods are a kubelet's: how they come, change and go.

const context = Object.freeze({})

/** A pod of this node, as it is now: it comes, or it changed. */
export function seePod(kubelet: Kubelet, pod: Pod, previous: Pod | undefined): void {
  const worker = kubelet.state.workers.get(pod.metadata.uid)
  if (worker === undefined) return addPod(kubelet, pod)
  worker.latest = pod
  if (isNews(worker, pod, previous)) updatePod(kubelet, worker, pod)
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
  const gates = spec.readinessGates
  if (gates === undefined) return false
  return gates.some(
    ({ conditionType }) => conditionOf(pod, conditionType) !== conditionOf(previous ?? known, conditionType),
  )
}

function updatePod(kubelet: Kubelet, worker: Worker, pod: Pod): void {
  const asksForMore = receive(kubelet, worker, pod)
  if (pod.metadata.deletionTimestamp !== undefined) {
    if (worker.isFinished) return markDirty(kubelet, worker)
    worker.isDoomed = true
  }
  if (asksForMore) retryResizes(kubelet, worker)
  requestSync(kubelet, worker)
}

/** A pod's object is gone: whatever runs of it ends at once. */
export function losePod(kubelet: Kubelet, { metadata }: Pod): void {
  const worker = kubelet.state.workers.get(metadata.uid)
  if (worker === undefined) return
  worker.isGone = true
  if (worker.isFinished) return drop(kubelet, worker)
  if (worker.isDoomed) return
  worker.isDoomed = true
  const deletion = {
    deletionTimestamp: metadata.deletionTimestamp ?? metadata.creationTimestamp,
    deletionGracePeriodSeconds: 0,
  }
  worker.pod = freeze({ ...worker.pod, metadata: { ...worker.pod.metadata, ...deletion } })
  requestSync(kubelet, worker)
}

function addPod(kubelet: Kubelet, pod: Pod): void {
  const { sim } = kubelet
  const worker = newWorker(kubelet, pod)
  const isOver = pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed'
  if (isOver) {
    worker.isFinished = true
    worker.status = pod.status
    if (pod.metadata.deletionTimestamp !== undefined) markDirty(kubelet, worker)
    return
  }
  const requests = podRequests(pod)
  const isNew = pod.metadata.deletionTimestamp === undefined && worker.seen === unseen
  const rejection = isNew ? rejectionFor(kubelet, pod, requests) : undefined
  if (rejection !== undefined) {
    podEvent(kubelet, worker, 'Warning', rejection.reason, rejection.message)
    worker.isFinished = true
    return setStatus(kubelet, worker, rejectedStatus(pod, rejection.reason, rejection.message, sim.now()))
  }
  learned(kubelet, worker)
  hold(kubelet, worker, worker.pod === pod ? requests : podRequests(worker.pod))
  for (const record of worker.seen.containers)
    if (record.state === 'running' && newestOf(worker.seen, record.name) === record) adoptRun(worker, record)
  watchDeadline(kubelet, worker)
  worker.isDoomed = pod.metadata.deletionTimestamp !== undefined
  requestSync(kubelet, worker)
}

function rejectionFor(kubelet: Kubelet, pod: Pod, requests: Amounts): ReturnType<typeof rejectionOf> {
  const { state } = kubelet
  const node = nodeNow(kubelet)
  return node && rejectionOf(pod, requests, node, state.used, state.podCount)
}

function hold({ state }: Kubelet, worker: Worker, requests: Amounts): void {
  worker.requests = Object.freeze(requests)
  state.podCount++
  for (const name in requests) state.used[name] = (state.used[name] ?? 0) + requests[name]!
}

/** A stopped pod no longer holds what it asked of the node. */
export function release(kubelet: Kubelet, worker: Worker): void {
  const { state } = kubelet
  const { requests } = worker
  if (requests === undefined) return
  worker.requests = undefined
  state.podCount--
  for (const name in requests) state.used[name]! -= requests[name]!
  if (state.pendingResizes.length > 0) resizeLater(kubelet)
}

function watchDeadline(kubelet: Kubelet, worker: Worker): void {
  const { sim } = kubelet
  const seconds = worker.pod.spec.activeDeadlineSeconds
  if (seconds === undefined) return
  sim.schedule(worker.startedAt + seconds * 1000 - sim.now(), addressOf(kubelet, worker, 'deadline'), {
    type: 'deadline.passed',
  })
}

function newWorker({ state, sim }: Kubelet, pod: Pod): Worker {
  const { uid } = pod.metadata
  const truth = state.truth.get(uid) ?? unseen
  if (truth !== unseen) state.truth.delete(uid)
  const worker: Worker = {
    pod,
    latest: pod,
    isGone: false,
    isDoomed: false,
    isFinished: false,
    isDirty: false,
    place: -1,
    chart: { at: 'waiting', context, timers: {} }, // where the chart begins: nothing is due before it is asked for
    seen: truth,
    truth,
    status: undefined,
    toldPod: undefined,
    toldSeen: undefined,
    reasons: noEntries,
    backoffs: noEntries,
    pullBackoffs: noEntries,
    runs: {},
    probes: noEntries,
    volumes: { mounted: noItems, failed: noItems, pod: undefined, since: 0, wait: 0 },
    plan: undefined,
    tried: noItems,
    error: undefined,
    hasChanged: false,
    isLookDue: false,
    isSyncWanted: false,
    next: undefined,
    endedAt: -1000,
    isFresh: true,
    backedOff: undefined,
    takesDown: false,
    forced: noEntries,
    startedAt: startOf(pod, sim.now()),
    requests: undefined,
  }
  state.workers.set(uid, worker)
  return worker
}

/** Forgets a pod whose API object is gone, and takes away what is left of it. */
export function drop(kubelet: Kubelet, worker: Worker): void {
  const { state, runtime } = kubelet
  const { uid } = worker.pod.metadata
  release(kubelet, worker)
  stopWorker(kubelet, worker)
  for (const { id } of worker.truth.containers) runtime.removeContainer(id)
  runtime.removeStorage?.(`${uid}/`)
  state.resizes.delete(uid)
  state.workers.delete(uid)
}

/** Containers of a pod that was deleted while nobody looked. upstream: HandlePodCleanups */
export function sweep({ state, runtime, machine }: Kubelet, uid: string): void {
  for (const { id, state: at } of state.truth.get(uid)?.containers ?? []) {
    if (at === 'running') runtime.stopContainer(id, 0)
    runtime.removeContainer(id)
  }
  runtime.removeSandbox(machine.name, uid)
  runtime.removeStorage?.(`${uid}/`)
  state.truth.delete(uid)
  state.resizes.delete(uid)
}

function conditionOf({ status }: Pod, type: string): string | undefined {
  return status.conditions?.find((condition) => condition.type === type)?.status
}
