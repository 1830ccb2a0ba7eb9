import { describe, expect, test } from 'vitest'
import type { EtcdMember, EtcdView } from '../../../../src/ui/protocol.ts'
import {
  heardWords,
  lagWords,
  logCells,
  memberFaults,
  placesOf,
  quorumWords,
  stateWords,
} from '../../../../src/ui/views/controlPlane/members.ts'

const member = (name: string, changes: Partial<EtcdMember> = {}): EtcdMember => ({
  name,
  id: name,
  state: 'follower',
  isLeader: false,
  isUp: true,
  term: 2,
  index: 90,
  lag: 0,
  slowMs: 0,
  heardAt: 0,
  ...changes,
})

const view = (members: readonly EtcdMember[], refusal?: string): EtcdView => ({
  members,
  quorum: Math.floor(members.length / 2) + 1,
  ...(refusal !== undefined && { refusal }),
  chart: [],
  story: [],
})

const leader = member('etcd-1', { isLeader: true, state: 'leader' })
const off = { isUp: false, state: 'stopped' }

describe('whether members can agree', () => {
  test.each([
    [
      'all up',
      [leader, member('etcd-2'), member('etcd-3')],
      undefined,
      'etcd-1 leads in term 2: 3 of 3 members are up',
    ],
    ['one off', [leader, member('etcd-2'), member('etcd-3', off)], undefined, 'One more that stops'],
    ['electing', [member('etcd-1', off), member('etcd-2'), member('etcd-3')], 'leader changed', 'No leader'],
    ['too few', [leader, member('etcd-2', off), member('etcd-3', off)], 'timed out', 'The quorum is lost: 1 of 3'],
  ])('%s', (_, members, refusal, words) => expect(quorumWords(view(members, refusal))).toContain(words))
})

test('a member says how far it is, and when it heard a leader', () => {
  expect(lagWords(leader)).toBe('sets the pace')
  expect(lagWords(member('a'))).toBe('all of it')
  expect(lagWords(member('a', { lag: 1 }))).toBe('1 entry behind')
  expect(heardWords(member('a', { heardAt: 900 }), 1000)).toBe('100 ms ago')
  expect(heardWords(member('a', { heardAt: 0 }), 2500)).toBe('2.5 s ago')
  expect(heardWords(member('a', off), 2500)).toBe('hears nothing')
  expect([stateWords('preCandidate'), stateWords('dreaming')]).toEqual(['Pre-candidate', 'dreaming'])
})

test('what is off is offered to be started, and a slow disk to be mended', () => {
  expect(memberFaults(member('a')).map(({ title }) => title)).toEqual(['Stop', 'Slow disk'])
  expect(memberFaults(member('a', { ...off, slowMs: 400 })).map(({ fault }) => fault)).toEqual([
    { kind: 'component', name: 'a', on: true },
    { kind: 'etcdDisk', member: 'a', slowMs: 0 },
  ])
})

test('the leader stands above the others, whose logs lack what they lack', () => {
  const places = placesOf([leader, member('etcd-2'), member('etcd-3')], 400)
  expect(places.map(({ x, y }) => `${x} ${y}`)).toEqual(['200 34', '100 142', '300 142'])
  expect(logCells(2, 4)).toEqual([true, true, false, false])
  expect(logCells(90, 3)).toEqual([false, false, false])
})
