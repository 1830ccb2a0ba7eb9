import { describe, expect, test } from 'vitest'
import { createCluster, restore, type Cluster, type Pod } from '../../../src/engine/index.ts'

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } },
  },
}

const begin = (): Cluster => {
  const cluster = createCluster({ seed: 1, nodes: 2, addOns: false })
  cluster.control.advanceTo(5_000)
  return cluster
}

const runningPods = ({ api }: Cluster): number =>
  api.list<Pod>('Pod', { namespace: 'default' }).filter(({ status }) => status.phase === 'Running').length

const turn = ({ control }: Cluster, name: string, on: boolean): void =>
  void control.fault({ kind: 'component', name, on })

describe('an API server that goes away and comes back', () => {
  test.each([0, 0.5, 1, 3, 10])('watches go on when it stops %d ms after a write', (ms) => {
    const cluster = begin()
    cluster.api.create(deployment)
    cluster.control.advanceTo(5_000 + ms)
    turn(cluster, 'kube-apiserver', false)
    cluster.control.advanceTo(20_000)
    turn(cluster, 'kube-apiserver', true)
    cluster.control.advanceTo(60_000)
    expect(runningPods(cluster)).toBe(2)
  })

  test.each(['kube-scheduler', 'kube-controller-manager', 'kubelet@node-1'])('%s can be started meanwhile', (name) => {
    const cluster = begin()
    cluster.api.create(deployment)
    cluster.control.advanceTo(20_000)
    for (const part of ['kube-apiserver', name]) turn(cluster, part, false)
    cluster.control.advanceTo(25_000)
    turn(cluster, name, true)
    cluster.control.advanceTo(30_000)
    turn(cluster, 'kube-apiserver', true)
    cluster.control.advanceTo(60_000)
    cluster.api.patch('Deployment', 'web', { spec: { replicas: 4 } }, { namespace: 'default' })
    cluster.control.advanceTo(120_000)
    expect(runningPods(cluster)).toBe(4)
  })
})

test('a node goes on hearing of Services after a restore', () => {
  const first = begin()
  first.api.create(deployment)
  first.control.advanceTo(20_000)
  const second = restore(first.control.save())
  for (const cluster of [first, second]) {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'late', namespace: 'default' },
      spec: { ports: [{ port: 80 }] },
    }
    cluster.api.create(service)
    cluster.control.advanceTo(25_000)
    cluster.api.patch('Deployment', 'web', { spec: { replicas: 6 } }, { namespace: 'default' })
    cluster.control.advanceTo(40_000)
  }
  expect(second.control.save().world.clock).toEqual(first.control.save().world.clock)
})

test('of a container that crashes again and again, the runtime keeps two runs', () => {
  const cluster = begin()
  cluster.api.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'loop', namespace: 'default' },
    spec: { containers: [{ name: 'main', image: 'busybox', command: ['sh', '-c', 'exit 1'] }] },
  })
  cluster.control.advanceTo(1_800_000)
  const { containers } = cluster.control.save().world.slices.get('runtime') as { containers: Map<string, unknown> }
  expect(containers.size).toBeLessThanOrEqual(2)
})
