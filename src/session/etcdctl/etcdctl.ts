import { FaultError, type EtcdAnswer, type EtcdDoor, type Fault } from '#engine'
import { get, watch } from './keys.ts'
import { grantLease, keepAlive, leaseTimeToLive, listLeases, revokeLease, type Ask } from './leaseCommands.ts'
import { alarmList, defragmented, endpointHealth, endpointStatus, memberList } from './maintenance.ts'
import { txn } from './txnCommand.ts'
import { badArgs, EtcdctlError, isOn, notANumber, rangeOf, readLine, type Line } from './words.ts'
import { write } from './writing.ts'

/** What etcdctl speaks to. */
export interface EtcdctlDoor {
  /** another one after a rewind */
  readonly etcd: () => EtcdDoor
  /** whether the store's process runs */
  readonly isUp: () => boolean
  readonly now: () => number
  /** Carries out whatever changes something: a logged action of the run. */
  readonly fault: (fault: Fault) => EtcdAnswer
}

/** What a command gave; some go on until they are done or interrupted. */
export interface EtcdctlAnswer {
  readonly stdout: string
  readonly stderr: string
  readonly code: number
  /** Tells what came since the last time. */
  readonly follow?: () => Followed
}

/** What came meanwhile; a code once it is over. */
export interface Followed {
  readonly stdout: string
  readonly stderr?: string
  readonly code?: number
}

const usage = `etcdctl get KEY [RANGE_END] [--prefix] [--from-key] [--keys-only] [--limit N] [--rev N] [-w simple|json|fields]
etcdctl put KEY [VALUE] [--lease=ID] [--prev-kv] · del KEY [RANGE_END] [--prefix] [--prev-kv]
etcdctl txn [-i]: compares, what to do if they hold, and what if not, each followed by an empty line:
  mod("KEY") > "0" (mod, create, version, value or lease; =, !=, < or >) · get KEY · put KEY "VALUE" · del KEY
etcdctl lease grant TTL · revoke ID · timetolive ID [--keys] · list · keep-alive ID [--once]
etcdctl watch KEY [RANGE_END] [--prefix] [--rev N] [--prev-kv]
etcdctl endpoint status|health [--cluster] [-w table|json]
etcdctl member list [-w table|json]
etcdctl compact REVISION · defrag · alarm list|disarm · version

Values below /registry are shown as JSON, where a real API server keeps protobuf: they can be deleted here, but not put.
`

/** Runs one command line of etcdctl against the simulated store; `stdin` is what a `txn` or a `put` without a value reads. */
export function runEtcdctl(argv: readonly string[], door: EtcdctlDoor, stdin?: string): EtcdctlAnswer {
  return guarded(() => {
    const line = readLine(argv)
    const name = line.words.slice(0, isTwoWords(line) ? 2 : 1).join(' ')
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (line.flags.get('help') === 'true' || line.words.length === 0) return told(usage)
    if (command === undefined) throw new EtcdctlError(`unknown command ${JSON.stringify(name)} for "etcdctl"`)
    if (!door.isUp() && name !== 'version') throw new EtcdctlError('context deadline exceeded')
    return command(door, line, stdin)
  })
}

function guarded(run: () => EtcdctlAnswer): EtcdctlAnswer {
  try {
    return run()
  } catch (error) {
    if (error instanceof EtcdctlError || error instanceof FaultError)
      return { stdout: '', stderr: `Error: ${error.message}\n`, code: error instanceof EtcdctlError ? error.code : 1 }
    throw error
  }
}

const groups: ReadonlySet<string> = new Set(['endpoint', 'member', 'alarm', 'lease'])
const isTwoWords = ({ words }: Line): boolean => groups.has(words[0] ?? '')
const told = (stdout: string, code = 0): EtcdctlAnswer => ({ stdout, stderr: '', code })

const commands: Readonly<Record<string, (door: EtcdctlDoor, line: Line, stdin?: string) => EtcdctlAnswer>> = {
  get(door, line) {
    agree(door)
    return told(get(door.etcd(), line))
  },
  put: (door, line, stdin) => told(write(door.etcd(), line, asking(door), stdin)),
  del(door, line) {
    const [, from = '', to] = line.words
    rangeOf(line, 'del')
    if (to === undefined || isOn(line, 'range')) return told(write(door.etcd(), line, asking(door)))
    const stderr = `Warning: Keys between ${JSON.stringify(from)} and ${JSON.stringify(to)} will be deleted. Please interrupt the command within next 2 seconds to cancel. You can provide \`--range\` flag to avoid the delay.\n`
    const at = door.now() + warningMs
    const deleted = (): EtcdctlAnswer => guarded(() => told(write(door.etcd(), line, asking(door))))
    return { stdout: '', stderr, code: 0, follow: () => (door.now() < at ? { stdout: '' } : deleted()) }
  },
  txn: (door, line, stdin = '') => told(txn(door.etcd(), line, asking(door), stdin)),
  'lease grant': (door, line) => told(grantLease(door.etcd(), line, asking(door))),
  'lease revoke': (door, line) => told(revokeLease(door.etcd(), line, asking(door))),
  'lease timetolive': (door, line) => told(leaseTimeToLive(door.etcd(), line)),
  'lease list': (door, line) => told(listLeases(door.etcd(), line)),
  'lease keep-alive'(door, line) {
    const { now, isUp } = door
    const ask = keepAlive(door.etcd, line, { ask: asking(door), now, isUp })
    const follow = (): Followed => {
      const { stdout, isOver } = ask()
      return isOver ? { stdout, code: 0 } : { stdout }
    }
    return { ...told(''), follow }
  },
  watch(door, line) {
    const tell = watch(door.etcd, line)
    return { ...told(''), follow: () => ({ stdout: tell() }) }
  },
  'endpoint status': (door, line) => told(endpointStatus(door.etcd(), line)),
  'endpoint health'(door, line) {
    const { stdout, isHealthy } = endpointHealth(door.etcd(), line)
    return isHealthy ? told(stdout) : { stdout, stderr: 'Error: unhealthy cluster\n', code: 1 }
  },
  'member list': (door, line) => told(memberList(door.etcd(), line)),
  'alarm list': (door) => told(alarmList(door.etcd())),
  'alarm disarm'(door) {
    const before = alarmList(door.etcd())
    door.fault({ kind: 'etcdMaintenance', do: 'disarm' })
    return told(before)
  },
  compact(door, line) {
    agree(door)
    const [, text = ''] = line.words
    if (!/^\d+$/.test(text)) throw badArgs(text === '' ? 'compact command needs 1 argument' : notANumber(text))
    door.fault({ kind: 'etcdMaintenance', do: 'compact', revision: Number(text) })
    return told(`compacted revision ${text}\n`)
  },
  defrag(door, line) {
    door.fault({ kind: 'etcdMaintenance', do: 'defrag' })
    return told(defragmented(door.etcd(), line))
  },
  version: () => told('etcdctl version: 3.6.8\nAPI version: 3.6\n'),
}

/** How long somebody who deletes a range may think again. */
const warningMs = 2_000

/** Reads and writes that must be agreed on wait for a leader, and give up. */
function agree(door: EtcdctlDoor): void {
  const refusal = door.etcd().refusal()
  if (refusal !== undefined) throw new EtcdctlError(refusal)
}

const asking =
  (door: EtcdctlDoor): Ask =>
  (request) => {
    agree(door)
    return door.fault({ kind: 'etcdRequest', ...request })
  }
