import { emptyList } from '../../sim/index.ts'
import type { Kubelet } from './context.ts'
import { requestSync } from './podWorker.ts'

/** Looks at the runtime: pods whose containers changed are synced. upstream: pleg/generic.go Relist */
export function relist(kubelet: Kubelet): void {
  const { state } = kubelet
  state.isRelisting = false
  const uids = state.changed
  state.changed = emptyList()
  for (const uid of uids) {
    const worker = uid === '' ? undefined : state.workers.get(uid)
    if (worker === undefined) continue
    worker.place = -1
    if (worker.isDoomed) continue
    if (worker.chart.at === 'waiting') worker.seen = worker.truth
    else worker.isLookDue = true
    requestSync(kubelet, worker)
  }
}
