import { describe, expect, test } from 'vitest'
import type { WhyView } from '../../../../src/ui/protocol.ts'
import { stagesOf, standOf } from '../../../../src/ui/views/stage/decision.ts'
import { backOffShare, inTurn, lanesOf, waitWords } from '../../../../src/ui/views/stage/queueLanes.ts'
import { queued } from '../../rows.ts'

const scores = (fit: number) => [
  { plugin: 'TaintToleration', score: 300 },
  { plugin: 'NodeResourcesFit', score: fit },
]
const placed: WhyView = {
  sentence: 'web is on b: the best of 2.',
  message: '',
  node: 'b',
  order: ['NodeName', 'TaintToleration', 'NodeResourcesFit'],
  rows: [
    { node: 'a', filters: [], scores: scores(10), total: 310 },
    { node: 'b', filters: [], scores: scores(50), total: 350 },
    { node: 'c', filters: [{ plugin: 'TaintToleration', message: 'untolerated taint' }], scores: [] },
  ],
}
const stuck: WhyView = {
  ...placed,
  sentence: 'nowhere',
  node: '',
  rows: [{ node: 'c', filters: [{ plugin: 'NodeName', message: 'another name' }], scores: [] }],
}

describe('a decision in stages', () => {
  test('filters, then scores, each told once', () =>
    expect(stagesOf(placed).map(({ kind, title }) => `${kind} ${title}`)).toEqual([
      'start All nodes',
      'filter NodeName',
      'filter TaintToleration',
      'filter NodeResourcesFit',
      'score TaintToleration',
      'score NodeResourcesFit',
      'end Decision',
    ]))
  test('what nobody is left to be asked is not told', () =>
    expect(stagesOf(stuck).map(({ title }) => title)).toEqual(['All nodes', 'NodeName', 'Decision']))
  test('sentences say who is out and why', () =>
    expect(stagesOf(placed)[2]?.sentence).toBe('TaintToleration turns down c: untolerated taint.'))

  test.each<[name: string, node: string, at: number, stand: object]>([
    ['nobody is out at first', 'c', 0, { rejectedBy: '' }],
    ['out at its filter', 'c', 2, { rejectedBy: 'TaintToleration', message: 'untolerated taint' }],
    ['and from then on', 'c', 6, { rejectedBy: 'TaintToleration' }],
    ['points grow', 'a', 4, { score: 300, isPicked: false }],
    ['to the total', 'a', 5, { score: 310 }],
    ['the best is picked at the end', 'b', 6, { score: 350, share: 1, isPicked: true }],
  ])('%s', (_, node, at, stand) => expect(standOf(placed, stagesOf(placed)[at]!, node)).toMatchObject(stand))
  test('a node that was not looked at has no stand', () =>
    expect(standOf(placed, stagesOf(placed)[0]!, 'z')).toBeUndefined())
})

describe('the queue', () => {
  test.each<[name: string, words: string, given: Parameters<typeof waitWords>]>([
    ['the next one', 'next', [queued('a'), 'active', 0]],
    ['one that was tried', 'attempt 3', [queued('a', { attempts: 2 }), 'active', 0]],
    ['one that backs off', 'again in 4s', [queued('a', { until: 5_000 }), 'backOff', 1_000]],
    [
      'one that fits nowhere',
      'NodeResourcesFit',
      [queued('a', { rejectedBy: ['NodeResourcesFit'] }), 'unschedulable', 0],
    ],
    ['a gated one', 'held by SchedulingGates', [queued('a', { gatedBy: 'SchedulingGates' }), 'unschedulable', 0]],
    ['a preemptor', 'waits for room on n', [queued('a', { nominatedNode: 'n' }), 'unschedulable', 0]],
  ])('%s', (_, words, given) => expect(waitWords(...given)).toBe(words))
  test('a back-off runs out', () =>
    expect([0, 500, 2_000].map((now) => backOffShare(queued('a', { until: 1_000 }), now))).toEqual([0, 0.5, 1]))
  test('lanes come in turn', () =>
    expect(lanesOf({ active: [], backOff: [], unschedulable: [] }).map(({ id }) => id)).toEqual([
      'active',
      'backOff',
      'unschedulable',
    ]))

  test('take their pods in turn: what is in hand first, what is not told of last', () => {
    const waiting = ['n/a', 'n/b', 'n/c', 'n/d'].map((key) => ({ row: { key } }))
    const lanes = (counts?: { active: number; backOff: number; unschedulable: number }) =>
      lanesOf({
        active: [queued('n/c')],
        backOff: [],
        unschedulable: [queued('n/a'), queued('n/gone')],
        ...(counts && { counts }),
      })
    const keys = (most: number, counts?: { active: number; backOff: number; unschedulable: number }) =>
      inTurn(waiting, lanes(counts), most)
        .map(({ row }) => row.key.slice(2))
        .join('')
    expect(keys(9)).toBe('bdca')
    expect(keys(9, { active: 1, backOff: 0, unschedulable: 4 })).toBe('cabd')
    expect(keys(2)).toBe('bd')
    expect(lanes({ active: 1, backOff: 0, unschedulable: 272 }).map(({ count }) => count)).toEqual([1, 0, 272])
  })
})
