import { encodeBase64, textOf, utf8Bytes, type EtcdDoor, type MemberView } from '#engine'
import { EtcdctlError, exitCodes, notSimulated } from './errors.ts'
import { isOn, type Line } from './words.ts'

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
export type Format = 'simple' | 'json' | 'fields' | 'table'

/** The format that a line asks for. */
export function formatOf({ flags }: Line): Format {
  const asked = flags.get('write-out') ?? 'simple'
  if (asked === 'simple' || asked === 'json' || asked === 'fields' || asked === 'table') return asked
  if (asked === 'protobuf') throw notSimulated('the output format protobuf', exitCodes.badFeature)
  throw new EtcdctlError('unsupported output format', exitCodes.badFeature)
}

/** The same for an answer that is no table, which shows only once it is there. upstream: printer.go newPrinterUnsupported */
export function plainFormatOf(line: Line): Exclude<Format, 'table'> {
  const format = formatOf(line)
  if (format === 'table') throw new EtcdctlError('table not supported as output format', exitCodes.badFeature)
  return format
}

/** Whether bytes and ids are to be written as hexadecimal digits. */
export const isHex = (line: Line): boolean => isOn(line, 'hex')

/** The bytes of a text: `\x61\x62`. upstream: util.go addHexPrefix */
export function hexOf(text: string): string {
  return utf8Bytes(text)
    .map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
    .join('')
}

/** An id of 64 bits, which is more than a number holds. */
export const exact = (id: string): bigint => BigInt(`0x${id || '0'}`)

/** JSON on a line, with whole numbers of any length. */
export function jsonLine(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `#${part}#` : part))
  return `${text.replace(/"#(-?\d+)#"/g, '$1')}\n`
}

interface Header {
  readonly cluster_id: bigint
  readonly member_id: bigint
  readonly revision: number
  readonly raft_term: number
}

/** What every answer in JSON begins with. */
export function header(etcd: EtcdDoor, member: MemberView = etcd.members()[0]!): Header {
  return {
    cluster_id: exact(clusterId),
    member_id: exact(member.id),
    revision: etcd.revision(),
    raft_term: member.term,
  }
}

/** The same line by line; within a transaction's answer only the revision is filled in. */
export function headerFields(etcd: EtcdDoor, line: Line, innerRevision?: number, member = etcd.members()[0]!): string {
  const isInner = innerRevision !== undefined
  return lines([
    ['ClusterID', isInner ? 0 : idText(clusterId, line)],
    ['MemberID', isInner ? 0 : idText(member.id, line)],
    ['Revision', innerRevision ?? etcd.revision()],
    ['RaftTerm', isInner ? 0 : member.term],
  ])
}

/** The id of a cluster or a member as fields have it. */
export const idText = (id: string, line: Line): string => (isHex(line) ? exact(id).toString(16) : String(exact(id)))
/** The id of a lease likewise. */
export const leaseText = (id: string, line: Line): string => (isHex(line) ? id.padStart(16, '0') : String(exact(id)))

/** Lines of `"Name" : value`. */
export function lines(rows: readonly (readonly [name: string, value: unknown])[]): string {
  return rows.map(([name, value]) => `"${name}" : ${String(value)}\n`).join('')
}

/** A key as fields; `Prev` before each name where it is what was there before. */
export function keyFields(shown: Shown, line: Line, before = ''): string {
  const { key, value, createRevision = 0, modRevision = 0, version = 0, lease = '' } = shown
  return lines([
    [`${before}Key`, JSON.stringify(key)],
    [`${before}CreateRevision`, createRevision],
    [`${before}ModRevision`, modRevision],
    [`${before}Version`, version],
    [`${before}Value`, JSON.stringify(textOf(value))],
    [`${before}Lease`, leaseText(lease, line)],
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

/** A key and its value, a line each. upstream: util.go printKV */
export function keySimple({ key, value }: Shown, line: Line, valueOnly = false): string {
  const say = (text: string): string => `${isHex(line) ? hexOf(text) : text}\n`
  return `${valueOnly ? '' : say(key)}${say(textOf(value))}`
}
