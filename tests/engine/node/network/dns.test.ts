import { describe, expect, test } from 'vitest'
import { candidates } from '../../../../src/engine/node/network/dns.ts'
import { createHarbour, service, slice } from './harbour.ts'

function withNames() {
  const harbour = createHarbour(2)
  const { api, network, sim } = harbour
  api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })
  const dns = harbour.pod('coredns', 'n2', 53)
  api.create(slice('kube-dns', [{ address: dns, node: 'n2' }], 53, 'kube-system'))
  const dnsPort = { ports: [{ name: '', port: 53, protocol: 'TCP', targetPort: 53 }] }
  api.create(service('kube-dns', '10.96.0.10', dnsPort, 'kube-system'))
  api.create(service('web', '10.96.0.50'))
  api.create(slice('web', [{ address: '10.244.0.9', hostname: 'named' }]))
  api.create(service('cart', '10.96.0.60', {}, 'shop'))
  api.create(service('db', 'None', { clusterIPs: ['None'] }))
  api.create(
    slice('db', [
      { address: '10.244.0.7', hostname: 'db-0' },
      { address: '10.244.0.8', hostname: 'db-1', ready: false },
      { address: '10.244.0.6' },
    ]),
  )
  api.create(service('empty', 'None', { clusterIPs: ['None'] }))
  api.create(
    service('alias', '', { type: 'ExternalName', externalName: 'web.default.svc.cluster.local', ports: undefined }),
  )
  api.create(service('away', '', { type: 'ExternalName', externalName: 'example.com', ports: undefined }))
  sim.advanceTo(sim.now() + 3000)
  const ask = (name: string, namespace: string | undefined = 'default') =>
    network.resolve({ node: 'n1', podUid: 'asker', ...(namespace !== undefined && { namespace }) }, name)
  return { ...harbour, ask }
}

describe('names', () => {
  const { ask } = withNames()
  test.each([
    ['web', ['10.96.0.50']],
    ['WEB', ['10.96.0.50']],
    ['web.default', ['10.96.0.50']],
    ['web.default.svc', ['10.96.0.50']],
    ['web.default.svc.cluster.local', ['10.96.0.50']],
    ['web.default.svc.cluster.local.', ['10.96.0.50']],
    ['cart.shop', ['10.96.0.60']],
    ['db', ['10.244.0.7', '10.244.0.6']],
    ['db-0.db', ['10.244.0.7']],
    ['10-244-0-6.db', ['10.244.0.6']],
    ['named.web.default.svc.cluster.local', ['10.244.0.9']],
    ['10-244-1-5.default.pod.cluster.local', ['10.244.1.5']],
    ['alias', ['10.96.0.50']],
    ['10.1.2.3', ['10.1.2.3']],
    ['kubernetes.io', ['203.0.113.20']],
    ['away', ['203.0.113.10']],
    ['localhost', ['127.0.0.1']],
  ])('%s is answered', (name, addresses) => {
    expect(ask(name)).toMatchObject({ addresses })
  })

  test.each(['nope', 'cart', 'web.', 'db-1.db', 'empty', 'no.example.com', 'a.b.c.web.default.svc.cluster.local'])(
    '%s is not there',
    (name) => {
      expect(ask(name)).toEqual({ error: 'NXDOMAIN' })
    },
  )

  test('a short name belongs to the namespace of who asks', () => {
    expect(ask('cart', 'shop')).toMatchObject({ addresses: ['10.96.0.60'], name: 'cart.shop.svc.cluster.local' })
  })

  test('nodes do not ask cluster DNS', () => {
    const { network } = withNames()
    expect(network.resolve({ node: 'n1' }, 'web.default.svc.cluster.local')).toEqual({ error: 'NXDOMAIN' })
  })
})

test('without a reachable DNS server no name is answered', () => {
  const { ask, network, sim } = withNames()
  expect(ask('web')).toMatchObject({ addresses: ['10.96.0.50'] })
  network.unlisten('coredns', 'coredns')
  expect(ask('web')).toEqual({ error: 'timeout' })
  sim.advanceTo(sim.now() + 10)
  expect(network.connect({ node: 'n1', podUid: 'asker', namespace: 'default' }, 'web', 80)).toEqual({
    outcome: 'nxdomain',
  })
})

test.each([
  ['web', ['web.a.svc.cluster.local', 'web.svc.cluster.local', 'web.cluster.local', 'web']],
  [
    'a.b.c.d.e.f',
    ['a.b.c.d.e.f', 'a.b.c.d.e.f.a.svc.cluster.local', 'a.b.c.d.e.f.svc.cluster.local', 'a.b.c.d.e.f.cluster.local'],
  ],
  ['web.', ['web']],
])('%s is asked for in this order', (name, order) => {
  expect(candidates(name, 'a')).toEqual(order)
})
