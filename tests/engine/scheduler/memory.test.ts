import { expect, test } from 'vitest'
import { createCluster, type Cluster, type Pod } from '../../../src/engine/index.ts'

const inDefault = { namespace: 'default' }

function begin(): Cluster {
  const cluster = createCluster({ nodes: [{ name: 'node-1', cpu: '4' }], addOns: false })
  cluster.control.advanceTo(3_000)
  return cluster
}

function create(cluster: Cluster, name: string, cpu: string): void {
  const resources = { requests: { cpu } }
  const spec = { containers: [{ name: 'main', image: 'nginx:1.27', resources }] }
  cluster.api.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name, ...inDefault }, spec })
}

const advance = (cluster: Cluster, ms: number): void => cluster.control.advanceTo(cluster.control.now() + ms)

test('a pod that was said to be over and turns out to run takes its room again', () => {
  const cluster = begin()
  create(cluster, 'a', '3500m')
  advance(cluster, 10_000)
  const { code } = cluster.http({
    method: 'PATCH',
    path: '/api/v1/namespaces/default/pods/a/status',
    headers: { 'content-type': 'application/merge-patch+json' },
    body: { status: { phase: 'Failed' } },
  })
  expect(code).toBe(200)
  advance(cluster, 2_000)
  cluster.control.fault({ kind: 'process', pod: 'default/a', do: 'kill' })
  advance(cluster, 20_000)
  expect(cluster.api.get<Pod>('Pod', 'a', inDefault).status.phase).toBe('Running')
  create(cluster, 'b', '1')
  advance(cluster, 5_000)
  expect(cluster.api.get<Pod>('Pod', 'b', inDefault).spec.nodeName).toBeUndefined()
})

test('what was decided before is known after a restart of the scheduler', () => {
  const cluster = begin()
  create(cluster, 'huge', '64')
  advance(cluster, 2_000)
  const restart = { kind: 'component', name: 'kube-scheduler' } as const
  cluster.control.fault({ ...restart, on: false })
  advance(cluster, 2_000)
  cluster.control.fault({ ...restart, on: true })
  advance(cluster, 20_000)
  expect(cluster.explain('default/huge')?.earlier).toHaveLength(1)
})
