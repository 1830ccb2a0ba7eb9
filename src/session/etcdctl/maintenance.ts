import type { EtcdDoor, MemberView } from '#engine'
import { exact, header, jsonLine } from './printing.ts'
import { framed, humanBytes } from './tables.ts'
import { EtcdctlError, isOn, type Line } from './words.ts'

const version = '3.6.8'
const storageVersion = '3.6.0'

const addressOf = ({ name }: MemberView, port: number): string => `127.0.0.1:${port + 10 * (Number(name.slice(5)) - 1)}`
const clientUrl = (member: MemberView): string => `http://${addressOf(member, 2379)}`
const peerUrl = (member: MemberView): string => `http://${addressOf(member, 2380)}`

/** The members that are asked: the first, or all of the cluster, or those whose endpoints are named. */
function asked(etcd: EtcdDoor, line: Line): readonly MemberView[] {
  const members = etcd.members()
  const named = line.flags.get('endpoints')
  if (isOn(line, 'cluster') || named === undefined) return isOn(line, 'cluster') ? members : members.slice(0, 1)
  const wanted = named.split(',').map((text) => text.replace(/^https?:\/\//, ''))
  const found = members.filter((member) => wanted.includes(addressOf(member, 2379)) || wanted.includes(member.name))
  if (found.length === 0) throw new EtcdctlError('context deadline exceeded')
  return found
}

/** `etcdctl endpoint status`. */
export function endpointStatus(etcd: EtcdDoor, line: Line): string {
  const format = line.flags.get('write-out') ?? 'simple'
  const up = asked(etcd, line).filter(({ isUp }) => isUp)
  if (up.length === 0) throw new EtcdctlError('context deadline exceeded')
  const rows = up.map((member) => statusRow(etcd, member))
  if (format === 'table') return framed(statusHeadings, rows)
  if (format === 'json') return jsonLine(up.map((member) => statusJson(etcd, member)))
  return rows.map((row) => `${row.join(', ')}\n`).join('')
}

const statusHeadings = [
  ...['ENDPOINT', 'ID', 'VERSION', 'STORAGE VERSION', 'DB SIZE', 'IN USE', 'PERCENTAGE NOT IN USE', 'QUOTA'],
  ...['IS LEADER', 'IS LEARNER', 'RAFT TERM', 'RAFT INDEX', 'RAFT APPLIED INDEX', 'ERRORS'],
  ...['DOWNGRADE TARGET VERSION', 'DOWNGRADE ENABLED'],
]

function statusRow(etcd: EtcdDoor, member: MemberView): readonly string[] {
  const { fileBytes, usedBytes, quotaBytes, isAlarmed } = etcd.size()
  const unused = fileBytes === 0 ? 0 : Math.round((100 * (fileBytes - usedBytes)) / fileBytes)
  const errors = [isAlarmed ? `memberID:${exact(member.id)} alarm:NOSPACE ` : '', leaderError(etcd)].filter(Boolean)
  return [
    ...[addressOf(member, 2379), member.id, version, storageVersion, humanBytes(fileBytes), humanBytes(usedBytes)],
    ...[`${unused}%`, humanBytes(quotaBytes), String(member.isLeader), 'false', String(member.term)],
    ...[String(member.index), String(member.index), errors.join(', '), '', 'false'],
  ]
}

const leaderError = (etcd: EtcdDoor): string =>
  etcd.members().some(({ isLeader }) => isLeader) ? '' : 'etcdserver: no leader'

function statusJson(etcd: EtcdDoor, member: MemberView): object {
  const { fileBytes, usedBytes, quotaBytes } = etcd.size()
  const leader = etcd.members().find(({ isLeader }) => isLeader)
  return {
    Endpoint: addressOf(member, 2379),
    Status: {
      header: header(etcd, member),
      version,
      dbSize: fileBytes,
      leader: leader === undefined ? 0 : exact(leader.id),
      raftIndex: member.index,
      raftTerm: member.term,
      raftAppliedIndex: member.index,
      dbSizeInUse: usedBytes,
      storageVersion,
      dbSizeQuota: quotaBytes,
    },
  }
}

/** `etcdctl endpoint health`: whether each member can have something agreed on. */
export function endpointHealth(etcd: EtcdDoor, line: Line): { readonly stdout: string; readonly isHealthy: boolean } {
  const rows = asked(etcd, line).map((member) => {
    const address = addressOf(member, 2379)
    const isHealthy = member.isUp && etcd.refusal() === undefined
    const took = `${(1.2 + 2 * member.slowMs).toFixed(3)}ms`
    const text = isHealthy
      ? `${address} is healthy: successfully committed proposal: took = ${took}`
      : `${address} is unhealthy: failed to commit proposal: context deadline exceeded`
    return { address, isHealthy, took, text }
  })
  const isHealthy = rows.every((row) => row.isHealthy)
  if (line.flags.get('write-out') !== 'table')
    return { stdout: rows.map(({ text }) => `${text}\n`).join(''), isHealthy }
  const cells = rows.map((row) => [
    ...[row.address, String(row.isHealthy), row.took, row.isHealthy ? '' : 'context deadline exceeded'],
  ])
  return { stdout: framed(['ENDPOINT', 'HEALTH', 'TOOK', 'ERROR'], cells), isHealthy }
}

/** `etcdctl member list`. */
export function memberList(etcd: EtcdDoor, line: Line): string {
  // differs: upstream says `started` of every member that has ever told its name, whether it runs or not
  const rows = etcd
    .members()
    .map((member) => [member.id, 'started', member.name, peerUrl(member), clientUrl(member), 'false'])
  const format = line.flags.get('write-out') ?? 'simple'
  if (format === 'table') return framed(['ID', 'STATUS', 'NAME', 'PEER ADDRS', 'CLIENT ADDRS', 'IS LEARNER'], rows)
  if (format !== 'json') return rows.map((row) => `${row.join(', ')}\n`).join('')
  const members = etcd.members().map((member) => ({
    ID: exact(member.id),
    name: member.name,
    peerURLs: [peerUrl(member)],
    clientURLs: [clientUrl(member)],
  }))
  return jsonLine({ header: header(etcd), members })
}

/** `etcdctl alarm list`. */
export function alarmList(etcd: EtcdDoor): string {
  if (!etcd.size().isAlarmed) return ''
  return etcd
    .members()
    .map(({ id }) => `memberID:${exact(id)} alarm:NOSPACE \n`)
    .join('')
}

/** `etcdctl defrag`, once it is done. */
export function defragmented(etcd: EtcdDoor, line: Line): string {
  return asked(etcd, line)
    .map((member) => `Finished defragmenting etcd member[${addressOf(member, 2379)}]. took 1.2ms\n`)
    .join('')
}
