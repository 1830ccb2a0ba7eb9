import type { EtcdMember, EtcdView, Fault } from '../../protocol.ts'

/** How long a write to a slowed disk takes: longer than leaders beat, shorter than followers wait. */
export const slowDiskMs = 400

const states: Readonly<Record<string, string>> = {
  follower: 'Follower',
  preCandidate: 'Pre-candidate',
  candidate: 'Candidate',
  leader: 'Leader',
  stopped: 'Stopped',
}

/** What a state of a member's chart is called; a state that is not named here says its own name. */
export function stateWords(state: string): string {
  return states[state] ?? state
}

/** Whether etcd can agree on anything, in a sentence. */
export function quorumWords({ members, quorum, refusal }: EtcdView): string {
  const up = members.filter(({ isUp }) => isUp).length
  const counts = `${up} of ${members.length} members are up, ${quorum} must agree`
  if (up < quorum) return `The quorum is lost: ${counts}. Nothing can be read for sure or written; running Pods go on.`
  const leader = members.find(({ isLeader }) => isLeader)
  if (refusal !== undefined || leader === undefined)
    return `No leader: ${counts}. Until one is elected, nothing can be written.`
  const spare = up - quorum
  const rest = spare === 0 ? 'One more that stops, and nothing can be written' : `${spare} more may stop`
  return `${leader.name} leads in term ${leader.term}: ${counts}. ${rest}.`
}

/** How far a member's log is behind. */
export function lagWords({ lag, isLeader }: EtcdMember): string {
  if (isLeader) return 'sets the pace'
  return lag === 0 ? 'all of it' : `${lag} ${lag === 1 ? 'entry' : 'entries'} behind`
}

/** When it last heard of a leader. */
export function heardWords({ isLeader, isUp, heardAt }: EtcdMember, now: number): string {
  if (!isUp) return 'hears nothing'
  if (isLeader) return 'beats'
  const ms = Math.max(0, now - heardAt)
  return ms < 1000 ? `${Math.round(ms)} ms ago` : `${Math.round(ms / 100) / 10} s ago`
}

/** What can be done to a member: stop or start it, slow or mend its disk. */
export function memberFaults({ name, isUp, slowMs }: EtcdMember): readonly {
  readonly title: string
  readonly consequence: string
  readonly fault: Fault
}[] {
  const isSlow = slowMs > 0
  return [
    {
      title: isUp ? 'Stop' : 'Start',
      consequence: isUp ? 'It answers nobody. Of a leader, others notice within two seconds.' : 'It catches up.',
      fault: { kind: 'component', name, on: !isUp },
    },
    {
      title: isSlow ? 'Mend disk' : 'Slow disk',
      consequence: isSlow ? 'Writes are quick again.' : `Each write to its disk takes ${slowDiskMs} ms.`,
      fault: { kind: 'etcdDisk', member: name, slowMs: isSlow ? 0 : slowDiskMs },
    },
  ]
}

/** The last entries of a log as cells: how many of them a member has. */
export function logCells(lag: number, shown: number): readonly boolean[] {
  return Array.from({ length: shown }, (_, index) => index < shown - Math.min(lag, shown))
}

/** Where members stand in the drawing: the leader above, the others in a row below, in their order. */
export function placesOf(
  members: readonly EtcdMember[],
  width: number,
): readonly { readonly member: EtcdMember; readonly x: number; readonly y: number }[] {
  const others = members.filter(({ isLeader }) => !isLeader)
  const step = width / Math.max(1, others.length)
  return members.map((member) =>
    member.isLeader ? { member, x: width / 2, y: 34 } : { member, x: step * (others.indexOf(member) + 0.5), y: 142 },
  )
}
