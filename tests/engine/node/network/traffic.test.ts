import { describe, expect, test } from 'vitest'
import { copyWorld } from '../../../../src/engine/sim/index.ts'
import { createHarbour, service, slice, type EndpointInput } from './harbour.ts'

const url = 'http://web/'

/** `pods` pods web-1, … spread over two nodes behind Service web; its rules are written. */
function withWeb(pods = 2, spec: object = {}) {
  const harbour = createHarbour(2)
  const { api, sim, network } = harbour
  const endpoints: EndpointInput[] = []
  for (let index = 1; index <= pods; index++) {
    const node = `n${1 + (index % 2)}`
    endpoints.push({ address: harbour.pod(`web-${index}`, node), node, pod: `web-${index}` })
  }
  api.create(slice('web', endpoints))
  api.create(service('web', '10.96.0.50', spec))
  sim.advanceTo(10_000)
  const load = (rps: number, more: object = {}): void => {
    expect(network.traffic.setLoad({ name: 'users', url, rps, ...more })).toBeUndefined()
  }
  const pass = (ms: number): void => sim.advanceTo(sim.now() + ms)
  const counters = () => network.traffic.counters('users')
  return { ...harbour, endpoints, load, pass, counters }
}

describe('a load', () => {
  test('is counted exactly', () => {
    const { load, pass, counters } = withWeb()
    load(30)
    pass(1234)
    expect(counters()).toMatchObject({ sent: 37.02, served: 37.02, failed: 0 })
    load(7.5)
    pass(2000)
    expect(counters()).toMatchObject({ sent: 52.02, served: 52.02, ok: 52.02 })
    load(0)
    pass(5000)
    expect(counters().sent).toBe(52.02)
  })

  test('is shared out evenly, and shown', () => {
    const { load, pass, network } = withWeb(3)
    load(30)
    pass(10)
    expect(network.traffic.rows()).toMatchObject([
      {
        source: 'users',
        service: 'default/web',
        rps: 30,
        served: 30,
        edges: [
          { from: 'users', to: 'default/web', rps: 30 },
          { from: 'default/web', to: 'default/web-1', rps: 10 },
          { from: 'default/web', to: 'default/web-2', rps: 10 },
          { from: 'default/web', to: 'default/web-3', rps: 10 },
        ],
      },
    ])
  })

  test('is told to the runtime, container by container', () => {
    const { load, pass, rates, network } = withWeb()
    load(10)
    pass(10)
    expect(rates).toEqual(
      new Map([
        ['web-1', 5],
        ['web-2', 5],
      ]),
    )
    network.unlisten('web-1', 'web-1')
    load(20)
    pass(10)
    expect(rates).toEqual(
      new Map([
        ['web-1', 0],
        ['web-2', 10],
      ]),
    )
  })

  test('tells the trace when what it meets changes, and only then', () => {
    const { load, pass, records, network, listen } = withWeb()
    load(10)
    pass(60_000)
    expect(records('traffic.changed')).toHaveLength(1)
    network.unlisten('web-1', 'web-1', 8080)
    pass(1000)
    listen('web-1', 8080)
    pass(1000)
    expect(records('traffic.changed').map(({ at, detail }) => [at, detail])).toMatchObject([
      [10_000, { served: 10, refused: 0 }],
      [70_000, { served: 5, refused: 5 }],
      [71_000, { served: 10, refused: 0 }],
    ])
  })

  test('that is told where nothing can be is refused', () => {
    const { network } = withWeb()
    expect(network.traffic.setLoad({ name: 'x', url: 'no url', rps: 1 })).toContain('not an address')
    expect(network.traffic.setLoad({ name: 'x', url, rps: -1 })).toContain('not a rate')
    expect(network.traffic.sources()).toEqual([])
  })

  test('costs nothing on the clock while nothing changes', () => {
    const { load, pass, sim } = withWeb()
    load(10)
    pass(1)
    expect(sim.isSettled()).toBe(true)
    expect(
      sim.world.clock.heap.filter(({ to }) => /^(kube-proxy|traffic)/.test(typeof to === 'string' ? to : to.component)),
    ).toEqual([])
  })

  test('reading the counters does not change a run', () => {
    const read = withWeb()
    const left = withWeb()
    for (const one of [read, left]) {
      one.answers.set('web-1', { latencyMs: 70, cpuPerRequestMilli: 100, cpuLimitMilli: 300 })
      one.load(11)
    }
    for (let turn = 0; turn < 300; turn++) {
      read.pass(101)
      left.pass(101)
      read.counters()
    }
    expect(read.sim.world.slices.get('traffic')).toEqual(left.sim.world.slices.get('traffic'))
  })

  test('goes on from a saved world as in the original', () => {
    const original = withWeb()
    original.answers.set('web-1', { latencyMs: 70, cpuPerRequestMilli: 100, cpuLimitMilli: 300 })
    original.load(11)
    original.pass(3333)
    const copy = createHarbour(2, copyWorld(original.sim.world))
    copy.answers.set('web-1', { latencyMs: 70, cpuPerRequestMilli: 100, cpuLimitMilli: 300 })
    for (const one of [original, copy]) {
      one.network.unlisten('web-2', 'web-2')
      one.sim.advanceTo(60_000)
    }
    expect(copy.network.traffic.counters()).toEqual(original.network.traffic.counters())
  })
})

describe('who is asked', () => {
  test.each([
    { name: 'a Service without endpoints refuses', endpoints: [], ends: { refused: 10 } },
    { name: 'an address that nobody has is silent', endpoints: [{ address: '10.244.9.9' }], ends: { lost: 10 } },
  ])('$name', ({ endpoints, ends }) => {
    const { load, pass, api, counters } = withWeb()
    api.update(slice('web', endpoints))
    pass(5000)
    load(10)
    pass(1000)
    expect(counters()).toMatchObject({ sent: 10, served: 0, failed: 10, ...ends })
  })

  test.each([
    { status: 200, ends: { served: 10, failed: 0 } },
    { status: 302, ends: { served: 10 } },
    { status: 404, ends: { http4xx: 10, failed: 10 } },
    { status: 503, ends: { http5xx: 10, failed: 10 } },
  ])('a process that answers $status', ({ status, ends }) => {
    const { load, pass, answers, counters } = withWeb(1)
    answers.set('web-1', { status })
    load(10)
    pass(1000)
    expect(counters()).toMatchObject(ends)
  })

  test('a process that changes its mind', () => {
    const { load, pass, answers, network, counters } = withWeb(1)
    load(10)
    pass(1000)
    answers.set('web-1', { status: 500 })
    network.answersChanged!('web-1')
    pass(1000)
    answers.set('web-1', { isHung: true })
    network.answersChanged!('web-1')
    pass(1000)
    expect(counters()).toMatchObject({ served: 10, http5xx: 10, lost: 10 })
  })

  test('a name that leads nowhere', () => {
    const { load, pass, counters } = withWeb()
    load(10, { url: 'http://nobody/' })
    pass(1000)
    expect(counters()).toMatchObject({ sent: 10, unresolved: 10, failed: 10 })
  })

  test('the endpoints themselves, when the Service is headless', () => {
    const { load, pass, api, network, endpoints } = withWeb()
    api.create(slice('db', endpoints))
    api.create(service('db', 'None', { clusterIPs: ['None'] }))
    pass(100)
    load(10, { url: 'http://db:8080/' })
    pass(1000)
    expect(
      network.traffic
        .rows()[0]!
        .edges.slice(1)
        .map(({ to, rps }) => [to, rps]),
    ).toEqual([
      ['default/web-1', 5],
      ['default/web-2', 5],
    ])
  })
})

describe('where it comes from', () => {
  test('a pod that is not there sends nothing until it is', () => {
    const { load, pass, pod, counters } = withWeb()
    load(10, { from: 'default/client', url: 'http://10.96.0.50/' })
    pass(1000)
    expect(counters().sent).toBe(0)
    pod('client', 'n1', 0)
    pass(1000)
    expect(counters()).toMatchObject({ sent: 10, served: 10 })
  })

  test('a pod asks cluster DNS; users outside do not', () => {
    const { load, pass, pod, counters } = withWeb()
    pod('client', 'n1', 0)
    load(10, { from: 'default/client' })
    pass(1000)
    expect(counters()).toMatchObject({ sent: 10, unresolved: 10 })
    load(10)
    pass(1000)
    expect(counters()).toMatchObject({ sent: 20, served: 10 })
  })

  test('one client with session affinity stays with one endpoint', () => {
    const { load, pass, pod, network } = withWeb(4, { sessionAffinity: 'ClientIP' })
    pod('client', 'n1', 0)
    load(10, { from: 'default/client', url: 'http://10.96.0.50/' })
    pass(1000)
    expect(network.traffic.rows()[0]!.edges).toHaveLength(2)
  })

  test('a dead node takes its share of a Service’s endpoints, not the users of the others', () => {
    const { load, pass, network, counters } = withWeb()
    load(10)
    pass(1000)
    network.setPower('n1', false)
    pass(1000)
    expect(counters()).toMatchObject({ sent: 20, served: 15, lost: 5 })
  })

  test('a cut node’s endpoints are silent', () => {
    const { load, pass, network, counters } = withWeb()
    load(10)
    network.setConnected('n2', false)
    pass(1000)
    network.setConnected('n2', true)
    pass(1000)
    expect(counters()).toMatchObject({ sent: 20, served: 15, lost: 5 })
  })
})

describe('a new pod', () => {
  /** web-3 joins; its process listens after five seconds. */
  function joining(isReadyAt: number) {
    const { load, pass, pod, listen, api, endpoints, counters } = withWeb()
    load(30)
    const address = pod('web-3', 'n1', 0)
    for (let second = 0; second < 15; second++) {
      if (second === 5) listen('web-3', 8080)
      if (second === isReadyAt) api.update(slice('web', [...endpoints, { address, node: 'n1', pod: 'web-3' }]))
      pass(1000)
    }
    return counters()
  }

  test('without a readiness probe is called ready, and sent requests, before it listens', () => {
    const { refused, failed, sent } = joining(0)
    expect(sent).toBe(450)
    expect(refused).toBeGreaterThan(48)
    expect(refused).toBeLessThanOrEqual(50)
    expect(failed).toBe(refused)
  })

  test('that is ready once it answers costs no request', () => {
    expect(joining(7)).toMatchObject({ sent: 450, served: 450, failed: 0 })
  })
})

describe('a pod that ends', () => {
  /** Deletes web-1 at t: the endpoint goes at once, the process as the test says. */
  function ending(end: (harbour: ReturnType<typeof withWeb>) => void) {
    const harbour = withWeb()
    const { load, pass, api, endpoints, answers } = harbour
    answers.set('web-1', { latencyMs: 50 })
    load(20)
    pass(10_000)
    const [first, second] = endpoints as [EndpointInput, EndpointInput]
    api.update(slice('web', [{ ...first, ready: false, serving: true, terminating: true }, second]))
    end(harbour)
    pass(10_000)
    return harbour.counters()
  }

  test('loses nothing when it serves on until the rules have followed', () => {
    const counters = ending(({ pass, network }) => {
      pass(3000)
      network.unlisten('web-1', 'web-1')
      network.releaseAddress('web-1')
    })
    expect(counters.failed).toBe(0)
  })

  test('refuses what comes between its closing and the rules', () => {
    const counters = ending(({ pass, network }) => {
      network.unlisten('web-1', 'web-1', 8080)
      pass(3000)
      network.unlisten('web-1', 'web-1')
      network.releaseAddress('web-1')
    })
    // the proxies were idle: 2 ms for the watch, 20 to 56 ms for the rules
    expect(counters.refused).toBeGreaterThan(0)
    expect(counters.refused).toBeLessThan(1)
    expect(counters.lost).toBe(0)
  })

  test('loses what it was answering when it is killed, and what comes until its rules are gone', () => {
    const counters = ending(({ network }) => {
      network.unlisten('web-1', 'web-1')
      network.releaseAddress('web-1')
    })
    expect(counters.lost).toBeGreaterThan(10 * 0.05)
    expect(counters.lost).toBeLessThan(10 * 0.05 + 1)
    expect(counters.refused).toBe(0)
  })

  test('meets rules up to a second old while proxies are busy', () => {
    const harbour = withWeb()
    const { load, pass, api, endpoints, network } = harbour
    load(20)
    api.update(slice('web', [...endpoints, { address: harbour.pod('web-3', 'n1'), node: 'n1', pod: 'web-3' }]))
    pass(200)
    api.update(slice('web', endpoints))
    network.unlisten('web-3', 'web-3', 8080)
    pass(5000)
    const { refused } = harbour.counters()
    expect(refused).toBeGreaterThan((20 / 3) * 0.7)
    expect(refused).toBeLessThan((20 / 3) * 1.1)
  })
})

describe('a process short of CPU', () => {
  test('lets requests wait, then lose patience; usage is at its limit', () => {
    const { load, pass, answers, counters, network, records } = withWeb(1)
    answers.set('web-1', { cpuPerRequestMilli: 20, cpuLimitMilli: 400 })
    load(30)
    pass(10_000)
    expect(counters()).toMatchObject({ sent: 300, served: 200, lost: 0 })
    pass(10_000)
    expect(counters()).toMatchObject({ sent: 600, served: 400, lost: 100 })
    expect(network.loadOf!('web-1')).toEqual({ rps: 20, cpuMilli: 400 })
    expect(records('traffic.changed').at(-1)!.detail).toMatchObject({ served: 20, lost: 10 })
    load(10)
    pass(20_000)
    expect(network.loadOf!('web-1')).toEqual({ rps: 10, cpuMilli: 200 })
    expect(counters()).toMatchObject({ sent: 800, served: 700, lost: 100 })
  })

  test('shares it among its users', () => {
    const { load, pass, answers, network } = withWeb(1)
    answers.set('web-1', { cpuPerRequestMilli: 10, cpuLimitMilli: 400 })
    load(30)
    network.traffic.setLoad({ name: 'others', url, rps: 30 })
    pass(4000)
    expect(network.loadOf!('web-1').rps).toBe(40)
    expect(network.traffic.counters().served).toBe(160)
  })

  test('does not matter without a limit', () => {
    const { load, pass, answers, network } = withWeb(1)
    answers.set('web-1', { cpuPerRequestMilli: 20 })
    load(300)
    pass(1000)
    expect(network.loadOf!('web-1')).toEqual({ rps: 300, cpuMilli: 6000 })
  })
})
