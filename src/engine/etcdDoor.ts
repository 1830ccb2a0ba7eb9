import { EtcdError, etcdErrors } from './etcd/errors.ts'
import type { KeyRange } from './etcd/keys.ts'
import { createKeepers, type Keepers, type KeeperView } from './etcd/keepers.ts'
import type { LeaseView } from './etcd/lessor.ts'
import { createQuota, sizeOf, type Quota } from './etcd/quota.ts'
import { createRaft, type Raft } from './etcd/raft/raft.ts'
import { memberIds, type MemberView } from './etcd/raft/member.ts'
import { readTxn } from './etcd/readTxn.ts'
import { createEtcd, type Change, type Etcd, type KeyValue, type Past } from './etcd/store.ts'
import type { TxnRequest, TxnResponse } from './etcd/txn.ts'
import type { Sim } from './sim/index.ts'

/** What people may ask of etcd itself, past the API server. What they do to it is a fault: part of the run. */
export interface EtcdDoor {
  readonly revision: () => number
  readonly compacted: () => number
  /** Live keys of a range, in their order. */
  readonly range: (range: KeyRange) => readonly KeyValue[]
  /** The same at an earlier revision that is not compacted: keys and values alone. */
  readonly rangeAt: (range: KeyRange, revision: number) => readonly Past[]
  /** Changes of such keys after a revision that is not compacted. */
  readonly changesAfter: (range: KeyRange, revision: number) => readonly Change[]
  /** every member, the one that is alone, too */
  readonly members: () => readonly MemberView[]
  /** why nothing can be written or read for sure */
  readonly refusal: () => string | undefined
  readonly size: () => EtcdSize
  /** ids of leases, those first that end first */
  readonly leases: () => readonly string[]
  readonly findLease: (id: string) => LeaseView | undefined
  /** who keeps a lease alive; undefined once that is over */
  readonly findKeeper: (id: number) => KeeperView | undefined
}

/** How large the store is. */
export interface EtcdSize {
  readonly fileBytes: number
  readonly usedBytes: number
  /** 0: etcd's own default */
  readonly quotaBytes: number
  /** no room is left, and nobody has disarmed the alarm */
  readonly isAlarmed: boolean
}

/** etcd with all that belongs to it. */
export interface EtcdStore {
  readonly etcd: Etcd
  readonly raft: Raft | undefined
  readonly quota: Quota | undefined
  readonly keepers: Keepers
  readonly door: EtcdDoor
  readonly sim: Sim
}

/** Builds etcd: one member, unless more are asked for. */
export function createStore(
  sim: Sim,
  { etcdMembers = 1, etcdQuotaBytes }: { readonly etcdMembers?: 1 | 3 | 5; readonly etcdQuotaBytes?: number },
): EtcdStore {
  const raft = etcdMembers > 1 ? createRaft(sim, etcdMembers) : undefined
  const quota = etcdQuotaBytes === undefined ? undefined : createQuota(sim, etcdQuotaBytes)
  const etcd = createEtcd(sim, { raft, quota })
  const keepers = createKeepers(sim, etcd.leases, () => refusalOf(etcd) === undefined)
  return { etcd, raft, quota, keepers, door: doorOf(etcd, raft, quota, keepers), sim }
}

function doorOf(etcd: Etcd, raft: Raft | undefined, quota: Quota | undefined, keepers: Keepers): EtcdDoor {
  return {
    revision: etcd.revision,
    compacted: etcd.compacted,
    range: etcd.within,
    rangeAt: etcd.withinAt,
    changesAfter: etcd.changesWithin,
    members: () => raft?.members() ?? [alone(etcd)],
    refusal: etcd.refusal,
    size() {
      if (quota !== undefined) return { ...quota.state(), quotaBytes: quota.bytes }
      let usedBytes = 0
      for (const value of etcd.values()) usedBytes += sizeOf(value)
      return { fileBytes: usedBytes, usedBytes, quotaBytes: 0, isAlarmed: false }
    },
    leases: etcd.leases.list,
    findLease: etcd.leases.find,
    findKeeper: keepers.find,
  }
}

/** One member alone agrees with itself: its log has an entry for every write, and those of its start. */
function alone(etcd: Etcd): MemberView {
  const index = etcd.revision() + 4
  const [id = ''] = memberIds
  return { name: 'etcd-1', id, at: 'leader.beating', isLeader: true, isUp: true, term: 2, index, slowMs: 0, heardAt: 0 }
}

/** What can be done to etcd on purpose. */
export type EtcdFault =
  | { readonly kind: 'etcdDisk'; readonly member: string; readonly slowMs: number }
  | { readonly kind: 'etcdMaintenance'; readonly do: 'compact' | 'defrag' | 'disarm'; readonly revision?: number }
  | EtcdRequest

/**
 * A request of people, by etcdctl: a transaction (a put and a delete are one, too), or something about leases. `leaseKeepAlive` renews
 * once; between `keepAliveBegin` and `keepAliveEnd` a client of the simulation renews by itself.
 */
export interface EtcdRequest {
  readonly kind: 'etcdRequest'
  readonly do: 'txn' | 'leaseGrant' | 'leaseRevoke' | 'leaseKeepAlive' | 'keepAliveBegin' | 'keepAliveEnd'
  readonly txn?: TxnRequest
  readonly ttlSeconds?: number
  readonly lease?: string
  /** the id of the client that is to end */
  readonly keeper?: number
}

/** What etcd answers to a request: a transaction's response, the lease as it is then, or who keeps it alive. */
export type EtcdAnswer = TxnResponse | LeaseView | KeeperView | undefined

/** Does it; answers what etcd does. Throws an EtcdError that says why it cannot. */
export function applyEtcdFault(store: EtcdStore, fault: EtcdFault): EtcdAnswer {
  if (fault.kind === 'etcdRequest') return answerRequest(store, fault)
  const { etcd, raft, quota } = store
  if (fault.kind === 'etcdDisk') {
    if (!raft?.has(fault.member)) throw new EtcdError(`there is no etcd member ${fault.member}`)
    if (!Number.isFinite(fault.slowMs)) throw new EtcdError('fault.slowMs must be a number')
    raft.setDisk(fault.member, Math.max(0, fault.slowMs))
    return undefined
  }
  if (fault.do === 'compact') {
    const { revision = etcd.revision() } = fault
    if (!Number.isInteger(revision)) throw new EtcdError('fault.revision must be a whole number')
    if (revision > etcd.revision()) throw new EtcdError(etcdErrors.future)
    if (revision <= etcd.compacted()) throw new EtcdError(etcdErrors.compacted)
    etcd.compact(revision)
  }
  if (fault.do === 'defrag') quota?.defragment()
  if (fault.do === 'disarm') quota?.disarm()
  return undefined
}

const actor = 'etcdctl'

/** Why nothing can be agreed on, which all that is written must be. */
const refusalOf = ({ refusal, leases }: Etcd): string | undefined =>
  refusal() ?? (leases.isPrimary() ? undefined : 'context deadline exceeded')

function answerRequest({ etcd, keepers, sim }: EtcdStore, request: EtcdRequest): EtcdAnswer {
  const { leases } = etcd
  const { lease = '', ttlSeconds = 0, keeper = 0 } = request
  if (request.do === 'keepAliveBegin') return keepers.begin(lease)
  if (request.do === 'keepAliveEnd') return void keepers.end(keeper)
  const refusal = refusalOf(etcd)
  if (refusal !== undefined) throw new EtcdError(refusal)
  switch (request.do) {
    case 'txn':
      return etcd.txn(readTxn(request.txn), actor)
    case 'leaseGrant': {
      if (!Number.isSafeInteger(ttlSeconds)) throw new EtcdError('fault.ttlSeconds must be a whole number')
      const id = leases.grant(ttlSeconds, sim.world.cause)
      sim.record(actor, 'lease.granted', undefined, { lease: id, ttlSeconds: leases.find(id)!.grantedSeconds })
      return leases.find(id)
    }
    case 'leaseRevoke':
      leases.revoke(lease, actor)
      return undefined
    case 'leaseKeepAlive':
      leases.keepAlive(lease)
      return leases.find(lease)
  }
}
