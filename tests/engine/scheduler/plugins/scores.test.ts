import { describe, expect, test } from 'vitest'
import { decide } from '../../../../src/engine/scheduler/index.ts'
import { cluster, node, pod, zone, type NodeInput, type PodInput } from '../fixtures.ts'

type Row = readonly [
  behaviour: string,
  pod: PodInput,
  nodes: Readonly<Record<string, NodeInput>>,
  scores: Readonly<Record<string, number>>,
  others?: readonly PodInput[],
]

const mebibyte = 1024 * 1024
const soft = { key: 'slow', effect: 'PreferNoSchedule' }
const prefers = (weight: number, key: string): object => ({
  weight,
  preference: { matchExpressions: [{ key, operator: 'Exists' }] },
})
const near = (sign: 'podAffinity' | 'podAntiAffinity', weight: number): PodInput => ({
  spec: {
    affinity: {
      [sign]: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight,
            podAffinityTerm: {
              topologyKey: 'topology.kubernetes.io/zone',
              labelSelector: { matchLabels: { app: 'db' } },
            },
          },
        ],
      },
    },
  },
})
const zones = { a: { labels: zone('a') }, b: { labels: zone('b') } }

const rows: Readonly<Record<string, readonly Row[]>> = {
  TaintToleration: [
    [
      'prefers nodes with fewer soft taints',
      {},
      { a: {}, b: { taints: [soft] }, c: { taints: [soft, { ...soft, key: 'old' }] } },
      { a: 300, b: 150, c: 0 },
    ],
    ['gives all the same without soft taints', {}, { a: {}, b: {} }, { a: 300, b: 300 }],
  ],
  NodeAffinity: [
    [
      'adds up the weights of wishes that are met',
      {
        spec: {
          affinity: {
            nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [prefers(30, 'ssd'), prefers(10, 'gpu')] },
          },
        },
      },
      { a: { labels: { ssd: '', gpu: '' } }, b: { labels: { ssd: '' } }, c: {} },
      { a: 200, b: 150, c: 0 },
    ],
  ],
  NodeResourcesFit: [
    [
      'prefers what has more left over',
      { cpu: '1', memory: '2Gi' },
      { a: { cpu: '2', memory: '4Gi' }, b: { cpu: '4', memory: '8Gi' } },
      { a: 50, b: 75 },
    ],
    ['guesses for containers that do not say', {}, { a: { cpu: '1', memory: '400Mi' }, b: {} }, { a: 70, b: 97 }],
  ],
  NodeResourcesBalancedAllocation: [
    ['stays at 75 where the balance does not change', { cpu: '1', memory: '2Gi' }, { a: {}, b: {} }, { a: 75, b: 75 }],
    ['dislikes a lopsided load', { cpu: '2' }, { a: { cpu: '2' }, b: { cpu: '4' } }, { a: 50, b: 62 }],
  ],
  ImageLocality: [
    [
      'prefers nodes that have a large image',
      {},
      { a: { images: [{ names: ['app:1'], sizeBytes: 1000 * mebibyte }] }, b: {} },
      { a: 48, b: 0 }, // half the nodes have it, so half its size counts
    ],
  ],
  InterPodAffinity: [
    [
      'goes where its friends are',
      near('podAffinity', 10),
      zones,
      { a: 200, b: 0 },
      [{ node: 'a', labels: { app: 'db' } }],
    ],
    [
      'avoids whom it does not like',
      near('podAntiAffinity', 10),
      zones,
      { a: 0, b: 200 },
      [{ node: 'a', labels: { app: 'db' } }],
    ],
    [
      'heeds the wishes of pods that run',
      { labels: { app: 'db' } },
      zones,
      { a: 200, b: 0 },
      [{ node: 'a', ...near('podAffinity', 5) }],
    ],
  ],
}

describe.each(Object.entries(rows))('%s', (plugin, table) => {
  test.each(table)('%s', (...row) => {
    const [, podInput, nodes, scores, others = []] = row as unknown as Row
    const running = others.map((other, index) => pod(`other-${index}`, other))
    const snapshot = cluster(
      Object.entries(nodes).map(([name, input]) => node(name, input)),
      running,
    )
    const record = decide(pod('p', podInput), snapshot)
    expect(Object.fromEntries(Object.keys(scores).map((name) => [name, record.nodes[name]?.scores[plugin]]))).toEqual(
      scores,
    )
  })
})

test('pods of a ReplicaSet are spread although nobody said so', () => {
  const owner = { kind: 'ReplicaSet', name: 'web' }
  const set = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web', namespace: 'default', uid: 'web', resourceVersion: '1', creationTimestamp: '' },
    spec: { selector: { matchLabels: { app: 'web' } } },
  }
  const running = [pod('web-1', { node: 'a', labels: { app: 'web' }, owner })]
  const snapshot = cluster([node('a', zones.a), node('b', zones.b)], running, { others: { ReplicaSet: [set] } })
  const { nodes, result } = decide(pod('web-2', { labels: { app: 'web' }, owner }), snapshot)
  expect(result).toEqual({ node: 'b' })
  expect(nodes['b']!.scores['PodTopologySpread']).toBeGreaterThan(nodes['a']!.scores['PodTopologySpread']!)
})
