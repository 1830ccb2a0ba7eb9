import type { Sim } from '../sim/index.ts'
import type { Change } from './history.ts'

interface QuotaState {
  /** what the file has grown to: it never shrinks by itself */
  fileBytes: number
  /** what of it holds something */
  usedBytes: number
  /** NOSPACE was raised, and nobody has disarmed it */
  isAlarmed: boolean
}

/** What a store's file may hold. */
export interface Quota {
  readonly bytes: number
  readonly state: () => Readonly<QuotaState>
  readonly isFull: () => boolean
  readonly onWrite: (change: Change) => void
  /** What is left after a compaction; the room that became free is used again. */
  readonly onCompact: (values: Iterable<unknown>) => void
  /** Gives free room back to the disk. */
  readonly defragment: () => void
  readonly disarm: () => void
}

/** What a key and its revision take besides the value. */
const overheadBytes = 120

/** Keeps account of a store's size, where a limit is set: measuring every value is not free. */
// upstream: server/storage/quota.go, server/etcdserver/api/v3alarm; differs: a value counts as its JSON, which is longer than protobuf
export function createQuota(sim: Sim, bytes: number): Quota {
  const state = sim.slice<QuotaState>('etcd/quota', () => ({ fileBytes: 0, usedBytes: 0, isAlarmed: false }))

  function grow(): void {
    state.fileBytes = Math.max(state.fileBytes, state.usedBytes)
    if (state.fileBytes <= bytes || state.isAlarmed) return
    state.isAlarmed = true
    sim.record('etcd', 'etcd.alarm', undefined, { alarm: 'NOSPACE' })
  }

  return {
    bytes,
    state: () => state,
    isFull: () => state.isAlarmed,
    onWrite({ type, value }) {
      state.usedBytes += overheadBytes + (type === 'PUT' ? sizeOf(value) : 0)
      grow()
    },
    onCompact(values) {
      state.usedBytes = 0
      for (const value of values) state.usedBytes += overheadBytes + sizeOf(value)
      grow()
    },
    defragment() {
      state.fileBytes = state.usedBytes
    },
    disarm() {
      state.isAlarmed = false
    },
  }
}

/** The bytes of a value, as JSON. */
export function sizeOf(value: unknown): number {
  return value === undefined ? 0 : JSON.stringify(value).length
}
