import type { Pod } from '../../api/index.ts'
import type { ContainerStatus } from './containerStatus.ts'
import { isSidecar, restartsAfter, retriesInit } from './restartPolicy.ts'
import type { Container } from './state.ts'

export type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed'

/** The statuses of a pod's containers, by list. */
export interface Statuses {
  readonly init: readonly ContainerStatus[]
  readonly regular: readonly ContainerStatus[]
}

/** The pod's phase from its containers. `isStopped`: everything was stopped for good. upstream: kubelet_pods.go getPhase */
export function phaseOf(pod: Pod, { init, regular }: Statuses, isStopped: boolean): Phase {
  const sidecars = (pod.spec.initContainers ?? []).map((container) => isSidecar(container as Container))
  const plain = init.filter((_, index) => !sidecars[index])
  if (hasFailedInit(pod, plain)) return 'Failed'
  const began = hasBegun(regular)
  if (plain.some(isPendingInit) || (!began && init.some((status, index) => sidecars[index] && !status.started)))
    return 'Pending'
  if (regular.some((status) => status.state?.waiting && !status.lastState?.terminated)) return 'Pending'
  if (regular.some(({ state }) => state?.running)) return 'Running'
  if (regular.length === 0) return 'Pending'
  const succeeded = regular.every(({ state }) => state?.terminated?.exitCode === 0)
  if (isStopped) return succeeded ? 'Succeeded' : 'Failed'
  if (init.some((status, index) => sidecars[index] && status.state?.running)) return 'Running'
  if (regular.some((status) => comesBack(pod, status))) return 'Running'
  return succeeded ? 'Succeeded' : 'Failed'
}

/** Whether a regular container was ever started. upstream: HasAnyRegularContainerStarted */
export function hasBegun(regular: readonly ContainerStatus[]): boolean {
  return regular.some(({ state, lastState }) => state?.running ?? state?.terminated ?? lastState?.terminated)
}

function hasFailedInit(pod: Pod, plain: readonly ContainerStatus[]): boolean {
  return plain.some((status) => {
    const code = (status.state?.terminated ?? (status.state?.waiting && status.lastState?.terminated))?.exitCode ?? 0
    if (code === 0) return false
    const container = pod.spec.initContainers?.find(({ name }) => name === status.name) as Container | undefined
    return container !== undefined && !retriesInit(pod, container) && !restartsAfter(pod, container, code)
  })
}

function isPendingInit({ state }: ContainerStatus): boolean {
  return state?.terminated?.exitCode !== 0
}

function comesBack(pod: Pod, status: ContainerStatus): boolean {
  const container = pod.spec.containers.find(({ name }) => name === status.name)
  if (container === undefined) return false
  const ended = status.state?.terminated
  return ended === undefined || restartsAfter(pod, container, ended.exitCode)
}
