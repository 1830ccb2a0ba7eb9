import { expect, test } from 'vitest'
import { createCluster, type Cluster, type Node } from '#engine'

const inHome = { namespace: 'kube-node-lease' }
const lease = (cluster: Cluster): unknown => cluster.api.find('Lease', 'node-1', inHome)
const remove = (cluster: Cluster, kind: string, name: string, place = {}): void =>
  cluster.control.act('delete', {}, () => void cluster.api.delete(kind, name, place))
const isReady = (cluster: Cluster): string | undefined =>
  cluster.api.get<Node>('Node', 'node-1').status.conditions?.find(({ type }) => type === 'Ready')?.status

test('a kubelet makes its Lease anew when the next renewal is due, and its node stays Ready', () => {
  const cluster = createCluster({ seed: 1, nodes: 1 })
  cluster.control.advanceTo(30_000)
  remove(cluster, 'Lease', 'node-1', inHome)
  expect(lease(cluster)).toBeUndefined()
  cluster.control.advanceTo(41_000)
  expect(lease(cluster)).toMatchObject({
    metadata: { ownerReferences: [{ kind: 'Node', name: 'node-1' }] },
    spec: { holderIdentity: 'node-1' },
  })
  cluster.control.advanceTo(200_000)
  expect(isReady(cluster)).toBe('True')
  const made = [...cluster.trace.since(0)].findLast(({ what, object }) => what === 'created' && object?.startsWith('Lease/'))!
  expect(cluster.trace.causes(made.seq).at(-1)).toMatchObject({ actor: 'you', what: 'delete' })
})

test('without its namespace it is tried again until the namespace is back', () => {
  const cluster = createCluster({ seed: 1, nodes: 1 })
  cluster.control.advanceTo(30_000)
  remove(cluster, 'Namespace', 'kube-node-lease')
  cluster.control.advanceTo(200_000)
  expect(lease(cluster)).toBeDefined()
  expect(isReady(cluster)).toBe('True')
})

test('a node whose object is gone gets no Lease', () => {
  const cluster = createCluster({ seed: 1, nodes: 1 })
  cluster.control.advanceTo(30_000)
  remove(cluster, 'Node', 'node-1')
  cluster.control.advanceTo(200_000)
  expect(lease(cluster)).toBeUndefined()
})

test('the cut of a node without a home for Leases harms nobody', () => {
  const cluster = createCluster({ seed: 1, nodes: 1 })
  cluster.control.advanceTo(30_000)
  cluster.control.fault({ kind: 'nodeNetwork', node: 'node-1', on: false })
  remove(cluster, 'Namespace', 'kube-node-lease')
  cluster.control.advanceTo(31_000)
  cluster.control.fault({ kind: 'nodeNetwork', node: 'node-1', on: true })
  cluster.control.advanceTo(200_000)
  expect(isReady(cluster)).toBe('True')
})
