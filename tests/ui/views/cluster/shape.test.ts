import { expect, test } from 'vitest'
import { parseScene } from '#session'
import { firstChoice, sceneOf } from '../../../../src/ui/views/cluster/shape.ts'

test('the first choice is the plain cluster', () => {
  expect(parseScene(sceneOf(firstChoice))).toEqual({ version: 1, seed: 1, nodes: 3, files: {}, inputs: [], at: 0 })
})

test('members and an autoscaler are part of the scene', () => {
  const scene = parseScene(sceneOf({ ...firstChoice, etcdMembers: 5, hasAutoscaler: true, machinesMax: 7 }))
  expect(scene).toMatchObject({ etcdMembers: 5, autoscaler: { groups: [{ name: 'pool', min: 0, max: 7 }] } })
})

test('a metrics server is an add-on of the scene', () => {
  expect(parseScene(sceneOf({ ...firstChoice, hasMetrics: true }))).toMatchObject({ addOns: ['metrics-server'] })
})

test.each([
  ['too many', { nodes: 4000 }, { nodes: 50 }],
  ['nothing typed', { nodes: NaN }, { nodes: 0 }],
  ['a part of a node', { nodes: 2.4 }, { nodes: 2 }],
  ['below zero', { seed: -4 }, { seed: 0 }],
])('%s is brought back within bounds', (_, given, expected) => {
  expect(parseScene(sceneOf({ ...firstChoice, ...given }))).toMatchObject(expected)
})
