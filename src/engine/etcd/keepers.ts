import type { Sim } from '../sim/index.ts'
import { EtcdError } from './errors.ts'
import type { Lessor } from './lessor.ts'

/** A client that keeps a lease alive, as data. */
interface KeeperState {
  readonly id: number
  readonly lease: string
  /** in virtual milliseconds: when the client believes that the lease is over, unless it hears of it before */
  endsAt: number
  timer: number | undefined
  renewals: number
  /** what the last renewal gave; 0 before the first */
  ttlSeconds: number
}

interface KeepersState {
  keepers: Map<number, KeeperState>
  lastId: number
}

/** A client that keeps a lease alive, as people see it. */
export interface KeeperView {
  readonly id: number
  readonly lease: string
  /** how often it was answered */
  readonly renewals: number
  /** what the last answer said; 0 before the first */
  readonly ttlSeconds: number
}

/** Owns the clients that keep leases alive until they are interrupted, or their lease is gone. */
export interface Keepers {
  /** A new one; it may be over before it began. Throws an EtcdError where there are too many. */
  readonly begin: (lease: string) => KeeperView
  /** Interrupts one, if it still goes on. */
  readonly end: (id: number) => void
  /** undefined once it is over */
  readonly find: (id: number) => KeeperView | undefined
}

/** how often a client looks whether a renewal is due. upstream: client/v3/lease.go retryConnWait */
const lookEveryMs = 500
/** how long it waits for its first answer. upstream: firstKeepAliveTimeout, etcdctl's dial timeout and a second */
const firstAnswerMs = 3_000
/** Each is a process of somebody's terminal; a link may not bring a thousand. */
const keepersMax = 100

/** Makes the clients of a store's leases. Their state is the slice `etcd/keepers`. */
export function createKeepers(sim: Sim, leases: Lessor, isReachable: () => boolean): Keepers {
  const state = sim.slice<KeepersState>('etcd/keepers', () => ({ keepers: new Map(), lastId: 0 }))
  const { keepers } = state

  sim.handle('etcd-keeper', (id) => {
    const keeper = keepers.get(Number(id))
    if (keeper !== undefined) look(keeper)
  })

  /** Renews, and again when a third of the lease's time has passed. upstream: client/v3/lease.go recvKeepAlive, sendKeepAliveLoop */
  function look(keeper: KeeperState): void {
    let nextMs = 0
    if (isReachable()) {
      if (!leases.has(keeper.lease)) return void keepers.delete(keeper.id)
      keeper.ttlSeconds = leases.keepAlive(keeper.lease)
      keeper.renewals++
      keeper.endsAt = sim.now() + keeper.ttlSeconds * 1000
      nextMs = (keeper.ttlSeconds * 1000) / 3
    } else if (sim.now() >= keeper.endsAt) return void keepers.delete(keeper.id)
    const delayMs = Math.max(1, Math.ceil(nextMs / lookEveryMs)) * lookEveryMs
    keeper.timer = sim.schedulePeriodic(delayMs, `etcd-keeper/${keeper.id}`, { type: 'due' })
  }

  return {
    begin(lease) {
      if (keepers.size >= keepersMax)
        throw new EtcdError(`more than ${keepersMax} leases kept alive at once are not simulated`)
      const id = ++state.lastId
      const endsAt = sim.now() + firstAnswerMs
      const keeper: KeeperState = { id, lease, endsAt, timer: undefined, renewals: 0, ttlSeconds: 0 }
      keepers.set(id, keeper)
      look(keeper)
      return viewOf(keeper)
    },
    end(id) {
      const keeper = keepers.get(id)
      if (keeper?.timer !== undefined) sim.cancelPeriodic(keeper.timer)
      keepers.delete(id)
    },
    find(id) {
      const keeper = keepers.get(id)
      return keeper && viewOf(keeper)
    },
  }
}

const viewOf = ({ id, lease, renewals, ttlSeconds }: KeeperState): KeeperView => ({ id, lease, renewals, ttlSeconds })
