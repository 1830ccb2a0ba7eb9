import { expect, test } from 'vitest'
import { formatTime, type DaemonSet, type Node, type Pod } from '../../../src/engine/api/index.ts'
import { manage } from '../../../src/engine/controllers/daemonSet/manage.ts'
import { judgeOf } from '../../../src/engine/controllers/daemonSet/placement.ts'
import { targetOf, templateFor, tolerationsFor } from '../../../src/engine/controllers/daemonSet/podTemplate.ts'
import { rollingUpdate } from '../../../src/engine/controllers/daemonSet/rollingUpdate.ts'
import { byTarget, type Sight, type Work } from '../../../src/engine/controllers/daemonSet/sight.ts'
import { createTestWorld } from './world.ts'

const now = 100_000

function setOf(rollingUpdate: object = { maxUnavailable: 1, maxSurge: 0 }, spec: object = {}): DaemonSet {
  const labels = { app: 'agent' }
  const containers = [{ name: 'app', image: 'app:1' }]
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent', namespace: 'default', uid: 'set' },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers, ...spec } },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate },
    },
  } as unknown as DaemonSet
}

const nodeOf = (name: string, taints: object[] = [], labels: object = {}): Node =>
  ({ metadata: { name, labels }, spec: { taints } }) as unknown as Node

interface Traits {
  readonly old?: boolean
  readonly ready?: boolean
  readonly phase?: string
  readonly going?: boolean
  readonly age?: number
}

function podOn(node: string, { old = false, ready = true, phase = 'Running', going = false, age = 1 }: Traits = {}) {
  const since = formatTime(now - age * 1000)
  return {
    metadata: {
      name: `${old ? 'old' : 'new'}-${node}-${age}`,
      namespace: 'default',
      creationTimestamp: since,
      labels: { 'controller-revision-hash': old ? 'one' : 'two' },
      ...(going && { deletionTimestamp: since }),
    },
    spec: { nodeName: node },
    status: { phase, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: since }] },
  } as unknown as Pod
}

function sightOf(set: DaemonSet, nodes: readonly Node[], pods: readonly Pod[]): Sight {
  const podsOn = byTarget(pods, false)
  return { set, hash: 'two', generation: undefined, now, nodes, judge: judgeOf(set), podsOn, backoffs: new Map() }
}

const namesOf = ({ births, deaths }: Work): readonly string[] => [
  ...births.map((node) => `+${node}`),
  ...deaths.map(({ metadata }) => `-${metadata.name}`),
]

const hard = [{ key: 'x', effect: 'NoSchedule' }]
const expelling = [{ key: 'x', effect: 'NoExecute' }]
const cordoned = [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }]

test.each<[string, Node, object, string]>([
  ['any node', nodeOf('a'), {}, 'runs'],
  ['a cordoned node', nodeOf('a', cordoned), {}, 'runs'],
  ['a node with a taint', nodeOf('a', hard), {}, 'stays'],
  ['a node that expels', nodeOf('a', expelling), {}, 'goes'],
  ['a node whose taint it tolerates', nodeOf('a', expelling), { tolerations: [{ operator: 'Exists' }] }, 'runs'],
  ['a node with other labels', nodeOf('a'), { nodeSelector: { disk: 'fast' } }, 'goes'],
  ['another node than the one it names', nodeOf('a'), { nodeName: 'b' }, 'goes'],
])('a daemon on %s', (_, node, spec, expected) => {
  const { shouldRun, mayStay } = judgeOf(setOf({}, spec))(node)
  expect(shouldRun ? 'runs' : mayStay ? 'stays' : 'goes').toBe(expected)
})

test('a pod of a host network also tolerates a node without one', () => {
  const keys = (hostNetwork: boolean): readonly unknown[] =>
    tolerationsFor({ containers: [], hostNetwork } as unknown as Pod['spec']).map(({ key }) => key)
  expect(keys(true)).toHaveLength(keys(false).length + 1)
})

test('a pod is meant for the node in its affinity until it has one', () => {
  const template = templateFor(setOf(), 'two', 'a') as unknown as Pod
  expect(targetOf(template)).toBe('a')
  expect(template.metadata.labels).toMatchObject({ app: 'agent', 'controller-revision-hash': 'two' })
})

const three = [nodeOf('a'), nodeOf('b'), nodeOf('c')]
const surging = { maxSurge: 1, maxUnavailable: 0 }

test.each<[string, object, readonly Pod[], readonly string[]]>([
  ['gives each node a pod', {}, [podOn('a')], ['+b', '+c']],
  ['waits for a pod that is going', {}, [podOn('a'), podOn('b', { going: true }), podOn('c')], []],
  ['keeps the oldest of two', {}, [podOn('a'), podOn('a', { age: 9 }), podOn('b'), podOn('c')], ['-new-a-1']],
  ['replaces what failed', {}, [podOn('a', { phase: 'Failed' }), podOn('b'), podOn('c')], ['-new-a-1']],
  ['with surge: does not wait for a pod that is going', surging, [podOn('a', { going: true })], ['+b', '+c', '+a']],
  [
    'with surge: keeps an old pod until the new one is ready',
    surging,
    [podOn('a', { old: true }), podOn('a', { ready: false }), podOn('b'), podOn('c')],
    [],
  ],
  [
    'with surge: drops the old pod then',
    surging,
    [podOn('a', { old: true }), podOn('a'), podOn('b'), podOn('c')],
    ['-old-a-1'],
  ],
])('%s', (_, bounds, pods, expected) => {
  const work = manage(sightOf(setOf({ maxUnavailable: 1, ...bounds }), three, pods))
  expect([...namesOf(work)].sort()).toEqual([...expected].sort())
})

const allOld = three.map(({ metadata }) => podOn(metadata.name, { old: true }))

test.each<[string, object, readonly Pod[], readonly string[]]>([
  ['one at a time', { maxUnavailable: 1 }, allOld, ['-old-a-1']],
  ['a share, rounded up', { maxUnavailable: '50%' }, allOld, ['-old-a-1', '-old-b-1']],
  ['one at least', { maxUnavailable: 0, maxSurge: 0 }, allOld, ['-old-a-1']],
  ['none while a new one is not ready', { maxUnavailable: 1 }, [podOn('a', { ready: false }), ...allOld.slice(1)], []],
  [
    'those that are not ready first, whatever their number',
    { maxUnavailable: 1 },
    [podOn('a', { old: true, ready: false }), podOn('b', { old: true, ready: false }), podOn('c', { old: true })],
    ['-old-a-1', '-old-b-1'],
  ],
  ['a new one beside an old one', { maxSurge: 1, maxUnavailable: 0 }, allOld, ['+a']],
  [
    'no second one beside others while one is not ready',
    { maxSurge: 1, maxUnavailable: 0 },
    [...allOld, podOn('a', { ready: false })],
    [],
  ],
])('replaces %s', (_, bounds, pods, expected) => {
  expect(namesOf(rollingUpdate(sightOf(setOf(bounds), three, pods)))).toEqual(expected)
})

test('leaves a pod that failed again alone for a while', () => {
  const sight = sightOf(setOf(), [nodeOf('a')], [podOn('a', { phase: 'Failed' })])
  expect(manage(sight).events).toHaveLength(1)
  const again = manage({ ...sight, now: now + 500 })
  expect(again).toMatchObject({ deaths: [], againMs: 1000 })
  expect(manage({ ...sight, now: now + 1000 }).deaths).toHaveLength(1)
  expect(manage({ ...sight, now: now + 2500 })).toMatchObject({ deaths: [], againMs: 2000 })
})

test('keeps a pod on each node, a revision, and the count of both', () => {
  const { api, sim, pods, eventsOf } = createTestWorld()
  for (const name of ['a', 'b']) api.create({ apiVersion: 'v1', kind: 'Node', metadata: { name } })
  const { uid: _, ...metadata } = setOf().metadata
  api.create({ ...setOf(), metadata })
  sim.advanceTo(11_000)
  expect(pods().map(targetOf).sort()).toEqual(['a', 'b'])
  const set = (): DaemonSet => api.get<DaemonSet>('DaemonSet', 'agent', { namespace: 'default' })
  expect(set().status).toMatchObject({ desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberUnavailable: 2 })
  expect(api.list('ControllerRevision', { namespace: 'default' })).toHaveLength(1)
  expect(eventsOf('DaemonSet', 'agent')).toHaveLength(2)
  api.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'c' } })
  sim.advanceTo(12_000)
  expect(pods()).toHaveLength(3)
})
