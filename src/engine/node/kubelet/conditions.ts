import type { Pod } from '../../api/index.ts'
import type { ContainerStatus } from './containerStatus.ts'
import { hasBegun, type Phase, type Statuses } from './phase.ts'
import { isSidecar } from './restartPolicy.ts'
import type { Container } from './state.ts'

export type PodCondition = NonNullable<Pod['status']['conditions']>[number]

/** A condition before it has times. */
export interface Finding {
  readonly type: string
  readonly status: 'True' | 'False'
  readonly reason?: string
  readonly message?: string
}

const isTrue = (type: string): Finding => trueFindings[type] ?? { type, status: 'True' }

const trueFindings: Readonly<Record<string, Finding>> = Object.freeze({
  Initialized: Object.freeze({ type: 'Initialized', status: 'True' }),
  ContainersReady: Object.freeze({ type: 'ContainersReady', status: 'True' }),
  Ready: Object.freeze({ type: 'Ready', status: 'True' }),
})

/** Initialized: all init containers done, all sidecars started. upstream: pkg/kubelet/status/generate.go */
export function initialized(pod: Pod, { init, regular }: Statuses, phase: Phase): Finding {
  if (phase === 'Succeeded') return { type: 'Initialized', status: 'True', reason: 'PodCompleted' }
  if (init.length === 0 || hasBegun(regular)) return isTrue('Initialized')
  const incomplete = init.filter((status, index) => {
    const container = pod.spec.initContainers?.[index] as Container | undefined
    return container && isSidecar(container) ? !status.started : !status.ready
  })
  if (incomplete.length === 0) return isTrue('Initialized')
  const message = `containers with incomplete status: [${namesOf(incomplete)}]`
  return { type: 'Initialized', status: 'False', reason: 'ContainersNotInitialized', message }
}

/** ContainersReady: every container and sidecar is ready. */
export function containersReady(pod: Pod, statuses: Statuses, phase: Phase): Finding {
  const type = 'ContainersReady'
  if (phase === 'Succeeded') return { type, status: 'False', reason: 'PodCompleted' }
  if (phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' }
  const unready = unreadyNames(pod, statuses)
  if (unready.length === 0) return isTrue(type)
  return {
    type,
    status: 'False',
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${unready.join(' ')}]`,
  }
}

/** Ready: the containers are, and every readiness gate is open. */
export function ready(pod: Pod, containers: Finding, others: readonly PodCondition[]): Finding {
  if (containers.status !== 'True') return { ...containers, type: 'Ready' }
  const messages: string[] = []
  for (const { conditionType } of pod.spec.readinessGates ?? []) {
    const condition = others.find(({ type }) => type === conditionType)
    if (condition === undefined)
      messages.push(`corresponding condition of pod readiness gate "${conditionType}" does not exist.`)
    else if (condition.status !== 'True')
      messages.push(`the status of pod readiness gate "${conditionType}" is not "True", but ${condition.status}`)
  }
  if (messages.length === 0) return isTrue('Ready')
  return { type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady', message: messages.join(', ') }
}

/** In the order of the spec, sidecars first; statuses of regular containers are sorted by name. */
function unreadyNames(pod: Pod, { init, regular }: Statuses): string[] {
  const names: string[] = []
  init.forEach((status, index) => {
    const container = pod.spec.initContainers?.[index] as Container | undefined
    if (container && isSidecar(container) && !status.ready) names.push(status.name)
  })
  for (const { name } of pod.spec.containers)
    if (!regular.find((status) => status.name === name)?.ready) names.push(name)
  return names
}

function namesOf(statuses: readonly ContainerStatus[]): string {
  return statuses.map(({ name }) => name).join(' ')
}
