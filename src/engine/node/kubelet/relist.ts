import { truthOf, type Kubelet } from './context.ts'
import { requestSync } from './podWorker.ts'

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
