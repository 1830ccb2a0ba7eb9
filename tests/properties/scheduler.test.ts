import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Node, Pod } from '../../src/engine/api/index.ts'
import { createCore, createCoreState } from '../../src/engine/scheduler/core.ts'
import { decide } from '../../src/engine/scheduler/index.ts'
import { podInfoOf } from '../../src/engine/scheduler/podInfo.ts'
import { frameworkOf } from '../../src/engine/scheduler/responsibility.ts'
import { objectsOf } from '../../src/engine/scheduler/snapshot.ts'
import { whatIf } from '../../src/engine/scheduler/why/whatIf.ts'
import { rejectionOf } from '../engine/scheduler/byTheBook.ts'
import { cluster, node, pod, zone } from '../engine/scheduler/fixtures.ts'

const runs = { numRuns: 60 }

const nodeInputs = fc.record({
  cpu: fc.constantFrom('1', '2', '4'),
  pods: fc.constantFrom('2', '110'),
  zone: fc.constantFrom('a', 'b', 'c', ''),
  isTainted: fc.boolean(),
  isUnschedulable: fc.constantFrom(false, false, true),
})
const podInputs = fc.record({
  app: fc.constantFrom('web', 'db'),
  cpu: fc.constantFrom(undefined, '250m', '1'),
  memory: fc.constantFrom(undefined, '1Gi', '4Gi'),
  isTolerant: fc.boolean(),
  isSpread: fc.boolean(),
  isShy: fc.boolean(),
})
type NodeInput = typeof nodeInputs extends fc.Arbitrary<infer Value> ? Value : never
type PodInput = typeof podInputs extends fc.Arbitrary<infer Value> ? Value : never

function nodeOf(name: string, { cpu, pods, zone: place, isTainted, isUnschedulable }: NodeInput): Node {
  const taints = isTainted ? [{ key: 'gpu', effect: 'NoSchedule' }] : []
  return node(name, { cpu, pods, taints, isUnschedulable, ...(place !== '' && { labels: zone(place) }) })
}

function podOf(name: string, { app, cpu, memory, isTolerant, isSpread, isShy }: PodInput): Pod {
  const labelSelector = { matchLabels: { app } }
  const topologyKey = 'topology.kubernetes.io/zone'
  const spread = { maxSkew: 1, topologyKey, whenUnsatisfiable: 'DoNotSchedule', labelSelector }
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector }
  return pod(name, {
    ...(cpu && { cpu }),
    ...(memory && { memory }),
    labels: { app },
    spec: {
      ...(isTolerant && { tolerations: [{ key: 'gpu', operator: 'Exists' }] }),
      ...(isSpread && { topologySpreadConstraints: [spread] }),
      ...(isShy && { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } }),
    },
  })
}

const placed = ({ spec, ...rest }: Pod, nodeName: string): Pod => ({ ...rest, spec: { ...spec, nodeName } })

describe('whatever the cluster', () => {
  test('no pod is bound where a filter fails, and none waits that would fit', () => {
    fc.assert(
      fc.property(
        fc.array(nodeInputs, { minLength: 1, maxLength: 6 }),
        fc.array(podInputs, { maxLength: 20 }),
        (nodeList, podList) => {
          const nodes = nodeList.map((input, index) => nodeOf(`n${index}`, input))
          const core = createCore(createCoreState(), { now: () => 0, random: () => 0, objects: objectsOf({}) })
          for (const one of nodes) core.cache.setNode(one)
          const bound: Pod[] = []
          podList.forEach((input, index) => core.queue.add(podInfoOf(podOf(`p${index}`, input)), 0))
          for (let tried = core.scheduleNext(); tried !== undefined; tried = core.scheduleNext()) {
            const { attempt, queued } = tried
            const { pod: waiting } = queued.info
            const book = { nodes, pods: bound }
            const open = nodes.filter((one) => rejectionOf(waiting, one, book) === '')
            if (attempt.node === undefined) expect(open).toEqual([])
            else {
              expect(open.map(({ metadata }) => metadata.name)).toContain(attempt.node.name)
              bound.push(placed(waiting, attempt.node.name))
              core.queue.remove(queued.info.uid)
              core.cache.addPod(podInfoOf(placed(waiting, attempt.node.name), queued.info), attempt.node.name)
            }
          }
        },
      ),
      runs,
    )
  })

  test('names of nodes decide nothing but ties', () => {
    fc.assert(
      fc.property(
        fc.array(nodeInputs, { minLength: 1, maxLength: 6 }),
        podInputs,
        fc.infiniteStream(fc.nat()),
        (nodeList, input, keys) => {
          const order = nodeList
            .map((_, index) => ({ index, key: keys.next().value as number }))
            .sort((a, b) => a.key - b.key)
          const nameOf = (index: number): string => `n${order.findIndex((one) => one.index === index)}`
          const one = decide(podOf('p', input), cluster(nodeList.map((given, index) => nodeOf(`n${index}`, given))))
          const other = decide(podOf('p', input), cluster(nodeList.map((given, index) => nodeOf(nameOf(index), given))))
          expect(other.candidates.length).toBe(one.candidates.length)
          if ('message' in one.result) expect(other.result).toEqual(one.result)
          nodeList.forEach((_, index) => expect(other.nodes[nameOf(index)]).toEqual(one.nodes[`n${index}`]))
        },
      ),
      runs,
    )
  })

  test('remedies are for pods that fit nowhere, and leave the cluster as it was', () => {
    fc.assert(
      fc.property(
        fc.array(nodeInputs, { maxLength: 5 }),
        fc.array(podInputs, { maxLength: 8 }),
        podInputs,
        (nodeList, podList, input) => {
          const state = createCoreState()
          const core = createCore(state, { now: () => 0, random: () => 0, objects: objectsOf({}) })
          nodeList.forEach((given, index) => core.cache.setNode(nodeOf(`n${index}`, given)))
          podList.forEach((given, index) => core.queue.add(podInfoOf(podOf(`p${index}`, given)), 0))
          while (core.scheduleNext() !== undefined);
          const wanted = podOf('wanted', input)
          const before = JSON.stringify([...state.cache.places], undefined, 0)
          const remedies = whatIf(
            wanted,
            {
              cache: state.cache,
              framework: frameworkOf(wanted)!,
              nominated: new Map(),
              objects: objectsOf({}),
              promisedVolumes: new Map(),
              start: 0,
            },
            () => undefined,
          )
          expect(JSON.stringify([...state.cache.places])).toBe(before)
          core.queue.add(podInfoOf(wanted), 0)
          const tried = core.scheduleNext()
          if (tried?.attempt.node !== undefined) expect(remedies).toEqual([])
        },
      ),
      runs,
    )
  })
})

describe('absurd input is decided in bounded time', () => {
  const labelSelector = { matchLabels: { app: 'a' } }
  const term = (index: number) => ({
    topologyKey: 'kubernetes.io/hostname',
    labelSelector: { matchLabels: { [`k${index}`]: 'v' } },
  })
  const required = 'requiredDuringSchedulingIgnoredDuringExecution'
  const preferred = 'preferredDuringSchedulingIgnoredDuringExecution'
  const thousands = Array.from({ length: 10_000 }, (_, index) => term(index))
  const nodes = Array.from({ length: 50 }, (_, index) => node(`n${index}`))

  test.each<[string, Pod, boolean]>([
    ['a million CPUs', pod('p', { cpu: '1000000' }), false],
    ['more than a number holds', pod('p', { memory: '9999999999Ei' }), false],
    ['ten thousand affinity terms', pod('p', { spec: { affinity: { podAffinity: { [required]: thousands } } } }), false],
    ['ten thousand anti-affinity terms', pod('p', { spec: { affinity: { podAntiAffinity: { [required]: thousands } } } }), true],
    ['affinity to itself', pod('p', { labels: { app: 'a' }, spec: { affinity: { podAffinity: { [required]: [{ topologyKey: 'kubernetes.io/hostname', labelSelector }] }, podAntiAffinity: { [required]: [{ topologyKey: 'kubernetes.io/hostname', labelSelector }] } } } }), true],
    ['negative weights', pod('p', { spec: { affinity: { podAffinity: { [preferred]: [{ weight: -100, podAffinityTerm: term(0) }] }, nodeAffinity: { [preferred]: [{ weight: -5, preference: { matchExpressions: [{ key: 'x', operator: 'DoesNotExist' }] } }] } } } }), true],
    ['ten thousand tolerations', pod('p', { spec: { tolerations: thousands.map((_, index) => ({ key: `k${index}`, operator: 'Exists' })) } }), true],
  ])('%s', (_, wanted, fits) => {
    const { result } = decide(wanted, cluster(nodes))
    expect('node' in result).toBe(fits)
  }) // prettier-ignore

  test('pods that need each other and neither of which can go first', () => {
    const near = (app: string) => ({
      affinity: { podAffinity: { [required]: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app } } }] } },
    }) // prettier-ignore
    const core = createCore(createCoreState(), { now: () => 0, random: () => 0, objects: objectsOf({}) })
    core.cache.setNode(node('n'))
    core.queue.add(podInfoOf(pod('a', { labels: { app: 'a' }, spec: near('b') })), 0)
    core.queue.add(podInfoOf(pod('b', { labels: { app: 'b' }, spec: near('a') })), 0)
    const tried = [core.scheduleNext(), core.scheduleNext(), core.scheduleNext()]
    expect(tried.map((one) => one?.attempt.node)).toEqual([undefined, undefined, undefined])
    expect(core.queue.hasNext()).toBe(false)
  })
})
