import { encodeBase64, type EtcdDoor, type EtcdRequest, type LeaseView } from '#engine'
import { exact, formatOf, header, headerFields, jsonLine, lines } from './printing.ts'
import { badArgs, EtcdctlError, exitCodes, isOn, notANumber, type Line } from './words.ts'

/** Has etcd do something: a logged action of the run. Throws what it refuses. */
export type Ask = (request: Omit<EtcdRequest, 'kind'>) => unknown

// upstream: etcdctl/ctlv3/command/lease_command.go

/** `etcdctl lease grant TTL`. */
export function grantLease(etcd: EtcdDoor, line: Line, ask: Ask): string {
  const text = onlyWord(line, 'lease grant command needs TTL argument')
  if (!/^[+-]?\d+$/.test(text)) throw badArgs(`bad TTL (${notANumber(text)})`)
  const { id, grantedSeconds } = saying('grant', () => ask({ do: 'leaseGrant', ttlSeconds: Number(text) })) as LeaseView
  const format = formatOf(line)
  if (format === 'json') return jsonLine({ ...header(etcd), ID: exact(id), TTL: grantedSeconds, Error: '' })
  if (format === 'fields') return headerFields(etcd) + idFields(id, grantedSeconds)
  return `lease ${id} granted with TTL(${grantedSeconds}s)\n`
}

/** `etcdctl lease revoke ID`. */
export function revokeLease(etcd: EtcdDoor, line: Line, ask: Ask): string {
  const lease = leaseOf(onlyWord(line, 'lease revoke command needs 1 argument'), 'bad lease ID arg')
  saying('revoke', () => ask({ do: 'leaseRevoke', lease }))
  const format = formatOf(line)
  if (format === 'json') return jsonLine({ header: header(etcd) })
  return format === 'fields' ? headerFields(etcd) : `lease ${lease} revoked\n`
}

/** `etcdctl lease timetolive ID [--keys]`. */
export function leaseTimeToLive(etcd: EtcdDoor, line: Line): string {
  const id = leaseOf(onlyWord(line, 'lease timetolive command needs lease ID as argument'), 'bad lease ID arg')
  const found = etcd.findLease(id)
  const { grantedSeconds, remainingSeconds, keys } = found ?? { grantedSeconds: 0, remainingSeconds: -1, keys: [] }
  const shown = isOn(line, 'keys') ? keys : []
  const format = formatOf(line)
  if (format === 'json') {
    const texts = shown.length > 0 ? shown.map((key) => encodeBase64(key)) : null
    const view = { id: exact(id), ttl: remainingSeconds, 'granted-ttl': grantedSeconds, keys: texts }
    return jsonLine({ ...header(etcd), ...view })
  }
  if (format === 'fields') {
    const rows = shown.map((key) => ['Key', JSON.stringify(key)] as const)
    return headerFields(etcd) + idFields(id, remainingSeconds) + lines([['GrantedTTL', grantedSeconds], ...rows])
  }
  if (found === undefined) return `lease ${id} already expired\n`
  const attached = isOn(line, 'keys') ? `, attached keys([${shown.join(' ')}])` : ''
  return `lease ${id} granted with TTL(${grantedSeconds}s), remaining(${remainingSeconds}s)${attached}\n`
}

/** `etcdctl lease list`. */
export function listLeases(etcd: EtcdDoor, line: Line): string {
  const ids = etcd.leases()
  const format = formatOf(line)
  if (format === 'json') return jsonLine({ ...header(etcd), leases: ids.map((id) => ({ id: exact(id) })) })
  if (format === 'fields') return headerFields(etcd) + lines(ids.map((id) => ['ID', exact(id)] as const))
  return `found ${ids.length} leases\n${ids.map((id) => `${id}\n`).join('')}`
}

/** What a keep-alive has to say, now or at some later time. */
export interface KeepAlive {
  readonly stdout: string
  /** the lease has ended, or it was asked for once only */
  readonly isOver: boolean
}

/** `etcdctl lease keep-alive ID [--once]`: asked again and again, it renews after each third of the lease's time. */
// upstream: client/v3/lease.go recvKeepAlive, sendKeepAliveLoop
export function keepAlive(
  etcd: () => EtcdDoor,
  line: Line,
  { ask, now, isUp }: { readonly ask: Ask; readonly now: () => number; readonly isUp: () => boolean },
): () => KeepAlive {
  const id = leaseOf(onlyWord(line, 'lease keep-alive command needs lease ID as argument'), 'bad lease ID arg')
  const isOnce = isOn(line, 'once')
  const format = formatOf(line)
  if (isOnce && etcd().findLease(id) === undefined)
    throw new EtcdctlError('etcdserver: requested lease not found', exitCodes.badConnection)
  let [dueAt, endsAt] = [now(), now() + assumedMs]
  return () => {
    const isReached = isUp() && etcd().refusal() === undefined
    const isGone = isReached ? etcd().findLease(id) === undefined : now() >= endsAt
    if (isGone) return { stdout: format === 'simple' ? `lease ${id} expired or revoked.\n` : '', isOver: true }
    if (!isReached || now() < dueAt) return { stdout: '', isOver: false }
    const { grantedSeconds } = ask({ do: 'leaseKeepAlive', lease: id }) as LeaseView
    dueAt = now() + (grantedSeconds * 1000) / 3
    endsAt = now() + grantedSeconds * 1000
    return { stdout: renewed(etcd(), id, grantedSeconds, format), isOver: isOnce }
  }
}

/** how long a client thinks that a lease lives before it has heard. upstream: defaultTTL */
const assumedMs = 5_000

function renewed(etcd: EtcdDoor, id: string, ttlSeconds: number, format: ReturnType<typeof formatOf>): string {
  if (format === 'json') return jsonLine({ ...header(etcd), ID: exact(id), TTL: ttlSeconds })
  if (format === 'fields') return headerFields(etcd) + idFields(id, ttlSeconds)
  return `lease ${id} keepalived with TTL(${ttlSeconds})\n`
}

const idFields = (id: string, ttlSeconds: number): string =>
  lines([
    ['ID', exact(id)],
    ['TTL', ttlSeconds],
  ])

/** A lease's id as a person writes it, as sixteen digits. */
export function leaseOf(text: string, what: string): string {
  if (!/^[0-9a-f]+$/i.test(text)) throw badArgs(`${what} (${notANumber(text)}), expecting ID in Hex`)
  const id = exact(text)
  if (id >= 2n ** 63n)
    throw badArgs(
      `${what} (strconv.ParseInt: parsing ${JSON.stringify(text)}: value out of range), expecting ID in Hex`,
    )
  return id.toString(16).padStart(16, '0')
}

function onlyWord({ words }: Line, message: string): string {
  const [, , word] = words
  if (word === undefined || words.length > 3) throw badArgs(message)
  return word
}

function saying<T>(what: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw error instanceof Error ? new EtcdctlError(`failed to ${what} lease (${error.message})`) : error
  }
}
