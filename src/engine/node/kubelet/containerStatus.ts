import { formatTime, type Pod } from '../../api/index.ts'
import { mapList } from '../../sim/index.ts'
import { remembered } from '../remembered.ts'
import { hasStarted, isReady, type Probes } from './probeSays.ts'
import type { Resize } from './resize.ts'
import { requestsOf } from './resources.ts'
import { isSidecar, shouldStart } from './restartPolicy.ts'
import {
  newestOf,
  type Container,
  type ContainerRecord,
  type PodStatus,
  type RuntimePod,
  type WaitReason,
} from './state.ts'
import type { ContainerGroup } from './texts.ts'

export type ContainerStatus = NonNullable<NonNullable<Pod['status']['containerStatuses']>[number]>
type ContainerState = NonNullable<ContainerStatus['state']>

/** What the statuses of a pod's containers are made from. */
export interface StatusView {
  readonly pod: Pod
  readonly seen: RuntimePod
  /** what the kubelet said before */
  readonly status: PodStatus | undefined
  readonly reasons: Readonly<Record<string, WaitReason>>
  readonly probes: Probes
}

const never: ContainerState = Object.freeze({})
const waitsFor = (reason: string): ContainerState => Object.freeze({ waiting: Object.freeze({ reason }) })
const isInitializing = waitsFor('PodInitializing')
const isCreating = waitsFor('ContainerCreating')
const none: readonly ContainerStatus[] = Object.freeze([])

/** The status of the container of that name. */
export function statusNamed(statuses: readonly ContainerStatus[], name: string): ContainerStatus | undefined {
  for (const status of statuses) if (status.name === name) return status
  return undefined
}

/** The statuses of a pod's regular containers. `resize`: what is granted and what is in use, where the pod was ever resized. */
export function regularStatuses(view: StatusView, resize: Resize | undefined): readonly ContainerStatus[] {
  const old = view.status?.containerStatuses ?? view.pod.status.containerStatuses ?? none
  return containerStatuses(view, resize, 'containers', view.pod.spec.containers, old)
}

/** The statuses of its init containers. */
export function initStatuses(
  view: StatusView,
  resize: Resize | undefined,
  containers: readonly Container[],
): readonly ContainerStatus[] {
  const old = view.status?.initContainerStatuses ?? view.pod.status.initContainerStatuses ?? none
  return containerStatuses(view, resize, 'initContainers', containers, old)
}

/** The statuses of its ephemeral containers. */
export function ephemeralStatuses(
  view: StatusView,
  resize: Resize | undefined,
  containers: readonly Container[],
): readonly ContainerStatus[] {
  const old = view.status?.ephemeralContainerStatuses ?? view.pod.status.ephemeralContainerStatuses ?? none
  return containerStatuses(view, resize, 'ephemeralContainers', containers, old)
}

// in the API's order. upstream: pkg/kubelet/kubelet_pods.go convertToAPIContainerStatuses
function containerStatuses(
  view: StatusView,
  resize: Resize | undefined,
  group: ContainerGroup,
  containers: readonly Container[],
  old: readonly ContainerStatus[],
): readonly ContainerStatus[] {
  const statuses = mapList(containers, (container) =>
    waitingIfDue(statusOf(view, resize, container, statusNamed(old, container.name), group), view, container),
  )
  return group === 'initContainers' || statuses.length < 2
    ? statuses
    : statuses.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function statusOf(
  view: StatusView,
  resize: Resize | undefined,
  container: Container,
  before: ContainerStatus | undefined,
  group: ContainerGroup,
): ContainerStatus {
  const newest = newestOf(view.seen, container.name)
  if (newest === undefined) return unmade(view, container, before, group)
  const previous = previousOf(view.seen, newest)
  const started = group === 'ephemeralContainers' ? undefined : isUp(view, container, newest, group)
  const restarts = newest.attempt
  const requests = container.resources?.requests
  const status: { -readonly [Key in keyof ContainerStatus]: ContainerStatus[Key] } = {
    name: container.name,
    state: stateOf(newest),
    lastState: previous
      ? stateOf(previous)
      : (before?.restartCount ?? 0) > 0 && restarts > 0
        ? (before?.lastState ?? never)
        : never,
    ready: started !== undefined && isGood(view, container, newest, group, started),
    restartCount: restarts,
    image: newest.reference,
    imageID: newest.digest,
    containerID: `containerd://${newest.id}`,
  }
  if (started !== undefined) status.started = started
  if (requests && !isEmpty(requests)) status.allocatedResources = requests
  status.resources = resourcesOf(container, newest.state === 'running' ? resize : undefined)
  const volumeMounts = view.status && before ? before.volumeMounts : mountsOf(container) // they never change
  if (volumeMounts !== undefined) status.volumeMounts = volumeMounts
  return status
}

function previousOf({ containers }: RuntimePod, newest: ContainerRecord): ContainerRecord | undefined {
  for (const record of containers) if (record.name === newest.name && record !== newest) return record
  return undefined
}

const noResources: NonNullable<ContainerStatus['resources']> = Object.freeze({})

function resourcesOf({ name, resources }: Container, resize?: Resize): NonNullable<ContainerStatus['resources']> {
  const asked = resize?.actuated[name] ?? resources ?? noResources
  const { limits, requests } = asked
  if (limits === undefined) return requests === undefined ? noResources : requestsOf(asked, requests)
  return requests === undefined ? { limits } : { limits, requests }
}

/** A container that no run is known of: it waits, or it ended and was removed. */
function unmade(
  { pod }: StatusView,
  container: Container,
  before: ContainerStatus | undefined,
  group: ContainerGroup,
): ContainerStatus {
  if (before?.state?.terminated !== undefined) return before
  const reason = (pod.spec.initContainers?.length ?? 0) > 0 ? 'PodInitializing' : 'ContainerCreating'
  const wasRunning = before?.state?.running !== undefined
  const isDeleted = pod.metadata.deletionTimestamp !== undefined
  if (group === 'ephemeralContainers') return unmadeEphemeral(container, reason)
  const status: { -readonly [Key in keyof ContainerStatus]: ContainerStatus[Key] } = {
    name: container.name,
    state: reason === 'PodInitializing' ? isInitializing : isCreating,
    lastState: wasRunning ? lost : (before?.lastState ?? never),
    ready: false,
    restartCount: (before?.restartCount ?? 0) + (wasRunning && !isDeleted ? 1 : 0),
    image: container.image ?? '',
    imageID: '',
    started: false,
  }
  const volumeMounts = mountsOf(container)
  if (volumeMounts !== undefined) status.volumeMounts = volumeMounts
  return status
}

/** Nobody probes an ephemeral container: it never counts as started or ready. */
function unmadeEphemeral(container: Container, reason: string): ContainerStatus {
  const volumeMounts = mountsOf(container)
  return {
    name: container.name,
    state: { waiting: { reason } },
    lastState: never,
    ready: false,
    restartCount: 0,
    image: container.image ?? '',
    imageID: '',
    ...(volumeMounts && { volumeMounts }),
  }
}

const lost = Object.freeze({
  terminated: Object.freeze({
    exitCode: 137,
    reason: 'ContainerStatusUnknown',
    message: 'The container could not be located when the pod was deleted.  The container used to be Running',
  }),
}) as unknown as ContainerState

/** An ended container that is to run again waits: for its back-off, its image or a repaired configuration. */
function waitingIfDue(
  status: ContainerStatus,
  { pod, seen, reasons }: StatusView,
  container: Container,
): ContainerStatus {
  const why = reasons[container.name]
  if (why === undefined || !shouldStart(pod, container, newestOf(seen, container.name))) return status
  const lastState = status.state?.terminated ? status.state : (status.lastState ?? never)
  const waiting = { reason: why.reason, ...(why.message !== '' && { message: why.message }) }
  return { ...status, state: { waiting }, lastState }
}

const runningSince = remembered((startedAt): ContainerState => Object.freeze({ running: Object.freeze({ startedAt }) }))

function stateOf(record: ContainerRecord): ContainerState {
  if (record.state === 'running') return runningSince(formatTime(record.startedAt ?? 0))
  if (record.state === 'created') return { waiting: {} }
  return {
    terminated: {
      exitCode: record.exitCode ?? 0,
      ...(record.reason && { reason: record.reason }),
      ...(record.message && { message: record.message }),
      startedAt: record.startedAt === undefined ? '1970-01-01T00:00:00Z' : formatTime(record.startedAt),
      finishedAt: record.finishedAt === undefined ? '1970-01-01T00:00:00Z' : formatTime(record.finishedAt),
      containerID: `containerd://${record.id}`,
    },
  }
}

/** Whether a container counts as started. */
function isUp({ probes }: StatusView, container: Container, record: ContainerRecord, group: ContainerGroup): boolean {
  return record.state === 'running' && (isPlainInit(container, group) || hasStarted(probes, container, record))
}

/** Whether it counts as ready: a plain init container when it is done, all others while they run. */
function isGood(
  { probes }: StatusView,
  container: Container,
  record: ContainerRecord,
  group: ContainerGroup,
  started: boolean,
): boolean {
  if (isPlainInit(container, group)) return record.state === 'exited' && record.exitCode === 0
  return started && isReady(probes, container, record)
}

const isPlainInit = (container: Container, group: ContainerGroup): boolean =>
  group === 'initContainers' && !isSidecar(container)

type Mounts = NonNullable<ContainerStatus['volumeMounts']>

function mountsOf({ volumeMounts }: Container): Mounts | undefined {
  if (volumeMounts === undefined || volumeMounts.length === 0) return undefined
  return mapList(volumeMounts, mountOf)
}

function mountOf({ name, mountPath, readOnly }: Mounts[number]): Mounts[number] {
  return readOnly ? { name, mountPath, readOnly, recursiveReadOnly: 'Disabled' } : { name, mountPath }
}

/** Whether a record has no entry. */
export function isEmpty(record: object): boolean {
  for (const _ in record) return false
  return true
}
