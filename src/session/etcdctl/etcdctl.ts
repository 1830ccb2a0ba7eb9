import { FaultError, type EtcdAnswer, type EtcdDoor, type Fault } from '#engine'
import { endpointHealth, endpointStatus } from './endpoints.ts'
import { badArgs, EtcdctlError } from './errors.ts'
import { checkGet, get, watch } from './keys.ts'
import {
  grantLease,
  keepAlive,
  leaseTimeToLive,
  listLeases,
  renewOnce,
  revokeLease,
  type Ask,
} from './leaseCommands.ts'
import { alarmList, defragmented, memberList } from './maintenance.ts'
import { formatOf, plainFormatOf } from './printing.ts'
import { txn } from './txnCommand.ts'
import { etcdctl as tree, type Command } from './tree.ts'
import { apiVersion, usageOf, version } from './usage.ts'
import { isOn, notANumber, rangeOf, readLine, UsageError, type Found, type Line } from './words.ts'
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
  /** how often something may have come; less often than others where that is known */
  readonly everyMs?: number
  /** Ctrl-C, where that does more than end it */
  readonly stop?: () => void
}

/** What came meanwhile; a code once it is over. */
export interface Followed {
  readonly stdout: string
  readonly stderr?: string
  readonly code?: number
}

/** Runs one command line of etcdctl against the simulated store; `stdin` is what a `txn` or a `put` without a value reads. */
export function runEtcdctl(argv: readonly string[], door: EtcdctlDoor, stdin?: string): EtcdctlAnswer {
  return guarded(() => {
    const found = readLine(argv)
    const { path, line } = found
    const command = commands[nameOf(found)]
    if (isOn(line, 'help') || command === undefined) return told(usageOf(path))
    if (!isOffline(found)) {
      formatOf(line)
      if (!door.isUp()) throw new EtcdctlError('context deadline exceeded')
    }
    return command(door, line, stdin)
  })
}

/** What a line does, in full: `lease grant`. */
const nameOf = ({ path }: Found): string =>
  path
    .slice(1)
    .map(({ name }) => name)
    .join(' ')

const isOffline = (found: Found): boolean => ['version', 'help'].includes(nameOf(found))

function guarded(run: () => EtcdctlAnswer): EtcdctlAnswer {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof EtcdctlError || error instanceof FaultError)) throw error
    const stderr = `Error: ${error.message}\n`
    if (error instanceof UsageError) return { stdout: usageOf(error.path), stderr: `${stderr}\n`, code: error.code }
    return { stdout: '', stderr, code: error instanceof EtcdctlError ? error.code : 1 }
  }
}

const told = (stdout: string, code = 0): EtcdctlAnswer => ({ stdout, stderr: '', code })

const commands: Readonly<Record<string, (door: EtcdctlDoor, line: Line, stdin?: string) => EtcdctlAnswer>> = {
  get(door, line) {
    checkGet(line)
    if (line.flags.get('consistency') !== 's') agree(door)
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
    plainFormatOf(line)
    if (isOn(line, 'once')) return told(renewOnce(door.etcd(), line, asking(door)))
    const { tell, everyMs, farewell, stop } = keepAlive(door.etcd, line, plainAsking(door))
    const follow = (): Followed => {
      const stdout = tell()
      return stdout === undefined ? { stdout: farewell, code: 0 } : { stdout }
    }
    return { ...told(''), follow, everyMs, stop }
  },
  watch(door, line) {
    const tell = watch(door.etcd, line)
    return { ...told(''), follow: () => ({ stdout: tell() }) }
  },
  'endpoint status': (door, line) => endpointStatus(door.etcd(), line),
  'endpoint health': (door, line) => endpointHealth(door.etcd(), line),
  'member list': (door, line) => told(memberList(door.etcd(), line)),
  'alarm list'(door, line) {
    if (line.words.length > 2) throw badArgs('alarm list command accepts no arguments')
    return told(alarmList(door.etcd(), line))
  },
  'alarm disarm'(door, line) {
    if (line.words.length > 2) throw badArgs('alarm disarm command accepts no arguments')
    const before = alarmList(door.etcd(), line)
    door.fault({ kind: 'etcdMaintenance', do: 'disarm' })
    return told(before)
  },
  compaction(door, line) {
    const [, text] = line.words
    if (text === undefined || line.words.length > 2) throw badArgs('compaction command needs 1 argument')
    if (!/^[+-]?\d+$/.test(text)) throw new EtcdctlError(notANumber(text))
    agree(door)
    door.fault({ kind: 'etcdMaintenance', do: 'compact', revision: Number(text) })
    return told(`compacted revision ${Number(text)}\n`)
  },
  defrag(door, line) {
    const answer = defragmented(door.etcd(), line)
    if (answer.stdout !== '') door.fault({ kind: 'etcdMaintenance', do: 'defrag' })
    return answer
  },
  version: () => told(`etcdctl version: ${version}\nAPI version: ${apiVersion}\n`),
  help: (_, line) => helpFor(line.words.slice(1)),
}

/** upstream: github.com/spf13/cobra command.go InitDefaultHelpCmd */
function helpFor(words: readonly string[]): EtcdctlAnswer {
  const path: Command[] = [tree]
  for (const word of words) {
    const next = path[path.length - 1]!.commands?.find(({ name }) => name === word)
    if (next === undefined) break
    path.push(next)
  }
  if (path.length > 1 || words.length === 0) return told(usageOf(path))
  const topic = words.map((word) => `\`${word}\``).join(' ')
  return { stdout: usageOf(path), stderr: `Unknown help topic [${topic}]\n`, code: 0 }
}

/** How long somebody who deletes a range may think again. */
const warningMs = 2_000

/** Reads and writes that must be agreed on wait for a leader, and give up. */
function agree(door: EtcdctlDoor): void {
  const refusal = door.etcd().refusal()
  if (refusal !== undefined) throw new EtcdctlError(refusal)
}

const plainAsking =
  (door: EtcdctlDoor): Ask =>
  (request) =>
    door.fault({ kind: 'etcdRequest', ...request })

const asking =
  (door: EtcdctlDoor): Ask =>
  (request) => {
    agree(door)
    return plainAsking(door)(request)
  }
