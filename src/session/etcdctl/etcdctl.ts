import { FaultError, type EtcdDoor, type Fault } from '#engine'
import { get, watch } from './keys.ts'
import { alarmList, defragmented, endpointHealth, endpointStatus, memberList } from './maintenance.ts'
import { EtcdctlError, readLine, type Line } from './words.ts'

/** What etcdctl speaks to. */
export interface EtcdctlDoor {
  /** another one after a rewind */
  readonly etcd: () => EtcdDoor
  /** whether the store's process runs */
  readonly isUp: () => boolean
  /** Carries out maintenance: a logged action of the run. */
  readonly fault: (fault: Fault) => void
}

/** What a command gave; a watch goes on until it is interrupted. */
export interface EtcdctlAnswer {
  readonly stdout: string
  readonly stderr: string
  readonly code: number
  /** tells what came since the last time */
  readonly follow?: () => string
}

const usage = `etcdctl get KEY [--prefix] [--keys-only] [--limit N] [--rev N] [--count-only] [-w simple|json|fields]
etcdctl watch KEY [--prefix] [--rev N]
etcdctl endpoint status|health [--cluster] [-w table|json]
etcdctl member list [-w table|json]
etcdctl compact REVISION · defrag · alarm list|disarm · version

Values are shown as JSON; a real API server keeps them as protobuf.
`

/** Runs one command line of etcdctl against the simulated store. */
export function runEtcdctl(argv: readonly string[], door: EtcdctlDoor): EtcdctlAnswer {
  try {
    const line = readLine(argv)
    const name = line.words.slice(0, isTwoWords(line) ? 2 : 1).join(' ')
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (line.flags.get('help') === 'true' || line.words.length === 0) return told(usage)
    if (command === undefined) throw new EtcdctlError(`unknown command ${JSON.stringify(name)} for "etcdctl"`)
    if (!door.isUp() && name !== 'version') throw new EtcdctlError('context deadline exceeded')
    return command(door, line)
  } catch (error) {
    if (error instanceof EtcdctlError || error instanceof FaultError)
      return { stdout: '', stderr: `Error: ${error.message}\n`, code: 1 }
    throw error
  }
}

const groups: ReadonlySet<string> = new Set(['endpoint', 'member', 'alarm'])
const isTwoWords = ({ words }: Line): boolean => groups.has(words[0] ?? '')
const told = (stdout: string, code = 0): EtcdctlAnswer => ({ stdout, stderr: '', code })

const commands: Readonly<Record<string, (door: EtcdctlDoor, line: Line) => EtcdctlAnswer>> = {
  get(door, line) {
    agree(door)
    return told(get(door.etcd(), line))
  },
  watch: (door, line) => ({ ...told(''), follow: watch(door.etcd, line) }),
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
    if (!/^\d+$/.test(text))
      throw new EtcdctlError(
        text === ''
          ? 'compact command needs 1 argument'
          : `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`,
      )
    door.fault({ kind: 'etcdMaintenance', do: 'compact', revision: Number(text) })
    return told(`compacted revision ${text}\n`)
  },
  defrag(door, line) {
    door.fault({ kind: 'etcdMaintenance', do: 'defrag' })
    return told(defragmented(door.etcd(), line))
  },
  version: () => told('etcdctl version: 3.6.8\nAPI version: 3.6\n'),
}

/** Reads and writes that must be agreed on wait for a leader, and give up. */
function agree(door: EtcdctlDoor): void {
  const refusal = door.etcd().refusal()
  if (refusal !== undefined) throw new EtcdctlError(refusal)
}
