import { encodeBase64, textOf, type EtcdDoor, type MemberView } from '#engine'
import { EtcdctlError, exitCodes, type Line } from './words.ts'

// upstream: etcdctl/ctlv3/command/printer_simple.go, printer_fields.go, printer_json.go

const clusterId = 'cdf818194e3a8c32'

/** A key as an answer shows it; of a past one only so much is known. */
export interface Shown {
  readonly key: string
  /** differs: the API server keeps protobuf, which nobody can read; here it is JSON */
  readonly value: unknown
  readonly createRevision?: number
  readonly modRevision?: number
  readonly version?: number
  readonly lease?: string
}

/** How an answer is written. */
export type Format = 'simple' | 'json' | 'fields'

/** The format that a line asks for. */
export function formatOf({ flags }: Line): Format {
  const asked = flags.get('write-out') ?? 'simple'
  if (asked === 'simple' || asked === 'json' || asked === 'fields') return asked
  throw new EtcdctlError('unsupported output format', exitCodes.badFeature)
}

/** An id of 64 bits, which is more than a number holds. */
export const exact = (id: string): bigint => BigInt(`0x${id || '0'}`)

/** JSON on a line, with whole numbers of any length. */
export function jsonLine(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `#${part}#` : part))
  return `${text.replace(/"#(-?\d+)#"/g, '$1')}\n`
}

/** What every answer in JSON begins with. */
export function header(etcd: EtcdDoor, member: MemberView = etcd.members()[0]!): object {
  return {
    cluster_id: exact(clusterId),
    member_id: exact(member.id),
    revision: etcd.revision(),
    raft_term: member.term,
  }
}

/** The same line by line; within a transaction's answer only the revision is filled in. */
export function headerFields(etcd: EtcdDoor, innerRevision?: number): string {
  const member = etcd.members()[0]!
  const isInner = innerRevision !== undefined
  return lines([
    ['ClusterID', isInner ? 0 : exact(clusterId)],
    ['MemberID', isInner ? 0 : exact(member.id)],
    ['Revision', innerRevision ?? etcd.revision()],
    ['RaftTerm', isInner ? 0 : member.term],
  ])
}

/** Lines of `"Name" : value`. */
export function lines(rows: readonly (readonly [name: string, value: unknown])[]): string {
  return rows.map(([name, value]) => `"${name}" : ${String(value)}\n`).join('')
}

/** A key as fields; `Prev` before each name where it is what was there before. */
export function keyFields(shown: Shown, before = ''): string {
  const { key, value, createRevision = 0, modRevision = 0, version = 0, lease = '' } = shown
  return lines([
    [`${before}Key`, JSON.stringify(key)],
    [`${before}CreateRevision`, createRevision],
    [`${before}ModRevision`, modRevision],
    [`${before}Version`, version],
    [`${before}Value`, JSON.stringify(textOf(value))],
    [`${before}Lease`, exact(lease)],
  ])
}

/** A key as JSON has it: what is nothing is left out. */
export function keyJson({ key, value, createRevision, modRevision, version, lease }: Shown, keysOnly = false): object {
  return {
    key: encodeBase64(key),
    create_revision: createRevision,
    mod_revision: modRevision,
    version,
    ...(!keysOnly && value !== '' && { value: encodeBase64(textOf(value)) }),
    ...(lease && { lease: exact(lease) }),
  }
}

/** A key and its value, a line each. */
export const keySimple = ({ key, value }: Shown): string => `${key}\n${textOf(value)}\n`
