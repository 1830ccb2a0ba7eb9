import type { ChartState } from '../../sim/index.ts'
import type { RaftContext } from './raftMachine.ts'

/** How often a leader beats. upstream: --heartbeat-interval */
export const tickMs = 100
/** How many beats a follower waits at least. upstream: --election-timeout */
export const electionTicks = 10
/** The shortest wait for a leader. */
export const electionMs = electionTicks * tickMs

/** One member as data: its chart, what it has on disk, and what it remembers of others. */
export interface MemberState {
  readonly name: string
  /** as etcd prints it, in hexadecimal */
  readonly id: string
  chart: ChartState<RaftContext>
  term: number
  /** whom it voted for in its term */
  votedFor: number | undefined
  /** of its last log entry */
  index: number
  indexTerm: number
  /** when it last heard of a leader */
  heardAt: number
  /** who voted for it, while it stands */
  votes: number[]
  /** as leader: when each member answered last, and how far its log is known to reach */
  answeredAt: number[]
  matched: number[]
  /** as leader: to whom a message with new entries is on its way */
  sending: boolean[]
  /** what a write to its disk takes */
  slowMs: number
}

/** What one member says to another. */
export interface Message {
  readonly type: 'message'
  readonly what: 'preVote' | 'preVoteAnswer' | 'vote' | 'voteAnswer' | 'append' | 'appendAnswer'
  readonly from: number
  readonly term: number
  readonly index: number
  readonly indexTerm: number
  readonly isGranted: boolean
}

/** A member as people see it. */
export interface MemberView {
  readonly name: string
  readonly id: string
  /** where its chart stands: `follower`, `leader.beating`, `stopped`, … */
  readonly at: string
  readonly isLeader: boolean
  readonly isUp: boolean
  readonly term: number
  readonly index: number
  readonly slowMs: number
  /** when it last heard of a leader */
  readonly heardAt: number
}

/** Members have these ids, however many there are. */
export const memberIds: readonly string[] = Object.freeze([
  '8e9e05c52164694d',
  '91bc3c398fb3c146',
  'fd422379fda50e48',
  '2a1b7c54e9d08f36',
  'b6e3f0d91c47a285',
])

/** Whether a member is the leader that all writes go through. */
export const isLeading = ({ chart }: MemberState): boolean => chart.at === 'leader.beating'
/** Whether a member does not run. */
export const isStopped = ({ chart }: MemberState): boolean => chart.at === 'stopped'

/** Whether a log that ends there is at least as complete as the member's own. */
export function isUpToDate(member: MemberState, index: number, indexTerm: number): boolean {
  return indexTerm > member.indexTerm || (indexTerm === member.indexTerm && index >= member.index)
}

/** A member as pages and `etcdctl` see it. */
export function viewOf(member: MemberState): MemberView {
  const { name, id, chart, term, index, slowMs, heardAt } = member
  const isUp = !isStopped(member)
  return { name, id, at: chart.at, isLeader: isLeading(member), isUp, term, index, slowMs, heardAt }
}
