import { beforeAll, describe, expect, test } from 'vitest'
import { createCluster, type Cluster, type HttpAnswer } from '../../../src/engine/index.ts'
import { growth, growthMax } from '../growth.ts'

// What strangers send may be as large as the server takes: what it costs grows with the size, not with the square.

const configMaps = '/api/v1/namespaces/default/configmaps'
const pods = '/api/v1/namespaces/default/pods'
const boats = '/apis/harbour.example/v1/namespaces/default/boats'

const contentTypes: Readonly<Record<string, string>> = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
}

function send(cluster: Cluster, method: string, path: string, body?: unknown): HttpAnswer {
  const type = contentTypes[method]
  return cluster.http({
    method: type === undefined ? method : 'PATCH',
    path,
    body: JSON.stringify(body),
    headers: { 'content-type': type ?? 'application/json' },
  })
}

const key = { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] }
const item = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string' }, size: { type: 'integer' } },
  'x-kubernetes-validations': [{ rule: 'self.name != ""' }],
}

const definition = {
  metadata: { name: 'boats.harbour.example' },
  spec: {
    group: 'harbour.example',
    scope: 'Namespaced',
    names: { plural: 'boats', kind: 'Boat' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  crew: { type: 'array', ...key, items: item },
                  flags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
                  cargo: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                },
              },
            },
          },
        },
      },
    ],
  },
}

const cluster = createCluster({ controlPlane: 'api' })
let next = 0

beforeAll(() => {
  send(cluster, 'POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition)
  cluster.control.advanceTo(60_000)
})

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at))

/** A new object, and what is then sent to it. */
function sent(path: string, object: object, method: string, patch: (name: string) => unknown): () => void {
  const name = `o${next++}`
  const kind = path === boats ? { apiVersion: 'harbour.example/v1', kind: 'Boat' } : {}
  const { metadata, ...rest } = object as { metadata?: object }
  expect(send(cluster, 'POST', path, { ...kind, ...rest, metadata: { ...metadata, name } }).code).toBe(201)
  return () => {
    const who = method === 'apply' ? '?fieldManager=me&force=true' : ''
    expect(send(cluster, method, `${path}/${name}${who}`, patch(name)).body).not.toHaveProperty('status', 'Failure')
  }
}

const crew = (count: number, size: number) => times(count, (at) => ({ name: `n${at}`, size }))
const flags = (count: number) => times(count, (at) => `f${at}`)
const containers = [{ name: 'c', image: 'nginx' }]
const tolerations = (count: number) => times(count, (at) => ({ key: `k${at}`, operator: 'Exists' }))
const finalizers = (count: number) => times(count, (at) => `example.com/f${at}`)
const owners = (count: number) => times(count, (at) => ({ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: `u${at}` }))
const boat = { apiVersion: 'harbour.example/v1', kind: 'Boat' }

describe('four times as much takes about four times as long', () => {
  test.each<[string, number, (count: number) => () => void]>([
    [
      'a list of a custom resource with keys',
      600,
      (count) =>
        sent(boats, { spec: { crew: crew(count, 1) } }, 'merge', () => ({ spec: { crew: crew(count, 2).reverse() } })),
    ],
    [
      'a set of a custom resource',
      1500,
      (count) =>
        sent(boats, { spec: { flags: flags(count) } }, 'merge', () => ({ spec: { flags: flags(count).reverse() } })),
    ],
    [
      'an apply of many items',
      600,
      (count) =>
        sent(boats, {}, 'apply', (name) => ({
          ...boat,
          metadata: { name },
          spec: { crew: crew(count, 1), flags: flags(count) },
        })),
    ],
    [
      'a strategic merge of texts',
      1000,
      (count) =>
        sent(configMaps, { metadata: { finalizers: finalizers(count) } }, 'strategic', () => ({
          metadata: { finalizers: finalizers(count + 1).reverse() },
        })),
    ],
    [
      'texts in an order given',
      1000,
      (count) =>
        sent(configMaps, { metadata: { finalizers: finalizers(count) } }, 'strategic', () => ({
          metadata: { '$setElementOrder/finalizers': finalizers(count).reverse() },
        })),
    ],
    [
      'texts taken out',
      1000,
      (count) =>
        sent(configMaps, { metadata: { finalizers: finalizers(count) } }, 'strategic', () => ({
          metadata: { '$deleteFromPrimitiveList/finalizers': finalizers(count) },
        })),
    ],
    [
      'a strategic merge of items',
      800,
      (count) =>
        sent(configMaps, { metadata: { ownerReferences: owners(count) } }, 'strategic', () => ({
          metadata: { ownerReferences: owners(count).map((one) => ({ ...one, name: 'q' })) },
        })),
    ],
    [
      'items taken out',
      800,
      (count) =>
        sent(configMaps, { metadata: { ownerReferences: owners(count) } }, 'strategic', () => ({
          metadata: { ownerReferences: owners(count).map(({ uid }) => ({ uid, $patch: 'delete' })) },
        })),
    ],
    [
      'tolerations of a pod',
      400,
      (count) =>
        sent(pods, { spec: { containers, tolerations: tolerations(count) } }, 'merge', () => ({
          metadata: { labels: { a: 'b' } },
        })),
    ],
  ])('%s', (_, count, prepare) => {
    expect(growth(count, prepare)).toBeLessThan(growthMax)
  })
})

describe('what is nested too deeply is refused, as text and as a value', () => {
  const lists = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
  const maps = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
  const start = `the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error:`
  const headersOf = (method: string) => ({ 'content-type': contentTypes[method] ?? 'application/json' })

  test.each<[string, string, string, string]>([
    ['POST', configMaps, `{"metadata":{"name":"a"},"x":${lists(20_000)}}`, `${start} invalid character '['`],
    ['POST', configMaps, maps(20_000), `${start} invalid character '{'`],
    ['POST', configMaps, lists(20_000), `${start} invalid character '['`],
    ['PUT', `${configMaps}/a`, maps(501), `${start} invalid character '{'`],
    ['merge', `${configMaps}/a`, maps(20_000), "error decoding patch: invalid character '{'"],
    ['strategic', `${configMaps}/a`, maps(20_000), "invalid character '{'"],
    ['json', `${configMaps}/a`, lists(20_000), "error decoding patch: invalid character '['"],
    ['apply', `${configMaps}/a?fieldManager=me`, maps(20_000), "error decoding YAML: invalid character '{'"],
  ])('%s %s %.20s', (method, path, body, message) => {
    send(cluster, 'POST', configMaps, { metadata: { name: 'a' } })
    for (const given of [body, JSON.parse(body) as unknown]) {
      const request = { method: method in contentTypes ? 'PATCH' : method, path, headers: headersOf(method) }
      const answer = cluster.http({ ...request, body: given })
      expect(answer).toMatchObject({ code: 400, body: { kind: 'Status', reason: 'BadRequest' } })
      expect((answer.body as { message: string }).message).toContain(`${message} exceeded max depth`)
    }
  })

  test('operations cannot build it up', () => {
    send(cluster, 'POST', boats, { ...boat, metadata: { name: 'deep' }, spec: { cargo: {} } })
    const path = '/spec/cargo'
    const copies = times(12, (at) => ({ op: 'copy', from: path, path: `${path}${'/a'.repeat(2 ** at)}` }))
    const moves = times(600, (at) => [
      { op: 'add', path: `/k${at}`, value: {} },
      { op: 'move', from: at === 0 ? '/spec' : `/k${at - 1}`, path: `/k${at}/a` },
    ]).flat()
    for (const operations of [copies, moves, [{ op: 'add', path, value: JSON.parse(maps(490)) as unknown }]])
      expect(send(cluster, 'json', `${boats}/deep`, operations).code).toBe(operations.length === 1 ? 200 : 422)
  })

  test('what is let in can be read, changed and owned', () => {
    const body = `{"apiVersion":"harbour.example/v1","kind":"Boat","metadata":{"name":"full"},"spec":{"cargo":${maps(490)}}}`
    const post = { method: 'POST', path: boats, headers: headersOf('POST'), body }
    expect(cluster.http(post).code).toBe(201)
    expect(send(cluster, 'merge', `${boats}/full`, { spec: { cargo: { a: { a: 1 } } } }).code).toBe(200)
    const apply = {
      method: 'PATCH',
      path: `${boats}/full?fieldManager=me&force=true`,
      headers: headersOf('apply'),
      body,
    }
    expect(cluster.http(apply).code).toBe(200)
    expect(send(cluster, 'GET', `${boats}/full`).code).toBe(200)
  })
})
