import { expect, test } from 'vitest'
import { decide } from '../../../../src/engine/scheduler/index.ts'
import { cluster, node, pod, type PodInput } from '../fixtures.ts'

const at = (priority: number, rest: PodInput = {}): PodInput => ({ cpu: '1', ...rest, spec: { priority } })
const two = [node('a', { cpu: '1' }), node('b', { cpu: '1' })]
const important = pod('vip', at(1000))

test('evicts the least important pod', () => {
  const running = [pod('low', at(10, { node: 'a' })), pod('lower', at(5, { node: 'b' }))]
  expect(decide(important, cluster(two, running)).result).toEqual({
    message: '0/2 nodes are available: 2 Insufficient cpu.',
    nominatedNode: 'b',
    victims: ['default/lower'],
  })
})

test('prefers the victim that started last', () => {
  const old = pod('old', at(5, { node: 'a', started: '2026-09-01T07:00:00Z' }))
  const young = pod('young', at(5, { node: 'b', started: '2026-09-01T07:30:00Z' }))
  expect(decide(important, cluster(two, [old, young])).result).toMatchObject({ nominatedNode: 'b' })
})

test('spares what it can', () => {
  const running = ['1', '2', '3'].map((name) => pod(name, at(Number(name), { node: 'big' })))
  const { result } = decide(important, cluster([node('big', { cpu: '3' })], running))
  expect(result).toMatchObject({ victims: ['default/1'] })
})

test('would rather break no disruption budget', () => {
  const budget = {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web', namespace: 'default', uid: 'web', resourceVersion: '1', creationTimestamp: '' },
    spec: { selector: { matchLabels: { app: 'web' } } },
    status: { disruptionsAllowed: 0 },
  }
  const running = [pod('web', at(1, { node: 'a', labels: { app: 'web' } })), pod('other', at(50, { node: 'b' }))]
  const { result } = decide(important, cluster(two, running, { others: { PodDisruptionBudget: [budget] } }))
  expect(result).toMatchObject({ nominatedNode: 'b' })
})

test.each([
  [
    'no victims of lower priority',
    at(1000, { node: 'a' }),
    'preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
  ],
  ['still too small when empty', { ...at(1, { node: 'a' }), cpu: '200m' }, ''],
])('%s', (_name, other, ending) => {
  const { message } = decide(important, cluster([node('a', { cpu: '1' })], [pod('other', other)])).result as {
    message: string
  }
  expect(message).toBe(
    `0/1 nodes are available: 1 Insufficient cpu.${ending && ` no new claims to deallocate, ${ending}`}`,
  )
})

test('holds the room that was made for another', () => {
  const waiting = pod('waiting', at(1000, { nominated: 'a' }))
  const { nodes } = decide(pod('late', at(10)), cluster(two, [], { nominated: [waiting] }))
  expect(nodes['a']!.filters).toEqual({ NodeResourcesFit: 'Insufficient cpu' })
})

test('waits for the victims of its own nomination', () => {
  const victim = pod('victim', at(1, { node: 'a', isTerminating: true }))
  const leaving = {
    ...victim,
    status: { conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }] },
  }
  const { message } = decide(pod('vip', at(1000, { nominated: 'a' })), cluster([two[0]!], [leaving])).result as {
    message: string
  }
  expect(message).toContain('preemption: not eligible due to a terminating pod on the nominated node.')
})
