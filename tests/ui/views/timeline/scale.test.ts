import { partingOf } from '../../../../src/ui/host/frames.ts'
import { describe, expect, test } from 'vitest'
import {
  clusterMarks,
  connectorRoom,
  placeLabels,
  rulesFor,
  spanFor,
  tickColour,
  timeScale,
} from '../../../../src/ui/views/timeline/scale.ts'
import type { Mark } from '../../../../src/ui/protocol.ts'

const mark = (at: number, kind: Mark['kind'], label = kind as string): Mark => ({ at, kind, label, seq: at })

test('the ruler grows by leaps, with room ahead', () => {
  expect([0, 9000, 9500, 72_000, 394_000].map(spanFor)).toEqual([10_000, 10_000, 20_000, 120_000, 600_000])
  expect(spanFor(40 * 86_400_000)).toBeGreaterThan(40 * 86_400_000)
})

test('names round moments, as many as have room', () => {
  expect(rulesFor(120_000, 600)).toEqual([0, 30_000, 60_000, 90_000, 120_000])
  expect(rulesFor(120_000, 1100)).toHaveLength(9)
})

test('scale goes there and back', () => {
  const scale = timeScale(120_000, 1000)
  expect([scale(60_000), scale.invert(250), scale.invert(-40)]).toEqual([500, 30_000, 0])
})

describe('marks', () => {
  const toX = (at: number) => at / 100
  test('of a kind that are close become one that counts', () => {
    const clusters = clusterMarks([mark(1000, 'you', 'apply'), mark(1300, 'you', 'scale'), mark(1350, 'fault')], toX)
    expect(clusters.map(({ kind, count, label }) => [kind, count, label])).toEqual([
      ['you', 2, 'apply'],
      ['fault', 1, 'fault'],
    ])
  })
  test('of phases stay apart from a px on', () => {
    expect(clusterMarks([mark(1000, 'phase'), mark(1100, 'phase'), mark(1300, 'phase')], toX)).toHaveLength(2)
  })
  test('are named where no other name is covered', () => {
    const clusters = clusterMarks(
      [mark(20_000, 'you', 'apply web.yaml'), mark(23_000, 'you', 'scale to 6'), mark(24_500, 'you', 'delete')],
      toX,
    )
    const labels = placeLabels(clusters, 800)
    expect(labels.map(({ row }) => row).sort()).toEqual(['above', 'below'])
  })
  test('are not named where the line of a branch goes down', () => {
    const clusters = clusterMarks([mark(40_000, 'you', 'create configmap branch')], toX)
    expect(placeLabels(clusters, 800)[0]?.row).toBe('below')
    expect(placeLabels(clusters, 800, [connectorRoom(400)])[0]?.row).toBe('above')
  })
  test('at the start are named from there on', () => {
    expect(placeLabels(clusterMarks([mark(500, 'you', 'apply shop/')], toX), 800)[0]).toMatchObject({ isStart: true })
  })
})

test.each([
  ['notReady', 'notready'],
  ['ready', 'ready'],
  ['crashLoop', 'crash'],
  ['imagePull', 'imagepull'],
  ['terminating', 'terminating'],
  ['whatever', 'pending'],
])('a tick of %s', (label, phase) => expect(tickColour(label)).toBe(`var(--ph-${phase})`))

test('a branch parts where the first thing is done that the other has not', () => {
  const [a, b, c] = [{ at: 1 }, { at: 5 }, { at: 7 }]
  expect(partingOf([a, b], [a, c])).toBe(5)
  expect(partingOf([a], [a, c])).toBe(7)
  expect(partingOf([], [])).toBe(0)
})
