import { describe, expect, test } from 'vitest'
import type { Status } from '../../../src/engine/api/index.ts'
import { bareServer, type Bare, type Thing } from '../../golden/api/server.ts'

const pods = '/api/v1/namespaces/default/pods'
const pod = (metadata: object = {}, spec: object = {}): Thing =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', ...metadata },
    spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
  }) as Thing

function world(...objects: readonly Thing[]): Bare {
  const bare = bareServer()
  for (const object of objects) expect(bare.create(object).code).toBe(201)
  return bare
}

const told = ({ code, body }: { readonly code: number; readonly body: unknown }): readonly [number, string] => [
  code,
  (body as Partial<Status>).message ?? '',
]

describe('what a subresource takes', () => {
  const verbs = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
  test.each([
    ['status', ['GET', 'PUT', 'PATCH']],
    ['resize', ['GET', 'PUT', 'PATCH']],
    ['log', ['GET']],
    ['binding', ['POST']],
    ['eviction', ['POST']],
    ['exec', ['GET', 'POST']],
  ])('%s: %j', (door, served) => {
    const bare = world(pod())
    const codes = verbs.filter((method) => {
      const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
      const body = method === 'GET' || method === 'DELETE' ? undefined : {}
      return bare.send(method, `${pods}/p/${door}`, body, type).code !== 405
    })
    expect(codes).toEqual(served)
  })

  test.each([
    [
      'binding',
      { metadata: { name: 'q' }, target: { name: 'n' } },
      'name in URL does not match name in Binding object',
    ],
    ['binding', { target: { name: 'n' } }, 'name in URL does not match name in Binding object'],
    ['eviction', {}, 'name in URL does not match name in Eviction object'],
    [
      'eviction',
      { metadata: { name: 'p' }, deleteOptions: { gracePeriodSeconds: 'x' } },
      'Eviction in version "v1" cannot be handled as a Eviction: json: cannot unmarshal string into Go struct field DeleteOptions.deleteOptions.gracePeriodSeconds of type int64',
    ],
  ])('%s refuses %j', (door, body, message) => {
    expect(told(world(pod()).send('POST', `${pods}/p/${door}`, body))).toEqual([400, message])
  })
})

test('a Binding is created, and binds the pod of its name', () => {
  const bare = world(pod({}, { schedulerName: 'nobody' }))
  const bindings = '/api/v1/namespaces/default/bindings'
  const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'p' }, target: { kind: 'Node', name: 'n' } }
  expect(bare.send('POST', bindings, binding).code).toBe(201)
  expect(bare.send('GET', `${pods}/p`).body).toMatchObject({ spec: { nodeName: 'n' } })
  expect(bare.send('GET', bindings).code).toBe(405)
  expect(told(bare.send('POST', bindings, { ...binding, metadata: { name: 'q' } }))).toEqual([
    404,
    'pods "q" not found',
  ])
})

describe('metadata that an update cannot change', () => {
  const path = '/api/v1/namespaces/default/configmaps'
  const map = (metadata: object): Thing =>
    ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', ...metadata } }) as Thing

  test('a time of death', () => {
    const bare = world(map({}))
    expect(told(bare.send('PUT', `${path}/a`, map({ deletionTimestamp: '2020-01-01T00:00:00Z' })))).toEqual([
      422,
      'ConfigMap "a" is invalid: metadata.deletionTimestamp: Invalid value: 2020-01-01 00:00:00 +0000 UTC: field is immutable',
    ])
  })

  test.each([
    ['a', /^.*Key: \/registry\/configmaps\/default\/a, .*UID in precondition: u, UID in object meta: [0-9a-f-]{36}$/],
    ['b', /^.*Key: \/registry\/configmaps\/default\/b, .*UID in precondition: u, UID in object meta: $/],
  ])('the uid of %s', (name, message) => {
    const [code, text] = told(world(map({})).send('PUT', `${path}/${name}`, map({ name, uid: 'u' })))
    expect(code).toBe(409)
    expect(text).toMatch(message)
  })
})

test.each([
  ['storage.k8s.io/v1', 'CSIDriver', { spec: {} }],
  ['node.k8s.io/v1', 'RuntimeClass', { handler: 'x' }],
  ['apiregistration.k8s.io/v1', 'APIService', {}],
])('%s %s is changed only by who says which version', (apiVersion, kind, rest) => {
  const name = kind === 'APIService' ? 'v1.a.example.com' : 'a.b'
  const spec =
    kind === 'APIService'
      ? { spec: { group: 'a.example.com', version: 'v1', groupPriorityMinimum: 1, versionPriority: 1 } }
      : rest
  const object = { apiVersion, kind, metadata: { name }, ...spec } as Thing
  const bare = world(object)
  const plural = { CSIDriver: 'csidrivers', RuntimeClass: 'runtimeclasses', APIService: 'apiservices' }[kind]!
  const [code, message] = told(bare.send('PUT', `/apis/${apiVersion}/${plural}/${name}`, object))
  expect([
    code,
    message.endsWith('metadata.resourceVersion: Invalid value: 0: must be specified for an update'),
  ]).toEqual([422, true])
})

test('what Go holds as a struct is stored, if only empty', () => {
  const preferred = [{ weight: 1 }]
  const affinity = { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } }
  const { code, body } = world().create(pod({}, { affinity }))
  expect(code).toBe(201)
  expect(body).toMatchObject({
    spec: { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ preference: {} }] } } },
  })
})

test('a status that is sent is defaulted too', () => {
  const answer = world().send('PUT', '/api/v1/namespaces/default/status', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'default' },
  })
  expect(answer).toMatchObject({ code: 200, body: { status: { phase: 'Active' } } })
})

test('FlowSchemas are shown in the order in which they are asked', () => {
  const schema = (name: string, matchingPrecedence: number): Thing =>
    ({
      apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
      kind: 'FlowSchema',
      metadata: { name },
      spec: { matchingPrecedence, priorityLevelConfiguration: { name: 'x' } },
    }) as Thing
  const bare = world(schema('a', 900), schema('b', 30), schema('c', 900))
  const accept = { Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }
  const path = '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas'
  const { rows } = bare.send('GET', path, undefined, undefined, accept).body as {
    rows: readonly { cells: readonly unknown[] }[]
  }
  expect(rows.map(({ cells }) => cells[0])).toEqual(['b', 'a', 'c'])
})

test('conditions of webhooks know no variables', () => {
  const [code, message] = told(
    world().create({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'w' },
      webhooks: [
        {
          name: 'a.b.c',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          clientConfig: { url: 'https://a.example.com' },
          matchConditions: [{ name: 'x', expression: 'variables.a == 1' }],
        },
      ],
    } as unknown as Thing),
  )
  expect(code).toBe(422)
  expect(message).toContain("undeclared reference to 'variables'")
})
