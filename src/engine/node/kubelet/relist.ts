import type { Kubelet } from './context.ts'
import { requestSync } from './podWorker.ts'

/** Looks at the runtime: pods whose containers changed are synced. upstream: pleg/generic.go Relist */
export function relist(kubelet: Kubelet): void {
  const { state } = kubelet
  state.isRelisting = false
  const uids = state.changed
  state.changed = []
  for (let place = 0; place < uids.length; place++) {
    const worker = state.workers.get(uids[place]!)
    if (worker?.place !== place) continue
    worker.place = -1
    if (worker.isDoomed) continue
    if (worker.chart.at === 'waiting') worker.seen = worker.truth
    else worker.isLookDue = true
    requestSync(kubelet, worker)
  }
}
