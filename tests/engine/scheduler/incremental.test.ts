import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Node, Pod } from '../../../src/engine/api/index.ts'
import { createCache, createCacheState, type Cache } from '../../../src/engine/scheduler/cache.ts'
import { runCycle } from '../../../src/engine/scheduler/cycle.ts'
import { noteOf, recordOf, type DecisionRecord } from '../../../src/engine/scheduler/decision.ts'
import { decide } from '../../../src/engine/scheduler/index.ts'
import { podInfoOf } from '../../../src/engine/scheduler/podInfo.ts'
import { createFramework, defaultProfile } from '../../../src/engine/scheduler/profile.ts'
import { objectsOf, snapshotFrom } from '../../../src/engine/scheduler/snapshot.ts'
import { copyState } from '../../../src/engine/sim/index.ts'
import { leastAllocated, rejectionOf } from './byTheBook.ts'
import { cluster, node, pod, zone } from './fixtures.ts'

const framework = createFramework(defaultProfile)

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
  isTerminating: fc.constantFrom(false, false, true),
})

type Input<T> = T extends fc.Arbitrary<infer Value> ? Value : never

function nodeOf(index: number, { cpu, pods, zone: name, isTainted, isUnschedulable }: Input<typeof nodeInputs>): Node {
  const taints = isTainted ? [{ key: 'gpu', effect: 'NoSchedule' }] : []
  return node(`n${index}`, { cpu, pods, taints, isUnschedulable, ...(name !== '' && { labels: zone(name) }) })
}

function podOf(name: string, input: Input<typeof podInputs>, at?: string): Pod {
  const labelSelector = { matchLabels: { app: input.app } }
  const spread = {
    maxSkew: 1,
    topologyKey: 'topology.kubernetes.io/zone',
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector,
  }
  const shy = {
    requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname', labelSelector }],
  }
  return pod(name, {
    ...(input.cpu && { cpu: input.cpu }),
    ...(input.memory && { memory: input.memory }),
    ...(at !== undefined && { node: at, isTerminating: input.isTerminating }),
    labels: { app: input.app },
    spec: {
      ...(input.isTolerant && { tolerations: [{ key: 'gpu', operator: 'Exists' }] }),
      ...(input.isSpread && { topologySpreadConstraints: [spread] }),
      ...(input.isShy && { affinity: { podAntiAffinity: shy } }),
    },
  })
}

const clusters = fc.record({
  nodes: fc.array(nodeInputs, { minLength: 1, maxLength: 6 }),
  running: fc.array(fc.tuple(podInputs, fc.nat(5)), { maxLength: 12 }),
  incoming: podInputs,
})

test('filters and scores every node by the book', () => {
  fc.assert(
    fc.property(clusters, ({ nodes: inputs, running, incoming }) => {
      const nodes = inputs.map((input, index) => nodeOf(index, input))
      const pods = running.map(([input, at], index) => podOf(`p${index}`, input, `n${at % nodes.length}`))
      const waiting = podOf('new', incoming)
      const record = decide(waiting, cluster(nodes, pods))
      for (const one of nodes) {
        const { filters, scores } = record.nodes[one.metadata.name]!
        const rejection = rejectionOf(waiting, one, { nodes, pods })
        expect(Object.keys(filters)).toEqual(rejection === '' ? [] : [rejection])
        if (scores['NodeResourcesFit'] !== undefined)
          expect(scores['NodeResourcesFit']).toBe(leastAllocated(waiting, one, { nodes, pods }))
      }
    }),
    { numRuns: 150 },
  )
})

const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('pod' as const), name: fc.nat(9), pod: podInputs, at: fc.nat(5) }),
    fc.record({ do: fc.constant('unpod' as const), name: fc.nat(9) }),
    fc.record({ do: fc.constant('node' as const), name: fc.nat(5), node: nodeInputs }),
    fc.record({ do: fc.constant('unnode' as const), name: fc.nat(5) }),
    fc.record({ do: fc.constant('ask' as const), pod: podInputs }),
    fc.record({ do: fc.constant('copy' as const) }),
  ),
  { maxLength: 30 },
)

test('a picture kept by difference decides as one drawn anew', () => {
  fc.assert(
    fc.property(steps, podInputs, (list, last) => {
      let state = createCacheState()
      let cache = createCache(state)
      const nodes = new Map<string, Node>()
      const pods = new Map<string, Pod>()
      for (const step of [...list, { do: 'ask' as const, pod: last }]) {
        ask(cache, last) // what is remembered of the answers must not outlive the next change
        if (step.do === 'pod') {
          const bound = podOf(`p${step.name}`, step.pod, `n${step.at}`)
          pods.set(bound.metadata.uid, bound)
          cache.addPod(podInfoOf(bound, cache.find(bound.metadata.uid)), `n${step.at}`)
        } else if (step.do === 'unpod') {
          pods.delete(`default/p${step.name}`)
          cache.removePod(`default/p${step.name}`)
        } else if (step.do === 'node') {
          nodes.set(`n${step.name}`, nodeOf(step.name, step.node))
          cache.setNode(nodes.get(`n${step.name}`)!)
        } else if (step.do === 'unnode') {
          nodes.delete(`n${step.name}`)
          cache.removeNode(`n${step.name}`)
        } else if (step.do === 'copy') {
          state = copyState(state)
          cache = createCache(state)
        } else
          expect(verdicts(ask(cache, step.pod))).toEqual(
            verdicts(decide(podOf('new', step.pod), cluster([...nodes.values()], [...pods.values()]))),
          )
      }
    }),
    { numRuns: 200 },
  )
})

function ask(cache: Cache, input: Input<typeof podInputs>): DecisionRecord {
  const snapshot = snapshotFrom(cache, new Map(), objectsOf({}), new Map())
  const attempt = runCycle({ framework, pod: podInfoOf(podOf('new', input)), snapshot, random: () => 0, start: 0 })
  return recordOf(noteOf(attempt, { at: 0 }))
}

/** What does not depend on the order in which nodes came. */
function verdicts({ nodes, candidates, codes }: DecisionRecord): object {
  return { nodes, codes, candidates: [...candidates].sort() }
}
