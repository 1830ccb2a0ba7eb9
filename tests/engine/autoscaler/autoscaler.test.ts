import { describe, expect, test } from 'vitest'
import {
  createCluster,
  restore,
  type AutoscalerOptions,
  type Cluster,
  type Event,
  type Node,
  type Pod,
} from '../../../src/engine/index.ts'

const small = { name: 'small', min: 0, max: 3, template: { cpu: '2', memory: '4Gi' }, costPerHour: 0.1 }
const large = { name: 'large', min: 0, max: 2, template: { cpu: '8', memory: '16Gi' }, costPerHour: 1 }
const fast = { scaleDownUnneededMs: 60_000, scaleDownDelayAfterAddMs: 30_000 }

function start(options: Partial<AutoscalerOptions> = {}): Cluster {
  const autoscaler = { groups: [small, large], ...fast, ...options }
  const cluster = createCluster({ nodes: [{ name: 'base', cpu: 1 }], addOns: false, autoscaler })
  cluster.control.advanceTo(2_000)
  return cluster
}

function deploy({ api }: Cluster, replicas: number, cpu: string, spec: object = {}, template: object = {}): void {
  const containers = [{ name: 'c', image: 'nginx', resources: { requests: { cpu } } }]
  const labels = { app: 'web' }
  api.create(
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels, ...template }, spec: { containers, ...spec } },
      },
    },
    { namespace: 'default' },
  )
}

const scale = ({ api }: Cluster, replicas: number): void =>
  void api.patch('Deployment', 'web', { spec: { replicas } }, { namespace: 'default', type: 'merge' })
const nodesOf = ({ api }: Cluster): string[] =>
  (api.list('Node') as readonly Node[]).map(({ metadata }) => metadata.name)
const podsOf = ({ api }: Cluster): readonly Pod[] => api.list('Pod', { namespace: 'default' }) as readonly Pod[]
const said = ({ api }: Cluster, reason: string, namespace = 'default'): string[] =>
  (api.list('Event', { namespace }) as readonly Event[]).flatMap((event) =>
    event.reason === reason ? [event.message ?? ''] : [],
  )

describe('the cluster autoscaler', () => {
  test('orders as many machines as the waiting pods fill', () => {
    const cluster = start({ expander: 'least-waste' })
    deploy(cluster, 5, '900m')
    cluster.control.advanceTo(120_000)
    expect(podsOf(cluster).every(({ spec }) => spec.nodeName)).toBe(true)
    expect(nodesOf(cluster)).toEqual(['base', 'small-1', 'small-2'])
    expect(said(cluster, 'TriggeredScaleUp')[0]).toBe('pod triggered scale-up: [{small 0->2 (max: 3)}]')
    expect(said(cluster, 'ScaledUpGroup', 'kube-system')).toContain(
      'Scale-up: group small size set to 2 instead of 0 (max: 3)',
    )
    const { perHour, spent } = cluster.cost()
    expect(perHour).toBeCloseTo(0.2)
    expect(spent).toBeGreaterThan(0)
  })

  test.each<[NonNullable<AutoscalerOptions['expander']>, string]>([
    ['least-nodes', 'large'],
    ['price', 'small'],
    ['most-pods', 'large'],
  ])('%s chooses %s', (expander, group) => {
    const groups = [{ ...small, max: expander === 'most-pods' ? 1 : 3 }, large]
    const cluster = start({ expander, groups })
    deploy(cluster, 5, '900m')
    cluster.control.advanceTo(20_000)
    expect(said(cluster, 'TriggeredScaleUp')[0]).toContain(`{${group} 0->`)
  })

  test('says why no group helps', () => {
    const cluster = start({ groups: [small, { ...large, max: 0 }] })
    deploy(cluster, 1, '4')
    cluster.control.advanceTo(20_000)
    expect(said(cluster, 'NotTriggerScaleUp')).toEqual([
      "pod didn't trigger scale-up: 1 Insufficient cpu, 1 max node group size reached",
    ])
    expect(nodesOf(cluster)).toEqual(['base'])
  })

  test('drains and removes what nobody needs, down to the least size', () => {
    const cluster = start({ groups: [{ ...small, min: 1, initial: 1 }] })
    deploy(cluster, 4, '900m')
    cluster.control.advanceTo(60_000)
    expect(nodesOf(cluster)).toEqual(['base', 'small-1', 'small-2'])
    scale(cluster, 1)
    cluster.control.advanceTo(400_000)
    expect(nodesOf(cluster)).toHaveLength(2)
    expect(podsOf(cluster).every(({ spec }) => spec.nodeName)).toBe(true)
    expect(cluster.cost().perHour).toBeCloseTo(0.1)
  })

  test.each<[string, object, object]>([
    [
      'a pod that must not be evicted',
      {},
      { annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' } },
    ],
    ['local storage', { volumes: [{ name: 'v', emptyDir: {} }] }, {}],
  ])('%s keeps its node', (_, spec, template) => {
    const cluster = start({ groups: [small] })
    deploy(cluster, 2, '900m', spec, template)
    cluster.control.advanceTo(60_000)
    const count = nodesOf(cluster).length
    cluster.control.advanceTo(400_000)
    expect(nodesOf(cluster)).toHaveLength(count)
  })

  test('goes on after a restore as it would have', () => {
    const cluster = start()
    deploy(cluster, 5, '900m')
    cluster.control.advanceTo(20_000)
    const other = restore(cluster.control.save())
    for (const one of [cluster, other]) one.control.advanceTo(150_000)
    expect([...other.trace.since(0)]).toEqual([...cluster.trace.since(0)])
  })

  test('does nothing while it is stopped', () => {
    const cluster = start()
    cluster.control.fault({ kind: 'component', name: 'cluster-autoscaler', on: false })
    deploy(cluster, 5, '900m')
    cluster.control.advanceTo(60_000)
    expect(nodesOf(cluster)).toEqual(['base'])
  })
})
