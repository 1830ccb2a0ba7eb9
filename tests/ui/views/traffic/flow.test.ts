import { expect, test } from 'vitest'
import { layFlow } from '../../../../src/ui/views/traffic/flow.ts'
import { podRow } from '../../rows.ts'

const pods = new Map(['web-1', 'web-2'].map((name) => [`default/${name}`, podRow(name)]))
const edges = [
  { from: 'users', to: 'Service/default/web', rps: 200 },
  { from: 'Service/default/web', to: 'Pod/default/web-1', rps: 200 },
  { from: 'Service/default/web', to: 'Pod/default/web-2', rps: 0 },
]
const row = {
  source: 'users',
  url: 'http://web',
  service: 'Service/default/web',
  rps: 200,
  served: 200,
  refused: 0,
  lost: 0,
  failed: 0,
  totals: { sent: 0, failed: 0 },
  edges,
}

test('lays requests out from left to right, pods last', () => {
  const { hops, columns } = layFlow([row], pods, 728)
  expect(hops.map(({ title, column }) => [title, column])).toEqual([
    ['users', 0],
    ['web', 1],
    ['1', 2],
    ['2', 2],
  ])
  expect(columns.map(({ title }) => title)).toEqual(['Clients', 'Service', 'Endpoints'])
})

test('draws ribbons as wide as there are requests', () => {
  const { ribbons } = layFlow([row], pods, 728)
  expect(ribbons.map(({ width, rps }) => [width, rps])).toEqual([
    [30, 200],
    [30, 200],
    [0.75, 0],
  ])
})

test('adds up clients of the same service, and survives a circle', () => {
  const circle = [...edges, { from: 'Pod/default/web-1', to: 'Service/default/web', rps: 5 }]
  expect(layFlow([{ ...row, edges: circle }, row], pods, 728).ribbons[0]?.rps).toBe(400)
})

test('nothing flows where nobody asks', () => expect(layFlow([], pods, 728).hops).toEqual([]))
