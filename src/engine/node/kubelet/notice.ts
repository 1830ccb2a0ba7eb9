import { ownAddress, type Kubelet } from './context.ts'
import { nextRelist } from './rhythm.ts'
import type { Worker } from './state.ts'

/** The truth about a pod changed: the next look at the runtime will find it. */
export function noticeLater(kubelet: Kubelet, worker: Worker): void {
  const { changed } = kubelet.state
  if (worker.place < 0) worker.place = changed.push(worker.pod.metadata.uid) - 1
  relistLater(kubelet)
}

function relistLater(kubelet: Kubelet): void {
  const { state, sim } = kubelet
  if (state.isRelisting) return
  state.isRelisting = true
  sim.schedule(nextRelist(state, sim.now()) - sim.now(), ownAddress(kubelet, 'relist'), { type: 'runtime.due' })
}
