import { describe, expect, test } from 'vitest'
import { formatTime, type Pod } from '../../../../src/engine/api/index.ts'
import {
  replicasByUtilization,
  replicasByValue,
  type Question,
} from '../../../../src/engine/controllers/horizontalPodAutoscaler/calculator.ts'
import type { Measured } from '../../../../src/engine/controllers/horizontalPodAutoscaler/podGroups.ts'

const now = 1_000_000

interface Some {
  /** thousandths of a CPU it uses; none where nothing was measured */
  readonly uses?: number
  readonly requests?: string | undefined
  readonly phase?: string
  readonly isReady?: boolean
  readonly startedAgo?: number
  readonly turnedAgo?: number
  readonly windowMs?: number
  readonly isGoing?: boolean
}

function podOf(some: Some, index: number): Pod {
  const { requests = '100m', phase = 'Running', isReady = true, startedAgo = 600_000, turnedAgo = 590_000 } = some
  const resources = 'requests' in some && some.requests === undefined ? {} : { requests: { cpu: requests } }
  return {
    metadata: { name: `p${index}`, ...(some.isGoing && { deletionTimestamp: formatTime(now) }) },
    spec: { containers: [{ name: 'app', resources }] },
    status: {
      phase,
      startTime: formatTime(now - startedAgo),
      conditions: [
        { type: 'Ready', status: isReady ? 'True' : 'False', lastTransitionTime: formatTime(now - turnedAgo) },
      ],
    },
  } as unknown as Pod
}

function questionOf(some: readonly Some[], more: Partial<Question> = {}): Question {
  const usage = new Map<string, Measured>()
  some.forEach(({ uses, windowMs = 15_000 }, index) => {
    if (uses !== undefined) usage.set(`p${index}`, { milli: uses, at: now, windowMs })
  })
  return {
    pods: some.map(podOf),
    usage,
    resource: 'cpu',
    container: undefined,
    currentReplicas: some.length,
    tolerances: { up: 0.1, down: 0.1 },
    now,
    ...more,
  }
}

const times = (count: number, some: Some): readonly Some[] => Array.from({ length: count }, () => some)
const fresh: Some = { uses: 250, startedAgo: 20_000, turnedAgo: 5000 }

describe('by utilization', () => {
  test.each<[string, readonly Some[], number, number]>([
    ['grows with the usage', times(2, { uses: 100 }), 50, 4],
    ['rounds up', times(3, { uses: 60 }), 50, 4],
    ['shrinks with it', times(4, { uses: 20 }), 50, 2],
    ['leaves alone what is off by no more than a tenth', times(5, { uses: 55 }), 50, 5],
    ['and changes what is off by more', times(5, { uses: 56 }), 50, 6],
    ['counts a pod that is unknown as idle on the way up', [{ uses: 250 }, {}], 50, 5],
    ['and as using what it requests on the way down', [...times(3, { uses: 10 }), {}], 50, 3],
    ['or the target, where that is more', [{ uses: 10 }, {}], 200, 2],
    ['never turns round by what is unknown', [{ uses: 60 }, {}], 50, 2],
    ['counts pods that have just become ready as idle', [{ uses: 250 }, ...times(3, fresh)], 50, 5],
    ['but not on the way down', [{ uses: 10 }, { ...fresh, uses: 200 }], 50, 1],
    ['leaves out pods that go, or failed', [{ uses: 100 }, { uses: 900, isGoing: true }, { phase: 'Failed' }], 50, 2],
    ['counts pending pods as idle on the way up', [{ uses: 250 }, { phase: 'Pending' }], 50, 5],
  ])('%s', (_, some, target, replicas) => {
    expect(replicasByUtilization(questionOf(some), target)).toMatchObject({ replicas })
  })

  test.each<[string, Some, boolean]>([
    ['within five minutes, not ready', { isReady: false, startedAgo: 60_000, turnedAgo: 10_000 }, false],
    ['within five minutes, ready for a window', { startedAgo: 60_000, turnedAgo: 15_000 }, true],
    ['within five minutes, ready for less', { startedAgo: 60_000, turnedAgo: 14_000 }, false],
    ['later, never ready', { isReady: false, startedAgo: 400_000, turnedAgo: 380_000 }, false],
    ['later, no longer ready', { isReady: false, startedAgo: 400_000, turnedAgo: 10_000 }, true],
  ])('a pod counts or not: %s', (_, some, counts) => {
    const answer = replicasByUtilization(questionOf([{ ...some, uses: 50 }]), 50)
    if (counts) expect(answer).toMatchObject({ utilization: 50 })
    else expect(answer).toBe('did not receive metrics for targeted pods (pods might be unready)')
  })

  test.each<[string, readonly Some[], string]>([
    ['no pods', [], 'no pods returned by selector while calculating replica count'],
    ['no request', [{ uses: 10, requests: undefined }], 'missing request for cpu in container app of Pod p0'],
    ['requests of nothing', [{ uses: 10, requests: '0' }], 'no metrics returned matched known pods'],
  ])('it cannot be told: %s', (_, some, why) => {
    expect(replicasByUtilization(questionOf(some), 50)).toBe(why)
  })

  test('a tolerance of its own', () => {
    const some = times(5, { uses: 60 })
    expect(replicasByUtilization(questionOf(some, { tolerances: { up: 0.2, down: 0 } }), 50)).toMatchObject({
      replicas: 5,
    })
    expect(replicasByUtilization(questionOf(some, { tolerances: { up: 0.1, down: 0 } }), 61)).toMatchObject({
      replicas: 5,
    })
    expect(
      replicasByUtilization(questionOf(times(9, { uses: 50 }), { tolerances: { up: 0, down: 0 } }), 60),
    ).toMatchObject({
      replicas: 8,
      utilization: 50,
      averageMilli: 50,
    })
  })
})

describe('by value', () => {
  test.each<[string, readonly Some[], number, number]>([
    ['grows with the mean', times(2, { uses: 100 }), 50, 4],
    ['asks for no requests', times(2, { uses: 25, requests: undefined }), 50, 1],
    ['counts what is unknown as at the target on the way down', [{ uses: 10 }, {}, {}], 50, 3],
  ])('%s', (_, some, target, replicas) => {
    expect(replicasByValue(questionOf(some), target)).toMatchObject({ replicas })
  })
})
