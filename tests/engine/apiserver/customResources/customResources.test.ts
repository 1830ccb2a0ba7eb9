import { describe, expect, test } from 'vitest'
import { createCluster, restore, type Cluster, type HttpAnswer } from '../../../../src/engine/index.ts'

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const boats = '/apis/harbour.example/v1/namespaces/default/boats'

const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      required: ['name'],
      'x-kubernetes-validations': [
        { rule: 'self.crew <= self.seats', messageExpression: "'at most ' + string(self.seats)" },
        { rule: 'self.name == oldSelf.name', message: 'a boat keeps its name', fieldPath: '.name' },
      ],
      properties: {
        name: { type: 'string', pattern: '^[A-Z]' },
        crew: { type: 'integer', default: 2, minimum: 1 },
        seats: { type: 'integer', default: 4 },
        ports: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['port'],
          items: { type: 'object', required: ['port'], properties: { port: { type: 'integer' } } },
        },
        any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        size: { 'x-kubernetes-int-or-string': true },
        mode: { type: 'string', enum: ['sail', 'motor'] },
      },
    },
    status: { type: 'object', properties: { crew: { type: 'integer' }, where: { type: 'string' } } },
  },
}

const definition = (more: object = {}) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'boats.harbour.example' },
  spec: {
    group: 'harbour.example',
    scope: 'Namespaced',
    names: { plural: 'boats', kind: 'Boat', shortNames: ['bt'], categories: ['fleet'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: schema },
        selectableFields: [{ jsonPath: '.spec.mode' }],
        additionalPrinterColumns: [
          { name: 'Crew', type: 'integer', jsonPath: '.spec.crew' },
          { name: 'First', type: 'string', jsonPath: '.spec.ports[?(@.port>80)].port', priority: 1 },
        ],
        subresources: { status: {}, scale: { specReplicasPath: '.spec.crew', statusReplicasPath: '.status.crew' } },
      },
      {
        name: 'v1beta1',
        served: true,
        storage: false,
        deprecated: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
    ...more,
  },
})

const send = (cluster: Cluster, method: string, path: string, body?: unknown, accept?: string): HttpAnswer =>
  cluster.http({
    method,
    path,
    body,
    headers: {
      'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
      ...(accept && { accept }),
    },
  })

const boat = (spec: object, name = 'ada', more: object = {}) => ({
  apiVersion: 'harbour.example/v1',
  kind: 'Boat',
  metadata: { name },
  spec,
  ...more,
})

function harbour(options: object = { controlPlane: 'api' }): Cluster {
  const cluster = createCluster({ nodes: 0, addOns: false, ...options })
  expect(send(cluster, 'POST', definitions, definition()).code).toBe(201)
  cluster.control.advanceTo(cluster.control.now() + 100)
  return cluster
}

const message = ({ body }: HttpAnswer): string => (body as { message: string }).message
const of = ({ body }: HttpAnswer): Record<string, never> => body as Record<string, never>

describe('a kind of custom resources', () => {
  test('is served once its definition is established', () => {
    const cluster = createCluster({ nodes: 0, addOns: false, controlPlane: 'api' })
    send(cluster, 'POST', definitions, definition())
    expect(send(cluster, 'GET', boats).code).toBe(404)
    cluster.control.advanceTo(cluster.control.now() + 100)
    expect(send(cluster, 'GET', boats)).toMatchObject({ code: 200, body: { kind: 'BoatList', items: [] } })
    expect(cluster.api.findKind('bt')).toMatchObject({ kind: 'Boat', group: 'harbour.example', version: 'v1' })
    expect(cluster.api.kinds().filter(({ kind }) => kind === 'Boat')).toHaveLength(2)
    expect(restore(cluster.control.save()).api.findKind('boats')).toMatchObject({ kind: 'Boat' })
  })

  test('fills in defaults, prunes what it does not know, and keeps status and generation apart', () => {
    const cluster = harbour()
    const created = send(
      cluster,
      'POST',
      boats,
      boat({ name: 'Ada', x: 1, any: { y: 1 } }, 'ada', { status: { crew: 9 } }),
    )
    expect(created).toMatchObject({ code: 201, warnings: ['unknown field "spec.x"'] })
    expect(of(created)).toMatchObject({ spec: { name: 'Ada', crew: 2, seats: 4, any: { y: 1 } } })
    expect(of(created)).not.toHaveProperty('status')
    expect(of(created)['spec']).not.toHaveProperty('x')
    send(cluster, 'PATCH', `${boats}/ada/status`, { status: { crew: 2 }, spec: { crew: 3 } })
    const scaled = send(cluster, 'PATCH', `${boats}/ada/scale`, { spec: { replicas: 4 } })
    expect(scaled.body).toMatchObject({ kind: 'Scale', spec: { replicas: 4 }, status: { replicas: 2 } })
    expect(of(send(cluster, 'GET', `${boats}/ada`))).toMatchObject({ spec: { crew: 4 }, metadata: { generation: 2 } })
  })

  test('new finalizers of few words are told of', () => {
    const cluster = harbour()
    const named = (...finalizers: string[]) => ({ ...boat({ name: 'Ada' }), metadata: { name: 'ada', finalizers } })
    const why = 'to avoid accidental conflicts with other finalizer writers'
    expect(send(cluster, 'POST', boats, named('b.c', 'a', 'orphan', 'd.e/f')).warnings).toEqual([
      `metadata.finalizers: "a": prefer a domain-qualified finalizer name ${why}`,
      `metadata.finalizers: "b.c": prefer a domain-qualified finalizer name including a path (/) ${why}`,
    ])
    const patch = { metadata: { finalizers: ['b.c', 'a', 'orphan', 'd.e/f'], labels: { a: 'b' } } }
    expect(send(cluster, 'PATCH', `${boats}/ada`, patch).warnings).toEqual([])
  })

  test.each([
    ['a missing field', { crew: 1 }, 'spec.name: Required value'],
    ['a pattern', { name: 'ada' }, `spec.name: Invalid value: "ada": spec.name in body should match '^[A-Z]'`],
    [
      'a minimum',
      { name: 'A', crew: 0 },
      'spec.crew: Invalid value: 0: spec.crew in body should be greater than or equal to 1',
    ],
    ['a wrong type', { name: 'A', crew: 'x' }, 'spec.crew in body must be of type integer: "string"'],
    ['int or string', { name: 'A', size: true }, 'spec.size in body must be of type integer,string: "boolean"'],
    ['an enum', { name: 'A', mode: 'row' }, 'spec.mode: Unsupported value: "row": supported values: "sail", "motor"'],
    ['a double key', { name: 'A', ports: [{ port: 1 }, { port: 1 }] }, 'spec.ports[1]: Duplicate value: {"port":1}'],
    ['a rule', { name: 'A', crew: 5 }, 'spec: Invalid value: at most 4'],
    ['rules after other faults', { crew: 1 }, 'some validation rules were not checked because the object was invalid'],
  ])('refuses %s', (_, spec, text) => {
    const answer = send(harbour(), 'POST', boats, boat(spec))
    expect(answer.code).toBe(422)
    expect(message(answer)).toContain(text)
  })

  test('compares with what was, where a rule asks for it', () => {
    const cluster = harbour()
    send(cluster, 'POST', boats, boat({ name: 'Ada' }))
    const answer = send(cluster, 'PATCH', `${boats}/ada`, { spec: { name: 'Bob' } })
    expect(message(answer)).toBe(
      'Boat.harbour.example "ada" is invalid: spec.name: Invalid value: a boat keeps its name',
    )
  })

  test('is strict if asked to be', () => {
    const answer = send(harbour(), 'POST', `${boats}?fieldValidation=Strict`, boat({ name: 'A', imge: 1 }))
    expect(message(answer)).toBe(
      'Boat in version "v1" cannot be handled as a Boat: strict decoding error: unknown field "spec.imge"',
    )
  })

  test('speaks every served version of one stored object', () => {
    const cluster = harbour()
    const old = boats.replace('/v1/', '/v1beta1/')
    const watch = cluster.api.watch({ group: 'harbour.example', version: 'v1beta1', resource: 'boats' })
    const created = send(cluster, 'POST', old, { ...boat({ name: 'Ada' }), apiVersion: 'harbour.example/v1beta1' })
    expect(created).toMatchObject({
      code: 201,
      body: { apiVersion: 'harbour.example/v1beta1' },
      warnings: ['harbour.example/v1beta1 Boat is deprecated; use harbour.example/v1 Boat'],
    })
    expect(of(send(cluster, 'GET', `${boats}/ada`))).toMatchObject({ apiVersion: 'harbour.example/v1' })
    expect(watch.take()).toMatchObject([{ type: 'ADDED', object: { apiVersion: 'harbour.example/v1beta1' } }])
  })

  test('is read by the schema of now, whatever it was stored by', () => {
    const cluster = harbour()
    send(cluster, 'POST', boats, boat({ name: 'Ada' }))
    const { name, crew, seats } = schema.properties.spec.properties
    const spec = { type: 'object', properties: { name, crew, seats, flag: { type: 'string', default: 'none' } } }
    const versions = [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
      },
    ]
    send(cluster, 'PATCH', `${definitions}/boats.harbour.example`, { spec: { versions } })
    cluster.control.advanceTo(cluster.control.now() + 100)
    expect(of(send(cluster, 'GET', `${boats}/ada`))).toMatchObject({ spec: { name: 'Ada', flag: 'none' } })
    expect(send(cluster, 'GET', `${boats.replace('/v1/', '/v1beta1/')}/ada`).code).toBe(404)
  })

  test('prints its own columns and is found by its own fields', () => {
    const cluster = harbour()
    send(cluster, 'POST', boats, boat({ name: 'Ada', mode: 'sail', ports: [{ port: 1 }, { port: 99 }] }))
    send(cluster, 'POST', boats, boat({ name: 'Bob', mode: 'motor' }, 'bob'))
    const table = send(cluster, 'GET', boats, undefined, 'application/json;as=Table;v=v1;g=meta.k8s.io')
    expect(table.body).toMatchObject({ rows: [{ cells: ['ada', 2, '99'] }, { cells: ['bob', 2, null] }] })
    expect(send(cluster, 'GET', `${boats}?fieldSelector=spec.mode%3Dsail`).body).toMatchObject({
      items: [{ metadata: { name: 'ada' } }],
    })
    expect(message(send(cluster, 'GET', `${boats}?fieldSelector=spec.crew%3D1`))).toContain(
      'field label not supported: spec.crew',
    )
  })

  test('goes with its definition, which waits for finalizers', () => {
    const cluster = harbour()
    send(cluster, 'POST', boats, { ...boat({ name: 'Ada' }), metadata: { name: 'ada', finalizers: ['a.example/b'] } })
    send(cluster, 'DELETE', `${definitions}/boats.harbour.example`)
    cluster.control.advanceTo(cluster.control.now() + 1000)
    expect(of(send(cluster, 'GET', `${boats}/ada`))).toHaveProperty('metadata.deletionTimestamp')
    expect(send(cluster, 'POST', boats, boat({ name: 'B' }, 'b')).code).toBe(405)
    send(cluster, 'PATCH', `${boats}/ada`, { metadata: { finalizers: null } })
    cluster.control.advanceTo(cluster.control.now() + 6000)
    expect(send(cluster, 'GET', `${definitions}/boats.harbour.example`).code).toBe(404)
    expect(cluster.api.findKind('boats')).toBeUndefined()
  })

  test('lives on in a copy of the cluster, to the same end', () => {
    const cluster = harbour({ controlPlane: 'full' })
    const { uid } = (of(send(cluster, 'POST', boats, boat({ name: 'Ada' }))) as never as { metadata: { uid: string } })
      .metadata
    const ownerReferences = [{ apiVersion: 'harbour.example/v1', kind: 'Boat', name: 'ada', uid }]
    send(cluster, 'POST', boats, { ...boat({ name: 'Dinghy' }), metadata: { name: 'dinghy', ownerReferences } })
    const play = (one: Cluster): string => {
      one.api.delete('Boat', 'ada', { namespace: 'default' })
      one.control.advanceTo(one.control.now() + 3000)
      send(one, 'DELETE', `${definitions}/boats.harbour.example`)
      one.control.advanceTo(one.control.now() + 3000)
      send(one, 'POST', definitions, definition())
      one.control.advanceTo(one.control.now() + 1000)
      send(one, 'POST', boats, boat({ name: 'Eve' }, 'eve'))
      one.control.advanceTo(one.control.now() + 3000)
      return JSON.stringify([...one.trace.since(0)])
    }
    const saved = cluster.control.save()
    const ends = [play(cluster), play(restore(saved)), play(restore(saved))]
    expect(ends[1]).toBe(ends[0])
    expect(ends[2]).toBe(ends[0])
    expect(ends[0]).toContain('Boat/default/eve')
  })

  test('is known to the garbage collector and to namespaces that go', () => {
    const cluster = harbour({ controlPlane: 'full' })
    const owner = of(send(cluster, 'POST', boats, boat({ name: 'Ada' }))) as never as { metadata: { uid: string } }
    const ownerReferences = [
      {
        apiVersion: 'harbour.example/v1',
        kind: 'Boat',
        name: 'ada',
        uid: owner.metadata.uid,
        blockOwnerDeletion: true,
      },
    ]
    cluster.api.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'log', namespace: 'default', ownerReferences },
    })
    send(cluster, 'POST', boats, { ...boat({ name: 'Dinghy' }), metadata: { name: 'dinghy', ownerReferences } })
    cluster.control.advanceTo(cluster.control.now() + 1000)
    cluster.api.delete('Boat', 'ada', { namespace: 'default' }, { propagationPolicy: 'Foreground' })
    cluster.control.advanceTo(cluster.control.now() + 3000)
    expect(cluster.api.list('Boat')).toEqual([])
    expect(cluster.api.find('ConfigMap', 'log', { namespace: 'default' })).toBeUndefined()

    cluster.api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bay' } })
    cluster.api.create({ ...boat({ name: 'Eve' }, 'eve'), metadata: { name: 'eve', namespace: 'bay' } })
    cluster.api.delete('Namespace', 'bay')
    cluster.control.advanceTo(cluster.control.now() + 30_000)
    expect(cluster.api.find('Namespace', 'bay')).toBeUndefined()
    expect(cluster.api.list('Boat')).toEqual([])
  })
})

describe('an autoscaler', () => {
  test('is one object in two versions', () => {
    const cluster = createCluster({ nodes: 0, addOns: false, controlPlane: 'api' })
    const path = (version: string) => `/apis/autoscaling/${version}/namespaces/default/horizontalpodautoscalers`
    const spec = { maxReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'web', apiVersion: 'apps/v1' } }
    const pods = { type: 'Pods', pods: { metricName: 'hits', targetAverageValue: '5' } }
    const notes = { 'autoscaling.alpha.kubernetes.io/metrics': JSON.stringify([pods]) }
    send(cluster, 'POST', path('v1'), {
      apiVersion: 'autoscaling/v1',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', annotations: notes },
      spec: { ...spec, targetCPUUtilizationPercentage: 50 },
    })
    const second = of(send(cluster, 'GET', `${path('v2')}/web`))
    expect(second).toMatchObject({
      apiVersion: 'autoscaling/v2',
      spec: {
        metrics: [
          { type: 'Pods', pods: { metric: { name: 'hits' }, target: { type: 'AverageValue', averageValue: '5' } } },
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
        ],
      },
    })
    expect(second).not.toHaveProperty('metadata.annotations')
    expect(of(send(cluster, 'GET', `${path('v1')}/web`))).toMatchObject({
      spec: { targetCPUUtilizationPercentage: 50 },
      metadata: { annotations: notes },
    })
  })
})

describe('an event', () => {
  test('is one object in two groups', () => {
    const cluster = createCluster({ nodes: 0, addOns: false, controlPlane: 'api' })
    const path = '/apis/events.k8s.io/v1/namespaces/default/events'
    const created = send(cluster, 'POST', path, {
      metadata: { name: 'e' },
      regarding: { kind: 'Pod', name: 'p', namespace: 'default' },
      type: 'Normal',
      reason: 'Seen',
      action: 'Look',
      note: 'hello',
      reportingController: 'me',
      reportingInstance: 'me-1',
      eventTime: '2026-09-01T08:00:00.000000Z',
    })
    expect(created.code).toBe(201)
    expect(of(send(cluster, 'GET', '/api/v1/namespaces/default/events/e'))).toMatchObject({
      apiVersion: 'v1',
      involvedObject: { name: 'p' },
      message: 'hello',
      reportingComponent: 'me',
    })
  })
})
