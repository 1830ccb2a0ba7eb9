import type { KubeObject } from './api/index.ts'
import { createQuota, sizeOf, type Quota } from './etcd/quota.ts'
import { createRaft, type Raft } from './etcd/raft/raft.ts'
import { memberIds, type MemberView } from './etcd/raft/member.ts'
import { createEtcd, formatKey, type Change, type Etcd, type KeyValue } from './etcd/store.ts'
import type { Sim } from './sim/index.ts'

/** What people may ask of etcd itself, past the API server. */
export interface EtcdDoor {
  readonly revision: () => number
  readonly compacted: () => number
  /** Live keys that begin so, or that are so, in their order. */
  readonly range: (start: string, isPrefix: boolean) => readonly KeyValue[]
  /** The same at an earlier revision that is not compacted: keys and values alone. */
  readonly rangeAt: (start: string, isPrefix: boolean, revision: number) => readonly Past[]
  /** Changes of such keys after a revision that is not compacted. */
  readonly changesAfter: (start: string, isPrefix: boolean, revision: number) => readonly Change[]
  /** every member, the one that is alone, too */
  readonly members: () => readonly MemberView[]
  /** why nothing can be written or read for sure */
  readonly refusal: () => string | undefined
  readonly size: () => EtcdSize
}

/** A key as it was. */
export interface Past {
  readonly key: string
  readonly value: unknown
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
}

/** Builds etcd: one member, unless more are asked for. */
export function createStore(
  sim: Sim,
  { etcdMembers = 1, etcdQuotaBytes }: { readonly etcdMembers?: 1 | 3 | 5; readonly etcdQuotaBytes?: number },
): EtcdStore {
  const raft = etcdMembers > 1 ? createRaft(sim, etcdMembers) : undefined
  const quota = etcdQuotaBytes === undefined ? undefined : createQuota(sim, etcdQuotaBytes)
  const etcd = createEtcd(sim, { raft, quota })
  return { etcd, raft, quota, door: doorOf(etcd, raft, quota) }
}

function doorOf(etcd: Etcd, raft: Raft | undefined, quota: Quota | undefined): EtcdDoor {
  const prefixesFor = (start: string): readonly string[] =>
    etcd.prefixes().filter((prefix) => {
      const root = `/registry/${prefix}/`
      return root.startsWith(start) || start.startsWith(root)
    })
  const isWanted = (key: string, start: string, isPrefix: boolean): boolean =>
    isPrefix ? key.startsWith(start) : key === start

  return {
    revision: etcd.revision,
    compacted: etcd.compacted,
    range(start, isPrefix) {
      const found = prefixesFor(start).flatMap((prefix) => etcd.range(prefix))
      return found.filter(({ key }) => isWanted(key, start, isPrefix)).sort(byKey)
    },
    rangeAt(start, isPrefix, revision) {
      const found = prefixesFor(start).flatMap((prefix) =>
        (etcd.rangeAt(prefix, undefined, revision) ?? []).map((value) => ({ key: keyOf(prefix, value), value })),
      )
      return found.filter(({ key }) => isWanted(key, start, isPrefix)).sort(byKey)
    },
    changesAfter(start, isPrefix, revision) {
      const found = prefixesFor(start).flatMap((prefix) => etcd.changesAfter(prefix, revision))
      return found.filter(({ key }) => isWanted(key, start, isPrefix)).sort((a, b) => a.revision - b.revision)
    },
    members: () => raft?.members() ?? [alone(etcd)],
    refusal: etcd.refusal,
    size() {
      if (quota !== undefined) return { ...quota.state(), quotaBytes: quota.bytes }
      let usedBytes = 0
      for (const value of etcd.values()) usedBytes += sizeOf(value)
      return { fileBytes: usedBytes, usedBytes, quotaBytes: 0, isAlarmed: false }
    },
  }
}

const byKey = (a: Past, b: Past): number => (a.key < b.key ? -1 : 1)

function keyOf(prefix: string, value: unknown): string {
  const { namespace = '', name } = (value as KubeObject).metadata
  return formatKey({ prefix, namespace, name })
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

/** Does it; answers why it cannot. */
export function applyEtcdFault({ etcd, raft, quota }: EtcdStore, fault: EtcdFault): string | undefined {
  if (fault.kind === 'etcdDisk') {
    if (!raft?.has(fault.member)) return `there is no etcd member ${fault.member}`
    if (!Number.isFinite(fault.slowMs)) return 'fault.slowMs must be a number'
    raft.setDisk(fault.member, Math.max(0, fault.slowMs))
    return undefined
  }
  if (fault.do === 'compact') {
    const { revision = etcd.revision() } = fault
    if (!Number.isInteger(revision)) return 'fault.revision must be a whole number'
    if (revision > etcd.revision()) return 'etcdserver: mvcc: required revision is a future revision'
    if (revision <= etcd.compacted()) return 'etcdserver: mvcc: required revision has been compacted'
    etcd.compact(revision)
  }
  if (fault.do === 'defrag') quota?.defragment()
  if (fault.do === 'disarm') quota?.disarm()
  return undefined
}
