import type { KubeObject } from '../api/index.ts'
import type { Change, Etcd } from '../etcd/store.ts'
import type { Kind } from '../kinds/defineKind.ts'
import type { Sim } from '../sim/index.ts'

const compactionMs = 300_000 // upstream: --etcd-compaction-interval
const minuteMs = 60_000

/** Objects written in one minute that will run out together. upstream: etcd leases are shared for a minute, too */
interface Batch {
  readonly dueAt: number
  /** the store's revision when the batch was closed: what was written later lives on */
  revision: number
  /** plural, namespace and name of each, one after the other */
  readonly places: string[]
}

interface HousekeepingState {
  /** what the store was at when it was last compacted: that much stays readable until the next time */
  lastRevision: number
  batches: Batch[]
}

/** What the API server does by itself: it forgets old history, and lets Events run out. */
export interface Housekeeping {
  readonly onWrite: (kind: Kind, change: Change) => void
}

/** Starts the housekeeping; `expire` deletes an object whose time is over. */
export function createHousekeeping(
  sim: Sim,
  etcd: Etcd,
  expire: (plural: string, namespace: string, name: string, revision: number) => void,
): Housekeeping {
  const state = sim.slice<HousekeepingState>('housekeeping', () => {
    sim.schedulePeriodic(compactionMs, 'kube-apiserver/compaction', { type: 'due' })
    return { lastRevision: 0, batches: [] }
  })

  sim.handle('kube-apiserver', (part) => (part === 'compaction' ? compact() : expireDue()))

  function compact(): void {
    etcd.compact(state.lastRevision)
    etcd.trim(state.lastRevision)
    state.lastRevision = etcd.revision()
    sim.schedulePeriodic(compactionMs, 'kube-apiserver/compaction', { type: 'due' })
  }

  function expireDue(): void {
    const batch = state.batches.shift()
    if (batch === undefined) return
    const { places, revision } = batch
    for (let index = 0; index < places.length; index += 3)
      expire(places[index]!, places[index + 1]!, places[index + 2]!, revision)
    planNext()
  }

  function planNext(): void {
    const next = state.batches[0]
    if (next !== undefined) sim.schedulePeriodic(next.dueAt - sim.now(), 'kube-apiserver/expiry', { type: 'due' })
  }

  return {
    onWrite({ lifetimeMs, plural }, { type, value, revision }) {
      if (lifetimeMs === undefined || type === 'DELETE') return
      const dueAt = (Math.floor(sim.now() / minuteMs) + 1) * minuteMs + lifetimeMs
      let batch = state.batches[state.batches.length - 1]
      if (batch?.dueAt !== dueAt) {
        batch = { dueAt, revision, places: [] }
        state.batches.push(batch)
        if (state.batches.length === 1) planNext()
      }
      batch.revision = revision
      const { namespace = '', name } = (value as KubeObject).metadata
      batch.places.push(plural, namespace, name)
    },
  }
}
