import { expect, test } from 'vitest'
import { raftMachine, type RaftContext, type RaftEvent } from '../../../src/engine/etcd/raft/raftMachine.ts'
import { runMachine, type ChartHost } from '../../../src/engine/sim/index.ts'

const charts = runMachine<RaftContext, RaftEvent>(raftMachine)
const timeout = 'xstate.after.electionTimeout.etcdMember'

/** Sends events to a fresh member; tells where it ends and what it did on the last of them. */
function after(events: readonly string[]): { readonly at: string; readonly did: readonly string[] } {
  let did: string[] = []
  const host: ChartHost<RaftContext, RaftEvent> = {
    schedule: () => 1,
    cancel: () => undefined,
    perform: (effect) => void did.push(effect),
  }
  const chart = charts.start({ timeoutMs: 1_000, beatMs: 100 }, host)
  for (const type of events) {
    did = []
    charts.send(chart, { type: type === 'timeout' ? `${timeout}.${chart.at}` : type } as RaftEvent, host)
  }
  return { at: chart.at, did }
}

test.each<[string, string[], string, string[]]>([
  ['begins as a follower', [], 'follower', ['follow']],
  ['waits anew when it hears its leader', ['leader.heard'], 'follower', ['follow']],
  ['asks first, when it heard nobody', ['timeout'], 'preCandidate', ['askPreVotes']],
  ['asks again, when nobody answers', ['timeout', 'timeout'], 'preCandidate', ['askPreVotes']],
  ['gives way to a leader it hears', ['timeout', 'leader.heard'], 'follower', ['follow']],
  ['stands, when it would win', ['timeout', 'prevotes.won'], 'candidate', ['campaign']],
  ['asks anew, when a vote is split', ['timeout', 'prevotes.won', 'timeout'], 'preCandidate', ['askPreVotes']],
  ['gives way to a later term', ['timeout', 'prevotes.won', 'term.passed'], 'follower', ['follow']],
  ['leads and beats, when it has won', ['timeout', 'prevotes.won', 'votes.won'], 'leader.beating', ['lead', 'beat']],
  ['steps down without a majority', ['timeout', 'prevotes.won', 'votes.won', 'quorum.lost'], 'follower', ['follow']],
  ['is silent once stopped', ['process.stopped', 'leader.heard'], 'stopped', []],
  ['follows when it is back', ['process.stopped', 'process.started'], 'follower', ['follow']],
])('a member %s', (_, events, at, did) => {
  expect(after(events)).toEqual({ at, did })
})
