import type { Sim } from '../sim/index.ts'
import { EtcdError, etcdErrors } from './errors.ts'
import { electionMs, memberIds } from './raft/member.ts'

/** One lease as data: while it lives, its keys live. Which these are stands with the keys. */
interface LeaseState {
  readonly id: string
  readonly ttlSeconds: number
  /** the trace record that it is due to; 0 for none */
  readonly cause: number
  /** in virtual milliseconds; while nobody counts, when it would have been */
  endsAt: number
  /** undefined while nobody counts, for want of a leader */
  timer: number | undefined
}

interface LessorState {
  leases: Map<string, LeaseState>
  /** whether there is a leader, which alone counts the time of leases */
  isPrimary: boolean
}

/** A lease as people see it. */
export interface LeaseView {
  readonly id: string
  readonly grantedSeconds: number
  readonly remainingSeconds: number
  /** in their order */
  readonly keys: readonly string[]
}

/** Owns the leases. upstream: server/lease/lessor.go */
export interface Lessor {
  /** Answers the id of a new lease, sixteen hexadecimal digits; `cause` is the trace record that its end will be due to. */
  readonly grant: (ttlSeconds: number, cause?: number) => string
  /** Ends a lease, and deletes its keys in one revision. */
  readonly revoke: (id: string, actor: string) => void
  /** Sets its time anew; answers how many seconds that is. */
  readonly keepAlive: (id: string) => number
  readonly has: (id: string) => boolean
  readonly find: (id: string) => LeaseView | undefined
  /** the ids, those first that end first */
  readonly list: () => readonly string[]
  /** A leader comes or goes. A new one gives each lease its whole time anew: nobody wrote down how much of it has passed. */
  readonly setPrimary: (isPrimary: boolean) => void
  readonly isPrimary: () => boolean
}

/** What a lessor does to the store. */
export interface Lessee {
  /** Something was agreed on that is no key. */
  readonly propose: () => void
  /** the keys of a lease, in their order */
  readonly keysUnder: (lease: string) => readonly string[]
  readonly deleteKeys: (keys: readonly string[], actor: string) => void
}

const ttlSecondsMin = 2 // upstream: server/etcdserver/server.go minTTL, 1.5 election timeouts
const ttlSecondsMax = 9_000_000_000 // upstream: MaxLeaseTTL
const lookEveryMs = 500 // upstream: runLoop
const half = 2 ** 24

/** Makes the lessor of a store. Its state is the slice `etcd/leases`. */
export function createLessor(sim: Sim, { propose, keysUnder, deleteKeys }: Lessee): Lessor {
  const state = sim.slice<LessorState>('etcd/leases', () => ({ leases: new Map(), isPrimary: true }))
  const { leases } = state

  sim.handle('etcd-lessor', (id) => {
    const lease = leases.get(id)
    if (lease !== undefined) sim.because(lease.cause, () => end(lease, 'etcd', 'lease.expired'))
  })

  function must(id: string): LeaseState {
    const lease = leases.get(id)
    if (lease === undefined) throw new EtcdError(etcdErrors.leaseNotFound)
    return lease
  }

  /** Counts anew. The lessor looks twice a second for what has run out. */
  function set(lease: LeaseState, forMs: number): void {
    stop(lease)
    lease.endsAt = sim.now() + forMs
    if (!state.isPrimary) return
    const seenAt = Math.ceil(lease.endsAt / lookEveryMs) * lookEveryMs
    lease.timer = sim.schedulePeriodic(seenAt - sim.now(), `etcd-lessor/${lease.id}`, { type: 'due' })
  }

  function stop(lease: LeaseState): void {
    if (lease.timer !== undefined) sim.cancelPeriodic(lease.timer)
    lease.timer = undefined
  }

  function end(lease: LeaseState, actor: string, what: string): void {
    const { id } = lease
    const keys = keysUnder(id)
    stop(lease)
    leases.delete(id)
    propose()
    const cause = sim.record(actor, what, undefined, { lease: id, keys: keys.length })
    sim.because(cause, () => deleteKeys(keys, actor))
  }

  /** upstream: pkg/idutil: two bytes of the member's id; differs: the rest is drawn, where upstream's is the time and a count */
  function draw(): string {
    const digits = (): string => sim.int('etcd/leases', half).toString(16).padStart(6, '0')
    return memberIds[0]!.slice(-4) + digits() + digits()
  }

  function grant(ttlSeconds: number, cause = 0): string {
    if (ttlSeconds > ttlSecondsMax) throw new EtcdError(etcdErrors.leaseTtlTooLarge)
    let id = draw()
    while (leases.has(id)) id = draw()
    const seconds = Math.max(ttlSeconds, ttlSecondsMin)
    const lease = { id, ttlSeconds: seconds, cause, endsAt: 0, timer: undefined }
    leases.set(id, lease)
    set(lease, seconds * 1000)
    propose()
    return id
  }

  return {
    grant,
    revoke: (id, actor) => end(must(id), actor, 'lease.revoked'),
    keepAlive(id) {
      const lease = must(id)
      set(lease, lease.ttlSeconds * 1000)
      return lease.ttlSeconds
    },
    has: (id) => leases.has(id),
    find(id) {
      const lease = leases.get(id)
      if (lease === undefined) return undefined
      const remainingSeconds = Math.max(0, Math.floor((lease.endsAt - sim.now()) / 1000))
      return { id, grantedSeconds: lease.ttlSeconds, remainingSeconds, keys: keysUnder(id) }
    },
    list: () => [...leases.values()].sort((a, b) => a.endsAt - b.endsAt).map(({ id }) => id),
    setPrimary(isPrimary) {
      if (isPrimary === state.isPrimary) return
      state.isPrimary = isPrimary
      for (const lease of leases.values()) {
        // upstream: Promote; LeaseCheckpoint, by which members would know what is left, is alpha and off
        if (isPrimary) set(lease, lease.ttlSeconds * 1000 + electionMs)
        else stop(lease)
      }
    },
    isPrimary: () => state.isPrimary,
  }
}
