import { expect, test } from 'vitest'
import { createRaft, type Raft } from '../../../src/engine/etcd/raft/raft.ts'
import { copyWorld, createSim, createWorld, recordsAfter, type Sim } from '../../../src/engine/sim/index.ts'

interface Begun {
  readonly sim: Sim
  readonly raft: Raft
  readonly roles: () => string
  readonly leader: () => string | undefined
  readonly what: () => readonly string[]
}

function begin(count = 3, seed = 1, world = createWorld(seed)): Begun {
  const sim = createSim(world)
  const raft = createRaft(sim, count)
  return {
    sim,
    raft,
    roles: () =>
      raft
        .members()
        .map(({ at }) => at.replace('.beating', ''))
        .join(' '),
    leader: () => raft.members().find(({ isLeader }) => isLeader)?.name,
    what: () => [...recordsAfter(sim.world.trace, 0)].map(({ actor, what }) => `${actor} ${what}`),
  }
}

test('a leader that beats stays the leader', () => {
  const { sim, raft, roles, what } = begin()
  sim.advanceTo(60_000)
  expect(roles()).toBe('leader follower follower')
  expect(raft.refusal()).toBeUndefined()
  expect(what()).toEqual([])
  expect(raft.members().map(({ term }) => term)).toEqual([2, 2, 2])
})

test('members do not keep a cluster from having settled', () => {
  const { sim } = begin()
  sim.advanceTo(5_000)
  expect(sim.isSettled()).toBe(true)
})

test('entries reach the followers', () => {
  const { sim, raft } = begin()
  sim.advanceTo(1_000)
  for (let index = 0; index < 50; index++) raft.propose()
  const [first] = raft.members()
  sim.advanceTo(1_010)
  expect(raft.members().map(({ index }) => index)).toEqual([first!.index, first!.index, first!.index])
})

test.each([1, 2, 3, 4, 5])('when the leader stops, another is elected within seconds (seed %i)', (seed) => {
  const { sim, raft, roles, leader, what } = begin(3, seed)
  sim.advanceTo(5_000)
  raft.setRunning('etcd-1', false)
  expect(raft.refusal()).toBe('etcdserver: leader changed')
  sim.advanceTo(5_900)
  expect(leader()).toBeUndefined() // nobody stands before an election timeout is over
  sim.advanceTo(12_000)
  expect(['etcd-2', 'etcd-3']).toContain(leader())
  expect(raft.refusal()).toBeUndefined()
  expect(what()).toEqual(expect.arrayContaining([`${leader()!} etcd.elected`, 'etcd etcd.available']))
  raft.setRunning('etcd-1', true)
  sim.advanceTo(20_000)
  expect(
    roles()
      .split(' ')
      .filter((role) => role === 'leader'),
  ).toHaveLength(1)
  expect(new Set(raft.members().map(({ term }) => term)).size).toBe(1)
  expect(new Set(raft.members().map(({ index }) => index)).size).toBe(1)
})

test('without a majority nothing is agreed on, and the leader steps down', () => {
  const { sim, raft, leader, what } = begin()
  sim.advanceTo(5_000)
  raft.setRunning('etcd-2', false)
  expect(raft.refusal()).toBeUndefined()
  raft.setRunning('etcd-3', false)
  expect(raft.refusal()).toBe('etcdserver: request timed out')
  sim.advanceTo(8_000)
  expect(leader()).toBeUndefined()
  expect(what()).toContain('etcd-1 etcd.steppedDown')
  sim.advanceTo(60_000)
  expect(raft.members()[0]!.term).toBe(2) // it asks first, so its term does not run away
  raft.setRunning('etcd-3', true)
  sim.advanceTo(70_000)
  expect(raft.refusal()).toBeUndefined()
})

test('five members survive the loss of two', () => {
  const { sim, raft } = begin(5)
  sim.advanceTo(5_000)
  raft.setRunning('etcd-1', false)
  raft.setRunning('etcd-4', false)
  sim.advanceTo(20_000)
  expect(raft.refusal()).toBeUndefined()
  raft.setRunning('etcd-5', false)
  expect(raft.refusal()).toBe('etcdserver: request timed out')
})

test('a follower with a slow disk lags behind; a leader with one that is slow enough is replaced', () => {
  const { sim, raft, leader } = begin()
  sim.advanceTo(5_000)
  raft.setDisk('etcd-1', 5_000)
  sim.advanceTo(30_000)
  expect(leader()).not.toBe('etcd-1')
  expect(raft.refusal()).toBeUndefined()
})

test('a copy of the world elects the same leader', () => {
  const one = begin(5, 7)
  one.sim.advanceTo(5_000)
  one.raft.setRunning('etcd-1', false)
  one.sim.advanceTo(5_500)
  const other = begin(5, 7, copyWorld(one.sim.world))
  one.sim.advanceTo(30_000)
  other.sim.advanceTo(30_000)
  expect(other.raft.members()).toEqual(one.raft.members())
  expect(other.what()).toEqual(one.what())
})
