import { expect, test } from 'vitest'
import type { Deployment, HorizontalPodAutoscaler } from '../../../../src/engine/api/index.ts'
import { proposalOf, type Refusal } from '../../../../src/engine/controllers/horizontalPodAutoscaler/metrics.ts'
import { createTestWorld, deploymentOf, type TestWorld } from '../world.ts'

type Metric = Parameters<typeof proposalOf>[0]

const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }

function worldWith(replicas: number, spec: object, target: object = {}): TestWorld {
  const world = createTestWorld()
  world.api.create(deploymentOf('web', replicas))
  world.api.create({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'h', namespace: 'default' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', ...target },
      minReplicas: 1,
      maxReplicas: 4,
      metrics: [cpu],
      ...spec,
    },
  })
  return world
}

const found = ({ api }: TestWorld): HorizontalPodAutoscaler =>
  api.get<HorizontalPodAutoscaler>('HorizontalPodAutoscaler', 'h', { namespace: 'default' })
const reasonsOf = (world: TestWorld): readonly string[] =>
  (found(world).status?.conditions ?? []).map(({ type, status, reason }) => `${type}=${status} ${reason}`)

test.each<[string, number, object, object, number, readonly string[]]>([
  ['raises to the least', 1, { minReplicas: 3 }, {}, 3, ['AbleToScale=True SucceededRescale']],
  ['lowers to the most', 6, {}, {}, 4, ['AbleToScale=True SucceededRescale']],
  ['leaves none as none', 0, {}, {}, 0, ['AbleToScale=True SucceededGetScale', 'ScalingActive=False ScalingDisabled']],
  [
    'changes nothing when it knows nothing',
    2,
    {},
    {},
    2,
    ['AbleToScale=True SucceededGetScale', 'ScalingActive=False FailedGetResourceMetric'],
  ],
  ['does not find a target', 2, {}, { name: 'none' }, 2, ['AbleToScale=False FailedGetScale']],
])('%s', (_, replicas, spec, target, expected, reasons) => {
  const world = worldWith(replicas, spec, target)
  world.sim.advanceTo(24_000)
  expect(reasonsOf(world)).toEqual([]) // the first look comes after a whole period
  world.sim.advanceTo(26_000)
  expect(world.api.get<Deployment>('Deployment', 'web', { namespace: 'default' }).spec.replicas).toBe(expected)
  expect(reasonsOf(world)).toEqual(reasons)
})

test('writes its status only when it changes', () => {
  const world = worldWith(2, {})
  world.sim.advanceTo(26_000)
  const { resourceVersion } = found(world).metadata
  world.sim.advanceTo(60_000)
  expect(found(world).metadata.resourceVersion).toBe(resourceVersion)
  expect(world.eventsOf('HorizontalPodAutoscaler', 'h')).toHaveLength(2)
})

test.each<[object, string, string]>([
  [cpu, 'FailedGetResourceMetric', 'failed to get cpu resource metric value: failed to get cpu utilization: unable'],
  [
    { type: 'Resource', resource: { name: 'memory', target: { averageValue: '1Gi' } } },
    'FailedGetResourceMetric',
    'failed to get memory resource metric value: failed to get memory usage: unable',
  ],
  [
    { type: 'Pods', pods: { metric: { name: 'hits' } } },
    'FailedGetPodsMetric',
    'failed to get pods metric value: unable to get metric hits: unable to fetch metrics from custom metrics API: no',
  ],
  [
    { type: 'External', external: { metric: { name: 'queue', selector: { matchLabels: { a: 'b' } } } } },
    'FailedGetExternalMetric',
    'failed to get external metric value: unable to get external metric default/queue/&LabelSelector{MatchLabels:',
  ],
])('a metric that nobody serves: %j', (metric, reason, start) => {
  const see = { find: () => undefined, isServed: () => false }
  const tolerances = { up: 0.1, down: 0.1 }
  const sight = { pods: [], namespace: 'default', currentReplicas: 1, tolerances, now: 0, see }
  const refusal = proposalOf(metric as Metric, sight) as Refusal
  expect(refusal.reason).toBe(reason)
  expect(refusal.error.slice(0, start.length)).toBe(start)
})

test('two autoscalers of the same pods stand aside once they know of each other', () => {
  const world = worldWith(2, {})
  const { spec } = found(world)
  world.api.create({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'a', namespace: 'default' },
    spec,
  })
  world.sim.advanceTo(26_000)
  const text = 'pods by selector app=web are controlled by multiple HPAs: [{a default} {h default}]'
  expect(world.eventsOf('HorizontalPodAutoscaler', 'a').some((event) => event.includes(text))).toBe(true)
  world.sim.advanceTo(41_000)
  expect(reasonsOf(world)).toEqual(['AbleToScale=True SucceededGetScale', 'ScalingActive=False AmbiguousSelector'])
  expect(found(world).status?.currentMetrics).toBeNull()
})
