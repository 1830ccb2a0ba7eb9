import { expect, test } from 'vitest'
import { costWords } from '../../../../src/ui/views/stage/cost.ts'
import { removalWords } from '../../../../src/ui/views/stage/hull.ts'
import { stoppedParts } from '../../../../src/ui/views/stage/bridge.ts'

test('a bill runs on by itself', () => {
  const groups = [{ name: 'pool', nodes: 2, perHour: 0.4 }]
  const words = costWords({ at: 0, spent: 1, perHour: 0.4, groups }, 3_600_000)
  expect(words).toEqual({ perHour: '0.40', spent: '1.40', groups: 'pool: 2 machines, 0.40 an hour' })
  expect(costWords({ at: 0, spent: 0, perHour: 0.2, groups: [] }, 60_000).spent).toBe('0.003')
})

test('a node that may go says when', () => {
  expect(removalWords(400_000, 100_000)).toContain('removes it in 5m')
  expect(removalWords(100, 100)).toContain('at its next look')
})

test('what is off of etcd is itself or its members', () => {
  const off = (name: string) => ({ id: name, label: name, fault: { kind: 'component', name, on: false } as const })
  const faults = [off('etcd-2'), off('kube-scheduler'), off('etcd')]
  expect(stoppedParts(faults, 'etcd')).toEqual(['etcd-2', 'etcd'])
  expect(stoppedParts(faults, 'kube-scheduler')).toEqual(['kube-scheduler'])
})
