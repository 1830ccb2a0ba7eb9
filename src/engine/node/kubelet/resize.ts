import { formatTime, isEqual, shallowCopy, type Pod, type ResourceList } from '../../api/index.ts'
import { freeze } from '../../sim/index.ts'
import type { PodCondition } from './conditions.ts'
import { amountOf, totalOf } from './resources.ts'
import { newestOf, type Container, type RuntimePod } from './state.ts'

type Resources = NonNullable<Container['resources']>
type ByContainer = Readonly<Record<string, Resources>>

/** What the pod as a whole may use, as its cgroup has it. */
export interface Cgroup {
  readonly limits?: ResourceList
  readonly requests?: ResourceList
}

/** A request for other resources that the node has no room for. */
export interface PendingResize {
  readonly reason: 'Deferred' | 'Infeasible'
  readonly message: string
  readonly generation: number | undefined
  readonly since: number
}

/** A resize that was granted, while containers still run with what they had. */
export interface ResizeProgress {
  readonly error: string | undefined
  readonly generation: number | undefined
  readonly since: number
  readonly probedAt: number
}

/** All there is to know of a pod that was resized. Frozen. */
export interface Resize {
  /** what the node has granted */
  readonly allocated: ByContainer
  /** what the running containers were told */
  readonly actuated: ByContainer
  readonly cgroup: Cgroup
  readonly pending: PendingResize | undefined
  readonly progress: ResizeProgress | undefined
}

const noResources: Resources = Object.freeze({})

/** How a pod stands before its first resize. */
export function unresized(pod: Pod): Resize {
  const allocated = resourcesByContainer(pod)
  return freeze({
    allocated,
    actuated: allocated,
    cgroup: totalOf(pod).resources as Cgroup,
    pending: undefined,
    progress: undefined,
  })
}

/** The resources of all containers that can be resized: regular ones and sidecars. */
export function resourcesByContainer({ spec }: Pod): ByContainer {
  const all: Record<string, Resources> = {}
  for (const { name, resources } of spec.containers) all[name] = resources ?? noResources
  for (const { name, resources, restartPolicy } of (spec.initContainers ?? []) as readonly Container[])
    if (restartPolicy === 'Always') all[name] = resources ?? noResources
  return all
}

/** Whether two versions of a pod ask for different resources. */
export function asksForOther(next: Pod, old: Pod): boolean {
  return (
    next.spec !== old.spec &&
    (differ(next.spec.containers, old.spec.containers) ||
      differ((next.spec.initContainers ?? []) as never, (old.spec.initContainers ?? []) as never))
  )
}

function differ(next: readonly Container[], old: readonly Container[]): boolean {
  return next.some(({ resources }, index) => !isEqual(resources ?? noResources, old[index]?.resources ?? noResources))
}

/** The pod as its node has granted it. upstream: allocation_manager.go UpdatePodFromAllocation */
export function asAllocated(pod: Pod, { allocated }: Pick<Resize, 'allocated'>): Pod {
  const granted = <T extends { readonly name: string; readonly resources?: Resources }>(container: T): T => {
    const own = allocated[container.name]
    if (own === undefined || isEqual(container.resources ?? noResources, own)) return container
    const copy = shallowCopy(container) as { -readonly [Key in keyof T]: T[Key] }
    ;(copy as { resources?: Resources }).resources = own
    return copy as T
  }
  const spec = shallowCopy(pod.spec) as { -readonly [Key in keyof Pod['spec']]: Pod['spec'][Key] }
  spec.containers = pod.spec.containers.map(granted)
  if (pod.spec.initContainers !== undefined)
    spec.initContainers = pod.spec.initContainers.map((one) => granted(one as never)) as never
  const copy = shallowCopy(pod) as { -readonly [Key in keyof Pod]: Pod[Key] }
  copy.spec = spec as Pod['spec']
  return freeze(copy as Pod)
}

/** How a running container comes by its new resources; nothing where it has them. upstream: computePodResizeAction */
export function changeOf(container: Container, { actuated }: Resize): 'restart' | 'update' | undefined {
  const before = actuated[container.name]
  const next = container.resources ?? noResources
  if (before === undefined || isEqual(before, next)) return undefined
  const restarts = container.resizePolicy?.some(
    ({ resourceName, restartPolicy }) =>
      restartPolicy === 'RestartContainer' &&
      (before.limits?.[resourceName] !== next.limits?.[resourceName] ||
        before.requests?.[resourceName] !== next.requests?.[resourceName]),
  )
  return restarts ? 'restart' : 'update'
}

/** Whether some running container still has other resources than the node granted it. upstream: IsPodResizeInProgress */
export function isUnderWay({ allocated, actuated }: Resize, seen: RuntimePod): boolean {
  for (const name in allocated)
    if (newestOf(seen, name)?.state === 'running' && !isEqual(allocated[name], actuated[name])) return true
  return false
}

/** The container now runs with what it was granted. */
export function actuate(resize: Resize, name: string): Resize {
  const actuated = { ...resize.actuated, [name]: resize.allocated[name] ?? noResources }
  return freeze({ ...resize, actuated })
}

/**
 * The pod's cgroup: raised before its containers are, lowered after them. Nothing in it tells a request for memory, so that
 * one stays as it was first told.
 */
export function cgroupFor(pod: Pod, before: Cgroup, isDone: boolean): Cgroup {
  const { limits, requests } = totalOf(pod).resources as Cgroup
  const pick = (next: ResourceList | undefined, old: ResourceList | undefined): ResourceList | undefined => {
    if (next === undefined || isDone) return next
    const picked: Record<string, string> = {}
    for (const name in next)
      picked[name] = amountOf(name, next[name]!) < amountOf(name, old?.[name] ?? '0') ? old![name]! : next[name]!
    return picked
  }
  const nextLimits = pick(limits, before.limits)
  const nextRequests = pick(requests, before.requests)
  const memory = before.requests?.['memory']
  const told = nextRequests && memory !== undefined ? { ...nextRequests, memory } : nextRequests
  return { ...(nextLimits && { limits: nextLimits }), ...(told && { requests: told }) }
}

/** The conditions that tell of a resize, in upstream's order. */
export function resizeConditions({ pending, progress }: Resize): readonly PodCondition[] {
  const conditions: object[] = []
  if (pending)
    conditions.push({
      type: 'PodResizePending',
      observedGeneration: pending.generation,
      status: 'True',
      lastProbeTime: formatTime(pending.since),
      lastTransitionTime: formatTime(pending.since),
      reason: pending.reason,
      message: pending.message,
    })
  if (progress)
    conditions.push({
      type: 'PodResizeInProgress',
      observedGeneration: progress.generation,
      status: 'True',
      lastProbeTime: formatTime(progress.probedAt),
      lastTransitionTime: formatTime(progress.since),
      ...(progress.error !== undefined && { reason: 'Error', message: progress.error }),
    })
  return conditions as PodCondition[]
}

/** What events about a resize tell: all resources of all containers. upstream: pkg/kubelet/events resize messages */
export function summaryOf({ spec, metadata }: Pod, error?: string): string {
  const told = ({ name, resources }: Pick<Container, 'name' | 'resources'>): object => ({
    name,
    resources: inOrder(resources ?? noResources),
  })
  return JSON.stringify({
    ...(spec.initContainers?.length && { initContainers: spec.initContainers.map((one) => told(one as Container)) }),
    containers: spec.containers.map(told),
    generation: metadata.generation,
    ...(error !== undefined && { error }),
  })
}

function inOrder({ limits, requests, claims }: Resources): object {
  return {
    ...(limits && { limits: sorted(limits) }),
    ...(requests && { requests: sorted(requests) }),
    ...(claims && { claims }),
  }
}

const sorted = (list: ResourceList): ResourceList =>
  Object.fromEntries(Object.entries(list).sort(([a], [b]) => (a < b ? -1 : 1)))
