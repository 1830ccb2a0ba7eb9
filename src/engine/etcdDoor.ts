import { EtcdError, etcdErrors } from './etcd/errors.ts'
import type { KeyRange } from './etcd/keys.ts'
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
  return { etcd, raft, quota, door: doorOf(etcd, raft, quota), sim }
}

function doorOf(etcd: Etcd, raft: Raft | undefined, quota: Quota | undefined): EtcdDoor {
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

/** A request of people, by etcdctl: a transaction (a put and a delete are one, too), or something about leases. */
export interface EtcdRequest {
  readonly kind: 'etcdRequest'
  readonly do: 'txn' | 'leaseGrant' | 'leaseRevoke' | 'leaseKeepAlive'
  readonly txn?: TxnRequest
  readonly ttlSeconds?: number
  readonly lease?: string
}

/** What etcd answers to a request: a transaction's response, or the lease as it is then. */
export type EtcdAnswer = TxnResponse | LeaseView | undefined

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

/** Whatever is written must be agreed on first. */
function answerRequest({ etcd, sim }: EtcdStore, request: EtcdRequest): EtcdAnswer {
  const { leases } = etcd
  const refusal = etcd.refusal() ?? (leases.isPrimary() ? undefined : 'context deadline exceeded')
  if (refusal !== undefined) throw new EtcdError(refusal)
  const { lease = '', ttlSeconds = 0 } = request
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
