import { EtcdError } from '../etcd/errors.ts'
import type { Etcd } from '../etcd/store.ts'
import type { Sim } from '../sim/index.ts'

const compactionMs = 300_000 // upstream: --etcd-compaction-interval
const compactKey = 'compact_rev_key'

interface HousekeepingState {
  /** what the store was at the last time: that much stays readable until the next */
  lastRevision: number
  /** how often the key was written: of several API servers, the one that still knows does the work */
  version: number
}

/** What the API server does by itself, every five minutes. */
export interface Housekeeping {
  /** The API server starts anew and knows nothing of its last time. */
  readonly forget: () => void
}

/** Lets the API server have etcd forget old history; `isUp`: it runs, and etcd answers. */
// upstream: staging/src/k8s.io/apiserver/pkg/storage/etcd3/compact.go
export function createHousekeeping(sim: Sim, etcd: Etcd, isUp: () => boolean): Housekeeping {
  const state = sim.slice<HousekeepingState>('housekeeping', () => {
    plan()
    return { lastRevision: 0, version: 0 }
  })

  sim.handle('kube-apiserver', () => {
    if (isUp()) compact()
    plan()
  })

  function plan(): void {
    sim.schedulePeriodic(compactionMs, 'kube-apiserver/compaction', { type: 'due' })
  }

  function compact(): void {
    const { lastRevision, version } = state
    const response = claim(version, String(lastRevision))
    if (response === undefined) return
    state.lastRevision = response.revision
    state.version = response.succeeded ? version + 1 : (response.answers[0]?.kvs[0]?.version ?? 0)
    if (!response.succeeded) return
    etcd.compact(lastRevision)
    etcd.trim(lastRevision)
  }

  /** Writes down what will be forgotten, if nobody else has done so meanwhile; undefined where etcd takes nothing. */
  function claim(version: number, value: string): ReturnType<Etcd['txn']> | undefined {
    const compare = [{ key: compactKey, target: 'version', result: '=', value: version } as const]
    const success = [{ do: 'put', key: compactKey, value } as const]
    try {
      return etcd.txn({ compare, success, failure: [{ do: 'range', key: compactKey }] }, 'kube-apiserver')
    } catch (error) {
      if (error instanceof EtcdError) return undefined // full: it is tried again the next time
      throw error
    }
  }

  return {
    forget() {
      state.lastRevision = 0
      state.version = 0
    },
  }
}
