import { describe, expect, test } from 'vitest'
import { createHarbour, service, slice } from '../network/harbour.ts'

const frontendIP = '10.96.0.50'

function web(nodes = 2) {
  const harbour = createHarbour(nodes)
  const address = harbour.pod('web-1', 'n1')
  harbour.api.create(slice('web', [{ address, node: 'n1' }]))
  harbour.api.create(service('web', frontendIP))
  const connects = (node: string): string => harbour.network.connect({ node }, frontendIP, 80).outcome
  return { ...harbour, address, connects }
}

describe('a proxy', () => {
  test('writes its rules a little after the API knows, and then at most once a second', () => {
    const { sim, api, connects, address, records } = web()
    expect(connects('n2')).toBe('silent')
    sim.advanceTo(sim.now() + 100)
    expect(connects('n2')).toBe('connected')
    const first = sim.now()

    api.update(slice('web', []))
    sim.advanceTo(first + 500)
    expect(connects('n2')).toBe('connected')
    sim.advanceTo(first + 1500)
    expect(connects('n2')).toBe('refused')

    api.update(slice('web', [{ address, node: 'n1' }]))
    sim.advanceTo(first + 5000)
    const times = records('rules.synced')
      .filter(({ actor }) => actor === 'kube-proxy@n1')
      .map(({ at }) => at)
    for (let index = 1; index < times.length; index++)
      expect(times[index]! - times[index - 1]!).toBeGreaterThanOrEqual(1000)
    expect(times).toHaveLength(4) // at its start, and for each change
  })

  test('leaves the clock alone while nothing changes', () => {
    const { sim } = web(50)
    sim.advanceTo(sim.now() + 5000)
    expect(sim.isSettled()).toBe(true)
    expect(
      sim.world.clock.heap.filter(({ to }) => /^(kube-proxy|traffic)/.test(typeof to === 'string' ? to : to.component)),
    ).toEqual([])
  })

  test('nodes in step share one version of the rules', () => {
    const { sim, api, network } = web(40)
    for (let turn = 0; turn < 5; turn++) {
      sim.advanceTo(sim.now() + 3000)
      api.update(slice('web', turn % 2 ? [] : [{ address: '10.244.0.9' }]))
    }
    sim.advanceTo(sim.now() + 3000)
    const versions = new Set(Array.from({ length: 40 }, (_, index) => network.proxy(`n${index + 1}`)!.version))
    expect(versions.size).toBe(1)
    expect([...versions][0]).toBeLessThan(12)
  })

  test('that is stopped keeps its old rules in force, and catches up when started', () => {
    const { sim, api, network, connects } = web()
    sim.advanceTo(sim.now() + 2000)
    network.setProxy('n2', false)
    api.update(slice('web', []))
    sim.advanceTo(sim.now() + 5000)
    expect([connects('n1'), connects('n2')]).toEqual(['refused', 'connected'])
    expect(network.proxy('n2')!.state).toBe('stopped')
    network.setProxy('n2', true)
    sim.advanceTo(sim.now() + 500)
    expect(connects('n2')).toBe('refused')
  })

  test('that is cut from the API keeps its old rules, and catches up when joined', () => {
    const { sim, api, network } = web()
    sim.advanceTo(sim.now() + 2000)
    network.setConnected('n2', false)
    api.update(slice('web', []))
    sim.advanceTo(sim.now() + 5000)
    expect(network.proxy('n2')!.rules[0]!.endpoints).toHaveLength(1)
    network.setConnected('n2', true)
    sim.advanceTo(sim.now() + 500)
    expect(network.proxy('n2')!.rules[0]!.endpoints).toHaveLength(0)
  })

  test('loses its rules with the power, and writes them again with it', () => {
    const { sim, network } = web()
    sim.advanceTo(sim.now() + 2000)
    network.setPower('n2', false)
    expect(network.proxy('n2')!.rules).toEqual([])
    network.setPower('n2', true)
    sim.advanceTo(sim.now() + 500)
    expect(network.proxy('n2')!.rules).toHaveLength(1)
  })

  test('that starts without an API server waits for it and lets the cluster settle', () => {
    const { sim, server, network } = web()
    sim.advanceTo(sim.now() + 2000)
    network.setProxy('n2', false)
    server.setRunning(false)
    network.setProxy('n2', true)
    sim.advanceTo(sim.now() + 2500)
    expect(network.proxy('n2')!.state).toBe('starting')
    expect(sim.isSettled()).toBe(true)
    server.setRunning(true)
    sim.advanceTo(sim.now() + 1200)
    expect(network.proxy('n2')!.state).toBe('idle')
  })

  test('a Service that is deleted takes its rules along', () => {
    const { sim, api, network, connects } = web()
    sim.advanceTo(sim.now() + 2000)
    api.delete('services', 'web', { namespace: 'default' })
    sim.advanceTo(sim.now() + 2000)
    expect(network.proxy('n1')!.rules).toEqual([])
    expect(connects('n1')).toBe('silent')
  })
})
