import { expect, test } from 'vitest'
import { createCluster, type Node } from '../../../src/engine/index.ts'
import { machineOrderOf } from '../../../src/engine/machineOrder.ts'

const names = (cluster: ReturnType<typeof createCluster>): string[] =>
  (cluster.api.list('Node') as readonly Node[]).map(({ metadata }) => metadata.name)

test('a machine joins when it is ordered, and its name is free again when it is gone', () => {
  const cluster = createCluster({ nodes: 1, addOns: false })
  const order = { kind: 'machine', node: 'extra', on: true, spec: { cpu: '2', labels: { disk: 'ssd' } } } as const
  cluster.control.fault(order)
  cluster.control.advanceTo(60_000)
  expect(names(cluster)).toEqual(['extra', 'node-1'])
  expect(cluster.api.get<Node>('Node', 'extra').status.capacity).toMatchObject({ cpu: '2' })
  expect(() => cluster.control.fault(order)).toThrow('there cannot be a new machine extra')
  cluster.control.fault({ kind: 'machine', node: 'extra', on: false })
  cluster.api.delete('Node', 'extra')
  cluster.control.advanceTo(120_000)
  expect(names(cluster)).toEqual(['node-1'])
})

test.each([
  [{ cpu: 'many' }, 'fault.spec.cpu must be a quantity'],
  [{ pods: -1 }, 'fault.spec.pods must be a number'],
  [{ labels: { a: 1 } }, 'fault.spec.labels and fault.spec.extended must hold strings'],
  [{ taints: [{ key: 'a', effect: 'Never' }] }, 'fault.spec.taints must be a list of taints'],
])('an order of %j is refused', (spec, complaint) => expect(machineOrderOf('m', spec)).toBe(complaint))
