import { describe, expect, test } from 'vitest'
import type { ConfigMap, Pod, Secret, Service } from '../../../../src/engine/api/index.ts'
import { isInBackoff, nextBackoff, type Backoff } from '../../../../src/engine/node/kubelet/backoff.ts'
import { decodeBase64 } from '../../../../src/engine/node/kubelet/base64.ts'
import { environmentOf, expand, serviceVariables } from '../../../../src/engine/node/kubelet/env.ts'
import { judge, judgeExec, timedOut } from '../../../../src/engine/node/kubelet/probeResult.ts'
import { nextRelist, nextTick } from '../../../../src/engine/node/kubelet/rhythm.ts'
import { durationText } from '../../../../src/engine/node/kubelet/texts.ts'
import { contentsOf, mountedVolumes, type Volume } from '../../../../src/engine/node/kubelet/volumes.ts'
import { podRequests } from '../../../../src/engine/node/kubelet/resources.ts'

describe('back-off', () => {
  test('doubles from 10 s to five minutes', () => {
    const delays: number[] = []
    let backoff: Backoff | undefined
    for (let round = 0; round < 7; round++) {
      const now = round * 400_000
      backoff = nextBackoff(backoff, now, now)
      delays.push(backoff.delayMs / 1000)
    }
    expect(delays).toEqual([10, 20, 40, 80, 160, 300, 300])
  })

  test('begins anew after ten minutes without a failure', () => {
    const old = { delayMs: 160_000, updatedAt: 0 }
    expect(isInBackoff(old, 601_000, 601_001)).toBe(false)
    expect(nextBackoff(old, 601_000, 601_001).delayMs).toBe(10_000)
  })

  test('counts from the end of the container', () => {
    const backoff = { delayMs: 10_000, updatedAt: 0 }
    expect(isInBackoff(backoff, 5000, 14_999)).toBe(true)
    expect(isInBackoff(backoff, 5000, 15_000)).toBe(false)
  })
})

test.each([
  [302, '302ms'],
  [3001, '3.001s'],
  [10_000, '10s'],
  [80_000, '1m20s'],
  [300_000, '5m0s'],
  [4400, '4.4s'],
])('writes %d ms as Go does: %s', (ms, text) => expect(durationText(ms)).toBe(text))

describe('the second', () => {
  test('a look at the runtime comes after the instant', () => {
    expect(nextRelist({ relistPhase: 300 }, 1300)).toBe(2300)
    expect(nextRelist({ relistPhase: 300 }, 1299)).toBe(1300)
  })
  test('a look at the queue may come at once', () => expect(nextTick({ tickPhase: 300 }, 1300)).toBe(1300))
})

const meta = { name: 'web', namespace: 'shop', uid: 'u1', labels: { app: 'web' } }
const podWith = (container: object): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: meta,
    spec: { nodeName: 'node-1', containers: [{ name: 'main', image: 'a', ...container }] },
    status: {},
  }) as unknown as Pod
const settings = { data: { mode: 'fast' } } as unknown as ConfigMap
const creds = { data: { user: 'w6R2YQ==' } } as unknown as Secret

function variablesOf(container: object): unknown {
  const pod = podWith(container)
  const sources = {
    pod,
    podIP: '10.244.1.5',
    hostIP: '192.168.10.11',
    allocatable: { cpu: '4', memory: '8092Mi' },
    configMap: (name: string) => (name === 'settings' ? settings : undefined),
    secret: (name: string) => (name === 'creds' ? creds : undefined),
  }
  const result = environmentOf(pod.spec.containers[0]!, sources, serviceVariables([], pod))
  return 'error' in result ? result.error : Object.fromEntries(result.variables.map(({ name, value }) => [name, value]))
}

describe('the environment', () => {
  test.each<[string, object, unknown]>([
    [
      'plain and expanded',
      {
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '$(A)$$(A)$(NO)' },
        ],
      },
      { A: '1', B: '1$(A)$(NO)' },
    ],
    [
      'a field',
      { env: [{ name: 'N', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } }] },
      { N: 'web' },
    ],
    [
      'the address',
      { env: [{ name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }] },
      { IP: '10.244.1.5' },
    ],
    [
      'a limit that is not set',
      { env: [{ name: 'M', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } }] },
      { M: '8092' },
    ],
    [
      'a config map and a secret',
      { envFrom: [{ configMapRef: { name: 'settings' }, prefix: 'S_' }, { secretRef: { name: 'creds' } }] },
      { S_mode: 'fast', user: 'äva' },
    ],
    ['a missing secret', { envFrom: [{ secretRef: { name: 'nope' } }] }, 'secret "nope" not found'],
    [
      'a missing key',
      { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'zz' } } }] },
      "couldn't find key zz in ConfigMap shop/settings",
    ],
    [
      'a missing optional key',
      { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'creds', key: 'zz', optional: true } } }] },
      {},
    ],
  ])('resolves %s', (_, container, expected) => expect(variablesOf(container)).toEqual(expected))

  test('has the services of the namespace', () => {
    const service = (name: string, namespace: string, clusterIP: string) =>
      ({
        metadata: { name, namespace },
        spec: { clusterIP, ports: [{ name: 'http', port: 80, protocol: 'TCP' }] },
      }) as unknown as Service
    const all = [
      service('my-db', 'shop', '10.96.0.5'),
      service('other', 'else', '10.96.0.6'),
      service('headless', 'shop', 'None'),
      service('kubernetes', 'default', '10.96.0.1'),
    ]
    const variables = serviceVariables(all, podWith({})).values
    expect(variables['MY_DB_SERVICE_HOST']).toBe('10.96.0.5')
    expect(variables['MY_DB_SERVICE_PORT_HTTP']).toBe('80')
    expect(variables['MY_DB_PORT_80_TCP_ADDR']).toBe('10.96.0.5')
    expect(variables['KUBERNETES_SERVICE_HOST']).toBe('10.96.0.1')
    expect(Object.keys(variables).some((name) => name.startsWith('OTHER') || name.startsWith('HEADLESS'))).toBe(false)
  })

  test('expands only what it knows', () =>
    expect(expand('$(A) $(B', (name) => (name === 'A' ? 'x' : undefined))).toBe('x $(B'))
})

test.each([
  ['aGk=', 'hi'],
  ['w6TigqzwnZSY', 'ä€𝔘'],
  ['/w==', '\ufffd'],
])('decodes %s', (encoded, text) => expect(decodeBase64(encoded)).toBe(text))

describe('probes', () => {
  const http = { kind: 'http', host: '10.244.1.5', port: 8080, path: '/', scheme: 'HTTP', headers: [] } as const
  const answer = (result: object) => ({ type: 'probe.answered', token: '', result }) as Parameters<typeof judge>[1]
  test.each<[string, object, object]>([
    ['200', { kind: 'http', status: 200, body: '' }, { result: 'success', output: '' }],
    [
      '500',
      { kind: 'http', status: 500, body: '' },
      { result: 'failure', output: 'HTTP probe failed with statuscode: 500' },
    ],
    [
      'a closed port',
      { kind: 'refused' },
      {
        result: 'failure',
        output: 'Get "http://10.244.1.5:8080/": dial tcp 10.244.1.5:8080: connect: connection refused',
      },
    ],
    ['a redirect within', { kind: 'http', status: 301, body: '', location: '/other' }, { follow: '/other' }],
    [
      'a redirect away',
      { kind: 'http', status: 302, body: 'x', location: 'http://example.com/' },
      { result: 'success', isWarning: true, output: 'Probe terminated redirects, Response body: x' },
    ],
  ])('judges %s', (_, result, expected) => expect(judge(http, answer(result), 1)).toMatchObject(expected))
  test('judges a command by its code', () =>
    expect(judgeExec(2, 'out\n', 'err\n')).toEqual({ result: 'failure', output: 'out\nerr\n' }))
  test('says that nobody answered', () =>
    expect(timedOut({ kind: 'tcp', host: 'a', port: 1 }, 1).output).toBe('dial tcp a:1: i/o timeout'))
})

describe('volumes', () => {
  const sources = {
    pod: podWith({}),
    podIP: '',
    hostIP: '',
    allocatable: {},
    node: 'node-1',
    configMap: (name: string) => (name === 'settings' ? settings : undefined),
    secret: () => undefined,
    claim: () => undefined,
  }
  test.each<[string, object, object]>([
    ['a config map', { configMap: { name: 'settings' } }, { files: { mode: 'fast' } }],
    [
      'chosen keys',
      { configMap: { name: 'settings', items: [{ key: 'mode', path: 'a/b' }] } },
      { files: { 'a/b': 'fast' } },
    ],
    [
      'a key that is not there',
      { configMap: { name: 'settings', items: [{ key: 'zz', path: 'zz' }] } },
      { error: 'configmap references non-existent config key: zz' },
    ],
    ['a missing secret', { secret: { secretName: 'nope' } }, { error: 'secret "nope" not found' }],
    ['an optional one', { secret: { secretName: 'nope', optional: true } }, { files: {} }],
    [
      'labels',
      { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
      { files: { labels: 'app="web"' } },
    ],
    ['an empty directory', { emptyDir: {} }, {}],
  ])('holds %s', (_, volume, expected) =>
    expect(contentsOf({ name: 'v', ...volume } as Volume, sources)).toEqual(expected),
  )

  test('are not waited for unless mounted', () => {
    const pod = { ...podWith({ volumeMounts: [{ name: 'a', mountPath: '/a' }] }) }
    const spec = {
      ...pod.spec,
      volumes: [
        { name: 'a', emptyDir: {} },
        { name: 'b', emptyDir: {} },
      ],
    }
    expect(mountedVolumes({ ...pod, spec } as Pod).map(({ name }) => name)).toEqual(['a'])
  })
})

test('a pod asks for its containers together, or for its hungriest init container', () => {
  const ask = (cpu: string, more: object = {}) => ({ name: cpu, image: 'a', resources: { requests: { cpu } }, ...more })
  const pod = {
    metadata: meta,
    spec: { containers: [ask('1'), ask('500m')], initContainers: [ask('250m', { restartPolicy: 'Always' }), ask('2')] },
  } as unknown as Pod
  expect(podRequests(pod)).toEqual({ cpu: 2250 })
})
