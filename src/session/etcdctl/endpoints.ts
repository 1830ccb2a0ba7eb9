import type { EtcdDoor, MemberView } from '#engine'
import { exact, formatOf, header, headerFields, jsonLine, lines } from './printing.ts'
import { framed, humanBytes } from './tables.ts'
import { version } from './usage.ts'
import { isOn, type Line } from './words.ts'

const storageVersion = '3.6.0'

/** Where a member listens, by the port of the first. */
export const addressOf = ({ name }: MemberView, port: number): string =>
  `127.0.0.1:${port + 10 * (Number(name.slice(5)) - 1)}`
/** How clients reach it. */
export const clientUrl = (member: MemberView): string => `http://${addressOf(member, 2379)}`

/** What a command said, on either stream. */
export interface Told {
  readonly stdout: string
  readonly stderr: string
  readonly code: number
}

/** Somebody who is asked: an address as it was said, and the member behind it, if there is one that runs. */
export interface Endpoint {
  readonly address: string
  readonly member: MemberView | undefined
}

/** Who is asked: the first member, or all of the cluster, or the endpoints that are named. */
export function endpointsOf(etcd: EtcdDoor, line: Line): readonly Endpoint[] {
  const members = etcd.members()
  const running = (member: MemberView | undefined): MemberView | undefined => (member?.isUp ? member : undefined)
  if (isOn(line, 'cluster')) return members.map((member) => ({ address: clientUrl(member), member: running(member) }))
  const named = line.flags.get('endpoints') ?? addressOf(members[0]!, 2379)
  return named.split(',').map((text) => {
    const address = text.trim()
    const place = address.replace(/^https?:\/\//, '').replace(/^localhost:/, '127.0.0.1:')
    return { address, member: running(members.find((one) => addressOf(one, 2379) === place || one.name === place)) }
  })
}

/** What is said of who does not. */
export const late = 'context deadline exceeded'

/** One that answers. */
export interface Reached extends Endpoint {
  readonly member: MemberView
}

/** Whether it does. */
export const isReached = (endpoint: Endpoint): endpoint is Reached => endpoint.member !== undefined

/** `etcdctl endpoint status`. */
export function endpointStatus(etcd: EtcdDoor, line: Line): Told {
  const asked = endpointsOf(etcd, line)
  const reached = asked.filter(isReached)
  const stderr = asked
    .filter((endpoint) => !isReached(endpoint))
    .map(({ address }) => `Failed to get the status of endpoint ${address} (${late})\n`)
    .join('')
  return { stdout: statusText(etcd, line, reached), stderr, code: stderr === '' ? 0 : 1 }
}

function statusText(etcd: EtcdDoor, line: Line, reached: readonly Reached[]): string {
  const format = formatOf(line)
  if (format === 'json') return jsonLine(reached.map((endpoint) => statusJson(etcd, endpoint)))
  if (format === 'fields') return reached.map((endpoint) => statusFields(etcd, line, endpoint)).join('')
  const rows = reached.map((endpoint) => statusRow(etcd, endpoint))
  return format === 'table' ? framed(statusHeadings, rows) : rows.map((row) => `${row.join(', ')}\n`).join('')
}

const statusHeadings = [
  ...['ENDPOINT', 'ID', 'VERSION', 'STORAGE VERSION', 'DB SIZE', 'IN USE', 'PERCENTAGE NOT IN USE', 'QUOTA'],
  ...['IS LEADER', 'IS LEARNER', 'RAFT TERM', 'RAFT INDEX', 'RAFT APPLIED INDEX', 'ERRORS'],
  ...['DOWNGRADE TARGET VERSION', 'DOWNGRADE ENABLED'],
]

function statusRow(etcd: EtcdDoor, { address, member }: Reached): readonly string[] {
  const { fileBytes, usedBytes, quotaBytes } = etcd.size()
  const unused = fileBytes === 0 ? 0 : Math.round((100 * (fileBytes - usedBytes)) / fileBytes)
  return [
    ...[address, member.id, version, storageVersion, humanBytes(fileBytes), humanBytes(usedBytes)],
    ...[`${unused}%`, humanBytes(quotaBytes), String(member.isLeader), 'false', String(member.term)],
    ...[String(member.index), String(member.index), errorsOf(etcd, member).join(', '), '', 'false'],
  ]
}

function errorsOf(etcd: EtcdDoor, member: MemberView): readonly string[] {
  const alarm = etcd.size().isAlarmed ? [`memberID:${exact(member.id)} alarm:NOSPACE `] : []
  return leaderOf(etcd) === undefined ? [...alarm, 'etcdserver: no leader'] : alarm
}

const leaderOf = (etcd: EtcdDoor): MemberView | undefined => etcd.members().find(({ isLeader }) => isLeader)

function statusFields(etcd: EtcdDoor, line: Line, { address, member }: Reached): string {
  const { fileBytes, usedBytes, quotaBytes } = etcd.size()
  const rows = lines([
    ['Version', JSON.stringify(version)],
    ['StorageVersion', JSON.stringify(storageVersion)],
    ['DBSize', fileBytes],
    ['DBSizeInUse', usedBytes],
    ['DBSizeQuota', quotaBytes],
    ['Leader', exact(leaderOf(etcd)?.id ?? '')],
    ['IsLearner', false],
    ['RaftIndex', member.index],
    ['RaftTerm', member.term],
    ['RaftAppliedIndex', member.index],
    ['Errors', `[${errorsOf(etcd, member).join(' ')}]`],
    ['Endpoint', JSON.stringify(address)],
    ['DowngradeTargetVersion', '""'],
    ['DowngradeEnabled', false],
  ])
  return `${headerFields(etcd, line, undefined, member)}${rows}\n`
}

function statusJson(etcd: EtcdDoor, { address, member }: Reached): object {
  const { fileBytes, usedBytes, quotaBytes } = etcd.size()
  return {
    Endpoint: address,
    Status: {
      header: header(etcd, member),
      version,
      dbSize: fileBytes,
      leader: exact(leaderOf(etcd)?.id ?? ''),
      raftIndex: member.index,
      raftTerm: member.term,
      raftAppliedIndex: member.index,
      dbSizeInUse: usedBytes,
      storageVersion,
      dbSizeQuota: quotaBytes,
    },
  }
}

interface Health {
  readonly endpoint: string
  readonly health: boolean
  readonly took: string
  readonly error?: string
}

/** `etcdctl endpoint health`: whether each member can have something agreed on, and no alarm is on. */
export function endpointHealth(etcd: EtcdDoor, line: Line): Told {
  const found = endpointsOf(etcd, line).map((endpoint) => healthOf(etcd, endpoint))
  const isHealthy = found.every(({ health }) => health)
  const told = { ...healthText(line, found), code: isHealthy ? 0 : 1 }
  return isHealthy ? told : { ...told, stderr: `${told.stderr}Error: unhealthy cluster\n` }
}

function healthOf(etcd: EtcdDoor, { address, member }: Endpoint): Health {
  const isReachable = member !== undefined && etcd.refusal() === undefined
  const took = isReachable ? `${(1.2 + 2 * member.slowMs).toFixed(3)}ms` : '5.001s'
  const error = !isReachable ? late : etcd.size().isAlarmed ? 'Active Alarm(s): NOSPACE ' : undefined
  return { endpoint: address, health: error === undefined, took, ...(error !== undefined && { error }) }
}

function healthText(line: Line, found: readonly Health[]): Omit<Told, 'code'> {
  const format = formatOf(line)
  if (format === 'json') return { stdout: jsonLine(found), stderr: '' }
  if (format === 'table') {
    const rows = found.map(({ endpoint, health, took, error = '' }) => [endpoint, String(health), took, error])
    return { stdout: framed(['ENDPOINT', 'HEALTH', 'TOOK', 'ERROR'], rows), stderr: '' }
  }
  if (format === 'fields') return { stdout: found.map(healthFields).join(''), stderr: '' }
  const [well, ill] = [found.filter(({ health }) => health), found.filter(({ health }) => !health)]
  return {
    stdout: well
      .map(({ endpoint, took }) => `${endpoint} is healthy: successfully committed proposal: took = ${took}\n`)
      .join(''),
    stderr: ill
      .map(({ endpoint, error }) => `${endpoint} is unhealthy: failed to commit proposal: ${error}\n`)
      .join(''),
  }
}

function healthFields({ endpoint, health, took, error = '' }: Health): string {
  const rows = lines([
    ['Endpoint', JSON.stringify(endpoint)],
    ['Health', health],
    ['Took', took],
    ['Error', error],
  ])
  return `${rows}\n`
}
