import { cpuMilli, wholeUnits, type Pod } from '../../api/index.ts'
import { freeze } from '../../sim/index.ts'
import { overCapacity, shortage } from './admission.ts'
import { nodeNow, podEvent, type Kubelet } from './context.ts'
import { resizeLater } from './letters.ts'
import { podRequests } from './resources.ts'
import {
  actuate,
  asAllocated,
  asksForOther,
  cgroupFor,
  isUnderWay,
  resourcesByContainer,
  summaryOf,
  unresized,
  type PendingResize,
  type Resize,
} from './resize.ts'
import { newestOf, type Container, type Worker } from './state.ts'
import { containerOf } from './texts.ts'

/** What is known of a pod's resizes; nothing for the many that never were. */
export function resizeOf({ state }: Kubelet, { pod }: Worker): Resize | undefined {
  return state.resizes.size === 0 ? undefined : state.resizes.get(pod.metadata.uid)
}

function keep({ state }: Kubelet, { pod }: Worker, resize: Resize): void {
  state.resizes.set(pod.metadata.uid, freeze(resize))
}

/** A new version of a pod: what it asks for beyond what it has must be granted first. True when it asks for something. */
export function receive(kubelet: Kubelet, worker: Worker, pod: Pod): boolean {
  const known = resizeOf(kubelet, worker)
  const isResize = pod.metadata.deletionTimestamp === undefined && asksForOther(pod, worker.pod)
  if (!isResize) {
    worker.pod = known ? asAllocated(pod, known) : pod
    if (known?.pending) keep(kubelet, worker, { ...known, pending: undefined })
    return false
  }
  const resize = known ?? unresized(worker.pod)
  keep(kubelet, worker, resize)
  worker.pod = asAllocated(pod, resize)
  if (!kubelet.state.pendingResizes.includes(pod.metadata.uid)) kubelet.state.pendingResizes.push(pod.metadata.uid)
  return true
}

/**
 * Tries all resizes that wait, the most deserving first. `updated` is the pod whose new version is the reason.
 * upstream: pkg/kubelet/allocation/allocation_manager.go retryPendingResizes. It also tries every three minutes; here
 * whatever frees resources tries at once.
 */
export function retryResizes(kubelet: Kubelet, updated?: Worker): void {
  const { state } = kubelet
  if (state.pendingResizes.length === 0) return
  const waiting: { worker: Worker; pod: Pod }[] = []
  for (const uid of state.pendingResizes) {
    const worker = state.workers.get(uid)
    if (worker !== undefined && !worker.isGone && !worker.isDoomed && !worker.isFinished)
      waiting.push({ worker, pod: worker.latest })
  }
  waiting.sort((a, b) => ranked(kubelet, a) - ranked(kubelet, b) || byMerit(kubelet, a, b))
  state.pendingResizes = waiting.flatMap(({ worker, pod }) =>
    settle(kubelet, worker, pod, worker === updated) ? [] : [pod.metadata.uid],
  )
}

interface Waiting {
  readonly worker: Worker
  readonly pod: Pod
}

/** Those that ask for nothing more go first. */
const ranked = (_: Kubelet, { worker, pod }: Waiting): number => Number(isMore(podRequests(pod), worker.requests ?? {}))

function isMore(next: Readonly<Record<string, number>>, old: Readonly<Record<string, number>>): boolean {
  return (next['cpu'] ?? 0) > (old['cpu'] ?? 0) || (next['memory'] ?? 0) > (old['memory'] ?? 0)
}

function byMerit(kubelet: Kubelet, a: Waiting, b: Waiting): number {
  const priority = (b.pod.spec.priority ?? 0) - (a.pod.spec.priority ?? 0)
  const quality = Number(b.pod.status.qosClass === 'Guaranteed') - Number(a.pod.status.qosClass === 'Guaranteed')
  const since = ({ worker }: Waiting): number => resizeOf(kubelet, worker)?.pending?.since ?? Infinity
  return priority || quality || (since(a) === since(b) ? 0 : since(a) - since(b))
}

/** Grants a resize, or says why not yet. False when it is to be tried again. */
function settle(kubelet: Kubelet, worker: Worker, pod: Pod, isUpdate: boolean): boolean {
  const resize = resizeOf(kubelet, worker)!
  if (!asksForOther(pod, worker.pod)) {
    keep(kubelet, worker, { ...resize, pending: undefined })
    return true
  }
  const node = nodeNow(kubelet)
  if (node === undefined) return false
  const requests = podRequests(pod)
  const beyond = overCapacity(requests, node)
  if (beyond !== undefined)
    return !refuse(kubelet, worker, pod, { reason: 'Infeasible', why: 'Infeasible', message: beyond })
  const { state } = kubelet
  const used = { ...state.used }
  for (const name in worker.requests) used[name]! -= worker.requests[name]!
  const short = shortage(requests, node, used, state.podCount - 1)
  if (short !== undefined)
    return !refuse(kubelet, worker, pod, { reason: 'Deferred', why: short.reason, message: short.message })
  grant(kubelet, worker, pod, isUpdate)
  return true
}

interface Refusal {
  readonly reason: PendingResize['reason']
  readonly why: string
  readonly message: string
}

/** True when it may be tried again. */
function refuse(kubelet: Kubelet, worker: Worker, pod: Pod, { reason, why, message }: Refusal): boolean {
  const resize = resizeOf(kubelet, worker)!
  const { generation } = pod.metadata
  const { pending } = resize
  const isSame = pending?.reason === reason && pending.message === message && pending.generation === generation
  if (isSame) return reason === 'Deferred'
  const since = pending?.reason === reason ? pending.since : kubelet.sim.now()
  keep(kubelet, worker, { ...resize, pending: { reason, message, generation, since } })
  podEvent(kubelet, worker, 'Warning', `Resize${reason}`, `Pod resize ${why}: ${summaryOf(pod, message)}`)
  kubelet.requestSync(worker)
  return reason === 'Deferred'
}

function grant(kubelet: Kubelet, worker: Worker, pod: Pod, isUpdate: boolean): void {
  const resize = resizeOf(kubelet, worker)!
  const now = kubelet.sim.now()
  const isLess = !isMore(podRequests(pod), worker.requests ?? {})
  worker.pod = pod
  keep(kubelet, worker, {
    allocated: resourcesByContainer(pod),
    actuated: resize.actuated,
    // where the pod itself was changed, its cgroup is raised before its status is made
    cgroup: isUpdate ? cgroupFor(pod, resize.cgroup, false) : resize.cgroup,
    pending: undefined,
    progress: { error: undefined, generation: pod.metadata.generation, since: now, probedAt: now },
  })
  reserve(kubelet, worker)
  podEvent(kubelet, worker, 'Normal', 'ResizeStarted', `Pod resize started: ${summaryOf(pod)}`)
  kubelet.requestSync(worker)
  if (isLess) resizeLater(kubelet)
}

function reserve({ state }: Kubelet, worker: Worker): void {
  const { requests } = worker
  if (requests === undefined) return
  for (const name in requests) state.used[name]! -= requests[name]!
  worker.requests = Object.freeze(podRequests(worker.pod))
  for (const name in worker.requests) state.used[name] = (state.used[name] ?? 0) + worker.requests[name]!
}

/** A pod that was there before this kubelet: what it was granted is on record, or its status tells. */
export function learned(kubelet: Kubelet, worker: Worker): void {
  const { pod } = worker
  if (worker.seen.containers.length === 0 || pod.metadata.deletionTimestamp !== undefined) return
  const known = resizeOf(kubelet, worker) ?? toldBy(pod)
  if (known === undefined) return
  keep(kubelet, worker, known)
  worker.pod = asAllocated(pod, known)
  if (asksForOther(pod, worker.pod)) kubelet.state.pendingResizes.push(pod.metadata.uid)
}

/** What a pod's status says it was granted, where that is not what it asks for. */
function toldBy(pod: Pod): Resize | undefined {
  const asked = resourcesByContainer(pod)
  const allocated: Record<string, NonNullable<Container['resources']>> = {}
  for (const { name, resources } of [
    ...(pod.status.containerStatuses ?? []),
    ...(pod.status.initContainerStatuses ?? []),
  ])
    if (resources !== undefined && asked[name] !== undefined) allocated[name] = resources
  const before = asAllocated(pod, { allocated })
  return asksForOther(pod, before) ? unresized(before) : undefined
}

/** Tells the runtime of the new limits of running containers: nothing, or why it could not. */
export function actuateAll(kubelet: Kubelet, worker: Worker, names: readonly string[]): string | undefined {
  for (const name of names) {
    const container = containerOf(worker.pod, name)!
    const record = newestOf(worker.seen, name)
    if (record?.state !== 'running') continue
    const error = tooLittle(kubelet, container, record.id) ?? tell(kubelet, container, record.id)
    if (error !== undefined) return error
    keep(kubelet, worker, actuate(resizeOf(kubelet, worker)!, name))
  }
  settleCgroup(kubelet, worker)
  return undefined
}

function tell({ runtime }: Kubelet, { resources }: Container, id: string): string | undefined {
  const cpu = resources?.limits?.['cpu']
  const memory = resources?.limits?.['memory']
  return runtime.updateContainer?.(id, {
    ...(cpu !== undefined && { cpuMilli: cpuMilli(cpu) }),
    ...(memory !== undefined && { memoryBytes: wholeUnits(memory) }),
  })
}

/** A limit is not lowered below what is in use. upstream: kuberuntime_manager.go validateMemoryResizeAction */
function tooLittle({ runtime }: Kubelet, { name, resources }: Container, id: string): string | undefined {
  const memory = resources?.limits?.['memory']
  if (memory === undefined) return undefined
  const limit = wholeUnits(memory)
  const used = runtime.usage(id).memoryBytes
  return used > limit
    ? `cannot decrease memory limits: attempting to set container "${name}" memory limit (${limit}) below current usage (${used})`
    : undefined
}

/** All containers have what they were granted: so does the pod. */
function settleCgroup(kubelet: Kubelet, worker: Worker): void {
  const resize = resizeOf(kubelet, worker)!
  keep(kubelet, worker, { ...resize, cgroup: cgroupFor(worker.pod, resize.cgroup, true) })
}

/** A container was made anew, with what the node grants it now. */
export function madeAnew(kubelet: Kubelet, worker: Worker, name: string): void {
  const resize = resizeOf(kubelet, worker)
  if (resize === undefined) return
  keep(kubelet, worker, actuate(resize, name))
  settleCgroup(kubelet, worker)
}

/** The runtime refused: told once, and tried again with the next sync. */
export function resizeFailed(kubelet: Kubelet, worker: Worker, error: string): void {
  const resize = resizeOf(kubelet, worker)
  if (resize?.progress === undefined || resize.progress.error === error) return
  const now = kubelet.sim.now()
  keep(kubelet, worker, { ...resize, progress: { ...resize.progress, error, probedAt: now } })
  podEvent(kubelet, worker, 'Warning', 'ResizeError', `Pod resize error: ${summaryOf(worker.pod, error)}`)
}

/** Before a status is made: a resize whose containers all have what they were granted is complete. */
export function completeResize(kubelet: Kubelet, worker: Worker): Resize | undefined {
  const resize = resizeOf(kubelet, worker)
  if (resize?.progress === undefined || isUnderWay(resize, worker.seen)) return resize
  const done: Resize = { ...resize, progress: undefined }
  keep(kubelet, worker, done)
  podEvent(kubelet, worker, 'Normal', 'ResizeCompleted', `Pod resize completed: ${summaryOf(worker.pod)}`)
  return done
}
