import { describe, expect, test } from 'vitest'
import type { Pod } from '../../../../src/engine/api/index.ts'
import {
  asAllocated,
  asksForOther,
  cgroupFor,
  changeOf,
  summaryOf,
  unresized,
} from '../../../../src/engine/node/kubelet/resize.ts'

const podWith = (cpu: string, memory: string, resizePolicy?: object[]): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', generation: 2 },
    spec: {
      containers: [{ name: 'main', resources: { requests: { cpu, memory } }, ...(resizePolicy && { resizePolicy }) }],
    },
    status: {},
  }) as unknown as Pod

const onMemory = [{ resourceName: 'memory', restartPolicy: 'RestartContainer' }]

describe('a resize', () => {
  test('is what a new version asks for beyond the old one', () => {
    expect(asksForOther(podWith('1', '1Gi'), podWith('1', '1Gi'))).toBe(false)
    expect(asksForOther(podWith('2', '1Gi'), podWith('1', '1Gi'))).toBe(true)
  })

  test('changes nothing until it is granted', () => {
    const old = podWith('1', '1Gi')
    expect(asAllocated(podWith('2', '1Gi'), unresized(old)).spec).toEqual(old.spec)
  })

  test.each([
    [podWith('2', '1Gi', onMemory), 'update'],
    [podWith('1', '2Gi', onMemory), 'restart'],
    [podWith('1', '1Gi', onMemory), undefined],
    [podWith('1', '2Gi'), 'update'],
  ])('restarts a container only where its policy says so', (next, expected) => {
    expect(changeOf(next.spec.containers[0]!, unresized(podWith('1', '1Gi')))).toBe(expected)
  })

  test('raises the pod before its containers and lowers it after them; memory requests stay as told', () => {
    const before = { requests: { cpu: '2', memory: '1Gi' } }
    expect(cgroupFor(podWith('1', '2Gi'), before, false)).toEqual({ requests: { cpu: '2', memory: '1Gi' } })
    expect(cgroupFor(podWith('1', '2Gi'), before, true)).toEqual({ requests: { cpu: '1', memory: '1Gi' } })
  })

  test('is told with all resources of all containers', () => {
    expect(summaryOf(podWith('2', '1Gi'))).toBe(
      '{"containers":[{"name":"main","resources":{"requests":{"cpu":"2","memory":"1Gi"}}}],"generation":2}',
    )
  })
})
