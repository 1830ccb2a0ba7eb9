import { describe, expect, test } from 'vitest'
import { clusterChoices, goingOn, nodeChoices, podChoices, undoOf } from '../../../../src/ui/views/menus/faults.ts'
import { nodeRow, podRow } from '../../rows.ts'

const titles = (choices: readonly { readonly title: string }[]) => choices.map(({ title }) => title)

describe('choices', () => {
  test('of a pod name its containers only where there are several', () => {
    const container = { role: 'app', state: 'running', restarts: 0, image: '' } as const
    expect(titles(podChoices(podRow('a')))[0]).toBe('Kill its process')
    const two = [
      { ...container, name: 'app' },
      { ...container, name: 'proxy' },
    ]
    expect(titles(podChoices(podRow('a', { containers: two }))).slice(0, 2)).toEqual([
      'Kill the process of app',
      'Kill the process of proxy',
    ])
  })
  test('of a pod offer only the probes it has', () => {
    const pod = podRow('a', { probes: [{ letter: 'R', results: [] }] })
    expect(titles(podChoices(pod))).toContain('Fail its readiness probe')
    expect(titles(podChoices(pod))).not.toContain('Fail its liveness probe')
  })
  test('of a node mend what is broken', () => {
    const node = nodeRow('node-1', { isPowered: false, isCordoned: true })
    expect(titles(nodeChoices(node))).toEqual(expect.arrayContaining(['Power on', 'Uncordon', 'Cut its network']))
  })
  test('of one menu have one letter each', () => {
    const letters = nodeChoices(nodeRow('node-1')).map(({ letter }) => letter)
    expect(new Set(letters).size).toBe(letters.length)
  })
  test('of the cluster switch on what is off', () => {
    const fault = { kind: 'component', name: 'etcd', on: false } as const
    expect(titles(clusterChoices([{ id: 'a', label: '', fault }]))).toContain('etcd on')
    const load = {
      source: 'users',
      url: 'http://web',
      service: 'web',
      rps: 240,
      served: 240,
      refused: 0,
      lost: 0,
      failed: 0,
      totals: { sent: 0, failed: 0 },
      edges: [],
    }
    expect(clusterChoices([], [load]).at(-1)?.fault).toEqual({
      kind: 'load',
      name: 'users',
      url: 'http://web',
      rps: 1200,
    })
  })
})

test('what was broken can be taken back', () => {
  expect(undoOf({ kind: 'nodePower', node: 'n', on: false })).toEqual({ kind: 'nodePower', node: 'n', on: true })
  expect(undoOf({ kind: 'probe', pod: 'a/b', probe: 'liveness', ok: false })).toMatchObject({ ok: true })
  expect(undoOf({ kind: 'process', pod: 'a/b', do: 'kill' })).toBeUndefined()
})

test('users who ask stand apart from faults', () => {
  const load = {
    id: 'l',
    label: '40 requests/s',
    fault: { kind: 'load', name: 'users', url: 'http://web', rps: 40 },
  } as const
  const off = { id: 'n', label: 'node-1 cut off', fault: { kind: 'nodeNetwork', node: 'node-1', on: false } } as const
  expect(goingOn([])).toEqual([])
  expect(goingOn([load]).map(({ id, title }) => [id, title])).toEqual([['load', '40 requests/s']])
  expect(goingOn([load, off]).map(({ id, title }) => [id, title])).toEqual([
    ['load', '40 requests/s'],
    ['fault', '1 fault active'],
  ])
})
