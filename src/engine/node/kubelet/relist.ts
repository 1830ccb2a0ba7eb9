import { truthOf } from './containerRun.ts'
import { ownAddress, type Kubelet } from './context.ts'
import { requestSync } from './podWorker.ts'
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

/** Looks at the runtime: pods whose containers changed are synced. upstream: pleg/generic.go Relist */
export function relist(kubelet: Kubelet): void {
  const { state } = kubelet
  state.isRelisting = false
  const uids = [...state.changed.keys()]
  state.changed.clear()
  for (const uid of uids) {
    const worker = state.workers.get(uid)
    if (worker === undefined || worker.isDoomed) continue
    if (worker.chart.at === 'waiting') worker.seen = truthOf(kubelet, worker)
    else worker.isLookDue = true
    requestSync(kubelet, worker)
  }
}
