import {
  controllerOf,
  cpuMilli,
  keyOf,
  parseTime,
  podSummaryOf,
  refOf,
  wholeUnits,
  type NodeDoor,
  type Pod,
  type ProbeView,
  type ReplicaSet,
} from '#engine'
import type { ContainerMark, Countdown, PodLook, PodRow } from '../protocol.ts'

/** What a row needs to know beyond its pod. */
export interface PodSurroundings {
  readonly now: number
  readonly replicaSet: (key: string) => ReplicaSet | undefined
  /** the newest revision of a Deployment `namespace/name` */
  readonly revisionOf: (deployment: string) => string | undefined
  readonly isNodeLost: (node: string) => boolean
  readonly probesOf: (pod: Pod) => readonly ProbeView[]
  readonly restartWaitsOf: NodeDoor['restartWaits']
}

type ContainerStatus = NonNullable<Pod['status']['containerStatuses']>[number]

/** All that a tile and a load bar need of a pod. */
export function podRow(pod: Pod, around: PodSurroundings): PodRow {
  const { ready, reason: status, restarts } = podSummaryOf(pod)
  const look = lookOf(pod, status, around)
  const owner = ownerOf(pod, around)
  const countdown = countdownOf(pod, around)
  const marks = marksOf(pod)
  return {
    key: keyOf(pod),
    uid: pod.metadata.uid,
    namespace: pod.metadata.namespace ?? '',
    name: pod.metadata.name,
    node: pod.spec.nodeName ?? '',
    ...owner,
    look,
    status,
    ready: `${ready}/${marks.filter(({ role }) => role !== 'init').length}`,
    isReady: isReady(pod),
    restarts,
    containers: marks,
    probes: probesOf(pod, around),
    ...(countdown && { countdown }),
    ...requestsOf(pod),
    isCounted: pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed',
    ip: pod.status.podIP ?? '',
    createdAt: parseTime(pod.metadata.creationTimestamp),
  }
}

const noProbes: PodRow['probes'] = []
const letters = { readiness: 'R', liveness: 'L', startup: 'S' } as const
const resultsShown = 4

/** The last answers are those in a row: what came before them is not remembered. */
function probesOf(pod: Pod, around: PodSurroundings): PodRow['probes'] {
  if (!pod.spec.nodeName || !hasProbes(pod)) return noProbes
  return around.probesOf(pod).map(({ kind, last, inARow }) => ({
    letter: letters[kind],
    results: Array.from({ length: Math.min(inARow, resultsShown) }, () => last === 'success'),
  }))
}

function hasProbes({ spec }: Pod): boolean {
  const probed = (one: Pod['spec']['containers'][number]): boolean =>
    one.readinessProbe !== undefined || one.livenessProbe !== undefined || one.startupProbe !== undefined
  return spec.containers.some(probed) || (spec.initContainers?.some(probed) ?? false)
}

function isReady(pod: Pod): boolean {
  return (pod.status.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True')
}

function lookOf(pod: Pod, status: string, { isNodeLost }: PodSurroundings): PodLook {
  const { phase, reason } = pod.status
  if (pod.spec.nodeName && isNodeLost(pod.spec.nodeName) && phase === 'Running') return 'lost'
  if (reason === 'Evicted') return 'evicted'
  if (pod.metadata.deletionTimestamp !== undefined && phase !== 'Succeeded' && phase !== 'Failed') return 'terminating'
  if (phase === 'Succeeded' || status === 'Completed') return 'completed'
  if (!pod.spec.nodeName) return queueLookOf(pod)
  if (status.includes('CrashLoopBackOff')) return 'crashLoop'
  if (/ErrImage|ImagePullBackOff|InvalidImageName/.test(status)) return 'imagePull'
  if (phase === 'Failed' || /Error|OOMKilled|ExitCode|Signal|ContainerCannotRun/.test(status)) return 'error'
  if (status.startsWith('Init:')) return 'init'
  if (status === 'ContainerCreating' || status === 'PodInitializing' || phase === 'Pending') return 'creating'
  return isReady(pod) ? 'ready' : 'notReady'
}

function queueLookOf(pod: Pod): PodLook {
  const scheduled = (pod.status.conditions ?? []).find(({ type }) => type === 'PodScheduled')
  if (scheduled?.reason === 'SchedulingGated') return 'gated'
  return scheduled?.reason === 'Unschedulable' ? 'unschedulable' : 'pending'
}

function ownerOf(pod: Pod, around: PodSurroundings): Pick<PodRow, 'owner' | 'ownerName' | 'suffix' | 'isOld'> {
  const { namespace = '', name } = pod.metadata
  const controller = controllerOf(pod)
  if (controller === undefined) return { owner: refOf(pod), ownerName: name, suffix: '', isOld: false }
  const suffix = name.startsWith(`${controller.name}-`) ? name.slice(controller.name.length + 1) : name
  const replicaSet = controller.kind === 'ReplicaSet' ? around.replicaSet(`${namespace}/${controller.name}`) : undefined
  const top = replicaSet && controllerOf(replicaSet)
  if (replicaSet === undefined || top === undefined)
    return {
      owner: `${controller.kind}/${namespace}/${controller.name}`,
      ownerName: controller.name,
      suffix,
      isOld: false,
    }
  const newest = around.revisionOf(`${namespace}/${top.name}`)
  const own = replicaSet.metadata.annotations?.['deployment.kubernetes.io/revision']
  const isOld = newest !== undefined && own !== undefined && own !== newest
  return { owner: `${top.kind}/${namespace}/${top.name}`, ownerName: top.name, suffix, isOld }
}

function requestsOf({ spec }: Pod): { cpuMilli: number; memoryBytes: number } {
  let cpu = 0
  let memory = 0
  for (const { resources } of spec.containers) {
    cpu += cpuMilli(resources?.requests?.['cpu'])
    memory += wholeUnits(resources?.requests?.['memory'])
  }
  return { cpuMilli: cpu, memoryBytes: memory }
}

function marksOf(pod: Pod): ContainerMark[] {
  const { initContainers = [], containers } = pod.spec
  const isStopping = pod.metadata.deletionTimestamp !== undefined
  const mark = (
    { name, image = '' }: Pod['spec']['containers'][number],
    statuses: readonly ContainerStatus[] | undefined,
    role: ContainerMark['role'],
  ): ContainerMark => {
    const status = statuses?.find((each) => each.name === name)
    return { name, image, role, restarts: status?.restartCount ?? 0, state: stateOf(status, isStopping) }
  }
  return [
    ...initContainers.map((each) =>
      mark(each, pod.status.initContainerStatuses, each.restartPolicy === 'Always' ? 'sidecar' : 'init'),
    ),
    ...containers.map((each) => mark(each, pod.status.containerStatuses, 'app')),
  ]
}

function stateOf(status: ContainerStatus | undefined, isStopping: boolean): ContainerMark['state'] {
  const { running, terminated, waiting } = status?.state ?? {}
  if (terminated) return terminated.exitCode === 0 ? 'done' : 'failed'
  if (running) return isStopping ? 'stopping' : status?.started === false ? 'started' : 'running'
  return waiting?.reason === 'CrashLoopBackOff' || waiting?.reason?.startsWith('Err') ? 'failed' : 'waiting'
}

function countdownOf(pod: Pod, { restartWaitsOf }: PodSurroundings): Countdown | undefined {
  const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata
  if (deletionTimestamp !== undefined && deletionGracePeriodSeconds) {
    const until = parseTime(deletionTimestamp)
    return { kind: 'grace', from: until - deletionGracePeriodSeconds * 1000, until }
  }
  // only its kubelet knows: kubectl's STATUS says Error for most of the wait
  const [wait] = hasEnded(pod) ? restartWaitsOf(pod) : []
  return wait && { kind: 'backOff', from: wait.since, until: wait.until }
}

/** A container that does not run now has run before. */
function hasEnded({ status }: Pod): boolean {
  return [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].some(
    ({ state, lastState }) =>
      state?.running === undefined && (state?.terminated ?? lastState?.terminated) !== undefined,
  )
}
