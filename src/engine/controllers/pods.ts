import { parseTime, type Pod } from '../api/index.ts'

/** Neither over nor on its way out. upstream: IsPodActive in pkg/controller/controller_utils.go */
export function isActive({ metadata, status }: Pod): boolean {
  return metadata.deletionTimestamp === undefined && !isOver(status.phase)
}

/** Deleted, and not yet gone. upstream: IsPodTerminating */
export function isTerminating({ metadata, status }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined && !isOver(status.phase)
}

/** Whether a phase is one that a pod does not leave. */
export function isOver(phase: string | undefined): boolean {
  return phase === 'Succeeded' || phase === 'Failed'
}

/** Whether its condition Ready is True. */
export function isReady({ status }: Pod): boolean {
  const { conditions } = status
  if (conditions !== undefined)
    for (const condition of conditions) if (condition.type === 'Ready') return condition.status === 'True'
  return false
}

/** Since when it is ready, in virtual milliseconds; undefined when it is not. */
export function readySince({ status }: Pod): number | undefined {
  const ready = status.conditions?.find(({ type }) => type === 'Ready')
  if (ready?.status !== 'True') return undefined
  return ready.lastTransitionTime === undefined ? NaN : parseTime(ready.lastTransitionTime)
}

/** When a ready pod counts as available: undefined when it is not ready. */
export function availableAt(pod: Pod, minReadySeconds: number): number | undefined {
  const since = readySince(pod)
  if (since === undefined) return undefined
  return minReadySeconds === 0 ? 0 : since + minReadySeconds * 1000
}

/** How often its containers have restarted: the most of any. */
export function restartsOf(statuses: readonly { readonly restartCount: number }[] | undefined): number {
  let most = 0
  for (const { restartCount } of statuses ?? []) if (restartCount > most) most = restartCount
  return most
}
