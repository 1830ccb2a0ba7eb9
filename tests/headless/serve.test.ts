import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCluster, type Cluster, type Node } from '#engine'
import { kubeconfigFor } from '../../src/headless/serve/kubeconfig.ts'
import { OptionError, readOptions } from '../../src/headless/serve/options.ts'
import { serveCluster, type Served } from '../../src/headless/serve/server.ts'
import { frameIn, frameOf } from '../../src/headless/serve/websocket.ts'

let cluster: Cluster
let served: Served

beforeAll(async () => {
  cluster = createCluster({ seed: 1, controlPlane: 'api' })
  // no controller makes it here, and pods need it, however long the tests before take
  cluster.api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } })
  served = await serveCluster(cluster, { port: 0, speed: 1 })
})
afterAll(() => served.close())

const base = '/api/v1/namespaces/default/configmaps'
const send = (method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(served.url + path, { method, headers, ...(body !== undefined && { body }) })

test('bodies are read as YAML, too, and answers told so', async () => {
  const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: from-yaml\ndata:\n  a: b\n'
  const made = await send('POST', base, yaml, { 'content-type': 'application/yaml' })
  expect(made.status).toBe(201)
  const told = await send('GET', `${base}/from-yaml`, undefined, { accept: 'application/yaml' })
  expect(told.headers.get('content-type')).toBe('application/yaml')
  expect(await told.text()).toContain('data:\n  a: b\n')
})

test('a client that would rather have protobuf gets JSON; one that takes nothing else a 406', async () => {
  const both = { accept: 'application/vnd.kubernetes.protobuf,application/json' }
  const told = await send('GET', base, undefined, both)
  expect(told.headers.get('content-type')).toBe('application/json')
  expect((await send('GET', base, undefined, { accept: 'application/vnd.kubernetes.protobuf' })).status).toBe(406)
  expect((await send('POST', base, 'k8s', { 'content-type': 'application/vnd.kubernetes.protobuf' })).status).toBe(415)
})

test('warnings come as headers of their own', async () => {
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'w' }, one: 1, two: 2 })
  const made = await send('POST', base, body, { 'content-type': 'application/json' })
  expect(made.headers.get('warning')).toBe('299 - "unknown field \\"one\\"", 299 - "unknown field \\"two\\""')
})

test('a watch streams line by line, and ends when its time is up', async () => {
  const response = await send('GET', `${base}?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Dlive`)
  expect(response.headers.get('transfer-encoding')).toBe('chunked')
  const reading = response.text()
  cluster.api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'live', namespace: 'default' } })
  cluster.api.delete('ConfigMap', 'live', { namespace: 'default' })
  const events = (await reading).trimEnd().split('\n')
  expect(events.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual(['ADDED', 'DELETED'])
})

test('a token stands for a service account, and headers for whom an administrator acts as', async () => {
  const accounts = '/api/v1/namespaces/default/serviceaccounts'
  const json = { 'content-type': 'application/json' }
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot' } }
  await send('POST', accounts, JSON.stringify(account), json)
  const asked = await send(
    'POST',
    `${accounts}/robot/token`,
    '{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{}}',
    json,
  )
  const { status } = (await asked.json()) as { status: { token: string } }
  const refused = await send('GET', base, undefined, { authorization: `Bearer ${status.token}` })
  expect(await refused.json()).toMatchObject({
    code: 403,
    message: expect.stringContaining('User "system:serviceaccount:default:robot" cannot list'),
  })
  expect((await send('GET', base, undefined, { authorization: 'Bearer nonsense' })).status).toBe(401)
  const jane = await send('GET', base, undefined, { 'impersonate-user': 'jane' })
  expect(await jane.json()).toMatchObject({ code: 403, message: expect.stringContaining('User "jane" cannot list') })
  const group = { 'impersonate-user': 'jane', 'impersonate-group': 'system:masters' }
  expect((await send('GET', base, undefined, group)).status).toBe(200)
})

test('HEAD has no body, and an upgrade that is none is refused', async () => {
  const head = await send('HEAD', '/version')
  expect([head.status, await head.text()]).toEqual([200, ''])
  expect((await send('HEAD', base)).status).toBe(405)
  const exec = await send('GET', '/api/v1/namespaces/default/pods/web/exec?command=ls')
  expect(await exec.json()).toMatchObject({ code: 400, message: 'Upgrade request required' })
})

test('people get JSON that can be read', async () => {
  const told = async (path: string, agent: string): Promise<string> =>
    (await send('GET', path, undefined, { 'user-agent': agent })).text()
  expect(await told('/api', 'curl/8.5.0')).toContain('{\n  "kind": "APIVersions",')
  expect(await told('/api?pretty=true', 'robot')).toContain('{\n  "kind": "APIVersions",')
  expect(await told('/api', 'robot')).toContain('{"kind":"APIVersions",')
  expect(await told('/version', 'robot')).toContain('{\n  "major": "1",')
  expect(await told('/', 'robot')).toContain('{\n  "paths": [\n    "/api",')
})

test('a stopped API server answers nobody', async () => {
  const open = await send('GET', `${base}?watch=true`)
  cluster.control.fault({ kind: 'component', name: 'kube-apiserver', on: false })
  await open.text() // the stream ends
  await expect(send('GET', '/version')).rejects.toThrow()
  cluster.control.fault({ kind: 'component', name: 'kube-apiserver', on: true })
  expect((await send('GET', '/version')).status).toBe(200)
})

interface Refusal {
  readonly code: number | undefined
  readonly message: string
}

/** Asks to become a WebSocket at one of a pod's doors, and is refused. */
function refusedAt(door: string): Promise<Refusal> {
  const { port } = new URL(served.url)
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-key': 'a2V5',
    'sec-websocket-protocol': 'v5.channel.k8s.io',
  }
  return new Promise((done) => {
    httpRequest({ port, path: `/api/v1/namespaces/default/pods/${door}`, headers }, (response) => {
      let text = ''
      response.on('data', (chunk) => (text += String(chunk)))
      response.on('end', () =>
        done({ code: response.statusCode, message: (JSON.parse(text) as { message: string }).message }),
      )
    }).end()
  })
}

test('an upgrade to exec that cannot be says why', async () => {
  const container = (name: string): object => ({ name, image: 'nginx' })
  const pod = (name: string, ...names: string[]): void =>
    void cluster.api.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' },
      spec: { containers: names.map(container), initContainers: names.slice(1).map((one) => container(`i-${one}`)) },
    } as never)
  pod('homeless', 'a')
  pod('two', 'a', 'b')
  const codes = await Promise.all(
    ['nobody/exec', 'homeless/exec', 'homeless/exec?container=x', 'two/exec?command=ls'].map(refusedAt),
  )
  expect(codes).toEqual([
    { code: 404, message: 'pods "nobody" not found' },
    { code: 400, message: 'pod homeless does not have a host assigned' },
    { code: 400, message: 'container x is not valid for pod homeless' },
    {
      code: 400,
      message:
        'a container name must be specified for pod two, choose one of: [a b] or one of the init containers: [i-b]',
    },
  ])
  const log = await send('GET', '/api/v1/namespaces/default/pods/homeless/log?follow=true')
  expect([log.status, await log.text()]).toEqual([204, ''])
})

test('a kind that nothing acts on is stored with a warning', async () => {
  const make = (kind: string, apiVersion: string, path: string, spec?: object): Promise<Response> =>
    send('POST', path, JSON.stringify({ apiVersion, kind, metadata: { name: 'w' }, spec }), {
      'content-type': 'application/json',
    })
  const driver = await make('CSIDriver', 'storage.k8s.io/v1', '/apis/storage.k8s.io/v1/csidrivers', {})
  expect([driver.status, driver.headers.get('warning')]).toEqual([
    201,
    '299 - "CSIDriver: stored, but no storage driver runs here"',
  ])
  expect(
    (await make('ServiceAccount', 'v1', base.replace('configmaps', 'serviceaccounts'))).headers.has('warning'),
  ).toBe(false)
})

test.each([Date.UTC(2025, 1, 1), Date.UTC(2031, 1, 1)])('a cluster may begin at any moment: %d', (startMs) => {
  const later = createCluster({ seed: 1, nodes: 1, etcdMembers: 3, startMs })
  later.control.advanceTo(later.control.now() + 120_000)
  const node = later.api.find<Node>('Node', 'node-1')!
  expect(Date.parse(node.metadata.creationTimestamp!)).toBe(startMs)
  expect(node.status.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('True')
  expect(later.control.save().options.startMs).toBe(startMs)
})

describe('options', () => {
  test.each([
    [[], { port: 6443, nodes: 3, speed: 1, members: 1 }],
    [['--port', '7000', '--speed=10'], { port: 7000, speed: 10 }],
    [['--kubeconfig', 'k.yaml', '--members', '3'], { kubeconfig: 'k.yaml', members: 3 }],
  ])('%j', (words, expected) => {
    expect(readOptions(words)).toMatchObject(expected)
  })
  test.each([[['--fly']], [['--port']], [['--port', 'x']], [['--members', '2']], [['6443']]])('refuses %j', (words) => {
    expect(() => readOptions(words)).toThrow(OptionError)
  })
  test('a kubeconfig names the server', () => {
    expect(kubeconfigFor('http://127.0.0.1:1')).toContain('server: http://127.0.0.1:1\n')
  })
})

describe('frames of a WebSocket', () => {
  test.each([0, 1, 125, 126, 65_535, 65_536])('%i bytes there and back', (length) => {
    const frame = frameOf(2, Buffer.alloc(length, 7))
    expect(frameIn(frame)).toMatchObject({ code: 2, size: frame.length })
    expect(frameIn(frame)!.payload.length).toBe(length)
    expect(frameIn(frame.subarray(0, frame.length - 1))).toBeUndefined()
  })
  test('what a client masks is unmasked', () => {
    const mask = [1, 2, 3, 4]
    const frame = Buffer.from([0x82, 0x83, ...mask, ...[10, 20, 30].map((byte, index) => byte ^ mask[index]!)])
    expect([...frameIn(frame)!.payload]).toEqual([10, 20, 30])
  })
})
