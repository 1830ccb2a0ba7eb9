import { describe, expect, test } from 'vitest'
import { createCluster, type Cluster, type HttpStream } from '#engine'

type Json = Readonly<Record<string, unknown>>

const base = '/api/v1/namespaces/default/configmaps'
const configMap = (name: string, data: Json = {}): Json => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
})

function begin(): {
  readonly cluster: Cluster
  readonly send: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => ReturnType<Cluster['http']>
  readonly open: (path: string, headers?: Record<string, string>) => HttpStream
} {
  const cluster = createCluster({ seed: 1, controlPlane: 'api' })
  return {
    cluster,
    send: (method, path, body, headers = {}) =>
      cluster.http({ method, path, headers: { 'content-type': 'application/json', ...headers }, body }),
    open(path, headers = {}) {
      const stream = cluster.openHttp({ method: 'GET', path, headers })
      if (!('take' in stream)) throw new Error(JSON.stringify(stream.body))
      return stream
    },
  }
}

const events = (stream: HttpStream): readonly { type: string; object: Json }[] =>
  stream
    .take()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { type: string; object: Json })

describe('what an Accept header asks for', () => {
  const table = 'application/json;as=Table;v=v1;g=meta.k8s.io'
  test.each([
    [undefined, 'ConfigMap'],
    ['*/*', 'ConfigMap'],
    ['application/vnd.kubernetes.protobuf, application/json', 'ConfigMap'],
    [table, 'Table'],
    [`${table},application/json`, 'Table'],
    ['application/json;as=Cake;v=v1;g=meta.k8s.io,application/json', 'ConfigMap'],
    ['application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io', 'PartialObjectMetadata'],
    ['application/json;q=0.1,application/yaml', 'ConfigMap'],
  ])('%s → %s', (accept, kind) => {
    const { send } = begin()
    send('POST', base, configMap('a'))
    expect(send('GET', `${base}/a`, undefined, accept === undefined ? {} : { accept }).body).toMatchObject({ kind })
  })

  test.each([
    ['text/html', `${base}/a`],
    ['application/vnd.kubernetes.protobuf', `${base}/a`],
    ['application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io', base],
    ['application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io', `${base}/a`],
  ])('%s of %s is a 406', (accept, path) => {
    const { send } = begin()
    send('POST', base, configMap('a'))
    expect(send('GET', path, undefined, { accept })).toMatchObject({ code: 406, body: { reason: 'NotAcceptable' } })
  })

  test('a row carries as much of its object as was asked for', () => {
    const { send } = begin()
    send('POST', base, configMap('a', { k: 'v' }))
    const row = (query: string): unknown =>
      (send('GET', `${base}/a${query}`, undefined, { accept: table }).body as { rows: { object: unknown }[] }).rows[0]!
        .object
    expect(row('?includeObject=Object')).toMatchObject({ kind: 'ConfigMap', data: { k: 'v' } })
    expect(row('')).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'a' } })
    expect(row('?includeObject=None')).toBeNull()
    expect(send('GET', `${base}/a?includeObject=Some`, undefined, { accept: table }).code).toBe(400)
  })
})

describe('a watch', () => {
  test('as a Table names its columns once', () => {
    const { send, open } = begin()
    send('POST', base, configMap('a'))
    const stream = open(`${base}?watch=true`, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' })
    const [first] = events(stream)
    send('POST', base, configMap('b'))
    const [second] = events(stream)
    expect(first!.object).toMatchObject({
      kind: 'Table',
      columnDefinitions: [{ name: 'Name' }, { name: 'Data' }, { name: 'Age' }],
    })
    expect(second!.object).toMatchObject({ kind: 'Table', columnDefinitions: null, rows: [{ cells: ['b', 0, '0s'] }] })
  })

  test('may be asked for by its old path', () => {
    const { send, open } = begin()
    const stream = open('/api/v1/watch/namespaces/default/configmaps/a')
    send('POST', base, configMap('a'))
    send('POST', base, configMap('b'))
    expect(events(stream)).toMatchObject([{ type: 'ADDED', object: { metadata: { name: 'a' } } }])
  })

  test('ends when its time is up, or by itself within the hour', () => {
    const { cluster, open } = begin()
    const [short, usual] = [open(`${base}?watch=true&timeoutSeconds=5`), open(`${base}?watch=true`)]
    const isOver = (stream: HttpStream): boolean => {
      stream.take()
      return stream.isOver()
    }
    cluster.control.advanceTo(4_999)
    expect(isOver(short)).toBe(false)
    cluster.control.advanceTo(5_000)
    expect(isOver(short)).toBe(true)
    cluster.control.advanceTo(1_800_000 - 1)
    expect(isOver(usual)).toBe(false)
    cluster.control.advanceTo(3_600_000)
    expect(isOver(usual)).toBe(true)
  })

  test('of a version that is too old tells so and ends', () => {
    const { cluster, send, open } = begin()
    const old = cluster.revision()
    send('POST', base, configMap('a'))
    cluster.control.fault({ kind: 'component', name: 'kube-apiserver', on: false })
    cluster.control.fault({ kind: 'component', name: 'kube-apiserver', on: true })
    const stream = open(`${base}?watch=true&resourceVersion=${old}`)
    expect(events(stream)).toMatchObject([{ type: 'ERROR', object: { code: 410, reason: 'Expired' } }])
    expect(stream.isOver()).toBe(true)
  })

  test('with initial events tells what is there, whatever version it names', () => {
    const { cluster, send, open } = begin()
    send('POST', base, configMap('a'))
    const query = `watch=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan`
    const told = events(open(`${base}?${query}&sendInitialEvents=true&resourceVersion=${cluster.revision()}`))
    expect(told.map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK'])
    expect(told[1]!.object).toMatchObject({ metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } })
    expect(events(open(`${base}?${query}&sendInitialEvents=false`))).toEqual([])
  })

  test.each([
    [
      'sendInitialEvents=true',
      'resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    ],
    [
      'resourceVersionMatch=NotOlderThan',
      'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    ],
    [
      'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&continue=x',
      'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided',
    ],
  ])('with %s is refused', (query, message) => {
    const { send } = begin()
    const { code, body } = send('GET', `${base}?watch=true&${query}`)
    expect(code).toBe(422)
    expect((body as { message: string }).message).toBe(`ListOptions.meta.k8s.io "" is invalid: ${message}`)
  })
})

test('what a list of a built-in kind holds does not repeat its type, an object by itself and an event say it', () => {
  const { send, open } = begin()
  send('POST', base, configMap('a'))
  const { body } = send('GET', base)
  expect(body).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1' })
  const item = (body as { items: Json[] }).items.find(({ metadata }) => (metadata as Json)['name'] === 'a')!
  expect(Object.keys(item)).toEqual(['metadata'])
  expect(send('GET', `${base}/a`).body).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1' })
  expect(events(open(`${base}?watch=true`))[0]).toMatchObject({ object: { kind: 'ConfigMap' } })
})

describe('documents', () => {
  test('discovery in one document, when it is what a client wants first', () => {
    const { send } = begin()
    const accept =
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json'
    const { headers, body } = send('GET', '/apis', undefined, { accept })
    expect(headers['content-type']).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList')
    const apps = (body as { items: Json[] }).items.find(({ metadata }) => (metadata as Json)['name'] === 'apps')
    const [{ resources } = { resources: [] }] = apps!['versions'] as { resources: Json[] }[]
    expect(resources.find(({ resource }) => resource === 'deployments')).toMatchObject({
      responseKind: { group: 'apps', version: 'v1', kind: 'Deployment' },
      scope: 'Namespaced',
      singularResource: 'deployment',
      subresources: expect.arrayContaining([
        {
          subresource: 'scale',
          responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
          verbs: ['get', 'patch', 'update'],
        },
      ]),
    })
    expect(send('GET', '/apis', undefined, { accept: 'application/json' }).body).toMatchObject({ kind: 'APIGroupList' })
    expect(send('GET', '/api', undefined, { accept }).body).toMatchObject({
      items: [{ versions: [{ version: 'v1' }] }],
    })
  })

  test('OpenAPI says how lists merge, and what a PATCH takes', () => {
    const { send } = begin()
    const { paths } = send('GET', '/openapi/v3').body as { paths: Record<string, { serverRelativeURL: string }> }
    const core = send('GET', paths['api/v1']!.serverRelativeURL)
    expect(core.headers['cache-control']).toBe('public, immutable')
    const document = core.body as {
      components: { schemas: Record<string, { properties: Json }> }
      paths: Record<string, Json>
    }
    const { schemas } = document.components
    expect(schemas['io.k8s.api.core.v1.PodSpec']!.properties['containers']).toEqual({
      type: 'array',
      items: { $ref: '#/components/schemas/io.k8s.api.core.v1.Container' },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    })
    expect(schemas['io.k8s.api.core.v1.Pod']).toMatchObject({
      'x-kubernetes-group-version-kind': [{ group: '', kind: 'Pod', version: 'v1' }],
    })
    const patch = document.paths['/api/v1/namespaces/{namespace}/pods/{name}']!['patch'] as {
      parameters: { name: string }[]
    }
    expect(patch.parameters.map(({ name }) => name)).toEqual(expect.arrayContaining(['dryRun', 'fieldValidation']))
  })

  test('every reference of every OpenAPI document leads somewhere', () => {
    const { send } = begin()
    const { paths } = send('GET', '/openapi/v3').body as { paths: Record<string, unknown> }
    for (const path of Object.keys(paths)) {
      const text = JSON.stringify(send('GET', `/openapi/v3/${path}`).body)
      const { schemas } = (JSON.parse(text) as { components: { schemas: Json } }).components
      for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g))
        expect(schemas).toHaveProperty([name!])
    }
    expect(send('GET', '/openapi/v2').body).toMatchObject({ swagger: '2.0' })
  })

  test.each([
    ['/healthz', 200, 'ok'],
    ['/readyz/etcd', 200, 'ok'],
    ['/readyz/etcd-readiness', 200, 'ok'],
    ['/livez/etcd-readiness', 404, '404 page not found\n'],
    ['/livez/poststarthook/rbac/bootstrap-roles', 200, 'ok'],
    ['/livez/nothing', 404, '404 page not found\n'],
  ])('%s', (path, code, body) => {
    expect(begin().send('GET', path)).toMatchObject({ code, body })
  })

  test('every check is told in words, and those that are left out', () => {
    const { send } = begin()
    const linesOf = (path: string): readonly string[] => (send('GET', path).body as string).split('\n')
    const livez = linesOf('/livez?verbose')
    expect(livez.slice(0, 4)).toEqual([
      '[+]ping ok',
      '[+]log ok',
      '[+]etcd ok',
      '[+]poststarthook/start-apiserver-admission-initializer ok',
    ])
    expect(livez.slice(-3)).toEqual(['[+]poststarthook/apiservice-openapiv3-controller ok', 'livez check passed', ''])
    const readyz = linesOf('/readyz?verbose')
    expect(readyz.slice(3, 5)).toEqual(['[+]etcd-readiness ok', '[+]informer-sync ok'])
    expect(readyz.slice(-3)).toEqual(['[+]shutdown ok', 'readyz check passed', ''])
    expect(linesOf('/livez?verbose&exclude=log&exclude=b&exclude=a')).toEqual([
      ...livez.map((line) => (line === '[+]log ok' ? '[+]log excluded: ok' : line)).slice(0, -2),
      'warn: some health checks cannot be excluded: no matches for "a","b"',
      'livez check passed',
      '',
    ])
  })

  test('a server without its store is alive and not well', () => {
    const { cluster, send } = begin()
    cluster.control.fault({ kind: 'component', name: 'etcd', on: false })
    expect(send('GET', '/readyz')).toMatchObject({
      code: 500,
      body: expect.stringContaining('[-]etcd failed: reason withheld\n'),
    })
    expect(send('GET', '/readyz?verbose').body).toContain('[+]ping ok\n')
    expect(send('GET', '/readyz?exclude=etcd&exclude=etcd-readiness')).toMatchObject({ code: 200, body: 'ok' })
    expect(send('GET', '/livez/etcd')).toMatchObject({
      code: 500,
      body: 'internal server error: error getting data from etcd: context deadline exceeded\n',
    })
    expect(send('GET', '/metrics').body).toContain('apiserver_resource_objects{group="",resource="pods"} 0\n')
  })

  test('a server that does not run answers nothing but that', () => {
    const { cluster, send } = begin()
    cluster.control.fault({ kind: 'component', name: 'kube-apiserver', on: false })
    for (const path of ['/version', '/apis', base]) expect(send('GET', path).code).toBe(503)
  })
})

test('a PUT makes an object where the kind lets it', () => {
  const { send } = begin()
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'r' }, rules: [] }
  const place = '/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles/r'
  expect(send('PUT', place, role)).toMatchObject({ code: 201, body: { metadata: { uid: expect.any(String) } } })
  expect(send('PUT', place, role).code).toBe(200)
  expect(send('PUT', `${base}/c`, configMap('c')).code).toBe(404)
})

describe('logs', () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'talker', namespace: 'default' },
    spec: {
      containers: [
        {
          name: 'one',
          image: 'busybox:1.36',
          command: ['sh', '-c', 'i=0; while true; do echo $i; i=$((i+1)); sleep 1; done'],
        },
      ],
    },
  }
  const path = '/api/v1/namespaces/default/pods/talker/log'
  const running = (): Cluster => {
    const cluster = createCluster({ seed: 1, nodes: 1, addOns: false })
    cluster.api.create(pod)
    cluster.control.advanceTo(20_000)
    return cluster
  }

  test('are followed until the pod goes', () => {
    const cluster = running()
    const stream = cluster.openHttp({ method: 'GET', path: `${path}?follow=true&tailLines=2` }) as HttpStream
    expect(stream.take().match(/\n/g)).toHaveLength(2)
    cluster.control.advanceTo(23_000)
    expect(stream.take().match(/\n/g)).toHaveLength(3)
    expect(stream.isOver()).toBe(false)
    cluster.api.delete('Pod', 'talker', { namespace: 'default' }, { gracePeriodSeconds: 1 })
    cluster.control.advanceTo(60_000)
    stream.take()
    expect(stream.isOver()).toBe(true)
  })

  test.each([
    ['limitBytes=3', /^0\n1$/],
    ['tailLines=1', /^\d+\n$/],
    ['tailLines=0', /^$/],
    ['sinceSeconds=2', /^\d+\n(\d+\n)?(\d+\n)?$/],
    ['tailLines=1&timestamps=true', /^2026-09-01T08:00:\d\d\.\d{9}Z \d+\n$/],
  ])('%s', (query, text) => {
    expect(running().http({ method: 'GET', path: `${path}?${query}` }).body).toMatch(text)
  })

  test.each([
    [
      'tailLines=-1',
      'PodLogOptions "talker" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
    ],
    ['limitBytes=0', 'PodLogOptions "talker" is invalid: limitBytes: Invalid value: 0: must be greater than 0'],
  ])('%s is refused', (query, message) => {
    expect(running().http({ method: 'GET', path: `${path}?${query}` }).body).toMatchObject({ message })
  })
})

describe('bodies', () => {
  test.each([
    [
      'POST',
      base,
      'null',
      422,
      'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    ],
    [
      'DELETE',
      `${base}/a`,
      'hello',
      500,
      "couldn't get version/kind; json parse error: invalid character 'h' looking for beginning of value",
    ],
    [
      'DELETE',
      `${base}/a`,
      '{"propagationPolicy":"Foreground","orphanDependents":true}',
      422,
      'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Foreground": orphanDependents and deletionPropagation cannot be both set',
    ],
    ['PATCH', base, '{}', 405, 'the server does not allow this method on the requested resource'],
    ['HEAD', base, undefined, 405, 'the server does not allow this method on the requested resource'],
  ])('%s %s %s', (method, path, body, code, message) => {
    const answer = begin().send(method, path, body)
    expect({ code: answer.code, message: (answer.body as { message: string }).message }).toEqual({ code, message })
  })
})
