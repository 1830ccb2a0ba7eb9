import { describe, expect, test } from 'vitest'
import {
  createCluster,
  type Cluster,
  type DeschedulerOptions,
  type Event,
  type Pod,
} from '../../../src/engine/index.ts'

const intervalMs = 60_000

function start(strategies: DeschedulerOptions['strategies']): Cluster {
  const nodes = ['a', 'b'].map((name) => ({ name, zone: `zone-${name}` }))
  const cluster = createCluster({ nodes, addOns: false, descheduler: { strategies, intervalMs } })
  cluster.control.advanceTo(2_000)
  cordon(cluster, true)
  return cluster
}

/** Until it is opened, all pods are on the other one. */
const cordon = ({ api }: Cluster, unschedulable: boolean): void =>
  void api.patch('Node', 'b', { spec: { unschedulable } }, { type: 'merge' })

function deploy({ api }: Cluster, replicas: number, spec: object = {}): void {
  const containers = [{ name: 'c', image: 'nginx', resources: { requests: { cpu: '500m' } } }]
  const labels = { app: 'web' }
  const template = { metadata: { labels }, spec: { containers, ...spec } }
  const metadata = { name: 'web', namespace: 'default' }
  const body = { replicas, selector: { matchLabels: labels }, template }
  api.create({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: body }, { namespace: 'default' })
}

const counts = ({ api }: Cluster): Record<string, number> => {
  const tally: Record<string, number> = {}
  for (const { spec } of api.list('Pod', { namespace: 'default' }) as readonly Pod[])
    tally[spec.nodeName ?? ''] = (tally[spec.nodeName ?? ''] ?? 0) + 1
  return tally
}
const evictions = ({ api }: Cluster, reason: string): string[] =>
  (api.list('Event', { namespace: 'default' }) as readonly Event[]).flatMap((event) =>
    event.reason === reason ? [event.message ?? (event as { note?: string }).note ?? ''] : [],
  )

const zones = {
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: 'topology.kubernetes.io/zone',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'web' } },
      nodeTaintsPolicy: 'Honor',
    },
  ],
}

describe('the descheduler', () => {
  test.each<[string, DeschedulerOptions['strategies'], number, object, Record<string, number>]>([
    ['spreads load', [{ name: 'LowNodeUtilization', args: { thresholds: { cpu: 20 }, targetThresholds: { cpu: 50 } } }], 6, {}, { a: 4, b: 2 }],
    ['leaves load that is not too high', [{ name: 'LowNodeUtilization', args: { thresholds: { cpu: 20 }, targetThresholds: { cpu: 90 } } }], 6, {}, { a: 6 }],
    ['parts duplicates', [{ name: 'RemoveDuplicates' }], 6, {}, { a: 3, b: 3 }],
    ['evens out domains', [{ name: 'RemovePodsViolatingTopologySpreadConstraint' }], 4, zones, { a: 2, b: 2 }],
  ])('%s', (_, strategies, replicas, spec, wanted) => {
    const cluster = start(strategies)
    deploy(cluster, replicas, spec)
    cluster.control.advanceTo(20_000)
    expect(counts(cluster)).toEqual({ a: replicas })
    cordon(cluster, false)
    cluster.control.advanceTo(110_000)
    expect(counts(cluster)).toEqual(wanted)
  }) // prettier-ignore

  test('moves pods off a node they do not tolerate any more, and says so', () => {
    const cluster = start([{ name: 'RemovePodsViolatingNodeTaints' }])
    deploy(cluster, 2)
    cluster.control.advanceTo(20_000)
    cordon(cluster, false)
    cluster.api.patch('Node', 'a', { spec: { taints: [{ key: 'x', effect: 'NoSchedule' }] } }, { type: 'merge' })
    cluster.control.advanceTo(110_000)
    expect(counts(cluster)).toEqual({ b: 2 })
    expect(evictions(cluster, 'RemovePodsViolatingNodeTaints')[0]).toBe(
      'pod evicted from a node by sigs.k8s.io/descheduler',
    )
  })

  test('lets pods be that nobody would make again', () => {
    const cluster = start([{ name: 'RemovePodsViolatingNodeTaints' }])
    const containers = [{ name: 'c', image: 'nginx' }]
    cluster.api.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default' }, spec: { containers } }, { namespace: 'default' }) // prettier-ignore
    cluster.control.advanceTo(20_000)
    cluster.api.patch('Node', 'a', { spec: { taints: [{ key: 'x', effect: 'NoSchedule' }] } }, { type: 'merge' })
    cluster.control.advanceTo(110_000)
    expect(counts(cluster)).toEqual({ a: 1 })
  })

  test('refuses options that make no sense', () => {
    expect(() => start([{ name: 'LowNodeUtilization' }])).toThrow('no resource threshold is configured')
    expect(() => start([{ name: 'Tidy' as 'RemoveDuplicates' }])).toThrow('there is no strategy Tidy')
  })
})
