import type { EtcdDoor, MemberView } from '#engine'
import { addressOf, clientUrl, endpointsOf, isReached, late, type Told } from './endpoints.ts'
import { checkConsistency } from './keys.ts'
import { exact, formatOf, header, headerFields, idText, isHex, jsonLine, lines, plainFormatOf } from './printing.ts'
import { framed } from './tables.ts'
import type { Line } from './words.ts'

const peerUrl = (member: MemberView): string => `http://${addressOf(member, 2380)}`

/** `etcdctl member list`. */
export function memberList(etcd: EtcdDoor, line: Line): string {
  checkConsistency(line)
  const format = formatOf(line)
  if (format === 'json') return memberJson(etcd, line)
  if (format === 'fields')
    return (
      memberHead(etcd, line) +
      etcd
        .members()
        .map((member) => memberFields(member, line))
        .join('')
    )
  // differs: upstream says `started` of every member that has ever told its name, whether it runs or not
  const rows = etcd
    .members()
    .map((member) => [member.id, 'started', member.name, peerUrl(member), clientUrl(member), 'false'])
  if (format === 'table') return framed(['ID', 'STATUS', 'NAME', 'PEER ADDRS', 'CLIENT ADDRS', 'IS LEARNER'], rows)
  return rows.map((row) => `${row.join(', ')}\n`).join('')
}

/** Its answer knows no revision. upstream: server/etcdserver/api/v3rpc/member.go header */
const memberHead = (etcd: EtcdDoor, line: Line): string =>
  headerFields(etcd, line)
    .split('\n')
    .filter((row) => !row.startsWith('"Revision"'))
    .join('\n')

/** upstream: printer_json.go, by which `--hex` tells here and nowhere else */
function memberJson(etcd: EtcdDoor, line: Line): string {
  const idOf = (id: bigint): string | bigint => (isHex(line) ? id.toString(16) : id)
  const { cluster_id, member_id, raft_term } = header(etcd)
  const members = etcd.members().map((member) => ({
    ID: idOf(exact(member.id)),
    name: member.name,
    peerURLs: [peerUrl(member)],
    clientURLs: [clientUrl(member)],
  }))
  return jsonLine({ header: { cluster_id: idOf(cluster_id), member_id: idOf(member_id), raft_term }, members })
}

function memberFields(member: MemberView, line: Line): string {
  const rows = lines([
    ['ID', idText(member.id, line)],
    ['Name', JSON.stringify(member.name)],
    ['PeerURL', JSON.stringify(peerUrl(member))],
    ['ClientURL', JSON.stringify(clientUrl(member))],
    ['IsLearner', false],
  ])
  return `${rows}\n`
}

/** `etcdctl alarm list`. */
export function alarmList(etcd: EtcdDoor, line: Line): string {
  const alarmed = etcd.size().isAlarmed ? etcd.members() : []
  const format = plainFormatOf(line)
  if (format === 'json') {
    const alarms = alarmed.map(({ id }) => ({ memberID: exact(id), alarm: 1 }))
    return jsonLine({ header: header(etcd), ...(alarms.length > 0 && { alarms }) })
  }
  if (format === 'simple') return alarmed.map(({ id }) => `memberID:${exact(id)} alarm:NOSPACE \n`).join('')
  const rows = alarmed.map(({ id }) => `"MemberID" : ${idText(id, line)}\n"AlarmType" : NOSPACE\n\n`)
  return headerFields(etcd, line) + rows.join('')
}

/** `etcdctl defrag`, once it is done. */
export function defragmented(etcd: EtcdDoor, line: Line): Told {
  const asked = endpointsOf(etcd, line)
  const failed = asked.filter((endpoint) => !isReached(endpoint))
  return {
    stdout: asked
      .filter(isReached)
      .map(({ address }) => `Finished defragmenting etcd member[${address}]. took 1.2ms\n`)
      .join(''),
    stderr: failed
      .map(({ address }) => `Failed to defragment etcd member[${address}]. took 5.001s. (${late})\n`)
      .join(''),
    code: failed.length > 0 ? 1 : 0,
  }
}
