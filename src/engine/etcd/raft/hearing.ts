import type { Sim } from '../../sim/index.ts'
import { electionMs, isLeading, isStopped, isUpToDate, type MemberState, type Message } from './member.ts'
import type { RaftEvent } from './raftMachine.ts'

/** What members do about what they hear. */
export interface Answering {
  readonly send: (self: number, event: RaftEvent) => void
  readonly post: (
    from: number,
    to: number,
    what: Message['what'],
    term: number,
    isGranted: boolean,
    delayMs?: number,
  ) => void
  /** The leader tells another member how far its log reaches. */
  readonly append: (self: number, other: number) => void
}

/** Reads the messages of members to each other: votes, heartbeats, entries, and the answers to them. */
// upstream: go.etcd.io/raft/v3 raft.go Step
export function createHearing(sim: Sim, members: readonly MemberState[], { send, post, append }: Answering) {
  function receive(self: number, message: Message): void {
    const member = members[self]!
    if (isStopped(member)) return
    const { what, from, term } = message
    if (what === 'preVote' || what === 'vote') return judge(member, self, message)
    if (term > member.term && what !== 'preVoteAnswer') learn(member, self, term)
    if (what === 'append') return follow(member, self, message)
    if (what === 'appendAnswer') return tally(member, self, message)
    const wanted = what === 'preVoteAnswer' ? 'preCandidate' : 'candidate'
    if (!message.isGranted || member.chart.at !== wanted || member.votes.includes(from)) return
    member.votes.push(from)
    if (member.votes.length === Math.floor(members.length / 2) + 1)
      send(self, { type: what === 'preVoteAnswer' ? 'prevotes.won' : 'votes.won' })
  }

  /** Whoever still hears a leader lets nobody stand; a vote goes to the first whose log is complete enough. */
  function judge(member: MemberState, self: number, { what, from, term, index, indexTerm }: Message): void {
    const hears = isLeading(member) || sim.now() - member.heardAt < electionMs
    if (hears) return
    if (what === 'preVote') {
      const isGranted = term > member.term && isUpToDate(member, index, indexTerm)
      return post(self, from, 'preVoteAnswer', term, isGranted)
    }
    if (term > member.term) learn(member, self, term)
    const isFree = member.votedFor === undefined || member.votedFor === from
    const isGranted = term === member.term && isFree && isUpToDate(member, index, indexTerm)
    if (isGranted) member.votedFor = from
    post(self, from, 'voteAnswer', member.term, isGranted, member.slowMs)
  }

  function learn(member: MemberState, self: number, term: number): void {
    member.term = term
    member.votedFor = undefined
    send(self, { type: 'term.passed' })
  }

  function follow(member: MemberState, self: number, { from, term, index, indexTerm }: Message): void {
    if (term < member.term) return post(self, from, 'appendAnswer', member.term, false)
    member.heardAt = sim.now()
    const isNew = index !== member.index
    member.index = index
    member.indexTerm = indexTerm
    send(self, { type: 'leader.heard' })
    post(self, from, 'appendAnswer', member.term, true, isNew ? member.slowMs : 0)
  }

  function tally(member: MemberState, self: number, { from, index, isGranted }: Message): void {
    if (!isLeading(member) || !isGranted) return
    member.answeredAt[from] = sim.now()
    member.matched[from] = index
    member.sending[from] = false
    if (index < member.index) append(self, from)
  }

  return receive
}
