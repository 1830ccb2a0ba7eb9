import { describe, expect, test } from 'vitest'
import { settingsOf } from '../../../../src/engine/scheduler/configuration/settings.ts'
import type {
  ProfileConfiguration,
  SchedulerConfiguration,
} from '../../../../src/engine/scheduler/configuration/types.ts'
import { runCycle } from '../../../../src/engine/scheduler/cycle.ts'
import { noteOf, recordOf, type DecisionRecord } from '../../../../src/engine/scheduler/decision.ts'
import { podInfoOf } from '../../../../src/engine/scheduler/podInfo.ts'
import { createFramework } from '../../../../src/engine/scheduler/profile.ts'
import { cluster, node, pod } from '../fixtures.ts'

const nodes = [node('small', { cpu: '2' }), node('large', { cpu: '8', labels: { disk: 'ssd' } })]

function decideWith(profile: ProfileConfiguration, given = pod('p', { cpu: '1', memory: '1Gi' })): DecisionRecord {
  const framework = createFramework(settingsOf({ profiles: [profile] }).profiles[0]!)
  const attempt = runCycle({ framework, pod: podInfoOf(given), snapshot: cluster(nodes), random: () => 0, start: 0 })
  return recordOf(noteOf(attempt, { at: 0 }))
}

const fit = (scoringStrategy: object): ProfileConfiguration => ({
  pluginConfig: [{ name: 'NodeResourcesFit', args: { scoringStrategy } as never }],
})
const shape = [
  { utilization: 0, score: 0 },
  { utilization: 100, score: 10 },
]
const both = [
  { name: 'cpu', weight: 1 },
  { name: 'memory', weight: 1 },
]

describe('profiles', () => {
  test.each<[string, ProfileConfiguration, number, number]>([
    ['LeastAllocated', fit({ type: 'LeastAllocated', resources: both }), 68, 87],
    ['MostAllocated', fit({ type: 'MostAllocated', resources: both }), 31, 12],
    ['MostAllocated by cpu alone', fit({ type: 'MostAllocated', resources: [{ name: 'cpu', weight: 5 }] }), 50, 12],
    [
      'a ratio',
      fit({ type: 'RequestedToCapacityRatio', resources: both, requestedToCapacityRatio: { shape } }),
      31,
      12,
    ],
    ['weights', { plugins: { score: { enabled: [{ name: 'NodeResourcesFit', weight: 10 }] } } }, 680, 870],
  ])('%s', (_, profile, small, large) => {
    const { nodes: verdicts } = decideWith(profile)
    expect([verdicts['small']!.scores['NodeResourcesFit'], verdicts['large']!.scores['NodeResourcesFit']]).toEqual([
      small,
      large,
    ])
  })

  test('a plugin that is switched off at one point says nothing there', () => {
    const { scorers } = decideWith({ plugins: { score: { disabled: [{ name: 'NodeResourcesFit' }] } } })
    expect(scorers.map(({ plugin }) => plugin)).not.toContain('NodeResourcesFit')
    const { result } = decideWith({ plugins: { filter: { disabled: [{ name: '*' }] } } }, pod('p', { cpu: '100' }))
    expect(result).toHaveProperty('node')
  })

  test('added affinity holds for every pod', () => {
    const term = { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] }
    const required = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } }
    const args = { addedAffinity: required } as never
    const { nodes: verdicts, result } = decideWith({ pluginConfig: [{ name: 'NodeAffinity', args }] })
    expect(result).toEqual({ node: 'large' })
    expect(verdicts['small']!.filters).toEqual({
      NodeAffinity: "node(s) didn't match scheduler-enforced node affinity",
    })
  })
})

describe('configurations kube-scheduler would not start with', () => {
  test.each<[string, SchedulerConfiguration, string]>([
    ['no profiles', { profiles: [] }, 'profiles: Required value'],
    ['a percentage', { percentageOfNodesToScore: 101 }, 'percentageOfNodesToScore: Invalid value: 101: not in valid range [0-100]'],
    ['a name twice', { profiles: [{}, {}] }, 'profiles[1].schedulerName: Duplicate value: "profiles[0].schedulerName"'],
    ['back-off', { podInitialBackoffSeconds: 20 }, 'podMaxBackoffSeconds: Invalid value: 10: must be greater than or equal to PodInitialBackoffSeconds'],
    ['a weight of affinity', { profiles: [{ pluginConfig: [{ name: 'InterPodAffinity', args: { hardPodAffinityWeight: 101 } }] }] }, 'profiles[0].pluginConfig[0].args.hardPodAffinityWeight: Invalid value: 101: not in valid range [0, 100]'],
    ['a strategy', { profiles: [fit({ type: 'Best' })] }, 'initializing profiles: creating profile for scheduler name default-scheduler: initializing plugin "NodeResourcesFit": scoringStrategy.type: Unsupported value: "Best": supported values: "LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"'],
    ['an unknown plugin', { profiles: [{ plugins: { multiPoint: { enabled: [{ name: 'Mine' }] } } }] }, 'initializing profiles: creating profile for scheduler name default-scheduler: plugin "Mine" does not exist'],
    ['a plugin at a point it has not', { profiles: [{ plugins: { score: { enabled: [{ name: 'NodePorts' }] } } }] }, 'initializing profiles: creating profile for scheduler name default-scheduler: plugin "NodePorts" does not extend score plugin'],
  ])('%s', (_, configuration, message) => {
    expect(() => settingsOf(configuration)).toThrow(message)
  }) // prettier-ignore
})
