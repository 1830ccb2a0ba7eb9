import { describe, expect, test } from 'vitest'
import { copyWorld } from '../../../../src/engine/sim/index.ts'
import { createHarbour, service, slice, type Harbour } from './harbour.ts'

const far = { node: 'n1', podUid: 'client', namespace: 'default' }

/** Three nodes; web-1 on n1 and web-2 on n2 behind a node port, with whatever the Service says besides. */
function withWeb(spec: object = {}): Harbour & { connect: (from: object, host: string, port: number) => string } {
  const harbour = createHarbour(3)
  const { api, sim, network } = harbour
  harbour.pod('client', 'n1', 0)
  const endpoints = [
    { address: harbour.pod('web-1', 'n1'), node: 'n1', pod: 'web-1' },
    { address: harbour.pod('web-2', 'n2'), node: 'n2', pod: 'web-2' },
  ]
  api.create(slice('web', endpoints))
  const ports = [{ name: '', port: 80, protocol: 'TCP', targetPort: 8080, nodePort: 30080 }]
  api.create(service('web', '10.96.0.50', { type: 'NodePort', ports, ...spec }))
  sim.advanceTo(sim.now() + 2000)
  const connect = (from: object, host: string, port: number): string => {
    const connection = network.connect(from, host, port)
    return connection.outcome === 'connected' ? connection.listener.containerId : connection.outcome
  }
  return { ...harbour, connect }
}

describe('a connection', () => {
  test.each([
    { name: 'to a pod that listens', host: '10.244.1.2', port: 8080, ends: 'web-2' },
    { name: 'to a closed port of a pod', host: '10.244.1.2', port: 81, ends: 'refused' },
    { name: 'to an address that nobody has', host: '10.244.1.99', port: 8080, ends: 'silent' },
    { name: 'to a closed port of a node', host: '192.168.10.12', port: 22, ends: 'refused' },
    { name: 'to a port that the Service does not have', host: '10.96.0.50', port: 81, ends: 'silent' },
    { name: 'to a name that is not there', host: 'nope', port: 80, ends: 'nxdomain' },
    { name: 'to its own pod, where nobody listens', host: '127.0.0.1', port: 80, ends: 'refused' },
  ])('$name: $ends', ({ host, port, ends }) => {
    expect(withWeb().connect(far, host, port)).toBe(ends)
  })

  test('through a Service goes to one of its endpoints, and to each in time', () => {
    const { connect } = withWeb()
    const ends = Array.from({ length: 60 }, () => connect(far, '10.96.0.50', 80))
    expect(new Set(ends)).toEqual(new Set(['web-1', 'web-2']))
    expect(ends.filter((end) => end === 'web-1').length).toBeGreaterThan(15)
  })

  test('through any node’s port, from inside and outside', () => {
    const { connect } = withWeb()
    for (const from of [far, {}])
      for (const node of ['11', '12', '13']) expect(connect(from, `192.168.10.${node}`, 30080)).toMatch(/^web-/)
  })

  test('from outside reaches no address that only exists inside', () => {
    const { connect } = withWeb()
    expect([connect({}, '10.96.0.50', 80), connect({}, '10.244.0.3', 8080), connect({}, 'web', 80)]).toEqual([
      'silent',
      'silent',
      'nxdomain',
    ])
  })

  test('to a load balancer’s address comes in by a node', () => {
    const { connect } = withWeb({ externalIPs: ['203.0.113.5'] })
    expect(connect({}, '203.0.113.5', 80)).toMatch(/^web-/)
  })

  test('with external policy Local only finds endpoints of the node it came in by', () => {
    const { connect } = withWeb({ externalTrafficPolicy: 'Local' })
    expect(connect({}, '192.168.10.11', 30080)).toBe('web-1')
    expect(connect({}, '192.168.10.13', 30080)).toBe('silent')
    // a node's own processes are not from outside
    expect(connect({ node: 'n3' }, '192.168.10.13', 30080)).toMatch(/^web-/)
  })

  test('with internal policy Local stays on its node', () => {
    const { connect } = withWeb({ internalTrafficPolicy: 'Local' })
    expect(connect({ node: 'n2' }, '10.96.0.50', 80)).toBe('web-2')
    expect(connect({ node: 'n3' }, '10.96.0.50', 80)).toBe('silent')
  })

  test('with session affinity stays with its endpoint until the time is up', () => {
    const { connect, sim } = withWeb({
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
    })
    const ends = new Set<string>()
    for (let turn = 0; turn < 20; turn++) {
      sim.advanceTo(sim.now() + 50_000)
      ends.add(connect(far, '10.96.0.50', 80))
    }
    expect(ends.size).toBe(1)
    for (let turn = 0; turn < 20; turn++) {
      sim.advanceTo(sim.now() + 61_000)
      ends.add(connect(far, '10.96.0.50', 80))
    }
    expect(ends.size).toBe(2)
  })

  test('to a node without power or network is lost; a cut node reaches itself', () => {
    const { connect, network, pod } = withWeb()
    network.setConnected('n2', false)
    expect(connect(far, '10.244.1.2', 8080)).toBe('silent')
    expect(connect({ node: 'n2' }, '10.244.1.2', 8080)).toBe('web-2')
    expect(connect({ node: 'n2' }, '10.244.0.3', 8080)).toBe('silent')
    network.setConnected('n2', true)
    expect(connect(far, '10.244.1.2', 8080)).toBe('web-2')
    network.setPower('n2', false)
    expect(connect(far, '10.244.1.2', 8080)).toBe('silent')
    network.setPower('n2', true)
    // what ran there is gone, and so is its address
    expect(connect(far, '10.244.1.2', 8080)).toBe('silent')
    expect(pod('web-3', 'n2')).not.toBe('10.244.1.2')
  })

  test('to the API server’s Service ends at the control plane', () => {
    const { connect, api, sim, server, network } = withWeb()
    const endpoint = slice('kubernetes', [{ address: '192.168.10.10' }], 6443) as { metadata: { name: string } }
    endpoint.metadata.name = 'kubernetes'
    api.create(endpoint)
    const ports = [{ name: '', port: 443, protocol: 'TCP', targetPort: 6443 }]
    api.create(service('kubernetes', '10.96.0.1', { ports }))
    sim.advanceTo(sim.now() + 2000)
    expect(connect(far, '10.96.0.1', 443)).toBe('kube-apiserver')
    expect(network.reach('client', 'https://10.96.0.1/version')).toBe('ok')
    expect(network.reach('client', 'https://10.96.0.1/api')).toBe('http-403')
    server.setRunning(false)
    expect(connect(far, '10.96.0.1', 443)).toBe('refused')
  })

  test('to the world outside finds its web servers, from nodes that are not cut', () => {
    const { connect, network } = withWeb()
    expect(connect({ node: 'n1' }, 'example.com', 443)).toBe('external')
    expect(connect({ node: 'n1' }, 'example.com', 22)).toBe('silent')
    network.setConnected('n1', false)
    expect(connect({ node: 'n1' }, 'example.com', 443)).toBe('silent')
  })

  test('inside a pod reaches its containers, also those that listen on localhost only', () => {
    const { connect, network } = withWeb()
    const own = {
      containerId: 'private',
      podUid: 'web-1',
      node: 'n1',
      address: '127.0.0.1',
      port: 9000,
      protocol: 'TCP',
    } as const
    network.listen(own)
    const inside = { node: 'n1', podUid: 'web-1' }
    expect([connect(inside, 'localhost', 9000), connect(inside, '127.0.0.1', 8080)]).toEqual(['private', 'web-1'])
    expect([connect(far, '10.244.0.3', 9000), connect(far, '127.0.0.1', 9000)]).toEqual(['refused', 'refused'])
  })

  test('to a host port ends in the pod', () => {
    const { connect, network } = withWeb()
    const address = network.assignAddress('n3', 'hosted')
    network.listen({
      containerId: 'hosted',
      podUid: 'hosted',
      node: 'n3',
      address,
      port: 80,
      protocol: 'TCP',
      hostPort: 8088,
    })
    expect(connect({}, '192.168.10.13', 8088)).toBe('hosted')
    network.unlisten('hosted', 'hosted')
    expect(connect({}, '192.168.10.13', 8088)).toBe('refused')
  })
})

describe('addresses', () => {
  test('come in turn from the node’s range; the host’s own for host network', () => {
    const { network, api } = createHarbour(3)
    api.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n3' }, spec: { podCIDR: '10.244.77.0/24' } })
    const give = (node: string, uid: string, isHostNetwork = false): string =>
      network.assignAddress(node, uid, { isHostNetwork })
    expect([give('n1', 'a'), give('n1', 'b'), give('n2', 'c'), give('n3', 'd')]).toEqual([
      '10.244.0.2',
      '10.244.0.3',
      '10.244.1.2',
      '10.244.77.2',
    ])
    expect(give('n1', 'e', true)).toBe('192.168.10.11')
    expect(give('n1', 'a')).toBe('10.244.0.2')
    network.releaseAddress('a')
    expect(give('n1', 'f')).toBe('10.244.0.4')
  })

  test('run out, and are found again when given back', () => {
    const { network } = createHarbour(1)
    for (let index = 0; index < 253; index++) expect(network.assignAddress('n1', `pod-${index}`)).not.toBe('')
    expect(network.assignAddress('n1', 'late')).toBe('')
    network.releaseAddress('pod-7')
    expect(network.assignAddress('n1', 'late')).toBe('10.244.0.9')
  })
})

test('a saved world goes on as the original does', () => {
  const original = withWeb()
  const copy = createHarbour(3, copyWorld(original.sim.world))
  const ends = ({ network }: Harbour): string[] =>
    Array.from({ length: 20 }, () => {
      const connection = network.connect(far, '10.96.0.50', 80)
      return connection.outcome === 'connected' ? connection.listener.containerId : connection.outcome
    })
  expect(ends(copy)).toEqual(ends(original))
})

test('a request tried by a lesson says what it met and leaves no mark', () => {
  const { network, answers, sim } = withWeb()
  const before = JSON.stringify([...sim.world.random.streams])
  const direct = 'http://10.244.1.2:8080/'
  expect(network.reach('default/client', direct)).toBe('ok')
  expect(network.reach('client', 'http://10.96.0.50/')).toBe('ok')
  answers.set('web-2', { status: 404 })
  expect(network.reach('client', direct)).toBe('http-404')
  answers.set('web-2', { isHung: true })
  expect(network.reach('client', direct)).toBe('timeout')
  expect(network.reach('client', 'http://10.244.1.2:1/')).toBe('refused')
  expect(network.reach('client', 'http://web/')).toBe('nxdomain')
  answers.clear()
  expect(network.reach('quay', 'http://192.168.10.11:30080/')).toBe('ok')
  expect(network.reach('quay', ':')).toBe('invalid-url')
  expect(network.reach('stranger', direct)).toBe('unknown-origin')
  expect(JSON.stringify([...sim.world.random.streams])).toBe(before)
  expect(network.served('client', 'http://10.244.0.3:8080/')).toBe('web-1')
  expect(network.served('client', 'http://10.244.0.3:1/')).toBeUndefined()
})
