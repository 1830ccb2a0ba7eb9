import type { KubeletState } from './state.ts'

const secondMs = 1000

/** The first look at the runtime after an instant: one each second. upstream: pkg/kubelet/pleg/generic.go */
export function nextRelist({ relistPhase }: Pick<KubeletState, 'relistPhase'>, after: number): number {
  return relistPhase + (Math.floor((after - relistPhase) / secondMs) + 1) * secondMs
}

/** The first look at the queue at or after an instant: one each second. upstream: kubelet.go syncLoop's syncTicker */
export function nextTick({ tickPhase }: Pick<KubeletState, 'tickPhase'>, from: number): number {
  return tickPhase + Math.ceil((from - tickPhase) / secondMs) * secondMs
}
