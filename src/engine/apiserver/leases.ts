import { formatMicroTime, parseTime, type KubeObject, type Lease, type LeaseLost } from '../api/index.ts'
import type { Kind } from '../kinds/defineKind.ts'
import type { Sim } from '../sim/index.ts'
import type { Hearer } from './hearers.ts'

/** A lease that its holder renews again and again is kept as this note instead of being written every ten seconds. */
interface Note {
  readonly since: number
  readonly periodMs: number
}

interface LeaseState {
  notes: Map<string, Note>
  /** since when the API server has been away, so that nobody could renew */
  downSince: number | undefined
}

/** Renewals worked out when somebody looks. */
export interface Leases extends Hearer {
  readonly keep: (namespace: string, name: string, periodMs: number) => void
  /** Ends the renewals; returns the time of the last one, undefined when the lease was not kept. */
  readonly drop: (namespace: string, name: string) => string | undefined
  readonly isKept: (namespace: string, name: string) => boolean
  readonly view: (kind: Kind, object: KubeObject) => KubeObject
  readonly onDown: (isDown: boolean) => void
  readonly onLost: (listener: LeaseLost) => void
}

/** Keeps the notes. Only leases of nodes are renewed so often that it matters, but any lease may be kept. */
// differs: a kept lease's resourceVersion stands still, and its watchers do not hear of renewals
export function createLeases(sim: Sim): Leases {
  const state = sim.slice<LeaseState>('leases', () => ({ notes: new Map(), downSince: undefined }))

  const lostListeners: LeaseLost[] = []

  function lastRenewal({ since, periodMs }: Note): number {
    const until = state.downSince ?? sim.now()
    return since + Math.max(0, Math.floor((until - since) / periodMs)) * periodMs
  }

  return {
    keep(namespace, name, periodMs) {
      state.notes.set(`${namespace}/${name}`, Object.freeze({ since: sim.now(), periodMs }))
    },
    drop(namespace, name) {
      const key = `${namespace}/${name}`
      const note = state.notes.get(key)
      state.notes.delete(key)
      return note && formatMicroTime(lastRenewal(note))
    },
    isKept: (namespace, name) => state.downSince === undefined && state.notes.has(`${namespace}/${name}`),
    view(kind, object) {
      if (kind.kind !== 'Lease' || state.notes.size === 0) return object
      const { namespace, name } = object.metadata
      const note = state.notes.get(`${namespace ?? ''}/${name}`)
      if (note === undefined) return object
      const { spec } = object as Lease
      const renewedAt = lastRenewal(note)
      if (spec.renewTime && parseTime(spec.renewTime) >= renewedAt) return object
      return { ...object, spec: { ...spec, renewTime: formatMicroTime(renewedAt) } } as Lease
    },
    hears: ({ kind }) => kind === 'Lease',
    onWrite(_kind, { type, value }) {
      if (type !== 'DELETE') return
      const { namespace, name } = (value as KubeObject).metadata
      const key = `${namespace ?? ''}/${name}`
      const note = state.notes.get(key)
      if (note === undefined) return
      state.notes.delete(key)
      const dueMs = note.periodMs - ((sim.now() - note.since) % note.periodMs)
      for (const listener of lostListeners) listener(namespace ?? '', name, dueMs)
    },
    onLost: (listener) => void lostListeners.push(listener),
    onDown(isDown) {
      if (isDown) state.downSince ??= sim.now()
      else state.downSince = undefined
    },
  }
}
