import { setup } from 'xstate'
import { effect } from '../../sim/index.ts'

/** What a member of an etcd cluster meets. Messages of others are read by its host, which says what they mean. */
export type RaftEvent =
  | { readonly type: 'leader.heard' }
  | { readonly type: 'term.passed' }
  | { readonly type: 'prevotes.won' }
  | { readonly type: 'votes.won' }
  | { readonly type: 'quorum.lost' }
  | { readonly type: 'process.stopped' }
  | { readonly type: 'process.started' }

/** How long this member waits for a leader before it stands for election itself, and how often it beats as one. */
export interface RaftContext {
  readonly timeoutMs: number
  readonly beatMs: number
}

/** What a member does besides changing state: what its messages say is worked out by its host. */
export const raftEffects = {
  follow: effect(),
  askPreVotes: effect(),
  campaign: effect(),
  lead: effect(),
  beat: effect(),
}

/**
 * One member of an etcd cluster: it follows until it has heard nothing for too long, asks whether it would win (so that it does not
 * disturb a leader that others still hear), then stands for election, and leads while a majority answers.
 */
// upstream: go.etcd.io/raft/v3 raft.go, with PreVote and CheckQuorum
export const raftMachine = setup({
  types: {} as { context: RaftContext; events: RaftEvent },
  actions: { ...raftEffects },
  delays: {
    electionTimeout: ({ context }) => context.timeoutMs,
    heartbeat: ({ context }) => context.beatMs,
  },
}).createMachine({
  id: 'etcdMember',
  context: { timeoutMs: 1_000, beatMs: 100 },
  initial: 'follower',
  on: { 'process.stopped': '.stopped' },
  states: {
    follower: {
      entry: 'follow',
      after: { electionTimeout: 'preCandidate' },
      on: {
        'leader.heard': { target: 'follower', reenter: true },
        'term.passed': { target: 'follower', reenter: true },
      },
    },
    preCandidate: {
      entry: 'askPreVotes',
      after: { electionTimeout: { target: 'preCandidate', reenter: true } },
      on: { 'prevotes.won': 'candidate', 'leader.heard': 'follower', 'term.passed': 'follower' },
    },
    candidate: {
      entry: 'campaign',
      after: { electionTimeout: 'preCandidate' },
      on: { 'votes.won': 'leader', 'leader.heard': 'follower', 'term.passed': 'follower' },
    },
    leader: {
      entry: 'lead',
      initial: 'beating',
      on: { 'term.passed': 'follower', 'quorum.lost': 'follower' },
      states: {
        beating: { entry: 'beat', after: { heartbeat: { target: 'beating', reenter: true } } },
      },
    },
    stopped: { on: { 'process.started': 'follower' } },
  },
})
