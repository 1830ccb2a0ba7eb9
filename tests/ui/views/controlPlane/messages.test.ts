import { describe, expect, test } from 'vitest'
import type { MessageRow } from '../../../../src/ui/protocol.ts'
import { gatesAt, gateWords, neighbour, partsOf } from '../../../../src/ui/views/controlPlane/messages.ts'

const gates = ['authentication', 'authorization', 'validation', 'storage']

const message = (more: Partial<MessageRow> = {}): MessageRow => ({
  seq: 1,
  at: 0,
  actor: 'you',
  from: 'client',
  request: 'POST pods',
  object: 'Pod/default/web',
  sentence: 'You created Pod web.',
  revision: 7,
  heard: [
    { box: 'scheduler', names: ['kube-scheduler'] },
    { box: 'kubelet', names: ['kubelet@node-2', 'kube-proxy@node-2'] },
  ],
  type: 'ADDED',
  ...more,
})
const refused = message({ seq: 2, refusedAt: 'validation', reason: 'Invalid', heard: [] })
const { revision: _, ...turnedDown } = refused
const component = message({ seq: 3, actor: 'kube-scheduler', from: 'scheduler' })

describe('a request in parts', () => {
  test.each<[name: string, row: MessageRow, words: readonly string[]]>([
    ['a person’s: each gate', message(), ['POST', 'API', 'API', 'API', 'API', 'r7', 'ADDED', 'ADDED']],
    ['a component’s: the gates in one go', component, ['POST', 'API', 'r7', 'ADDED', 'ADDED']],
    ['a refused one ends at its gate', turnedDown, ['POST', 'API', 'API', 'Invalid']],
  ])('%s', (_, row, words) => expect(partsOf(row, gates).map(({ word }) => word)).toEqual(words))

  test('who hears is said with their node', () =>
    expect(partsOf(message(), gates).at(-1)?.sentence).toBe(
      'An open watch tells the kubelet and kube-proxy of node-2: ADDED pod/web.',
    ))
})

test.each<[name: string, row: MessageRow, part: number, states: string]>([
  ['before the first gate', message(), 0, 'waiting waiting waiting waiting'],
  ['at one', message(), 2, 'done on waiting waiting'],
  ['behind them all', message(), 6, 'done done done done'],
  ['where it was turned down', turnedDown, 3, 'done done refused waiting'],
])('the gates %s', (_, row, part, states) =>
  expect(
    gatesAt(partsOf(row, gates), part, gates)
      .map(({ state }) => state)
      .join(' '),
  ).toBe(states),
)

test.each<[name: string, at: { seq: number; part: number } | undefined, by: -1 | 1, to: object | undefined]>([
  ['from nowhere to the newest end', undefined, 1, { seq: 3, part: 4 }],
  ['within a row', { seq: 1, part: 0 }, 1, { seq: 1, part: 1 }],
  ['into the next row', { seq: 1, part: 7 }, 1, { seq: 2, part: 0 }],
  ['back into the end of the one before', { seq: 2, part: 0 }, -1, { seq: 1, part: 7 }],
  ['not beyond the end', { seq: 3, part: 4 }, 1, undefined],
])('steps %s', (_, at, by, to) => expect(neighbour([message(), turnedDown, component], gates, at, by)).toEqual(to))

test('a gate nobody named is said by its own name', () => expect(gateWords('rateLimit').title).toBe('Rate limit'))
