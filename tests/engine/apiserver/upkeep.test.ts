import { expect, test } from 'vitest'
import { createCluster, type Cluster, type Service } from '#engine'

const begin = (controlPlane: 'api' | 'full' = 'api'): Cluster => createCluster({ seed: 1, controlPlane })
const inDefault = { namespace: 'default' }
const find = (cluster: Cluster, kind: string, name = 'kubernetes'): unknown => cluster.api.find(kind, name, inDefault)
const remove = (cluster: Cluster, kind: string): void =>
  cluster.control.act('delete', {}, () => void cluster.api.delete(kind, 'kubernetes', inDefault))
const takeAway = (cluster: Cluster, key: string): void => {
  const txn = { compare: [], success: [{ do: 'delete', key } as const], failure: [] }
  cluster.control.fault({ kind: 'etcdRequest', do: 'txn', txn })
}

test.each(['Service', 'Endpoints', 'EndpointSlice'])('%s kubernetes comes back with the next ten seconds', (kind) => {
  const cluster = begin()
  cluster.control.advanceTo(12_000)
  remove(cluster, kind)
  cluster.control.advanceTo(19_999)
  expect(find(cluster, kind)).toBeUndefined()
  cluster.control.advanceTo(20_000)
  expect(find(cluster, kind)).toMatchObject({ metadata: { name: 'kubernetes' } })
  cluster.control.advanceTo(20_100)
  expect(cluster.control.isSettled()).toBe(true)
})

test('it is the same Service again, and the trace knows why', () => {
  const cluster = begin()
  const before = cluster.api.get<Service>('Service', 'kubernetes', inDefault)
  remove(cluster, 'Service')
  cluster.control.advanceTo(10_000)
  const after = cluster.api.get<Service>('Service', 'kubernetes', inDefault)
  expect(after.spec).toEqual(before.spec)
  expect(after.metadata.labels).toEqual(before.metadata.labels)
  const made = [...cluster.trace.since(0)].findLast(({ what }) => what === 'created')!
  expect(made).toMatchObject({ actor: 'kube-apiserver', object: 'Service/default/kubernetes' })
  expect(cluster.trace.causes(made.seq).map(({ what }) => what)).toEqual(['created', 'deleted', 'delete'])
})

test('addresses and labels are put right, ports are left alone, and what else claims to be it goes', () => {
  const cluster = begin()
  const patch = (kind: string, what: object): unknown => cluster.api.patch(kind, 'kubernetes', what, inDefault)
  const ports = [{ name: 'https', port: 7443, protocol: 'TCP' }]
  patch('EndpointSlice', { endpoints: [{ addresses: ['10.0.0.9'] }], ports })
  patch('Endpoints', { metadata: { labels: { mine: 'yes' } }, subsets: [{ addresses: [{ ip: '10.0.0.9' }], ports }] })
  cluster.api.create(
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'false', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
      addressType: 'IPv4',
      endpoints: [],
    },
    inDefault,
  )
  cluster.control.advanceTo(10_000)
  expect(find(cluster, 'EndpointSlice')).toMatchObject({
    endpoints: [{ addresses: ['192.168.10.10'], conditions: { ready: true } }],
    ports,
  })
  expect(find(cluster, 'Endpoints')).toMatchObject({
    metadata: { labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: [{ ip: '192.168.10.10' }], ports }],
  })
  expect(find(cluster, 'EndpointSlice', 'false')).toBeUndefined()
  cluster.control.advanceTo(10_100)
  expect(cluster.control.isSettled()).toBe(true)
})

test('a change of the Service itself stays', () => {
  const cluster = begin()
  cluster.control.advanceTo(5_000)
  cluster.api.patch('Service', 'kubernetes', { spec: { sessionAffinity: 'ClientIP' } }, inDefault)
  cluster.control.advanceTo(30_000)
  expect(find(cluster, 'Service')).toMatchObject({ spec: { sessionAffinity: 'ClientIP' } })
})

test('kube-node-lease may be deleted, and is back with the next minute; the others may not', () => {
  const cluster = begin('full')
  cluster.control.advanceTo(5_000)
  for (const name of ['default', 'kube-system', 'kube-public'])
    expect(() => cluster.api.delete('Namespace', name)).toThrow('this namespace may not be deleted')
  cluster.api.delete('Namespace', 'kube-node-lease')
  cluster.control.advanceTo(59_999)
  expect(cluster.api.find('Namespace', 'kube-node-lease')).toBeUndefined()
  cluster.control.advanceTo(60_000)
  expect(cluster.api.get('Namespace', 'kube-node-lease')).toMatchObject({ status: { phase: 'Active' } })
})

test('what etcdctl takes away is noticed; while the server is away nothing happens, and then at once', () => {
  const cluster = begin()
  takeAway(cluster, '/registry/services/specs/default/kubernetes')
  cluster.control.fault({ kind: 'component', name: 'kube-apiserver', on: false })
  cluster.control.advanceTo(33_000)
  cluster.control.fault({ kind: 'component', name: 'kube-apiserver', on: true })
  expect(find(cluster, 'Service')).toBeDefined()
})

test('the Service waits for its namespace', () => {
  const cluster = begin()
  takeAway(cluster, '/registry/namespaces/default')
  takeAway(cluster, '/registry/services/specs/default/kubernetes')
  cluster.control.advanceTo(59_999)
  expect(find(cluster, 'Service')).toBeUndefined()
  cluster.control.advanceTo(70_000)
  expect(find(cluster, 'Service')).toBeDefined()
})

test('a custom kind that is called Endpoints is none of its business', () => {
  const cluster = begin()
  const names = { plural: 'endpoints', singular: 'endpoint', kind: 'Endpoints', listKind: 'EndpointsList' }
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
  cluster.api.create({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'endpoints.x.io' },
    spec: {
      group: 'x.io',
      scope: 'Namespaced',
      names,
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  })
  cluster.control.advanceTo(10_000)
  const labels = { 'endpointslice.kubernetes.io/skip-mirror': 'true' }
  const metadata = { name: 'kubernetes', namespace: 'default', labels }
  expect(() =>
    cluster.api.create({ apiVersion: 'x.io/v1', kind: 'Endpoints', metadata, subsets: [null] }),
  ).not.toThrow()
})
