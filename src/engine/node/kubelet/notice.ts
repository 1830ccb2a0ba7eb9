import { ownAddress, type Kubelet } from './context.ts'
import { nextRelist } from './rhythm.ts'

/** The truth about a pod changed: the next look at the runtime will find it. */
export function noticeLater(kubelet: Kubelet, uid: string): void {
  const { state } = kubelet
  if (!state.workers.has(uid)) return
  state.changed.set(uid, true)
  relistLater(kubelet)
}

function relistLater(kubelet: Kubelet): void {
  const { state, sim } = kubelet
  if (state.isRelisting) return
  state.isRelisting = true
  sim.schedule(nextRelist(state, sim.now()) - sim.now(), ownAddress(kubelet, 'relist'), { type: 'runtime.due' })
}
