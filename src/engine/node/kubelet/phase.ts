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
  const sidecars = init.length === 0 ? none : init.filter((_, index) => isSidecarAt(pod, index))
  const early = init.length === 0 ? undefined : earlyPhase(pod, init, sidecars, regular)
  if (early !== undefined) return early
  if (regular.some(isPending)) return 'Pending'
  if (regular.some(isRunning)) return 'Running'
  if (regular.length === 0) return 'Pending'
  const succeeded = regular.every(({ state }) => state?.terminated?.exitCode === 0)
  if (isStopped) return succeeded ? 'Succeeded' : 'Failed'
  if (sidecars.some(isRunning)) return 'Running'
  if (regular.some((status) => comesBack(pod, status))) return 'Running'
  return succeeded ? 'Succeeded' : 'Failed'
}

const none: readonly ContainerStatus[] = Object.freeze([])

const isSidecarAt = ({ spec }: Pod, index: number): boolean => {
  const container = spec.initContainers?.[index] as Container | undefined
  return container !== undefined && isSidecar(container)
}

const isPending = ({ state, lastState }: ContainerStatus): boolean => Boolean(state?.waiting && !lastState?.terminated)

const isRunning = ({ state }: ContainerStatus): boolean => Boolean(state?.running)

const isBegun = ({ state, lastState }: ContainerStatus): boolean =>
  Boolean(state?.running ?? state?.terminated ?? lastState?.terminated)

/** The phase where init containers decide it: one failed, or they are not all done. */
function earlyPhase(
  pod: Pod,
  init: readonly ContainerStatus[],
  sidecars: readonly ContainerStatus[],
  regular: readonly ContainerStatus[],
): Phase | undefined {
  const plain = init.filter((status) => !sidecars.includes(status))
  if (hasFailedInit(pod, plain)) return 'Failed'
  const isHeldUp = plain.some(isPendingInit) || (!hasBegun(regular) && sidecars.some(({ started }) => !started))
  return isHeldUp ? 'Pending' : undefined
}

/** Whether a regular container was ever started. upstream: HasAnyRegularContainerStarted */
export function hasBegun(regular: readonly ContainerStatus[]): boolean {
  return regular.some(isBegun)
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
