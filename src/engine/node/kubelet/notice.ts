import { ownOf, type Kubelet } from './context.ts'
import { nextRelist } from './rhythm.ts'
import type { Worker } from './state.ts'

/** The truth about a pod changed: the next look at the runtime will find it. */
export function noticeLater(kubelet: Kubelet, worker: Worker): void {
  const { state, sim } = kubelet
  if (worker.place < 0) worker.place = state.changed.push(worker.pod.metadata.uid) - 1
  if (state.isRelisting) return
  state.isRelisting = true
  sim.schedule(nextRelist(state, sim.now()) - sim.now(), ownOf(kubelet).relist, { type: 'runtime.due' })
}

/** Nothing is left to be found: the next look is not for this pod. */
export function noticed({ state }: Kubelet, worker: Worker): void {
  if (worker.place < 0) return
  state.changed[worker.place] = ''
  worker.place = -1
}
