import { describe, expect, test } from 'vitest'
import { formatPath } from '../../../src/engine/apiserver/managedFields/element.ts'
import { sorted } from '../../../src/engine/apiserver/managedFields/entry.ts'
import {
  difference,
  intersection,
  pathsOf,
  setOf,
  union,
  without,
} from '../../../src/engine/apiserver/managedFields/fieldSet.ts'
import { fieldsIn } from '../../../src/engine/apiserver/managedFields/fields.ts'
import { customType } from '../../../src/engine/apiserver/managedFields/customType.ts'
import { builtInType } from '../../../src/engine/apiserver/managedFields/fieldType.ts'
import { mergeTyped, removeFields } from '../../../src/engine/apiserver/managedFields/merge.ts'
import { typeError } from '../../../src/engine/apiserver/managedFields/typed.ts'
import { createClient, createProcess } from '../../../src/engine/client/index.ts'
import { copyWorld, createSim } from '../../../src/engine/sim/index.ts'
import { createEtcd } from '../../../src/engine/etcd/store.ts'
import { createApiServer } from '../../../src/engine/apiserver/apiServer.ts'
import { handleHttp } from '../../../src/engine/apiserver/http.ts'
import { kinds } from '../../../src/engine/kinds/index.ts'
import { bareServer, type Bare, type Thing } from '../../golden/api/server.ts'

interface Entry {
  readonly manager: string
  readonly operation: string
  readonly subresource?: string
  readonly time?: string
  readonly fieldsV1: object
}

const entriesIn = (object: unknown): readonly Entry[] =>
  (object as { metadata: { managedFields?: readonly Entry[] } }).metadata.managedFields ?? []

const told = (object: unknown): readonly string[] =>
  entriesIn(object).map(({ manager, operation, subresource }) =>
    [manager, operation, subresource].filter(Boolean).join(' '),
  )

const settings = (data: object, metadata: object = {}): Thing => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', ...metadata },
  data,
})

const path = '/api/v1/namespaces/default/configmaps/settings'
const applyType = 'application/apply-patch+yaml'

const apply = (bare: Bare, manager: string, body: object, more = '') =>
  bare.send('PATCH', `${path}?fieldManager=${manager}${more}`, body, applyType)

describe('sets of fields', () => {
  const a = setOf('f:data', 'f:data f:a', 'f:spec f:x f:y')
  const b = setOf('f:data f:a', 'f:spec f:x')

  test.each([
    ['union', union(a, b), { 'f:data': { '.': {}, 'f:a': {} }, 'f:spec': { 'f:x': { '.': {}, 'f:y': {} } } }],
    ['difference', difference(a, b), { 'f:data': {}, 'f:spec': { 'f:x': { 'f:y': {} } } }],
    ['intersection', intersection(a, b), { 'f:data': { 'f:a': {} } }],
    ['without what lies below', without(a, setOf('f:data', 'f:spec f:x')), {}],
  ])('know their %s', (_name, set, expected) => expect(set).toEqual(expected))

  test('are walked from what is near to what is deep', () => {
    const set = setOf('f:a f:b', 'f:z', 'k:{"port":443}', 'k:{"port":80}')
    expect(pathsOf(set).map(formatPath)).toEqual(['.z', '[port=80]', '[port=443]', '.a.b'])
  })
})

describe('typed objects', () => {
  const deployment = builtInType('Deployment')
  const withContainers = (...containers: readonly object[]) => ({ spec: { template: { spec: { containers } } } })

  test('own items of lists by their keys, and atomic structs whole', () => {
    const object = {
      spec: { selector: { matchLabels: { a: 'b' } }, template: { spec: { containers: [{ name: 'web' }] } } },
    }
    expect(fieldsIn(deployment, object)).toEqual({
      'f:spec': {
        'f:selector': {},
        'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:name': {} } } } },
      },
    })
  })

  test.each([
    [
      'a list that is none',
      { spec: { template: { spec: { containers: {} } } } },
      '.spec.template.spec.containers: expected list, got &{map[]}',
    ],
    [
      'a text that is none',
      { metadata: { labels: { a: 1 } } },
      '.metadata.labels.a: expected string, got &value.valueUnstructured{Value:1}',
    ],
    ['a switch that is none', { spec: { paused: 'yes' } }, '.spec.paused: expected boolean, got &{yes}'],
    [
      'an item without its key',
      withContainers({ image: 'x' }),
      '.spec.template.spec.containers: element 0: associative list with keys has an element that omits key field "name" (and doesn\'t have default value)',
    ],
    [
      'two errors',
      { spec: { paused: 1, replicas: 'x' } },
      'errors:\n  .spec.paused: expected boolean, got &{1}\n  .spec.replicas: expected numeric (int or float), got string',
    ],
  ])('are refused for %s', (_name, object, error) => expect(typeError(deployment, object)).toBe(error))

  test('merge lists in the order that the applier asks for', () => {
    const names = (object: unknown) =>
      (object as ReturnType<typeof withContainers>).spec.template.spec.containers.map(
        (one) => (one as { name: string }).name,
      )
    const live = withContainers({ name: 'a' }, { name: 'b' }, { name: 'c' })
    expect(names(mergeTyped(deployment, live, withContainers({ name: 'c' }, { name: 'x' }, { name: 'a' })))).toEqual([
      'b',
      'c',
      'x',
      'a',
    ])
  })
})

describe('who owns what', () => {
  test('is told of every write, and of nobody where it was cleared', () => {
    const bare = bareServer()
    bare.create(settings({ a: '1' }), 'default', '?fieldManager=author')
    const patched = bare.send(
      'PATCH',
      `${path}?fieldManager=editor`,
      { data: { b: '2' } },
      'application/merge-patch+json',
    )
    expect(entriesIn(patched.body).map(({ manager, fieldsV1 }) => [manager, fieldsV1])).toEqual([
      ['author', { 'f:data': { '.': {}, 'f:a': {} } }],
      ['editor', { 'f:data': { 'f:b': {} } }],
    ])
    const cleared = bare.send('PATCH', path, { metadata: { managedFields: [{}] } }, 'application/merge-patch+json')
    expect(entriesIn(cleared.body)).toEqual([])
    const later = bare.send('PATCH', path, { data: { b: '3' } }, 'application/merge-patch+json')
    expect(entriesIn(later.body)).toEqual([])
  })

  test('goes by the program where no manager is named', () => {
    const bare = bareServer()
    const answer = bare.send(
      'POST',
      '/api/v1/namespaces/default/configmaps',
      settings({}, { labels: { a: 'b' } }),
      undefined,
      { 'User-Agent': 'curl/8.1' },
    )
    expect(told(answer.body)).toEqual(['curl Update'])
  })

  test('finds all that was there in the hands of one, when owners were cleared', () => {
    const bare = bareServer()
    bare.create(settings({ a: '1' }))
    bare.send('PATCH', path, { metadata: { managedFields: [{}] } }, 'application/merge-patch+json')
    const refused = apply(bare, 'one', settings({ a: '2' }))
    expect(refused.body).toMatchObject({
      message: 'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.a',
    })
  })

  test('survives a client that sends the entries back', () => {
    const bare = bareServer()
    apply(bare, 'one', settings({ a: '1' }))
    const live = bare.send('GET', path).body
    const answer = bare.send('PUT', `${path}?fieldManager=two`, { ...(live as Thing), data: { a: '1', b: '2' } })
    expect(told(answer.body)).toEqual(['one Apply', 'two Update'])
  })

  test('puts the oldest of too many updaters together', () => {
    const bare = bareServer()
    bare.create(settings({ a: '1' }), 'default', '?fieldManager=m0')
    for (let n = 1; n < 13; n++) {
      bare.sim.advanceTo(n * 1000)
      bare.send('PATCH', `${path}?fieldManager=m${n}`, { data: { [`k${n}`]: 'x' } }, 'application/merge-patch+json')
    }
    const names = told(bare.send('GET', path).body)
    expect(names).toHaveLength(10)
    expect(names[0]).toBe('ancient-changes Update')
  })

  test('is asked for by a person only: an apply that changes nothing writes nothing', () => {
    const bare = bareServer()
    const first = apply(bare, 'one', settings({ a: '1' }))
    bare.sim.advanceTo(60_000)
    const again = apply(bare, 'one', settings({ a: '1' }))
    expect(again.body).toEqual(first.body)
  })

  test.each([
    [
      'no manager',
      '',
      settings({}),
      422,
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    ],
    [
      'another kind',
      '?fieldManager=x',
      { ...settings({}), kind: 'Secret' },
      400,
      'invalid object type: /v1, Kind=Secret',
    ],
    [
      'another name',
      '?fieldManager=x',
      settings({}, { name: 'other' }),
      400,
      'the name of the object (other) does not match the name on the URL (settings)',
    ],
    ['no object', '?fieldManager=x', [], 400, undefined],
    [
      'a uid of nothing',
      '?fieldManager=x',
      settings({}, { uid: 'abc' }),
      409,
      'Operation cannot be fulfilled on configmaps "settings": uid mismatch: the provided object specified uid abc, and no existing object was found',
    ],
  ])('refuses to apply with %s', (_name, query, body, code, message) => {
    const answer = bareServer().send('PATCH', path + query, body, applyType)
    expect(answer.code).toBe(code)
    if (message !== undefined) expect(answer.body).toMatchObject({ message })
  })
})

describe("components' writes", () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web' },
    spec: { containers: [{ name: 'web', image: 'nginx:1.29' }] },
  }
  const podPath = '/api/v1/namespaces/default/pods/web'

  function lived() {
    const bare = bareServer()
    const manager = createClient(createProcess(bare.sim, bare.server, 'kube-controller-manager')).as(
      'replicaset-controller',
    )
    const kubelet = createClient(createProcess(bare.sim, bare.server, 'kubelet@node-1'))
    manager.create('Pod', pod, 'default')
    for (const phase of ['Pending', 'Running', 'Failed']) {
      bare.sim.advanceTo(bare.sim.now() + 1000)
      const now = kubelet.find('Pod', 'web', 'default') as unknown as Thing
      kubelet.updateStatus({ ...now, status: { phase } } as never)
    }
    return bare
  }

  test('are worked out when somebody looks', () => {
    const bare = lived()
    const entries = entriesIn(bare.send('GET', podPath).body)
    expect(told({ metadata: { managedFields: entries } })).toEqual([
      'kube-controller-manager Update',
      'kubelet Update status',
    ])
    expect(entries[1]!.fieldsV1).toEqual({ 'f:status': { 'f:phase': {} } })
    expect(JSON.stringify(entries[0]!.fieldsV1)).not.toMatch(/status|serviceAccount|tolerations|volume/)
  })

  test('of an Event are the same whichever way it came, and in both groups', () => {
    const ownersIn = (hasQuota: boolean): readonly Entry[][] => {
      const bare = bareServer()
      const quota = {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'wide' },
        spec: { hard: { pods: '9' } },
      }
      if (hasQuota) bare.create(quota)
      const kubelet = createClient(createProcess(bare.sim, bare.server, 'kubelet@node-1')).as('kubelet')
      const about = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default', uid: 'u' } }
      bare.sim.advanceTo(61_500)
      kubelet.event(about as never, { type: 'Normal', reason: 'Pulled', message: 'here', host: 'node-1' })
      const listed = ['/api/v1', '/apis/events.k8s.io/v1'].map(
        (group) => bare.send('GET', `${group}/namespaces/default/events`).body as { items: readonly Thing[] },
      )
      return listed.map(({ items }) => items.flatMap((item) => [...entriesIn(item)]))
    }
    const [core, newer] = ownersIn(false)
    expect(core).toEqual([expect.objectContaining({ manager: 'kubelet', operation: 'Update' })])
    expect(newer).toHaveLength(1)
    expect([core, newer]).toEqual(ownersIn(true))
  })

  test('are unknown to components, and gone with the object', () => {
    const bare = lived()
    const { etcd } = bare.server
    const { value, aside } = etcd.get('pods', 'default', 'web')!
    expect(JSON.stringify(value)).not.toContain('managedFields')
    expect(aside).toBeDefined()
    bare.send('DELETE', `${podPath}?gracePeriodSeconds=0`)
    expect(etcd.get('pods', 'default', 'web')).toBeUndefined()
  })

  test('are the same after a checkpoint', () => {
    const bare = lived()
    const sim = createSim(copyWorld(bare.sim.world))
    const server = createApiServer(sim, createEtcd(sim), kinds)
    const before = bare.send('GET', podPath).body
    expect(handleHttp(server, { method: 'GET', path: podPath }).body).toEqual(before)
  })
})

describe('custom resources', () => {
  const type = customType({
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: {
          size: { 'x-kubernetes-int-or-string': true },
          any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
          whole: { type: 'object', 'x-kubernetes-map-type': 'atomic', properties: { a: { type: 'string' } } },
          tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
          parts: {
            type: 'array',
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['name'],
            items: { type: 'object', properties: { name: { type: 'string' }, n: { type: 'integer' } } },
          },
        },
      },
    },
  })

  test('are owned as their schema says', () => {
    const spec = { size: 3, any: { deep: [{ a: 1 }] }, whole: { a: 'x' }, tags: ['x'], parts: [{ name: 'p', n: 1 }] }
    expect(fieldsIn(type, { metadata: { labels: { a: 'b' } }, spec })).toEqual({
      'f:metadata': { 'f:labels': { 'f:a': {} } },
      'f:spec': {
        'f:size': {},
        'f:any': { 'f:deep': {} },
        'f:whole': {},
        'f:tags': { 'v:"x"': {} },
        'f:parts': { 'k:{"name":"p"}': { '.': {}, 'f:name': {}, 'f:n': {} } },
      },
    })
  })

  test('are refused where they do not fit it', () => {
    expect(typeError(type, { spec: { what: 1 } })).toBe('.spec.what: field not declared in schema')
  })
})

test('what is emptied from within stays, what all is taken from is null', () => {
  const type = builtInType('Ingress')
  const backend = (service: unknown) => ({ spec: { defaultBackend: { service } } })
  const inside = 'f:spec f:defaultBackend f:service'
  const live = backend({ name: 'a' })
  expect(removeFields(type, live, setOf(`${inside} f:name`))).toEqual(backend({}))
  expect(removeFields(type, live, setOf(inside))).toEqual({ spec: { defaultBackend: {} } })
  expect(removeFields(type, live, setOf('f:spec'))).toBeNull()
  const labels = { metadata: { finalizers: ['a'] } }
  expect(removeFields(type, labels, setOf('f:metadata f:finalizers v:"a"'))).toEqual({ metadata: { finalizers: [] } })
})

test('an entry without a time comes before one of long ago', () => {
  const entry = { operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: { 'f:data': {} } } as const
  const old = { ...entry, manager: 'a', time: '2001-01-01T00:00:00Z' }
  expect(sorted([old, { ...entry, manager: 'b' }]).map(({ manager }) => manager)).toEqual(['b', 'a'])
})
