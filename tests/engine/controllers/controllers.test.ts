import { expect, test } from 'vitest'
import type { ConfigMap, Deployment, EndpointSlice, Node, ReplicaSet } from '../../../src/engine/api/index.ts'
import { causesOf, copyWorld, recordsAfter, type World } from '../../../src/engine/sim/index.ts'
import { createTestWorld, deploymentOf } from './world.ts'

const texts = (world: World): string[] => [...recordsAfter(world.trace, 0)].map((record) => JSON.stringify(record))

test('rolls a Deployment out and says so', () => {
  const { sim, api, pods, makeReady, deployment, eventsOf } = createTestWorld()
  api.create(deploymentOf('web', 3))
  sim.advanceTo(11_000)
  expect(pods()).toHaveLength(3)
  makeReady()
  sim.advanceTo(12_000)
  expect(deployment('web').status).toMatchObject({ readyReplicas: 3, availableReplicas: 3, observedGeneration: 1 })
  expect(eventsOf('Deployment', 'web')).toHaveLength(1)
  expect(eventsOf('Deployment', 'web')[0]).toMatch(/^ScalingReplicaSet: Scaled up replica set web-\w+ from 0 to 3$/)
})

test('traces a new pod back to the person who asked for it', () => {
  const { sim, api } = createTestWorld()
  api.create(deploymentOf('web', 1))
  sim.advanceTo(11_000)
  const made = [...recordsAfter(sim.world.trace, 0)].find(
    ({ object, what }) => object?.startsWith('Pod/') && what === 'created',
  )!
  expect(causesOf(sim.world.trace, made.seq).map(({ actor, object }) => `${actor} ${object?.split('/')[0]}`)).toEqual([
    'replicaset-controller Pod',
    'deployment-controller ReplicaSet',
    'you Deployment',
  ])
})

test('continues a copied world exactly as the original goes on', () => {
  const original = createTestWorld()
  original.api.create(deploymentOf('web', 20))
  original.sim.advanceTo(10_500)
  original.makeReady()
  original.api.patch(
    'deployments',
    'web',
    { spec: { template: { metadata: { annotations: { v: '2' } } } } },
    { namespace: 'default', type: 'merge' },
  )
  original.sim.advanceTo(10_507)
  const copy = createTestWorld(copyWorld(original.sim.world))
  for (const world of [original, copy])
    for (let at = 10_600; at <= 13_000; at += 200) {
      world.sim.advanceTo(at)
      world.makeReady(({ status }) => status.phase === 'Pending')
    }
  expect(texts(copy.sim.world)).toEqual(texts(original.sim.world))
})

test('starts afresh with its process, and finishes what was begun', () => {
  const { sim, api, process, pods } = createTestWorld()
  process.setRunning(false)
  api.create(deploymentOf('web', 4))
  sim.advanceTo(20_000)
  expect(pods()).toHaveLength(0)
  process.setRunning(true)
  sim.advanceTo(21_000)
  expect(pods()).toHaveLength(4)
})

test('a controller that is off leaves things alone until it is on again', () => {
  const { sim, api, manager, pods } = createTestWorld()
  expect(manager.setController('replicaset-controller', false)).toBe(true)
  api.create(deploymentOf('web', 2))
  sim.advanceTo(20_000)
  expect(api.list<ReplicaSet>('replicasets')).toHaveLength(1)
  expect(pods()).toHaveLength(0)
  manager.setController('replicaset-controller', true)
  sim.advanceTo(21_000)
  expect(pods()).toHaveLength(2)
  expect(manager.setController('no-such-controller', true)).toBe(false)
})

test('comes to rest', () => {
  const { sim, api, makeReady } = createTestWorld()
  api.create(deploymentOf('web', 2))
  sim.advanceTo(11_000)
  makeReady()
  sim.advanceTo(12_000)
  expect(sim.isSettled()).toBe(true)
})

test('waits through an outage of the API server without giving up', () => {
  const { sim, api, process, pods } = createTestWorld()
  api.create(deploymentOf('web', 2))
  process.setConnected(false)
  sim.advanceTo(60_000)
  expect(pods()).toHaveLength(0)
  process.setConnected(true)
  sim.advanceTo(62_000)
  expect(pods()).toHaveLength(2)
})

test('follows endpoints of a hundred to a slice through growth and loss', () => {
  const { sim, api, makeReady, pods } = createTestWorld()
  api.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, spec: {} })
  const port = { port: 80, targetPort: 8080 }
  api.create({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { app: 'web' }, ports: [port] },
  })
  const sizes = (): number[] =>
    api
      .list<EndpointSlice>('endpointslices', { namespace: 'default' })
      .map(({ endpoints }) => endpoints?.length ?? 0)
      .sort((a, b) => b - a)
  sim.advanceTo(10_100)
  expect(sizes()).toEqual([0])
  api.create(deploymentOf('web', 130))
  sim.advanceTo(12_000)
  makeReady()
  sim.advanceTo(14_000)
  expect(sizes()).toEqual([100, 30])
  for (const { metadata } of pods().slice(0, 129))
    api.delete('pods', metadata.name, { namespace: 'default' }, { gracePeriodSeconds: 0 })
  api.patch('deployments', 'web', { spec: { replicas: 1 } }, { namespace: 'default', type: 'merge' })
  sim.advanceTo(30_000)
  const named = api
    .list<EndpointSlice>('endpointslices', { namespace: 'default' })
    .flatMap(({ endpoints }) => endpoints ?? [])
  expect(named.map(({ targetRef }) => targetRef?.name).sort()).toEqual(
    pods()
      .filter(({ status }) => status.podIP)
      .map(({ metadata }) => metadata.name)
      .sort(),
  )
})

test('deletes what has lost its owner, all the way down', () => {
  const { sim, api, pods } = createTestWorld()
  api.create(deploymentOf('web', 2))
  sim.advanceTo(11_000)
  api.delete('deployments', 'web', { namespace: 'default' }, { propagationPolicy: 'Background' })
  sim.advanceTo(12_000)
  expect(api.list<ReplicaSet>('replicasets')).toHaveLength(0)
  expect(pods()).toHaveLength(0)
})

test('leaves what has an owner of an unknown kind alone, and deletes what has an unknown owner', () => {
  const { sim, api } = createTestWorld()
  const configMap = (name: string, kind: string, apiVersion: string): object => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default', ownerReferences: [{ apiVersion, kind, name: 'x', uid: '0000' }] },
  })
  api.create(configMap('strange', 'Spaceship', 'example.com/v1'))
  api.create(configMap('orphan', 'Secret', 'v1'))
  sim.advanceTo(11_000)
  const names = api.list<ConfigMap>('configmaps', { namespace: 'default' }).map(({ metadata }) => metadata.name)
  expect(names).toContain('strange')
  expect(names).not.toContain('orphan')
})

test('gives nodes their networks one after the other', () => {
  const { sim, api } = createTestWorld()
  const add = (name: string): void => void api.create({ apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: {} })
  for (const name of ['a', 'b', 'c']) add(name)
  sim.advanceTo(11_000)
  api.delete('nodes', 'b')
  sim.advanceTo(12_000)
  add('d')
  sim.advanceTo(13_000)
  const networks = api.list<Node>('nodes').map(({ metadata, spec }) => `${metadata.name} ${spec.podCIDR}`)
  expect(networks).toEqual(['a 10.244.0.0/24', 'c 10.244.2.0/24', 'd 10.244.3.0/24'])
})

test('makes another hash when a stranger has taken the name', () => {
  const first = createTestWorld()
  first.api.create(deploymentOf('web', 1))
  first.sim.advanceTo(11_000)
  const taken = first.api.list<ReplicaSet>('replicasets')[0]!.metadata.name
  const { sim, api, deployment, pods } = createTestWorld()
  const labels = { app: 'other' }
  const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'app:1' }] } }
  api.create({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: taken, namespace: 'default' },
    spec: { replicas: 0, selector: { matchLabels: labels }, template },
  })
  api.create(deploymentOf('web', 1))
  sim.advanceTo(11_000)
  expect(deployment('web').status.collisionCount).toBe(1)
  expect(pods()).toHaveLength(1)
})

test('says after the deadline that a rollout is stuck, and not before', () => {
  const { sim, api, deployment } = createTestWorld()
  api.create(deploymentOf('web', 1, 'app:1', { progressDeadlineSeconds: 30 }))
  const reason = (): string | undefined =>
    (deployment('web') as Deployment).status.conditions?.find(({ type }) => type === 'Progressing')?.reason
  sim.advanceTo(38_000)
  expect(reason()).toBe('ReplicaSetUpdated')
  sim.advanceTo(43_000)
  expect(reason()).toBe('ProgressDeadlineExceeded')
})
