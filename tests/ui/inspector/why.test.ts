import { describe, expect, test } from 'vitest'
import type { NodeRow, PodRow, WhyView } from '../../../src/ui/protocol.ts'
import { actionsOf } from '../../../src/ui/views/inspector/actions.ts'
import { filterTable, messageParts, pluginWords, scoreTable, shortages } from '../../../src/ui/views/inspector/why.ts'
import { yamlLines } from '../../../src/ui/views/inspector/yamlParts.ts'

const pending: WhyView = {
  sentence: '',
  message: '',
  node: '',
  rows: [
    { node: 'a', filters: [{ plugin: 'TaintToleration', message: 'untolerated taint' }], scores: [] },
    { node: 'b', filters: [{ plugin: 'NodeResourcesFit', message: 'Insufficient cpu' }], scores: [] },
    { node: 'c', filters: [{ plugin: 'MyPlugin', message: 'no' }], scores: [] },
  ],
}

test('a node stops at its first rejection; unknown filters get a column', () => {
  const { columns, rows } = filterTable(pending)
  expect(columns.map(({ plugin }) => plugin)).toContain('MyPlugin')
  const said = (index: number) => rows[index]?.verdicts.map((verdict) => verdict[0]).join('')
  expect(said(0)).toBe('prsssssss')
  expect(said(1)).toBe('pppprssss')
  expect(rows[1]?.reason).toBe('Insufficient cpu')
  expect(rows.every(({ isFeasible }) => !isFeasible)).toBe(true)
})

test('scores: the best first, plugins that decide nothing hidden', () => {
  const scores = (least: number) => [
    { plugin: 'NodeResourcesFit', score: least },
    { plugin: 'TaintToleration', score: 300 },
  ]
  const rows = [
    { node: 'a', filters: [], scores: scores(20), total: 320 },
    { node: 'b', filters: [], scores: scores(60), total: 360 },
  ]
  const table = scoreTable({ ...pending, node: 'b', rows })
  expect(table?.columns).toEqual(['NodeResourcesFit'])
  expect(table?.hidden).toBe(1)
  expect(table?.rows.map(({ node, isPicked }) => [node, isPicked])).toEqual([
    ['b', true],
    ['a', false],
  ])
  expect(scoreTable({ ...pending, rows: rows.slice(1) })).toBeUndefined()
})

test('says plugins in words', () => {
  expect(pluginWords('NodeResourcesBalancedAllocation')).toBe('Balanced allocation')
  expect(pluginWords('InterPodAffinity')).toBe('Inter pod affinity')
})

test('tells the reasons of a message from the rest', () => {
  const text = "0/3 nodes are available: 1 node(s) didn't match, 2 Insufficient cpu. preemption: none."
  const parts = messageParts(text)
  expect(parts.filter(({ isReason }) => isReason).map((part) => part.text)).toEqual([
    "1 node(s) didn't match",
    '2 Insufficient cpu',
  ])
  expect(parts.map((part) => part.text).join('')).toBe(text)
  expect(messageParts('other')).toEqual([{ text: 'other', isReason: false }])
})

test('finds the smallest shortage, only where room is all that lacks', () => {
  const node = (name: string, requested: number) =>
    ({
      name,
      cpu: { capacity: 2000, allocatable: 2000, requested, used: 0 },
      memory: { capacity: 4, allocatable: 4, requested: 0, used: 0 },
    }) as unknown as NodeRow
  const pod = { cpuMilli: 1000, memoryBytes: 1 } as PodRow
  const fit = (name: string) => ({
    node: name,
    filters: [{ plugin: 'NodeResourcesFit', message: 'Insufficient cpu' }],
    scores: [],
  })
  const why = { ...pending, rows: [fit('b'), fit('d'), pending.rows[0] as (typeof pending.rows)[0]] }
  const found = shortages(why, pod, [node('a', 2000), node('b', 1500), node('d', 1200)])
  expect(found.map((one) => [one.node, one.cpuShort])).toEqual([
    ['d', 200],
    ['b', 500],
  ])
})

describe('actions', () => {
  const commands = (...given: Parameters<typeof actionsOf>) => actionsOf(...given).map(({ command }) => command)
  test('of a pod', () => {
    expect(commands({ kind: 'Pod', namespace: 'shop', name: 'web' })).toEqual([
      'kubectl logs web -n shop',
      'kubectl logs -f web -n shop',
      'kubectl describe pod web -n shop',
      'kubectl delete pod web -n shop',
    ])
  })
  test('of a node', () => {
    expect(commands({ kind: 'Node', namespace: '', name: 'n' })[0]).toBe('kubectl cordon n')
    expect(commands({ kind: 'Node', namespace: '', name: 'n' }, { isCordoned: true })[0]).toBe('kubectl uncordon n')
  })
  test('of a deployment', () => {
    const all = commands({ kind: 'Deployment', namespace: 'default', name: 'web' }, { replicas: 2 })
    expect(all).toContain('kubectl scale deployment/web --replicas=3')
    expect(all).toContain('kubectl rollout undo deployment/web')
  })
  test('what takes something away asks first', () => {
    const grave = actionsOf({ kind: 'ConfigMap', namespace: 'default', name: 'a' }).filter(({ isGrave }) => isGrave)
    expect(grave.map(({ id }) => id)).toEqual(['delete'])
  })
})

test('yaml in pieces loses nothing', () => {
  const text = 'apiVersion: v1\nitems:\n- name: "a: b"\n  n: 3\n- x\ntext: |\n  key: not one\n  # nor this\nlast: {}\n'
  const lines = yamlLines(text)
  expect(lines.map((parts) => parts.map((part) => part.text).join('')).join('\n') + '\n').toBe(text)
  expect(lines[6]?.map(({ kind }) => kind)).toEqual(['v'])
  expect(lines[3]?.map(({ kind }) => kind)).toEqual(['d', 'k', 'd', 'p', 'n'])
})
