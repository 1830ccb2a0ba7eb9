import { describe, expect, test } from 'vitest'
import { createCluster, restore, type Cluster, type NodeMetrics, type PodMetrics } from '../../../src/engine/index.ts'

const at = (cluster: Cluster, path: string) => cluster.http({ method: 'GET', path })
const availability = ({ api }: Cluster): string | undefined => {
  const { status } = api.get<{ status: { conditions?: { reason: string }[] } } & PodMetrics>('APIService', name)
  return status.conditions?.[0]?.reason
}
const name = 'v1beta1.metrics.k8s.io'
const root = '/apis/metrics.k8s.io/v1beta1'
const measured = (): Cluster => {
  const cluster = createCluster({ nodes: 2, addOns: ['metrics-server'] })
  cluster.control.advanceTo(40_000)
  return cluster
}

describe('the metrics server', () => {
  test('is not there by itself', () => {
    const cluster = createCluster({ nodes: 1 })
    expect(at(cluster, `${root}/pods`).code).toBe(404)
    expect(cluster.api.findKind('pods.metrics.k8s.io')).toBeUndefined()
  })

  test('answers once it has measured twice and its probe says so', () => {
    const cluster = createCluster({ nodes: 2, addOns: ['metrics-server'] })
    cluster.control.advanceTo(10_000)
    expect(availability(cluster)).toBe('MissingEndpoints')
    expect(at(cluster, `${root}/nodes`)).toMatchObject({ code: 503, body: 'service unavailable\n' })
    cluster.control.advanceTo(40_000)
    expect(availability(cluster)).toBe('Passed')
    expect(at(cluster, `${root}/nodes`).code).toBe(200)
    expect(cluster.control.isSettled()).toBe(true)
  })

  test('measures nodes and pods, and finds them by labels and names', () => {
    const { api } = measured()
    expect(api.list<NodeMetrics>('NodeMetrics').map(({ metadata }) => metadata.name)).toEqual(['node-1', 'node-2'])
    const [pod] = api.list<PodMetrics>('PodMetrics', {}, { labelSelector: 'k8s-app=metrics-server' })
    expect(pod).toMatchObject({
      timestamp: '2026-09-01T08:00:32Z',
      window: '15s',
      containers: [{ name: 'metrics-server', usage: { cpu: '3m', memory: '18Mi' } }],
    })
    expect(api.find<NodeMetrics>('NodeMetrics', 'node-2')?.usage).toBeDefined()
    expect(() => api.get('PodMetrics', 'none', { namespace: 'default' })).toThrow('pods "none" not found')
  })

  test('is told by discovery, and only read', () => {
    const cluster = measured()
    expect(at(cluster, root).body).toMatchObject({
      resources: [
        { name: 'nodes', namespaced: false, kind: 'NodeMetrics', verbs: ['get', 'list'] },
        { name: 'pods', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] },
      ],
    })
    expect(cluster.api.findKind('pods')?.group).toBe('')
    expect(() => cluster.api.delete('PodMetrics', 'x', { namespace: 'default' })).toThrow('does not allow this method')
  })

  test('knows nothing of a pod before it has seen it for a while, nor of a node that is gone', () => {
    const cluster = measured()
    const { api, control } = cluster
    const spec = { containers: [{ name: 'web', image: 'nginx:1.27' }] }
    api.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default' }, spec })
    control.advanceTo(49_000)
    const missing = 'podmetrics.metrics.k8s.io "default/web" not found'
    expect(() => api.get('PodMetrics', 'web', { namespace: 'default' })).toThrow(missing)
    control.advanceTo(80_000)
    expect(api.get<PodMetrics>('PodMetrics', 'web', { namespace: 'default' }).containers).toHaveLength(1)
    const away = api.get<PodMetrics & { spec: { nodeName: string } }>(
      'Pod',
      api.list<PodMetrics>('PodMetrics', {}, { labelSelector: 'k8s-app=metrics-server' })[0]!.metadata.name,
      { namespace: 'kube-system' },
    ).spec.nodeName
    const other = away === 'node-1' ? 'node-2' : 'node-1'
    control.fault({ kind: 'nodePower', node: other, on: false })
    control.advanceTo(120_000)
    expect(api.list<NodeMetrics>('NodeMetrics').map(({ metadata }) => metadata.name)).toEqual([away])
  })

  test('goes with its APIService, and is unavailable without its pods', () => {
    const cluster = measured()
    const { api, control } = cluster
    api.patch('Deployment', 'metrics-server', { spec: { replicas: 0 } }, { namespace: 'kube-system' })
    control.advanceTo(50_000)
    expect(availability(cluster)).toBe('MissingEndpoints')
    expect(at(cluster, `${root}/nodes`).code).toBe(503)
    api.delete('Service', 'metrics-server', { namespace: 'kube-system' })
    control.advanceTo(51_000)
    expect(availability(cluster)).toBe('ServiceNotFound')
    api.delete('APIService', name)
    expect(at(cluster, `${root}/nodes`).code).toBe(404)
  })

  test('goes on in a restored cluster as if nothing had been', () => {
    const cluster = measured()
    const again = restore(cluster.control.save())
    for (const one of [cluster, again]) one.control.advanceTo(70_000)
    expect(again.api.list('PodMetrics')).toEqual(cluster.api.list('PodMetrics'))
    expect(again.trace.count()).toBe(cluster.trace.count())
  })
})

test('an APIService of another group is told what is behind its Service', () => {
  const cluster = createCluster({ nodes: 1 })
  const { api, control } = cluster
  const service = { name: 'kube-dns', namespace: 'kube-system', port: 9153 }
  const spec = { group: 'example.com', version: 'v1', service, groupPriorityMinimum: 10, versionPriority: 10 }
  const metadata = { name: 'v1.example.com' }
  api.create({ apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata, spec })
  control.advanceTo(60_000)
  expect(api.get('APIService', 'v1.example.com')).toMatchObject({
    status: { conditions: [{ type: 'Available', status: 'False', reason: 'FailedDiscoveryCheck' }] },
  })
  expect(at(cluster, '/apis/example.com/v1/things').code).toBe(503)
})
