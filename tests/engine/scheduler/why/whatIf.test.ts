import { describe, expect, test } from 'vitest'
import type { Node, Pod } from '../../../../src/engine/api/index.ts'
import { createCache, createCacheState } from '../../../../src/engine/scheduler/cache.ts'
import { podInfoOf } from '../../../../src/engine/scheduler/podInfo.ts'
import { frameworkOf } from '../../../../src/engine/scheduler/responsibility.ts'
import { objectsOf } from '../../../../src/engine/scheduler/snapshot.ts'
import { mergePatch } from '../../../../src/engine/scheduler/why/podEdit.ts'
import { commandOf, type Remedy } from '../../../../src/engine/scheduler/why/remedy.ts'
import { whatIf } from '../../../../src/engine/scheduler/why/whatIf.ts'
import { node, pod, zone } from '../fixtures.ts'

function ask(wanted: Pod, nodes: readonly Node[], pods: readonly Pod[] = []): readonly Remedy[] {
  const state = createCacheState()
  const cache = createCache(state)
  for (const one of nodes) cache.setNode(one)
  for (const one of pods) cache.addPod(podInfoOf(one), one.spec.nodeName!)
  const before = JSON.stringify([...state.nodes.keys(), ...state.places.keys()])
  const input = { cache: state, framework: frameworkOf(wanted)!, nominated: new Map(), objects: objectsOf({}) }
  const remedies = whatIf(wanted, { ...input, promisedVolumes: new Map(), start: 0 }, () => undefined)
  expect(JSON.stringify([...state.nodes.keys(), ...state.places.keys()])).toBe(before)
  return remedies
}

const tainted = { taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] }
const web = { matchLabels: { app: 'web' } }
const labels = { app: 'web' }
const hostPort = { containers: [{ name: 'app', image: 'a', ports: [{ containerPort: 80, hostPort: 80 }] }] }
const spread = (action: string) => ({
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: action, labelSelector: web },
  ],
})
const shy = {
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: web }],
    },
  },
}

const cases: readonly [name: string, pod: Pod, nodes: readonly Node[], pods: readonly Pod[], wanted: string[]][] = [
  ['a pod that fits', pod('p'), [node('a')], [], []],
  ['a cordoned node', pod('p'), [node('a', { isUnschedulable: true })], [], ['uncordon a', 'addNode node-2']],
  ['a taint', pod('p'), [node('a', tainted)], [], ['removeTaint a', 'addToleration a']],
  ['a taint of the cluster itself', pod('p'), [node('a', { taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }] })], [], ['addNode node-2']],
  ['a selector', pod('p', { spec: { nodeSelector: { disk: 'ssd' } } }), [node('a')], [], ['labelNode a', 'relaxSelector a']],
  ['no room', pod('p', { cpu: '2' }), [node('a')], [pod('x', { cpu: '3', node: 'a' })], ['requestLess a', 'deletePods a', 'raisePriority a', 'addNode node-2']],
  ['more than any node has', pod('p', { cpu: '6' }), [node('a')], [], ['requestLess a', 'addNode node-2']],
  ['a full node', pod('p'), [node('a', { pods: '1' })], [pod('x', { node: 'a' })], ['deletePods a', 'raisePriority a', 'addNode node-2']],
  ['a taken port', pod('p', { spec: hostPort }), [node('a')], [pod('x', { node: 'a', spec: hostPort })], ['dropHostPort a', 'deletePods a', 'raisePriority a', 'addNode node-2']],
  ['too much skew', pod('p', { labels, spec: spread('DoNotSchedule') }), [node('a', { labels: zone('1') }), node('b', { labels: zone('2'), isUnschedulable: true })], [pod('x', { node: 'a', labels })], ['uncordon b', 'relaxSpread a', 'relaxSpread a', 'raisePriority a', 'addNode node-3']],
  ['a neighbour', pod('p', { labels, spec: shy }), [node('a')], [pod('x', { node: 'a', labels })], ['relaxAffinity a', 'deletePods a', 'raisePriority a', 'addNode node-2']],
  ['a gate', pod('p', { spec: { schedulingGates: [{ name: 'g' }] } }), [node('a')], [], ['removeGate a']],
  ['no nodes', pod('p', { cpu: '8' }), [], [], ['addNode node-1']],
  ['two obstacles at once', pod('p', { cpu: '6' }), [node('a', tainted)], [], []],
] // prettier-ignore

describe('the smallest changes that would place a pod', () => {
  test.each(cases)('%s', (_name, wanted, nodes, pods, kinds) => {
    expect(ask(wanted, nodes, pods).map(({ kind, node: place }) => `${kind} ${place}`)).toEqual(kinds)
  })

  test('come smallest first, each with the commands that make it', () => {
    const remedies = ask(pod('p', { cpu: '2' }), [node('a')], [pod('x', { cpu: '3', node: 'a' })])
    expect(remedies.map(({ size }) => size)).toEqual([...remedies.map(({ size }) => size)].sort((a, b) => a - b))
    expect(remedies[1]!.sentence).toBe('Free 1 CPU on a: delete default/x (3 CPU).')
    expect(commandOf(remedies[1]!.apply[0]!)).toBe('kubectl delete pod x -n default')
  })

  test('allows no more skew than is needed', () => {
    const nodes = [node('a', { labels: zone('1') }), node('b', { labels: zone('2'), isUnschedulable: true })]
    const pods = Array.from({ length: 4 }, (_, index) => pod(`x${index}`, { node: 'a', labels }))
    const [, relaxed] = ask(pod('p', { labels, spec: spread('DoNotSchedule') }), nodes, pods)
    expect(relaxed!.sentence).toContain('Allow a skew of 5 over')
  })
})

test('a merge patch says what went, what came, and nothing else', () => {
  const before = { a: 1, gone: 2, deep: { x: [1], y: 1 } }
  expect(mergePatch(before, { a: 1, deep: { x: [1, 2], y: 1 }, fresh: 3 })).toEqual({
    gone: null,
    deep: { x: [1, 2] },
    fresh: 3,
  })
  expect(mergePatch(before, before)).toBe(undefined)
})
