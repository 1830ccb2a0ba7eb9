import type { Etcd } from '../etcd/store.ts'
import type { Kind } from '../kinds/defineKind.ts'
import type { Sim } from '../sim/index.ts'

/** The lease that a resource's new objects get. */
interface LeaseInUse {
  readonly id: string
  /** by the API server's own reckoning */
  readonly endsAt: number
  /** how many writes were given it */
  count: number
}

/** Which lease of etcd the next object with a lifetime is written under: one that somebody may have taken away meanwhile. */
export type LeaseFor = (kind: Kind) => string

/** Leases for objects that run out. */
export interface Lifetimes {
  readonly leaseFor: LeaseFor
  /** The API server starts anew: its next object gets a new lease. */
  readonly forget: () => void
}

const reuseMsMax = 60_000 // upstream: defaultLeaseReuseDurationSeconds
const reuseShare = 0.05
const writesMax = 1_000 // upstream: defaultLeaseMaxObjectCount

/**
 * Lets objects share leases: each serves for a while, and so lives that much longer than its objects were promised.
 * State is the slice `lifetimes`.
 */
// upstream: staging/src/k8s.io/apiserver/pkg/storage/etcd3/lease_manager.go GetLease
export function createLifetimes(sim: Sim, { leases }: Etcd): Lifetimes {
  const inUse = sim.slice('lifetimes', () => new Map<string, LeaseInUse>())

  function grant({ storagePrefix }: Kind, ttlMs: number): LeaseInUse {
    const lease = { id: leases.grant(ttlMs / 1000), endsAt: sim.now() + ttlMs, count: 1 }
    inUse.set(storagePrefix, lease)
    return lease
  }

  function leaseFor(kind: Kind): string {
    const { lifetimeMs = 0, storagePrefix } = kind
    const reuseMs = Math.min(reuseMsMax, Math.floor((reuseShare * lifetimeMs) / 1000) * 1000)
    const last = inUse.get(storagePrefix)
    const endsAt = sim.now() + lifetimeMs
    // upstream's clock has always moved on a little since the grant, hence the one "or equal"
    const isFit = last !== undefined && endsAt < last.endsAt && endsAt + reuseMs >= last.endsAt
    return isFit && ++last.count <= writesMax ? last.id : grant(kind, lifetimeMs + reuseMs).id
  }

  return { leaseFor, forget: () => inUse.clear() }
}
