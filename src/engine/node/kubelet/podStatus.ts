import { formatTime, shallowCopy, type Pod } from '../../api/index.ts'
import { remembered } from '../remembered.ts'
import { asksForRestartOfAll } from './actions.ts'
import {
  containersReady,
  finding,
  hasSandbox,
  initialized,
  isScheduled,
  ready,
  readyToStart,
  type Finding,
  type PodCondition,
} from './conditions.ts'
import {
  ephemeralStatuses,
  initStatuses,
  regularStatuses,
  type ContainerStatus,
  type StatusView,
} from './containerStatus.ts'
import { phaseOf, type Phase, type Statuses } from './phase.ts'
import { totalOf } from './resources.ts'
import { resizeConditions, type Resize } from './resize.ts'
import { mayRestartAll } from './restartPolicy.ts'
import type { Container, PodStatus } from './state.ts'

/** What a whole status is made from: what is known of the pod … */
export interface PodView extends StatusView {
  readonly startedAt: number
}

/** … and what goes on around it. */
export interface Circumstances {
  readonly now: number
  readonly hostIP: string
  /** what is granted and what is in use, where the pod was ever resized */
  readonly resize: Resize | undefined
  /** everything was stopped for good */
  readonly isStopped: boolean
  /** the pod ran longer than it may, or was evicted */
  readonly ended: { readonly reason: string; readonly message: string } | undefined
}

/** A status, and the phase as it would be if the pod's end were not waited for. */
export interface Generated {
  readonly status: PodStatus
  readonly isOver: boolean
}

/** The kubelet's word on a pod. upstream: pkg/kubelet/kubelet_pods.go generateAPIPodStatus, status_manager.go mergePodStatus */
export function generateStatus(view: PodView, around: Circumstances): Generated {
  const { pod, seen, status: old } = view
  const { hostIP, ended, isStopped, resize } = around
  const { initContainers, ephemeralContainers } = pod.spec
  const init =
    initContainers === undefined ? noStatuses : initStatuses(view, resize, initContainers as readonly Container[])
  const regular = regularStatuses(view, resize)
  const ephemeral =
    ephemeralContainers === undefined
      ? noStatuses
      : ephemeralStatuses(view, resize, ephemeralContainers as readonly Container[])
  const statuses: Statuses = { init, regular }
  const phase = ended ? 'Failed' : phaseOf(pod, statuses, isStopped)
  const isOver = phase === 'Failed' || phase === 'Succeeded'
  const isEnd = isOver && isStopped
  const before = old ?? pod.status
  const ip = pod.spec.hostNetwork ? hostIP : (seen.sandbox?.ip ?? before.podIP)
  // field by field: a status is made several times per pod, and what is spread costs its readers time
  const status: { -readonly [Key in keyof PodStatus]: PodStatus[Key] } = {
    observedGeneration: pod.metadata.generation,
    phase: isOver && !isEnd ? (before.phase ?? 'Pending') : phase,
    conditions: conditionsOf(view, around, statuses, phase),
  }
  if (isEnd && ended) {
    status.reason = ended.reason
    status.message = ended.message
  }
  status.hostIP = hostIP
  status.hostIPs = hostAddresses(hostIP)
  if (ip && (seen.sandbox !== undefined || before.podIP || pod.spec.hostNetwork)) {
    status.podIP = ip
    status.podIPs = addressesOf(ip, old?.podIPs)
  }
  status.startTime = old?.startTime ?? formatTime(view.startedAt)
  if (init.length > 0) status.initContainerStatuses = init
  status.containerStatuses = regular
  if (pod.status.qosClass !== undefined) status.qosClass = pod.status.qosClass
  if (ephemeral.length > 0) status.ephemeralContainerStatuses = ephemeral
  const { allocatedResources, resources } = totalOf(pod)
  if (allocatedResources !== undefined) status.allocatedResources = allocatedResources
  status.resources = resize ? resize.cgroup : resources
  return { status, isOver }
}

type Addresses = readonly { readonly ip: string }[]

const hostAddresses = remembered((ip): Addresses => Object.freeze([Object.freeze({ ip })]))

function addressesOf(ip: string, before: Addresses | undefined): Addresses {
  return before?.length === 1 && before[0]!.ip === ip ? before : [{ ip }]
}

function conditionsOf(
  view: PodView,
  { now, resize }: Circumstances,
  statuses: Statuses,
  phase: Phase,
): readonly PodCondition[] {
  const { pod, seen, status } = view
  const before = status?.conditions ?? pod.status.conditions ?? none
  const { generation } = pod.metadata
  const time = formatTime(now)
  const containers = containersReady(pod, statuses, phase)
  const conditions = [
    stamped(readyToStart(seen), before, generation, time),
    stamped(initialized(pod, statuses, phase), before, generation, time),
    stamped(ready(pod, containers, pod.status.conditions ?? none), before, generation, time),
    stamped(containers, before, generation, time),
    stamped(isScheduled, before, generation, time),
  ]
  if (mayRestartAll(pod)) conditions.push(restartingAll(view, before, time))
  if (resize) conditions.unshift(...resizeConditions(resize))
  return conditions
}

const none: readonly PodCondition[] = Object.freeze([])
const noStatuses: readonly ContainerStatus[] = Object.freeze([])

const restartsAll = finding(
  'AllContainersRestarting',
  'True',
  'RestartAllContainersStarted',
  'container exited with restart policy rule',
)
const restartsNotAll = finding('AllContainersRestarting', 'False')

function restartingAll({ pod, seen }: PodView, before: readonly PodCondition[], time: string): PodCondition {
  const isAsked = asksForRestartOfAll(pod, seen) && pod.metadata.deletionTimestamp === undefined
  const { observedGeneration: _, ...condition } = stamped(
    isAsked ? restartsAll : restartsNotAll,
    before,
    pod.metadata.generation,
    time,
  )
  return condition
}

const removedText = 'The container is removed because RestartAllContainers in place'

/** The status between the removal of all runs and the first new one. */
export function renewedStatus(status: PodStatus, now: number): PodStatus {
  const lastState = {
    terminated: {
      exitCode: 137,
      reason: 'RestartingAllContainers',
      message: removedText,
      startedAt: null,
      finishedAt: null,
    },
  }
  const renewed = (one: ContainerStatus): ContainerStatus => {
    const { containerID, ...rest } = one
    const isKept = one.state?.running === undefined
    return {
      ...rest,
      ...(isKept && containerID !== undefined && { containerID }),
      ...(!isKept && { imageID: '', ready: false }),
      started: false,
      state: { waiting: { reason: 'RestartingAllContainers', message: removedText } },
      lastState,
      restartCount: one.restartCount + 1,
    } as unknown as ContainerStatus
  }
  const conditions = status.conditions?.map((condition) => {
    if (condition.type === 'AllContainersRestarting')
      return { type: condition.type, status: 'False', lastProbeTime: null, lastTransitionTime: formatTime(now) }
    const isUnready = condition.type === 'Ready' || condition.type === 'ContainersReady'
    if (!isUnready) return condition
    const names = status.containerStatuses?.map(({ name }) => name).join(' ')
    return {
      ...condition,
      status: 'False',
      reason: 'ContainersNotReady',
      message: `containers with unready status: [${names}]`,
    }
  })
  return {
    ...status,
    conditions,
    containerStatuses: status.containerStatuses?.map(renewed),
    ...(status.initContainerStatuses && { initContainerStatuses: status.initContainerStatuses.map(renewed) }),
  } as unknown as PodStatus
}

/** A condition keeps the time of its last change; one that says the same is the same. */
function stamped(
  found: Finding,
  conditions: readonly PodCondition[],
  observedGeneration: number | undefined,
  time: string,
): PodCondition {
  const { type, status, reason, message, stamp } = found
  const before = conditionNamed(conditions, type)
  const isSame = before?.status === status && before.reason === reason && before.message === message
  if (isSame && before.observedGeneration === observedGeneration) return before
  const isKept = before?.status === status && before.lastTransitionTime
  const lastTransitionTime = isKept ? before.lastTransitionTime : time
  if (stamp?.lastTransitionTime === lastTransitionTime && stamp.observedGeneration === observedGeneration) return stamp
  const condition: Record<string, unknown> = {
    type,
    observedGeneration,
    status,
    lastProbeTime: null,
    lastTransitionTime,
  }
  if (reason !== undefined) condition['reason'] = reason
  if (message !== undefined) condition['message'] = message
  found.stamp = condition as unknown as PodCondition
  return found.stamp
}

function conditionNamed(conditions: readonly PodCondition[], type: string): PodCondition | undefined {
  for (const condition of conditions) if (condition.type === type) return condition
  return undefined
}

// mostly they are what the kubelet wrote last, in its own order
function areOwn(conditions: readonly PodCondition[], known: readonly PodCondition[] = none): boolean {
  for (let place = 0; place < conditions.length; place++) {
    const condition = conditions[place]!
    if (condition.type !== known[place]?.type && !isOwn(condition)) return false
  }
  return true
}

function isOwn({ type }: PodCondition): boolean {
  switch (type) {
    case 'PodScheduled':
    case 'Ready':
    case 'Initialized':
    case 'ContainersReady':
    case 'PodReadyToStartContainers':
    case 'PodResizePending':
    case 'PodResizeInProgress':
    case 'AllContainersRestarting':
      return true
    default:
      return false
  }
}

/** What is written: the kubelet's word, with the conditions that belong to others before its own. */
export function mergeStatus(live: PodStatus, own: PodStatus): PodStatus {
  const { conditions: before = none, nominatedNodeName, resize, qosClass } = live
  const others = areOwn(before, own.conditions) ? none : before.filter((one) => !isOwn(one))
  const isWhole = others.length === 0 && nominatedNodeName === undefined && resize === undefined
  if (isWhole && (own.qosClass ?? qosClass) === own.qosClass) return own
  const conditions = others.length === 0 ? own.conditions : [...others, ...(own.conditions ?? [])]
  return {
    ...own,
    conditions,
    qosClass: own.qosClass ?? qosClass,
    ...(nominatedNodeName !== undefined && { nominatedNodeName }),
    ...(resize !== undefined && { resize }),
  } as PodStatus
}

/** The same status with a running sandbox: written as soon as there is one, before any container. */
export function withSandboxReady(status: PodStatus, now: number): PodStatus {
  const { conditions = none } = status
  const before = conditionNamed(conditions, hasSandbox.type)
  if (before === undefined || before.status === 'True') return status
  const ready = shallowCopy(status)
  const after = stamped(hasSandbox, conditions, before.observedGeneration, formatTime(now))
  ready.conditions = conditions.with(conditions.indexOf(before), after)
  return ready
}

/** A pod that this node does not take. */
export function rejectedStatus(pod: Pod, reason: string, message: string, now: number): PodStatus {
  return {
    observedGeneration: pod.metadata.generation,
    phase: 'Failed',
    reason,
    message: `Pod was rejected: ${message}`,
    startTime: formatTime(now),
    qosClass: pod.status.qosClass,
  } as PodStatus
}

/** The last word on a pod that is cleaned up: what never ended is unknown. upstream: status_manager.go TerminatePod */
export function finalStatus(status: PodStatus, known: Pod): PodStatus {
  const init = status.initContainerStatuses ?? []
  const begun = lastBegun(init)
  const phase = status.phase === 'Succeeded' ? 'Succeeded' : 'Failed'
  return {
    ...status,
    phase,
    ...(status.containerStatuses &&
      hasInitialized(known) && { containerStatuses: status.containerStatuses.map(unknownUnlessEnded) }),
    ...(init.length > 0 && {
      initContainerStatuses: init.map((one, index) => (index <= begun ? unknownUnlessEnded(one) : one)),
    }),
  } as PodStatus
}

function lastBegun(init: readonly ContainerStatus[]): number {
  for (let index = init.length - 1; index >= 0; index--) {
    const { state, lastState } = init[index]!
    if (state?.running ?? state?.terminated ?? lastState?.terminated) return index
  }
  return -1
}

// upstream: status_manager.go hasPodInitialized, asked of the object as the pod worker holds it
function hasInitialized({ spec, status }: Pod): boolean {
  if ((spec.initContainers?.length ?? 0) === 0) return true
  if (
    status.containerStatuses?.some(
      ({ state, lastState }) => state?.running ?? state?.terminated ?? lastState?.terminated,
    )
  )
    return true
  const last = status.initContainerStatuses?.at(-1)
  return (
    (last?.state?.terminated ?? last?.lastState?.terminated)?.exitCode === 0 ||
    (last?.started === true &&
      last.state?.running !== undefined &&
      spec.initContainers?.at(-1)?.restartPolicy === 'Always')
  )
}

function unknownUnlessEnded(status: ContainerStatus): ContainerStatus {
  if (status.state?.terminated) return status
  const message = 'The container could not be located when the pod was terminated'
  const terminated = { exitCode: 137, reason: 'ContainerStatusUnknown', message, startedAt: null, finishedAt: null }
  return { ...status, state: { terminated }, ready: false, started: false } as unknown as ContainerStatus
}
