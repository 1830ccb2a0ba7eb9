import { expect, test } from 'vitest'
import { createCluster, leavingOf, nodeStanding, type Cluster, type Pod } from '../../src/engine/index.ts'

function withPod(): Cluster {
  const cluster = createCluster({ seed: 1, nodes: 2, addOns: false })
  cluster.control.advanceTo(3_000)
  cluster.api.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default' },
    spec: { nodeName: 'node-1', containers: [{ name: 'web', image: 'nginx' }] },
  } as never)
  cluster.control.advanceTo(20_000)
  return cluster
}

const text = (cluster: Cluster): string => nodeStanding(cluster, 'node-1').join(' ')
const goOn = ({ control }: Cluster, ms: number): void => control.advanceTo(control.now() + ms)

test('a node that is well is Ready, and why', () => {
  expect(text(withPod())).toMatch(/^node-1 is Ready, since 00:\d\d: its kubelet renews its Lease every 10 s\.$/)
  expect(nodeStanding(withPod(), 'nobody')).toEqual([])
})

test('a node without power is Ready until the cluster notices, then NotReady, then its pods go and stay', () => {
  const cluster = withPod()
  cluster.control.fault({ kind: 'nodePower', node: 'node-1', on: false })
  goOn(cluster, 5_000)
  expect(text(cluster)).toContain('node-1 still counts as Ready: the cluster has not noticed yet.')
  expect(text(cluster)).toContain('In truth its machine has no power.')
  goOn(cluster, 60_000)
  expect(text(cluster)).toMatch(/node-1 is NotReady, since 01:\d\d: its kubelet has fallen silent\./)
  expect(text(cluster)).toMatch(
    /unreachable:NoExecute since .* 1 Pod on it tolerates that for a while, the first until 06:\d\d/,
  )
  goOn(cluster, 310_000)
  expect(text(cluster)).toContain('1 Pod was told to go and stays Terminating until its kubelet answers.')
  const pod = cluster.api.find<Pod>('Pod', 'web', { namespace: 'default' })!
  expect(leavingOf(cluster, pod).join(' ')).toContain("Only node-1's kubelet can say that its containers have ended")
  cluster.control.fault({ kind: 'nodePower', node: 'node-1', on: true })
  goOn(cluster, 60_000)
  expect(text(cluster)).toContain('node-1 is Ready')
})

test('a node whose kubelet is stopped or whose network is cut says which', () => {
  const cluster = withPod()
  cluster.control.fault({ kind: 'nodeNetwork', node: 'node-1', on: false })
  goOn(cluster, 60_000)
  expect(text(cluster)).toContain('its network is cut')
  cluster.control.fault({ kind: 'nodeNetwork', node: 'node-1', on: true })
  cluster.control.fault({ kind: 'component', name: 'kubelet@node-1', on: false })
  goOn(cluster, 1_000)
  expect(text(cluster)).toContain('its kubelet is stopped')
})

test('a pod that was told to go has its grace, and a finalizer may hold it', () => {
  const cluster = withPod()
  const pod = (): Pod => cluster.api.find<Pod>('Pod', 'web', { namespace: 'default' })!
  expect(leavingOf(cluster, pod())).toEqual([])
  cluster.api.update({ ...pod(), metadata: { ...pod().metadata, finalizers: ['example.com/hold'] } } as never)
  cluster.api.delete('Pod', 'web', { namespace: 'default' })
  goOn(cluster, 100)
  expect(leavingOf(cluster, pod())[0]).toMatch(
    /^It was told to go at 00:20 and has 30 s to end by itself, until 00:50\.$/,
  )
  goOn(cluster, 60_000)
  expect(leavingOf(cluster, pod()).join(' ')).toContain('example.com/hold holds it')
})
