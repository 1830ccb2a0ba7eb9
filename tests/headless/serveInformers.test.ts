import { CoreV1Api, KubeConfig, makeInformer, type V1ConfigMap } from '@kubernetes/client-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCluster, type Cluster } from '#engine'
import { serveCluster, type Served } from '../../src/headless/serve/server.ts'

let cluster: Cluster
let served: Served

beforeAll(async () => {
  cluster = createCluster({ seed: 1, controlPlane: 'api' })
  served = await serveCluster(cluster, { port: 0, speed: 1 })
})
afterAll(() => served.close())

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; !isTrue() && tries < 300; tries++) await new Promise((done) => setTimeout(done, 10))
  expect(isTrue()).toBe(true)
}

const configMap = (name: string, value = '1'): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default', labels: { seen: 'yes' } },
  data: { value },
})

test('an informer of the client library lists, watches, and lists again after a 410', async () => {
  const config = new KubeConfig()
  config.loadFromClusterAndUser({ name: 'drydock', server: served.url, skipTLSVerify: true }, { name: 'you' })
  const api = config.makeApiClient(CoreV1Api)
  const list = () => api.listNamespacedConfigMap({ namespace: 'default', labelSelector: 'seen=yes' })
  const informer = makeInformer<V1ConfigMap>(config, '/api/v1/namespaces/default/configmaps', list, 'seen=yes')
  const seen: string[] = []
  informer.on('add', ({ metadata }) => seen.push(`add ${metadata?.name}`))
  informer.on('update', ({ metadata, data }) => seen.push(`update ${metadata?.name} ${data?.['value']}`))
  informer.on('delete', ({ metadata }) => seen.push(`delete ${metadata?.name}`))
  informer.on('error', () => setTimeout(() => void informer.start(), 10))

  cluster.api.create(configMap('a'))
  await informer.start()
  await until(() => seen.includes('add a'))
  await api.createNamespacedConfigMap({ namespace: 'default', body: configMap('b') as V1ConfigMap })
  await until(() => seen.includes('add b'))
  cluster.api.update(configMap('b', '2'))
  await until(() => seen.includes('update b 2'))
  cluster.api.delete('ConfigMap', 'a', { namespace: 'default' })
  await until(() => seen.includes('delete a'))

  // the server goes away for so long that the version the informer knows is compacted when it is back
  cluster.control.fault({ kind: 'component', name: 'kube-apiserver', on: false })
  await new Promise((done) => setTimeout(done, 100))
  cluster.control.fault({ kind: 'component', name: 'kube-apiserver', on: true })
  cluster.control.advanceTo(cluster.control.now() + 700_000)
  cluster.api.create(configMap('c'))
  await until(() => seen.includes('add c'))
  await informer.stop()
  expect(seen.filter((line) => line === 'add c')).toHaveLength(1)
}, 15_000)
