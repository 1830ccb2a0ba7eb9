import { expect, test } from 'vitest'
import { createCluster, type Node, type Pod } from '../../../src/engine/index.ts'
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
  cluster.control.fault(order)
  cluster.control.advanceTo(180_000)
  const { conditions } = cluster.api.get<Node>('Node', 'extra').status
  expect(conditions?.find(({ type }) => type === 'Ready')).toMatchObject({ status: 'True' })
})

test('a machine of a name that there was before has a kubelet that hears', () => {
  const cluster = createCluster({ nodes: 1, addOns: false })
  cluster.control.fault({ kind: 'machine', node: 'node-1', on: false })
  cluster.control.fault({ kind: 'machine', node: 'node-1', on: true })
  cluster.api.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a', namespace: 'default' },
    spec: { containers: [{ name: 'main', image: 'nginx' }] },
  })
  cluster.control.advanceTo(60_000)
  expect(cluster.api.get<Pod>('Pod', 'a', { namespace: 'default' }).status.phase).toBe('Running')
})

test.each([
  [{ cpu: 'many' }, 'fault.spec.cpu must be a quantity'],
  [{ pods: -1 }, 'fault.spec.pods must be a number'],
  [{ labels: { a: 1 } }, 'fault.spec.labels and fault.spec.extended must hold strings'],
  [{ taints: [{ key: 'a', effect: 'Never' }] }, 'fault.spec.taints must be a list of taints'],
])('an order of %j is refused', (spec, complaint) => expect(machineOrderOf('m', spec)).toBe(complaint))
