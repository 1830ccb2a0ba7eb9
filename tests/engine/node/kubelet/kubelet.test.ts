import { describe, expect, test } from 'vitest'
import type { Event, Node } from '../../../../src/engine/api/index.ts'
import { copyWorld, createWorld, freezeDeeply } from '../../../../src/engine/sim/index.ts'
import { podOn, smallWorld, type SmallWorld } from './world.ts'

freezeDeeply(true)

const inDefault = { namespace: 'default' }

function isReady({ pod }: SmallWorld, name: string): boolean {
  return pod(name)?.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
}

describe('a node', () => {
  test('registers, says so, and becomes ready', () => {
    const world = smallWorld(createWorld(5), { isBooted: false })
    world.run(3)
    const node = world.api.get<Node>('nodes', 'node-1')
    expect(node.status.allocatable).toEqual({ cpu: '4', 'ephemeral-storage': '90Gi', memory: '8092Mi', pods: '110' })
    expect(node.status.conditions?.map(({ type, status }) => `${type}=${status}`)).toEqual([
      'MemoryPressure=False',
      'DiskPressure=False',
      'PIDPressure=False',
      'Ready=True',
    ])
    expect(world.reasons('node-1')).toEqual(
      expect.arrayContaining([
        'Starting',
        'NodeHasSufficientMemory',
        'NodeHasNoDiskPressure',
        'NodeHasSufficientPID',
        'NodeReady',
      ]),
    )
    const twice = world.api.list<Event>('events', inDefault).filter(({ reason }) => reason === 'NodeHasSufficientPID')
    expect(twice.map(({ count }) => count)).toEqual([2])
    expect(world.api.find('leases', 'node-1', { namespace: 'kube-node-lease' })).toBeDefined()
  })

  test('runs a pod, and stops it when it is deleted', () => {
    const world = smallWorld()
    world.api.create(podOn('web'), inDefault)
    world.run(2)
    expect(isReady(world, 'web')).toBe(true)
    expect(world.nodes.find(world.pod('web')!)).toMatchObject([{ name: 'main', attempt: 0, isRunning: true }])
    world.api.delete('pods', 'web', inDefault)
    world.run(3)
    expect(world.pod('web')).toBeUndefined()
    expect(world.asked).toEqual(['start web/main', 'stop web/main 30000', 'removeSandbox'])
  })

  test('gives a forced deletion two seconds', () => {
    const world = smallWorld()
    world.api.create(podOn('web'), inDefault)
    world.run(2)
    world.api.delete('pods', 'web', inDefault, { gracePeriodSeconds: 0 })
    world.run(3)
    expect(world.asked).toContain('stop web/main 2000')
  })

  test('does nothing for pods that are well', () => {
    const world = smallWorld()
    for (let index = 0; index < 5; index++) world.api.create(podOn(`web-${index}`), inDefault)
    world.run(5)
    expect(world.sim.isSettled()).toBe(true)
    const before = world.sim.world.clock.nextSeq
    world.run(290)
    expect(world.sim.world.clock.nextSeq - before).toBeLessThan(10)
  })
})

describe('faults', () => {
  test('a power cut ends all containers; with power back the pods are made anew', () => {
    const world = smallWorld()
    world.api.create(podOn('web'), inDefault)
    world.run(2)
    world.nodes.setPower('node-1', false)
    world.run(60)
    expect(isReady(world, 'web')).toBe(true) // nobody is there to say otherwise
    world.nodes.setPower('node-1', true)
    world.run(40)
    expect(isReady(world, 'web')).toBe(true)
    const [status] = world.pod('web')!.status.containerStatuses!
    expect(status).toMatchObject({ restartCount: 1, lastState: { terminated: { exitCode: 255, reason: 'Unknown' } } })
    expect(world.reasons('web')).toContain('SandboxChanged')
    expect(world.pod('web')!.status.podIP).toBe('10.244.1.3')
  })

  test('a cut network leaves pods running, and a deletion waits for it', () => {
    const world = smallWorld()
    world.api.create(podOn('web'), inDefault)
    world.api.create(podOn('other'), inDefault)
    world.run(2)
    world.nodes.setNetwork('node-1', false)
    world.api.delete('pods', 'web', inDefault)
    world.exit('other', 'main', 1)
    world.run(60)
    expect(world.pod('web')?.metadata.deletionTimestamp).toBeDefined()
    expect(world.pod('other')?.status.containerStatuses?.[0]?.restartCount).toBe(0)
    world.nodes.setNetwork('node-1', true)
    world.run(5)
    expect(world.pod('web')).toBeUndefined()
    expect(world.pod('other')?.status.containerStatuses?.[0]?.restartCount).toBe(1)
  })

  test('a stopped kubelet finds its pods again, and what happened meanwhile', () => {
    const world = smallWorld()
    for (const name of ['steady', 'ended', 'deleted'])
      world.api.create(podOn(name, { restartPolicy: 'Never' }), inDefault)
    world.run(2)
    world.nodes.setKubelet('node-1', false)
    world.exit('ended', 'main', 3)
    world.api.delete('pods', 'deleted', inDefault, { gracePeriodSeconds: 0 })
    world.run(20)
    expect(world.pod('ended')?.status.phase).toBe('Running')
    world.nodes.setKubelet('node-1', true)
    world.run(5)
    expect(world.pod('ended')?.status).toMatchObject({
      phase: 'Failed',
      containerStatuses: [{ state: { terminated: { exitCode: 3 } } }],
    })
    expect(isReady(world, 'steady')).toBe(true)
    expect(world.pod('steady')?.status.containerStatuses?.[0]?.restartCount).toBe(0)
    expect(world.asked.filter((line) => line.includes('steady'))).toEqual(['start steady/main'])
    expect(world.asked).toContain('stop deleted/main 0')
  })

  test('a forced probe turns a pod unready and back', () => {
    const world = smallWorld()
    world.api.create(podOn('web', {}, { readinessProbe: { httpGet: { port: 80 }, periodSeconds: 1 } }), inDefault)
    world.run(3)
    expect(isReady(world, 'web')).toBe(true)
    world.nodes.forceProbe(world.pod('web')!, 'readiness', false)
    world.run(5)
    expect(isReady(world, 'web')).toBe(false)
    world.nodes.forceProbe(world.pod('web')!, 'readiness', undefined)
    world.run(3)
    expect(isReady(world, 'web')).toBe(true)
  })
})

describe('state is data', () => {
  test('a copy of the world goes on as the original does', () => {
    const world = smallWorld()
    world.api.create(podOn('crash', {}, { livenessProbe: { httpGet: { port: 80 } } }), inDefault)
    world.api.create(podOn('init', { initContainers: [{ name: 'first', image: 'busybox:1' }] }), inDefault)
    world.run(1.6)
    world.exit('crash', 'main', 1)
    world.exit('init', 'first', 0)
    world.run(0.01)
    const copy = smallWorld(copyWorld(world.sim.world))
    for (const one of [world, copy]) {
      one.run(3)
      one.exit('crash', 'main', 1)
      one.run(60)
      one.api.delete('pods', 'init', inDefault)
      one.run(10)
    }
    expect(copy.pod('crash')).toEqual(world.pod('crash'))
    expect(copy.sim.world.trace).toEqual(world.sim.world.trace)
    expect(copy.pod('init')).toBeUndefined()
  })
})

describe('admission', () => {
  test.each<[string, object, string]>([
    ['too much cpu', podOn('big', {}, { resources: { requests: { cpu: '9' } } }), 'OutOfcpu'],
    ['another node asked for', podOn('picky', { nodeSelector: { disk: 'ssd' } }), 'NodeAffinity'],
  ])('rejects a pod: %s', (_, object, reason) => {
    const world = smallWorld()
    const { name } = (object as { metadata: { name: string } }).metadata
    world.api.create(object, inDefault)
    world.run(2)
    expect(world.pod(name)?.status).toMatchObject({ phase: 'Failed', reason })
    expect(world.reasons(name)).toEqual([reason])
  })

  test('what a finished pod held is free again', () => {
    const world = smallWorld()
    world.api.create(podOn('first', { restartPolicy: 'Never' }, { resources: { requests: { cpu: '3' } } }), inDefault)
    world.run(2)
    world.exit('first', 'main', 0)
    world.run(4)
    world.api.create(podOn('second', {}, { resources: { requests: { cpu: '3' } } }), inDefault)
    world.run(2)
    expect(isReady(world, 'second')).toBe(true)
  })
})
