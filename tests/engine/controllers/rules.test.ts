import { describe, expect, test } from 'vitest'
import type { Deployment, Pod, ReplicaSet } from '../../../src/engine/api/index.ts'
import { formatTime } from '../../../src/engine/api/index.ts'
import { annotationsForNew } from '../../../src/engine/controllers/deployment/annotations.ts'
import { boundsOf, newReplicasFor } from '../../../src/engine/controllers/deployment/bounds.ts'
import { hashOf } from '../../../src/engine/controllers/deployment/template.ts'
import { stateOf } from '../../../src/engine/controllers/nodeLifecycle/zones.ts'
import { tallyPod, type PodTally } from '../../../src/engine/controllers/podTally.ts'
import { doomedPods } from '../../../src/engine/controllers/replicaSet/deletionOrder.ts'
import { tolerationSecondsFor } from '../../../src/engine/controllers/taints.ts'

describe('boundsOf', () => {
  test.each([
    { replicas: 4, maxSurge: '25%', maxUnavailable: '25%', surge: 1, unavailable: 1 },
    { replicas: 5, maxSurge: '50%', maxUnavailable: '50%', surge: 3, unavailable: 2 },
    { replicas: 3, maxSurge: 0, maxUnavailable: '10%', surge: 0, unavailable: 1 },
    { replicas: 2, maxSurge: 1, maxUnavailable: 5, surge: 1, unavailable: 2 },
    { replicas: 0, maxSurge: '25%', maxUnavailable: '25%', surge: 0, unavailable: 0 },
  ])(
    '$replicas replicas with $maxSurge and $maxUnavailable',
    ({ replicas, maxSurge, maxUnavailable, surge, unavailable }) => {
      const spec = { replicas, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } } }
      expect(boundsOf({ spec } as unknown as Deployment)).toEqual({ surge, unavailable })
    },
  )

  test('a Recreate has none', () => {
    expect(boundsOf({ spec: { replicas: 4, strategy: { type: 'Recreate' } } } as unknown as Deployment)).toEqual({
      surge: 0,
      unavailable: 0,
    })
  })
})

test('a new ReplicaSet gets the room there is, and no more than is wanted', () => {
  const deployment = { spec: { replicas: 4, strategy: { type: 'RollingUpdate' } } } as unknown as Deployment
  const set = (replicas: number): ReplicaSet => ({ spec: { replicas } }) as unknown as ReplicaSet
  expect(newReplicasFor(deployment, [set(4)], 0)).toBe(1)
  expect(newReplicasFor(deployment, [set(3), set(1)], 1)).toBe(2)
  expect(newReplicasFor(deployment, [set(5)], 0)).toBe(0)
  expect(newReplicasFor(deployment, [set(0), set(3)], 3)).toBe(4)
})

test('an old revision that comes back gets a new number and remembers the old', () => {
  const deployment = {
    metadata: { annotations: { note: 'x', 'kubectl.kubernetes.io/last-applied-configuration': '{}' } },
  }
  const before = { 'deployment.kubernetes.io/revision': '1' }
  expect(annotationsForNew(deployment as unknown as Deployment, before, 3)).toEqual({
    note: 'x',
    'deployment.kubernetes.io/revision': '3',
    'deployment.kubernetes.io/revision-history': '1',
  })
})

test('the hash of a template minds neither the order of keys nor empty maps, and minds the rest', () => {
  const template = (spec: object, annotations?: object): Deployment['spec']['template'] =>
    ({
      metadata: { labels: { a: '1', b: '2' }, ...(annotations && { annotations }) },
      spec,
    }) as unknown as Deployment['spec']['template']
  const hash = hashOf(template({ containers: [], hostNetwork: true }), undefined)
  expect(hashOf(template({ hostNetwork: true, containers: [] }, {}), undefined)).toBe(hash)
  expect(hashOf(template({ containers: [] }), undefined)).not.toBe(hash)
  expect(hashOf(template({ containers: [], hostNetwork: true }), 1)).not.toBe(hash)
  expect(hash).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/)
})

describe('doomedPods', () => {
  const now = 1_000_000
  const pod = (
    name: string,
    given: { node?: string; phase?: string; ready?: number; cost?: string; restarts?: number; born?: number },
  ): Pod =>
    ({
      metadata: {
        name,
        uid: name,
        creationTimestamp: formatTime(given.born ?? 0),
        ...(given.cost && { annotations: { 'controller.kubernetes.io/pod-deletion-cost': given.cost } }),
      },
      spec: { ...(given.node !== '' && { nodeName: given.node ?? 'n' }) },
      status: {
        phase: given.phase ?? 'Running',
        ...(given.restarts && { containerStatuses: [{ restartCount: given.restarts }] }),
        conditions:
          given.ready === undefined
            ? []
            : [{ type: 'Ready', status: 'True', lastTransitionTime: formatTime(given.ready) }],
      },
    }) as unknown as Pod

  test.each([
    ['an unassigned pod first', pod('a', {}), pod('b', { node: '' }), 'b'],
    ['Pending before Running', pod('a', {}), pod('b', { phase: 'Pending' }), 'b'],
    ['not ready before ready', pod('a', { ready: 0 }), pod('b', {}), 'b'],
    ['the cheaper one', pod('a', { ready: 0, cost: '5' }), pod('b', { ready: 0, cost: '-1' }), 'b'],
    ['no cost is 0', pod('a', { ready: 0, cost: '01' }), pod('b', { ready: 0, cost: '-1' }), 'b'],
    ['one of a crowded node', pod('a', { ready: 0, node: 'alone' }), pod('b', { ready: 0, node: 'crowded' }), 'b'],
    ['the one ready for the shorter time', pod('a', { ready: 0 }), pod('b', { ready: 900_000 }), 'b'],
    ['by uid when the times are of one order', pod('b', { ready: 0 }), pod('a', { ready: 100_000 }), 'a'],
    ['more restarts', pod('a', { ready: 0 }), pod('b', { ready: 0, restarts: 3 }), 'b'],
    ['the newer one', pod('a', { ready: 0 }), pod('b', { ready: 0, born: 990_000 }), 'b'],
  ])('%s', (_, first, second, victim) => {
    const siblings = (node: string): number => (node === 'crowded' ? 2 : 1)
    for (const pods of [
      [first, second],
      [second, first],
    ])
      expect(doomedPods(pods, 1, siblings, now).map(({ metadata }) => metadata.name)).toEqual([victim])
  })
})

describe('tolerationSecondsFor', () => {
  const taint = { key: 'k', effect: 'NoExecute' }
  test.each([
    ['nothing tolerated', [], 0],
    ['for ever', [{ key: 'k', operator: 'Exists' }], Infinity],
    ['for a while', [{ key: 'k', operator: 'Exists', tolerationSeconds: 5 }], 5],
    ['everything', [{ operator: 'Exists' }], Infinity],
    ['another effect', [{ key: 'k', operator: 'Exists', effect: 'NoSchedule' }], 0],
    ['a negative time', [{ key: 'k', operator: 'Exists', tolerationSeconds: -5 }], 0],
  ])('%s', (_, tolerations, seconds) => {
    expect(tolerationSecondsFor([taint], tolerations)).toBe(seconds)
  })

  test('the shortest of several counts', () => {
    const tolerations = [
      { key: 'a', operator: 'Exists', tolerationSeconds: 9 },
      { key: 'k', operator: 'Exists', tolerationSeconds: 3 },
    ]
    expect(tolerationSecondsFor([taint, { key: 'a', effect: 'NoExecute' }], tolerations)).toBe(3)
  })
})

test.each([
  [3, 0, 'Normal'],
  [0, 1, 'FullDisruption'],
  [2, 2, 'Normal'],
  [2, 3, 'PartialDisruption'],
  [5, 4, 'Normal'],
])('a zone with %i ready and %i lost nodes: %s', (ready, lost, state) => {
  expect(stateOf(ready, lost)).toBe(state)
})

test('the tally of pods is the same as counting them', () => {
  const tally: PodTally = new Map()
  const make = (labels: object, phase: string, isReady: boolean, isGoing: boolean): Pod =>
    ({
      metadata: {
        labels,
        ownerReferences: [{ uid: 'o', controller: true }],
        ...(isGoing && { deletionTimestamp: 'x' }),
      },
      spec: { nodeName: 'n' },
      status: { phase, conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] },
    }) as unknown as Pod
  const change = (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: Pod, previous?: Pod): void =>
    tallyPod({ type, key: 'p', object, previous, cause: 0 }, { memory: { tally } })
  const born = make({ a: '1' }, 'Pending', false, false)
  const ready = make({ a: '1' }, 'Running', true, false)
  const going = make({ a: '1' }, 'Running', true, true)
  change('ADDED', born)
  change('ADDED', make({ a: '2' }, 'Running', true, false))
  change('MODIFIED', ready, born)
  expect([...tally.get('o')!.groups.values()].map((group) => [group.active, group.ready])).toEqual([
    [1, 1],
    [1, 1],
  ])
  change('MODIFIED', going, ready)
  expect(tally.get('o')).toMatchObject({ terminating: 1, nodes: new Map([['n', 1]]) })
  change('DELETED', going, going)
  expect(tally.get('o')!.terminating).toBe(0)
})
