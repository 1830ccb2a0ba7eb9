import { describe, expect, test } from 'vitest'
import type { WhyView } from '../../../src/ui/protocol.ts'
import { actionsOf } from '../../../src/ui/views/inspector/actions.ts'
import {
  filterTable,
  madeOf,
  messageParts,
  pluginWords,
  scoreTable,
  tieWords,
} from '../../../src/ui/views/inspector/why.ts'
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

describe('how scores came about', () => {
  test.each([
    ['normalised and weighted', { plugin: 'A', score: 200, raw: 2, normalized: 100, weight: 2 }, 'raw 2 → 100 × 2'],
    ['counted as it is', { plugin: 'A', score: 97, raw: 97, normalized: 97, weight: 1 }, '97'],
    ['below one', { plugin: 'A', score: 50, raw: 0.25, normalized: 50, weight: 1 }, 'raw 0.25 → 50'],
    ['not told', { plugin: 'A', score: 50 }, ''],
  ])('%s', (_, score, words) => expect(madeOf(score)).toBe(words))

  test('a tie names the equals, and that no lot is drawn', () => {
    const why = { sentence: '', message: '', node: 'b', rows: [], tied: ['a', 'b'] }
    expect(tieWords(why)).toBeUndefined()
    const draw = '2 nodes share the highest total; b comes first in the heap'
    expect(tieWords({ ...why, draw })).toBe(
      'A tie: a and b have the same total. No lot is drawn: b comes first in the heap.',
    )
  })

  test('the whole table has the plugins that scored all alike, too', () => {
    const scores = (own: number) => [
      { plugin: 'Own', score: own },
      { plugin: 'Same', score: 5 },
    ]
    const row = (node: string, own: number) => ({ node, filters: [], scores: scores(own), total: own + 5 })
    const why = { sentence: '', message: '', node: 'a', rows: [row('a', 3), row('b', 1)] }
    expect(scoreTable(why)?.columns).toEqual(['Own'])
    expect(scoreTable(why, true)?.columns).toEqual(['Own', 'Same'])
  })
})
