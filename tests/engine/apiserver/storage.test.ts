import { describe, expect, test } from 'vitest'
import { ApiError, type Event, type Pod } from '../../../src/engine/api/index.ts'
import { createApi } from '../../../src/engine/apiserver/api.ts'
import { createApiServer } from '../../../src/engine/apiserver/apiServer.ts'
import { administrator } from '../../../src/engine/apiserver/authentication/users.ts'
import { createClient, createProcess } from '../../../src/engine/client/index.ts'
import { keysBelow } from '../../../src/engine/etcd/keys.ts'
import { createEtcd } from '../../../src/engine/etcd/store.ts'
import { kinds } from '../../../src/engine/kinds/index.ts'
import { createSim, createWorld, recordsAfter } from '../../../src/engine/sim/index.ts'

const place = { namespace: 'default' }
const podsPath = { group: '', version: 'v1', resource: 'pods', ...place }
const pod = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'web', image: 'nginx:1.29' }] },
})

function begin() {
  const sim = createSim(createWorld(1))
  const etcd = createEtcd(sim)
  const server = createApiServer(sim, etcd, kinds)
  const api = createApi(sim, server, administrator)
  api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } })
  const client = createClient(createProcess(sim, server, 'kubelet@node-1'))
  const leaseOf = (event: Event): string => etcd.get('events', 'default', event.metadata.name)?.lease ?? 'none'
  return { sim, etcd, server, api, client, leaseOf }
}

const refusal = (run: () => unknown): ApiError => {
  try {
    run()
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
  throw new Error('it was not refused')
}

describe('a write is a transaction', () => {
  test('a create finds out by it that the name is taken, and changes nothing', () => {
    const { api, etcd, server } = begin()
    api.create(pod('web'), place)
    const before = etcd.revision()
    expect(refusal(() => api.create(pod('web'), place))).toMatchObject({ code: 409, reason: 'AlreadyExists' })
    const dry = { ...podsPath, verb: 'create' as const, body: pod('web'), options: { dryRun: true } }
    expect(refusal(() => server.perform(dry, 'kubelet'))).toMatchObject({ reason: 'AlreadyExists' })
    expect(etcd.revision()).toBe(before)
  })

  test('a component that writes its own version over a newer one is told of the conflict', () => {
    const { api, server } = begin()
    const old = api.create<Pod>(pod('web'), place)
    api.patch('Pod', 'web', { metadata: { labels: { a: 'b' } } }, place)
    const update = { ...podsPath, verb: 'update' as const, name: 'web', body: old }
    expect(refusal(() => server.perform(update, 'kubelet'))).toMatchObject({ code: 409, reason: 'Conflict' })
  })

  test('one of more than one and a half MiB is too large for etcd', () => {
    const { api } = begin()
    const annotated = (size: number): object => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'large' },
      spec: { containers: [{ name: 'web', image: 'nginx:1.29', env: [{ name: 'A', value: 'x'.repeat(size) }] }] },
    })
    expect(refusal(() => api.create(annotated(1_600_000), place))).toMatchObject({
      code: 500,
      message: 'etcdserver: request is too large',
    })
    api.create(annotated(1_500_000), place)
  })
})

describe('what goes without the API server', () => {
  test('is told to its watchers, with the revision of the deletion', () => {
    const { api, etcd, sim } = begin()
    api.create(pod('a'), place)
    api.create(pod('b'), place)
    const watch = api.watch({ ...podsPath, options: { resourceVersion: String(etcd.revision()) } })
    const range = keysBelow('/registry/pods/default/')
    etcd.txn({ compare: [], success: [{ do: 'delete', ...range }], failure: [] }, 'etcdctl')
    const resourceVersion = String(etcd.revision())
    expect(watch.take()).toMatchObject([
      { type: 'DELETED', object: { metadata: { name: 'a', resourceVersion } } },
      { type: 'DELETED', object: { metadata: { name: 'b', resourceVersion } } },
    ])
    expect(api.list('Pod')).toEqual([])
    const told = [...recordsAfter(sim.world.trace, 0)].filter(({ actor }) => actor === 'etcdctl')
    expect(told.map(({ what, object, revision }) => [what, object, revision])).toEqual([
      ['deleted', 'Pod/default/a', etcd.revision()],
      ['deleted', 'Pod/default/b', etcd.revision()],
    ])
  })

  test('may be a definition with all its objects', () => {
    const { api, etcd, sim } = begin()
    const names = { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' }
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
    const versions = [{ name: 'v1', served: true, storage: true, schema }]
    api.create({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.example.com' },
      spec: { group: 'example.com', scope: 'Namespaced', names, versions },
    })
    sim.advanceTo(1_000)
    api.create({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } }, place)
    const watch = api.watch({ group: 'example.com', version: 'v1', resource: 'widgets', ...place })
    expect(watch.take()).toHaveLength(1)
    etcd.txn({ compare: [], success: [{ do: 'delete', ...keysBelow('/registry/') }], failure: [] }, 'etcdctl')
    expect(watch.take()).toMatchObject([{ type: 'DELETED', object: { metadata: { name: 'w' } } }])
    expect(etcd.within(keysBelow('/registry/'))).toEqual([])
  })
})

describe('events live by leases', () => {
  const tell = ({ client, api }: ReturnType<typeof begin>, reason: string): Event => {
    const object = api.find<Pod>('Pod', 'web', place) ?? api.create<Pod>(pod('web'), place)
    client.event(object, { type: 'Normal', reason, message: reason })
    return api.list<Event>('Event').find((event) => event.reason === reason)!
  }

  test('which they share for a minute, and which live that much longer', () => {
    const begun = begin()
    const { sim, etcd, leaseOf } = begun
    const first = leaseOf(tell(begun, 'First'))
    expect(etcd.leases.find(first)?.grantedSeconds).toBe(3_660)
    sim.advanceTo(59_000)
    expect(leaseOf(tell(begun, 'Second'))).toBe(first)
    sim.advanceTo(60_000)
    expect(leaseOf(tell(begun, 'Third'))).not.toBe(first)
    expect(etcd.leases.list()).toHaveLength(2)
  })

  test('which an API server that starts anew takes a new one of', () => {
    const begun = begin()
    const first = begun.leaseOf(tell(begun, 'First'))
    begun.server.setRunning(false)
    begun.server.setRunning(true)
    expect(begun.leaseOf(tell(begun, 'Second'))).not.toBe(first)
  })

  test('or for a thousand writes', () => {
    const { api, etcd, leaseOf } = begin()
    const leases = Array.from({ length: 1_001 }, (_, index) => {
      const involvedObject = { kind: 'Pod', ...place }
      return leaseOf(
        api.create<Event>({ apiVersion: 'v1', kind: 'Event', metadata: { name: `e${index}` }, involvedObject }, place),
      )
    })
    expect(new Set(leases.slice(0, 1_000)).size).toBe(1)
    expect(leases[1_000]).not.toBe(leases[0])
    expect(etcd.leases.find(leases[0]!)?.keys).toHaveLength(1_000)
  })

  test('and go together, in one revision that their watchers hear', () => {
    const begun = begin()
    const { sim, api, etcd } = begun
    tell(begun, 'First')
    sim.advanceTo(30_000)
    tell(begun, 'Second')
    const options = { resourceVersion: String(etcd.revision()) }
    const watch = api.watch({ group: '', version: 'v1', resource: 'events', ...place, options })
    sim.advanceTo(3_659_500)
    expect(watch.take()).toEqual([])
    sim.advanceTo(3_660_000)
    const heard = watch.take()
    expect(heard.map(({ type }) => type)).toEqual(['DELETED', 'DELETED'])
    const resourceVersion = String(etcd.revision())
    for (const { object } of heard) expect(object).toMatchObject({ metadata: { resourceVersion } })
    expect(api.list('Event')).toEqual([])
  })

  test('until somebody revokes one: then new ones are refused while the API server trusts it', () => {
    const begun = begin()
    const { sim, api, client, etcd, leaseOf } = begun
    const object = api.create<Pod>(pod('web'), place)
    etcd.leases.revoke(leaseOf(tell(begun, 'First')), 'etcdctl')
    expect(api.list('Event')).toEqual([])
    client.event(object, { type: 'Normal', reason: 'Lost', message: 'b' })
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e' },
      involvedObject: { kind: 'Pod', namespace: 'default' },
    }
    expect(refusal(() => api.create(event, place))).toMatchObject({
      code: 500,
      message: 'etcdserver: requested lease not found',
    })
    sim.advanceTo(60_000)
    api.create(event, place)
  })
})

test('compaction is agreed on by a key, and is left to whoever wrote it last', () => {
  const { sim, etcd } = begin()
  const claim = (): readonly (string | number)[] =>
    etcd.within({ key: 'compact_rev_key' }).flatMap(({ value, version }) => [value as string, version])
  const before = etcd.revision()
  sim.advanceTo(300_000)
  expect([claim(), etcd.compacted(), etcd.revision()]).toEqual([['0', 1], 0, before + 1])
  sim.advanceTo(600_000)
  expect([claim(), etcd.compacted()]).toEqual([[String(before + 1), 2], before + 1])
  etcd.txn({ compare: [], success: [{ do: 'put', key: 'compact_rev_key', value: '1' }], failure: [] }, 'another')
  sim.advanceTo(900_000)
  expect(etcd.compacted()).toBe(before + 1)
  sim.advanceTo(1_200_000)
  expect(claim()[1]).toBe(4)
})

test('an API server that does not run forgets nothing, and one that starts anew first learns where things stand', () => {
  const { sim, etcd, server } = begin()
  sim.advanceTo(600_000)
  const compacted = etcd.compacted()
  server.setRunning(false)
  sim.advanceTo(900_000)
  expect(etcd.within({ key: 'compact_rev_key' })[0]?.version).toBe(2)
  server.setRunning(true)
  sim.advanceTo(1_200_000)
  expect([etcd.compacted(), etcd.within({ key: 'compact_rev_key' })[0]?.version]).toEqual([compacted, 2])
  sim.advanceTo(1_500_000)
  expect(etcd.within({ key: 'compact_rev_key' })[0]?.version).toBe(3)
  expect(etcd.compacted()).toBeGreaterThan(compacted)
})
