import { describe, expect, test } from 'vitest'
import { decide } from '../../../../src/engine/scheduler/index.ts'
import { cluster, node, pod, zone, type NodeInput, type PodInput } from '../fixtures.ts'

type Row = readonly [behaviour: string, pod: PodInput, node: NodeInput, rejection: string, others?: readonly PodInput[]]

const tainted = (effect: string): NodeInput => ({ taints: [{ key: 'gpu', value: 'yes', effect }] })
const tolerating = (toleration: object): PodInput => ({ spec: { tolerations: [toleration] } })
const requiring = (...nodeSelectorTerms: readonly object[]): PodInput => ({
  spec: { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } },
})
const withPort = (port: object): PodInput => ({
  spec: { containers: [{ name: 'app', image: 'app:1', ports: [port] }] },
})
const away = (app: string): PodInput => ({
  labels: { app },
  spec: {
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'web' } } },
        ],
      },
    },
  },
})
const together = (app: string): PodInput => ({
  labels: { app: 'web' },
  spec: {
    affinity: {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app } } },
        ],
      },
    },
  },
})

const taint = 'node(s) had untolerated taint(s)'
const affinity = "node(s) didn't match Pod's node affinity/selector"
const ports = "node(s) didn't have free ports for the requested pod ports"

const rows: Readonly<Record<string, readonly Row[]>> = {
  NodeUnschedulable: [
    ['keeps a pod off a cordoned node', {}, { isUnschedulable: true }, 'node(s) were unschedulable'],
    [
      'lets a pod through that tolerates it',
      tolerating({ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }),
      { isUnschedulable: true },
      '',
    ],
  ],
  TaintToleration: [
    ['keeps a pod off a tainted node', {}, tainted('NoSchedule'), taint],
    ['minds NoExecute as well', {}, tainted('NoExecute'), taint],
    ['does not mind a soft taint', {}, tainted('PreferNoSchedule'), ''],
    [
      'accepts a toleration of key, value and effect',
      tolerating({ key: 'gpu', value: 'yes', effect: 'NoSchedule' }),
      tainted('NoSchedule'),
      '',
    ],
    ['accepts a toleration of any value', tolerating({ key: 'gpu', operator: 'Exists' }), tainted('NoSchedule'), ''],
    ['accepts a toleration of everything', tolerating({ operator: 'Exists' }), tainted('NoSchedule'), ''],
    ['refuses another value', tolerating({ key: 'gpu', value: 'no' }), tainted('NoSchedule'), taint],
    [
      'refuses another effect',
      tolerating({ key: 'gpu', operator: 'Exists', effect: 'NoExecute' }),
      tainted('NoSchedule'),
      taint,
    ],
  ],
  NodeAffinity: [
    ['keeps a pod to its nodeSelector', { spec: { nodeSelector: { disk: 'ssd' } } }, {}, affinity],
    ['finds the label', { spec: { nodeSelector: { disk: 'ssd' } } }, { labels: { disk: 'ssd' } }, ''],
    [
      'needs one term only',
      requiring(
        { matchExpressions: [{ key: 'a', operator: 'Exists' }] },
        { matchExpressions: [{ key: 'b', operator: 'DoesNotExist' }] },
      ),
      {},
      '',
    ],
    [
      'compares numbers',
      requiring({ matchExpressions: [{ key: 'cores', operator: 'Gt', values: ['8'] }] }),
      { labels: { cores: '16' } },
      '',
    ],
    [
      'takes NotIn to match an absent label',
      requiring({ matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['x'] }] }),
      {},
      '',
    ],
    ['takes an empty term to match nothing', requiring({}), {}, affinity],
  ],
  NodePorts: [
    [
      'keeps two pods from one host port',
      withPort({ containerPort: 80, hostPort: 80 }),
      {},
      ports,
      [withPort({ containerPort: 80, hostPort: 80 })],
    ],
    [
      'tells protocols apart',
      withPort({ containerPort: 80, hostPort: 80, protocol: 'UDP' }),
      {},
      '',
      [withPort({ containerPort: 80, hostPort: 80 })],
    ],
    [
      'tells addresses apart',
      withPort({ containerPort: 80, hostPort: 80, hostIP: '10.0.0.1' }),
      {},
      '',
      [withPort({ containerPort: 80, hostPort: 80, hostIP: '10.0.0.2' })],
    ],
    [
      'takes the wildcard to clash with any address',
      withPort({ containerPort: 80, hostPort: 80, hostIP: '10.0.0.1' }),
      {},
      ports,
      [withPort({ containerPort: 80, hostPort: 80 })],
    ],
  ],
  NodeResourcesFit: [
    ['counts what is used', { cpu: '2' }, { cpu: '3' }, 'Insufficient cpu', [{ cpu: '2' }]],
    ['fills a node to the brim', { cpu: '1' }, { cpu: '3' }, '', [{ cpu: '2' }]],
    ['says all that is short', { cpu: '9', memory: '99Gi' }, {}, 'Insufficient cpu, Insufficient memory'],
    ['counts pods', {}, { pods: '1' }, 'Too many pods', [{}]],
    ['lets a pod without requests onto a full node', {}, { cpu: '1' }, '', [{ cpu: '1' }]],
    [
      'counts extended resources',
      { spec: { containers: [{ name: 'a', resources: { requests: { 'nvidia.com/gpu': '2' } } }] } },
      { allocatable: { 'nvidia.com/gpu': '1' } },
      'Insufficient nvidia.com/gpu',
    ],
    [
      'takes the larger of start and run',
      { cpu: '1', spec: { initContainers: [{ name: 'i', resources: { requests: { cpu: '5' } } }] } },
      {},
      'Insufficient cpu',
    ],
  ],
  InterPodAffinity: [
    [
      'keeps a pod from those it must not meet',
      away('api'),
      {},
      "node(s) didn't match pod anti-affinity rules",
      [{ labels: { app: 'web' } }],
    ],
    [
      'keeps a pod from those that must not meet it',
      { labels: { app: 'web' } },
      {},
      "node(s) didn't satisfy existing pods anti-affinity rules",
      [away('api')],
    ],
    [
      'keeps a pod with those it needs',
      together('db'),
      {},
      "node(s) didn't match pod affinity rules",
      [{ labels: { app: 'api' } }],
    ],
    ['finds those it needs', together('db'), {}, '', [{ labels: { app: 'db' } }]],
    ['lets the first of a group go anywhere', together('web'), {}, ''],
  ],
}

describe.each(Object.entries(rows))('%s', (plugin, table) => {
  test.each(table)('%s', (...row) => {
    const [, podInput, nodeInput, rejection, others = []] = row as unknown as Row
    const running = others.map((other, index) => pod(`other-${index}`, { ...other, node: 'n' }))
    const { nodes } = decide(pod('p', podInput), cluster([node('n', nodeInput)], running))
    expect(nodes['n']?.filters).toEqual(rejection === '' ? {} : { [plugin]: rejection })
  })
})

describe('PodTopologySpread', () => {
  const spread = (constraint: object): PodInput => ({
    labels: { app: 'web' },
    spec: {
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'topology.kubernetes.io/zone',
          whenUnsatisfiable: 'DoNotSchedule',
          labelSelector: { matchLabels: { app: 'web' } },
          ...constraint,
        },
      ],
    },
  })
  const nodes = [node('a', { labels: zone('a') }), node('b', { labels: zone('b') }), node('x')]
  const web = (at: string): ReturnType<typeof pod> => pod(`web-${at}`, { node: at, labels: { app: 'web' } })
  const rejectedBy = (input: PodInput, running: readonly ReturnType<typeof pod>[]): string[] =>
    Object.keys(decide(pod('p', input), cluster(nodes, running)).codes)

  test('keeps zones within maxSkew, and off nodes without a zone', () =>
    expect(rejectedBy(spread({}), [web('a')])).toEqual(['a', 'x']))
  test('a larger skew is allowed if asked for', () =>
    expect(rejectedBy(spread({ maxSkew: 2 }), [web('a')])).toEqual(['x']))
  test('takes the emptiest domain as 0 when there are too few', () =>
    expect(rejectedBy(spread({ minDomains: 3 }), [web('a')])).toEqual(['a', 'x']))
  test('does not count pods that are going', () =>
    expect(rejectedBy(spread({}), [pod('old', { node: 'a', labels: { app: 'web' }, isTerminating: true })])).toEqual([
      'x',
    ]))
  test('does not count other namespaces', () =>
    expect(rejectedBy(spread({}), [pod('other', { node: 'a', labels: { app: 'web' }, namespace: 'prod' })])).toEqual([
      'x',
    ]))
})

test('a name in the affinity leaves other nodes unasked', () => {
  const input = requiring({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['gone'] }] })
  const { result, evaluated } = decide(pod('p', input), cluster([node('n')]))
  expect(evaluated).toBe(0)
  expect(result).toMatchObject({
    message: expect.stringContaining("1 node(s) didn't satisfy plugin(s) [NodeAffinity]"),
  })
})
