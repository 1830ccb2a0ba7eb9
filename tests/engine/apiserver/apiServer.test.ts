import { expect, test } from 'vitest'
import {
  ApiError,
  formatMicroTime,
  type Event,
  type Lease,
  type Pod,
  type Service,
} from '../../../src/engine/api/index.ts'
import { createApi } from '../../../src/engine/apiserver/api.ts'
import { createApiServer } from '../../../src/engine/apiserver/apiServer.ts'
import { createClient, createProcess } from '../../../src/engine/client/index.ts'
import { createEtcd } from '../../../src/engine/etcd/store.ts'
import { kinds } from '../../../src/engine/kinds/index.ts'
import { copyWorld, createSim, createWorld, type World } from '../../../src/engine/sim/index.ts'

function build(world: World = createWorld(1)) {
  const sim = createSim(world)
  const server = createApiServer(sim, createEtcd(sim), kinds)
  const api = createApi(sim, server, { name: 'admin', groups: ['system:masters'] })
  return { world, sim, server, api, client: createClient(createProcess(sim, server, 'kubelet')) }
}

function begin() {
  const one = build()
  one.api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } })
  return one
}

const place = { namespace: 'default' }
const pod = (name: string, spec: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'web', image: 'nginx:1.29' }], ...spec },
})

const refusal = (run: () => unknown): ApiError => {
  try {
    run()
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
  throw new Error('it was not refused')
}

test('a kept lease shows its last renewal, and keeps it when it is dropped', () => {
  const { sim, api, client } = begin()
  const lease = { kind: 'Lease', name: 'node-1', namespace: 'default' }
  const spec = { holderIdentity: 'node-1', leaseDurationSeconds: 40, renewTime: formatMicroTime(0) }
  client.create(
    'Lease',
    { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'node-1' }, spec },
    'default',
  )
  client.keepLease(lease, 10_000)
  const renewed = (): string | undefined => api.get<Lease>('Lease', 'node-1', place).spec.renewTime
  sim.advanceTo(25_000)
  expect(renewed()).toBe(formatMicroTime(20_000))
  expect(client.isLeaseKept(lease)).toBe(true)
  client.dropLease(lease)
  sim.advanceTo(90_000)
  expect(renewed()).toBe(formatMicroTime(20_000))
  expect(client.isLeaseKept(lease)).toBe(false)
})

test('nobody renews while the API server is away', () => {
  const { sim, server, api, client } = begin()
  const spec = { holderIdentity: 'node-1', leaseDurationSeconds: 40, renewTime: formatMicroTime(0) }
  client.create(
    'Lease',
    { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'node-1' }, spec },
    'default',
  )
  client.keepLease({ kind: 'Lease', name: 'node-1', namespace: 'default' }, 10_000)
  sim.advanceTo(15_000)
  server.setRunning(false)
  sim.advanceTo(60_000)
  expect(client.isLeaseKept({ kind: 'Lease', name: 'node-1', namespace: 'default' })).toBe(false)
  server.setRunning(true)
  expect(api.get<Lease>('Lease', 'node-1', place).spec.renewTime).toBe(formatMicroTime(60_000))
})

test('events are gone after an hour, unless they were written again', () => {
  const { sim, api, client } = begin()
  const object = api.create<Pod>(pod('web'), place)
  client.event(object, { type: 'Normal', reason: 'Once', message: 'a' })
  client.event(object, { type: 'Normal', reason: 'Twice', message: 'b' })
  sim.advanceTo(30 * 60_000)
  client.event(object, { type: 'Normal', reason: 'Twice', message: 'b' })
  sim.advanceTo(62 * 60_000)
  expect(api.list<Event>('Event').map(({ reason }) => reason)).toEqual(['Twice'])
  sim.advanceTo(93 * 60_000)
  expect(api.list<Event>('Event')).toEqual([])
})

test('old versions can be watched, compacted or not, until the server starts anew', () => {
  const { sim, api, server } = begin()
  const since = String(server.revision())
  api.create(pod('web'), place)
  const open = () =>
    api.watch({ group: '', version: 'v1', resource: 'pods', ...place, options: { resourceVersion: since } })
  expect(open().take()).toMatchObject([{ type: 'ADDED', object: { metadata: { name: 'web' } } }])
  sim.advanceTo(11 * 60_000)
  expect(server.etcd.compacted()).toBeGreaterThan(Number(since))
  expect(open().take()).toMatchObject([{ type: 'ADDED' }])
  server.setRunning(false)
  server.setRunning(true)
  expect(open().take()).toMatchObject([{ type: 'ERROR', object: { code: 410, reason: 'Expired' } }])
})

test('pages of one list show one version, whatever is written between them', () => {
  const { api } = begin()
  for (const name of ['a', 'b', 'c']) api.create(pod(name), place)
  const list = (more: object = {}) =>
    api.request({ verb: 'list', group: '', version: 'v1', resource: 'pods', ...place, options: { limit: 2, ...more } })
      .body as {
      items: Pod[]
      metadata: { continue?: string; remainingItemCount?: number }
    }
  const first = list()
  expect(first.metadata.remainingItemCount).toBe(1)
  api.delete('Pod', 'c', place)
  expect(list({ continue: first.metadata.continue }).items.map(({ metadata }) => metadata.name)).toEqual(['c'])
  expect(list({ continue: '', limit: 0 }).items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b'])
})

test('two Services never get one address or port', () => {
  const { api } = begin()
  const names = Array.from({ length: 50 }, (_, index) => `web-${index}`)
  const services = names.map((name) =>
    api.create<Service>(
      { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { type: 'NodePort', ports: [{ port: 80 }] } },
      place,
    ),
  )
  expect(new Set(services.map(({ spec }) => spec.clusterIP)).size).toBe(50)
  expect(new Set(services.map(({ spec }) => spec.ports?.[0]?.nodePort)).size).toBe(50)
})

test('an update keeps what the server once handed out', () => {
  const { api } = begin()
  const manifest = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { type: 'NodePort', ports: [{ port: 80 }] },
  }
  const first = api.create<Service>(manifest, place)
  const again = api.update<Service>(manifest, place)
  expect(again.spec).toEqual(first.spec)
  expect(again.metadata.resourceVersion).toBe(first.metadata.resourceVersion)
})

test('a pod on a node goes in two steps, the second delete may only be shorter', () => {
  const { api } = begin()
  api.create(pod('web', { nodeName: 'node-1' }), place)
  const remove = (gracePeriodSeconds?: number): unknown =>
    api.delete('Pod', 'web', place, gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds })
  remove()
  remove(60)
  expect(api.get<Pod>('Pod', 'web', place).metadata.deletionGracePeriodSeconds).toBe(30)
  remove(5)
  expect(api.get<Pod>('Pod', 'web', place).metadata.deletionGracePeriodSeconds).toBe(5)
  remove(0)
  expect(api.find('Pod', 'web', place)).toBeUndefined()
})

test('unknown fields are refused, warned of or passed over, as the request says', () => {
  const { api } = begin()
  const send = (fieldValidation?: 'Strict' | 'Warn' | 'Ignore') =>
    api.request({
      verb: 'create',
      group: '',
      version: 'v1',
      resource: 'pods',
      ...place,
      body: pod('web', { replicas: 3 }),
      options: { dryRun: true, ...(fieldValidation && { fieldValidation }) },
    })
  expect(send('Strict').code).toBe(400)
  expect(send('Warn').warnings).toEqual(['unknown field "spec.replicas"'])
  expect(send().warnings).toEqual(['unknown field "spec.replicas"'])
  expect(send('Ignore')).toMatchObject({ code: 201, warnings: [] })
})

test('a namespace goes when its finalizer is taken away', () => {
  const { api, client } = begin()
  const shop = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }
  api.create(shop)
  api.delete('Namespace', 'shop')
  expect(api.get('Namespace', 'shop')).toMatchObject({ status: { phase: 'Terminating' } })
  expect(refusal(() => api.create(pod('late'), { namespace: 'shop' })).reason).toBe('Forbidden')
  const gone = {
    verb: 'update' as const,
    group: '',
    version: 'v1',
    resource: 'namespaces',
    name: 'shop',
    subresource: 'finalize',
  }
  client.process.server.perform({ ...gone, body: { ...shop, spec: {} } }, 'namespace-controller')
  expect(api.find('Namespace', 'shop')).toBeUndefined()
})

test('a dry run leaves no trace in the store', () => {
  const { api, server } = begin()
  const before = server.revision()
  api.create(pod('web'), place, { dryRun: true })
  expect(server.revision()).toBe(before)
})

test('without the store only the cache answers', () => {
  const { api, server } = begin()
  server.setStore(false)
  expect(refusal(() => api.create(pod('web'), place)).code).toBe(500)
  expect(api.list('Namespace', {}, { resourceVersion: '0' })).toHaveLength(1)
})

test('a copy of the world goes on by itself', () => {
  const { world, api } = begin()
  api.create(pod('web'), place)
  const other = build(copyWorld(world))
  other.api.delete('Pod', 'web', place)
  expect(other.api.find('Pod', 'web', place)).toBeUndefined()
  expect(api.find('Pod', 'web', place)).toBeDefined()
})
