import { encodeBase64, type EtcdDoor, type EtcdRequest, type KeeperView, type LeaseView } from '#engine'
import { badArgs, EtcdctlError, exitCodes } from './errors.ts'
import { exact, header, headerFields, jsonLine, leaseText, lines, plainFormatOf } from './printing.ts'
import { isOn, notANumber, type Line } from './words.ts'

/** Has etcd do something: a logged action of the run. Throws what it refuses. */
export type Ask = (request: Omit<EtcdRequest, 'kind'>) => unknown

// upstream: etcdctl/ctlv3/command/lease_command.go

/** `etcdctl lease grant TTL`. */
export function grantLease(etcd: EtcdDoor, line: Line, ask: Ask): string {
  const text = onlyWord(line, 'lease grant command needs TTL argument')
  if (!/^[+-]?\d+$/.test(text)) throw badArgs(`bad TTL (${notANumber(text)})`)
  const { id, grantedSeconds } = saying('grant', () => ask({ do: 'leaseGrant', ttlSeconds: Number(text) })) as LeaseView
  const format = plainFormatOf(line)
  if (format === 'json') return jsonLine({ ...header(etcd), ID: exact(id), TTL: grantedSeconds, Error: '' })
  if (format === 'fields') return headerFields(etcd, line) + idFields(line, id, grantedSeconds)
  return `lease ${id} granted with TTL(${grantedSeconds}s)\n`
}

/** `etcdctl lease revoke ID`. */
export function revokeLease(etcd: EtcdDoor, line: Line, ask: Ask): string {
  const lease = leaseOf(onlyWord(line, 'lease revoke command needs 1 argument'), 'bad lease ID arg')
  saying('revoke', () => ask({ do: 'leaseRevoke', lease }))
  const format = plainFormatOf(line)
  if (format === 'json') return jsonLine({ header: header(etcd) })
  return format === 'fields' ? headerFields(etcd, line) : `lease ${lease} revoked\n`
}

/** `etcdctl lease timetolive ID [--keys]`. */
export function leaseTimeToLive(etcd: EtcdDoor, line: Line): string {
  const id = leaseOf(onlyWord(line, 'lease timetolive command needs lease ID as argument'), 'bad lease ID arg')
  const found = etcd.findLease(id)
  const { grantedSeconds, remainingSeconds, keys } = found ?? { grantedSeconds: 0, remainingSeconds: -1, keys: [] }
  const shown = isOn(line, 'keys') ? keys : []
  const format = plainFormatOf(line)
  if (format === 'json') {
    const texts = shown.length > 0 ? shown.map((key) => encodeBase64(key)) : null
    const view = { id: exact(id), ttl: remainingSeconds, 'granted-ttl': grantedSeconds, keys: texts }
    return jsonLine({ ...header(etcd), ...view })
  }
  if (format === 'fields') {
    const rows = shown.map((key) => ['Key', JSON.stringify(key)] as const)
    return (
      headerFields(etcd, line) + idFields(line, id, remainingSeconds) + lines([['GrantedTTL', grantedSeconds], ...rows])
    )
  }
  if (found === undefined) return `lease ${id} already expired\n`
  const attached = isOn(line, 'keys') ? `, attached keys([${shown.join(' ')}])` : ''
  return `lease ${id} granted with TTL(${grantedSeconds}s), remaining(${remainingSeconds}s)${attached}\n`
}

/** `etcdctl lease list`. */
export function listLeases(etcd: EtcdDoor, line: Line): string {
  const ids = etcd.leases()
  const format = plainFormatOf(line)
  if (format === 'json') return jsonLine({ ...header(etcd), leases: ids.map((id) => ({ id: exact(id) })) })
  if (format === 'fields')
    return headerFields(etcd, line) + lines(ids.map((id) => ['ID', leaseText(id, line)] as const))
  return `found ${ids.length} leases\n${ids.map((id) => `${id}\n`).join('')}`
}

/** `etcdctl lease keep-alive ID --once`. */
export function renewOnce(etcd: EtcdDoor, line: Line, ask: Ask): string {
  const id = keptLease(line)
  if (etcd.findLease(id) === undefined)
    throw new EtcdctlError('etcdserver: requested lease not found', exitCodes.badConnection)
  const { grantedSeconds } = ask({ do: 'leaseKeepAlive', lease: id }) as LeaseView
  return renewed(etcd, line, id, grantedSeconds)
}

/** A client that renews by itself, as the terminal sees it. */
export interface KeepAlive {
  /** Tells what came since the last time; undefined once it is over and all has been told. */
  readonly tell: () => string | undefined
  /** how often something may have come */
  readonly everyMs: number
  /** what is told at the end */
  readonly farewell: string
  readonly stop: () => void
}

/** `etcdctl lease keep-alive ID`: begins a client of the simulation, and ends it where it is interrupted. */
export function keepAlive(etcd: () => EtcdDoor, line: Line, ask: Ask): KeepAlive {
  const lease = keptLease(line)
  const format = plainFormatOf(line)
  const { id } = ask({ do: 'keepAliveBegin', lease }) as KeeperView
  let heard = 0
  return {
    tell() {
      const keeper = etcd().findKeeper(id)
      if (keeper === undefined) return undefined
      const count = keeper.renewals - heard
      heard = keeper.renewals
      return renewed(etcd(), line, lease, keeper.ttlSeconds).repeat(count)
    },
    everyMs: lookEveryMs,
    farewell: format === 'simple' ? `lease ${lease} expired or revoked.\n` : '',
    stop() {
      if (etcd().findKeeper(id) !== undefined) ask({ do: 'keepAliveEnd', keeper: id })
    },
  }
}

/** as often as the client itself looks whether a renewal is due: at other times nothing can have come */
const lookEveryMs = 500

const keptLease = (line: Line): string =>
  leaseOf(onlyWord(line, 'lease keep-alive command needs lease ID as argument'), 'bad lease ID arg')

function renewed(etcd: EtcdDoor, line: Line, id: string, ttlSeconds: number): string {
  const format = plainFormatOf(line)
  if (format === 'json') return jsonLine({ ...header(etcd), ID: exact(id), TTL: ttlSeconds })
  if (format === 'fields') return headerFields(etcd, line) + idFields(line, id, ttlSeconds)
  return `lease ${id} keepalived with TTL(${ttlSeconds})\n`
}

const idFields = (line: Line, id: string, ttlSeconds: number): string =>
  lines([
    ['ID', leaseText(id, line)],
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
