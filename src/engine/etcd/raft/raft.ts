import { must, runMachine, type ChartHost, type Sim } from '../../sim/index.ts'
import { createHearing } from './hearing.ts'
import {
  electionMs,
  electionTicks,
  isLeading,
  isStopped,
  memberIds,
  tickMs,
  viewOf,
  type MemberState,
  type MemberView,
  type Message,
} from './member.ts'
import { raftMachine, type RaftContext, type RaftEvent } from './raftMachine.ts'

const latencyMs = 1

interface RaftState {
  members: MemberState[]
  /** whether writes go through */
  isAvailable: boolean
  /** the trace record of the latest intervention: what members do is due to that */
  cause: number
}

/** Several etcd members that agree on one log. */
export interface Raft {
  readonly members: () => readonly MemberView[]
  /** The leader takes one more entry; followers get it as fast as their network and disk allow. */
  readonly propose: () => void
  /** why nothing can be written or read for sure; undefined when all is well */
  readonly refusal: () => string | undefined
  readonly has: (name: string) => boolean
  /** Stops or starts a member's process. */
  readonly setRunning: (name: string, isRunning: boolean) => void
  /** Makes each write to a member's disk take so long. */
  readonly setDisk: (name: string, slowMs: number) => void
  /** Calls back when the members become able or unable to agree. */
  readonly onChange: (listener: (isAvailable: boolean) => void) => void
}

const charts = runMachine<RaftContext, RaftEvent>(raftMachine)

/** Makes the members, the first one leading. All state is the slice `raft`; all time passes on the virtual clock. */
// differs: a write counts as committed once the leader takes it, if a majority is up; logs are told by their length alone
export function createRaft(sim: Sim, count: number): Raft {
  const listeners: ((isAvailable: boolean) => void)[] = []
  const state = sim.slice<RaftState>('raft', () => ({ members: [], isAvailable: true, cause: 0 }))
  const { members } = state
  const quorum = Math.floor(count / 2) + 1

  sim.handle('etcd', (part, event) =>
    sim.because(state.cause, () => {
      const self = Number(part)
      if (event.type === 'message') receive(self, event as unknown as Message)
      else send(self, event as RaftEvent)
      settle()
    }),
  )
  function begin(): void {
    for (let self = 0; self < count; self++) {
      const context: RaftContext = Object.freeze({ timeoutMs: electionMs, beatMs: tickMs })
      members.push({
        name: `etcd-${self + 1}`,
        id: memberIds[self]!,
        chart: { at: '', context, timers: {} },
        term: 2,
        votedFor: 0,
        index: 4 + count, // upstream: one entry for each member's joining, and those of the first elections
        indexTerm: 2,
        heardAt: 0,
        votes: [],
        answeredAt: Array.from({ length: count }, () => 0),
        matched: Array.from({ length: count }, () => 4 + count),
        sending: Array.from({ length: count }, () => false),
        slowMs: 0,
      })
    }
    members.forEach((member, self) => (member.chart = charts.start(member.chart.context, hostOf(self))))
    // the first leader was elected before anybody looked
    const { chart } = members[0]!
    charts.stop(chart, hostOf(0))
    chart.at = 'candidate'
    send(0, { type: 'votes.won' })
  }

  function hostOf(self: number): ChartHost<RaftContext, RaftEvent> {
    return {
      schedule: (delayMs, event) => sim.schedulePeriodic(delayMs, `etcd/${self}`, event),
      cancel: sim.cancelPeriodic,
      perform: (effect) => must(effects[effect], `etcd members have no effect ${effect}`)(self),
    }
  }

  function send(self: number, event: RaftEvent): void {
    charts.send(members[self]!.chart, event, hostOf(self))
  }

  /** Sends an event as soon as what happens now is over: an effect never sends at once. */
  function soon(self: number, type: RaftEvent['type']): void {
    sim.schedulePeriodic(0, `etcd/${self}`, { type })
  }

  function draw(member: MemberState): void {
    const ticks = electionTicks + sim.int('etcd', electionTicks)
    member.chart.context = Object.freeze({ timeoutMs: ticks * tickMs, beatMs: Math.max(tickMs, member.slowMs) })
  }

  const effects: Readonly<Record<string, (self: number) => void>> = {
    follow: (self) => draw(members[self]!),

    askPreVotes(self) {
      const member = members[self]!
      draw(member)
      member.votes = [self]
      tell(self, 'preVote', member.term + 1, 0)
    },

    campaign(self) {
      const member = members[self]!
      draw(member)
      member.term++
      member.votedFor = self
      member.votes = [self]
      sim.record(member.name, 'etcd.campaign', undefined, { term: member.term })
      tell(self, 'vote', member.term, member.slowMs)
    },

    lead(self) {
      const member = members[self]!
      member.index++ // an empty entry of its own term, by which the entries before it are committed
      member.indexTerm = member.term
      member.answeredAt = members.map(() => sim.now())
      member.matched = members.map((_, other) => (other === self ? member.index : 0))
      member.sending = members.map(() => false)
      draw(member)
      if (member.term > 2)
        sim.record(member.name, 'etcd.elected', undefined, { term: member.term, votes: member.votes.length })
    },

    beat(self) {
      const member = members[self]!
      const since = sim.now() - electionMs
      const answering = member.answeredAt.filter((at, other) => other === self || at > since).length
      if (answering < quorum) {
        sim.record(member.name, 'etcd.steppedDown', undefined, { term: member.term })
        return soon(self, 'quorum.lost')
      }
      for (let other = 0; other < count; other++) if (other !== self) append(self, other)
    },
  }

  function tell(self: number, what: Message['what'], term: number, delayMs: number): void {
    for (let other = 0; other < count; other++) if (other !== self) post(self, other, what, term, true, delayMs)
  }

  function post(from: number, to: number, what: Message['what'], term: number, isGranted: boolean, delayMs = 0): void {
    const { index, indexTerm } = members[from]!
    const message: Message = { type: 'message', what, from, term, index, indexTerm, isGranted }
    sim.schedulePeriodic(latencyMs + delayMs, `etcd/${to}`, { ...message })
  }

  function append(self: number, other: number): void {
    members[self]!.sending[other] = true
    post(self, other, 'append', members[self]!.term, true)
  }

  function leader(): number {
    let found = -1
    members.forEach((member, self) => {
      if (isLeading(member) && (found < 0 || member.term > members[found]!.term)) found = self
    })
    return found
  }

  const isQuorumUp = (): boolean => members.filter((member) => !isStopped(member)).length >= quorum

  /** Tells when the members have become able or unable to agree. */
  function settle(): void {
    const isAvailable = leader() >= 0 && isQuorumUp()
    if (isAvailable === state.isAvailable) return
    state.isAvailable = isAvailable
    sim.record('etcd', isAvailable ? 'etcd.available' : 'etcd.unavailable')
    for (const listener of listeners) listener(isAvailable)
  }

  const receive = createHearing(sim, members, { send, post, append })
  if (members.length === 0) begin()

  const indexOf = (name: string): number => members.findIndex((member) => member.name === name)

  return {
    members: () => members.map(viewOf),
    propose() {
      const self = leader()
      if (self < 0) return
      const member = members[self]!
      member.index++
      member.matched[self] = member.index
      for (let other = 0; other < count; other++) if (other !== self && !member.sending[other]) append(self, other)
    },
    refusal() {
      if (state.isAvailable) return undefined
      return isQuorumUp() ? 'etcdserver: leader changed' : 'etcdserver: request timed out'
    },
    has: (name) => indexOf(name) >= 0,
    setRunning(name, isRunning) {
      const self = indexOf(name)
      state.cause = sim.world.cause
      send(self, { type: isRunning ? 'process.started' : 'process.stopped' })
      settle()
    },
    setDisk(name, slowMs) {
      state.cause = sim.world.cause
      const member = members[indexOf(name)]!
      member.slowMs = slowMs
      const { timeoutMs } = member.chart.context
      member.chart.context = Object.freeze({ timeoutMs, beatMs: Math.max(tickMs, slowMs) })
    },
    onChange: (listener) => void listeners.push(listener),
  }
}
