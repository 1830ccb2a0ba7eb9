import type { Pod } from '../../api/index.ts'
import { remembered } from '../remembered.ts'
import { statusNamed, type ContainerStatus } from './containerStatus.ts'
import { hasBegun, type Phase, type Statuses } from './phase.ts'
import { isSidecar } from './restartPolicy.ts'
import type { Container, RuntimePod } from './state.ts'

export type PodCondition = NonNullable<Pod['status']['conditions']>[number]

/** A condition before it has times. */
export interface Finding {
  readonly type: string
  readonly status: 'True' | 'False'
  readonly reason: string | undefined
  readonly message: string | undefined
  /** the condition that was made of it last: pods that come together share it */
  stamp: PodCondition | undefined
}

/** Something found of a pod. */
export function finding(type: string, status: Finding['status'], reason?: string, message?: string): Finding {
  return { type, status, reason, message, stamp: undefined }
}

const isInitialized = finding('Initialized', 'True')
const areReady = finding('ContainersReady', 'True')
const isReady = finding('Ready', 'True')
/** PodScheduled: a kubelet only ever sees pods that are. */
export const isScheduled = finding('PodScheduled', 'True')
/** PodReadyToStartContainers: there is a sandbox. */
export const hasSandbox = finding('PodReadyToStartContainers', 'True')
const hasNoSandbox = finding('PodReadyToStartContainers', 'False')

/** PodReadyToStartContainers: there is a sandbox, with its network. */
export const readyToStart = ({ sandbox }: RuntimePod): Finding => (sandbox?.isReady ? hasSandbox : hasNoSandbox)

/** Initialized: all init containers done, all sidecars started. upstream: pkg/kubelet/status/generate.go */
export function initialized(pod: Pod, { init, regular }: Statuses, phase: Phase): Finding {
  if (phase === 'Succeeded') return finding('Initialized', 'True', 'PodCompleted')
  if (init.length === 0 || hasBegun(regular)) return isInitialized
  const incomplete = init.filter((status, index) => {
    const container = pod.spec.initContainers?.[index] as Container | undefined
    return container && isSidecar(container) ? !status.started : !status.ready
  })
  if (incomplete.length === 0) return isInitialized
  const message = `containers with incomplete status: [${namesOf(incomplete)}]`
  return finding('Initialized', 'False', 'ContainersNotInitialized', message)
}

/** ContainersReady: every container and sidecar is ready. */
export function containersReady(pod: Pod, statuses: Statuses, phase: Phase): Finding {
  if (phase === 'Succeeded') return finding('ContainersReady', 'False', 'PodCompleted')
  if (phase === 'Failed') return finding('ContainersReady', 'False', 'PodFailed')
  const unready = unreadyNames(pod, statuses)
  return unready === '' ? areReady : areUnready(unready)
}

const areUnready = remembered((names) =>
  finding('ContainersReady', 'False', 'ContainersNotReady', `containers with unready status: [${names}]`),
)
const isUnready = remembered((message) => finding('Ready', 'False', 'ContainersNotReady', message))

/** Ready: the containers are, and every readiness gate is open. */
export function ready(pod: Pod, { status, reason, message }: Finding, others: readonly PodCondition[]): Finding {
  if (reason === 'ContainersNotReady') return isUnready(message ?? '')
  if (status !== 'True') return finding('Ready', status, reason, message)
  const { readinessGates } = pod.spec
  if (readinessGates === undefined) return isReady
  const messages: string[] = []
  for (const { conditionType } of readinessGates) {
    const condition = others.find(({ type }) => type === conditionType)
    if (condition === undefined)
      messages.push(`corresponding condition of pod readiness gate "${conditionType}" does not exist.`)
    else if (condition.status !== 'True')
      messages.push(`the status of pod readiness gate "${conditionType}" is not "True", but ${condition.status}`)
  }
  if (messages.length === 0) return isReady
  return finding('Ready', 'False', 'ReadinessGatesNotReady', messages.join(', '))
}

/** In the order of the spec, sidecars first; statuses of regular containers are sorted by name. */
function unreadyNames(pod: Pod, { init, regular }: Statuses): string {
  let names = ''
  for (let index = 0; index < init.length; index++) {
    const container = pod.spec.initContainers?.[index] as Container | undefined
    if (container && isSidecar(container) && !init[index]!.ready) names = listed(names, init[index]!.name)
  }
  for (const { name } of pod.spec.containers) if (!statusNamed(regular, name)?.ready) names = listed(names, name)
  return names
}

const listed = (names: string, name: string): string => (names === '' ? name : `${names} ${name}`)

function namesOf(statuses: readonly ContainerStatus[]): string {
  return statuses.map(({ name }) => name).join(' ')
}
