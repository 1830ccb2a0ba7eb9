import { describe, expect, test } from 'vitest'
import { hashOf } from '../../src/headless/hash.ts'
import {
  clusterOf,
  createSession,
  formatScene,
  parseScene,
  SceneError,
  ShapeError,
  type Scene,
} from '../../src/session/index.ts'

const group = { name: 'small', min: 0, max: 3, costPerHour: 1, bootMs: 5_000, template: { cpu: '2', memory: '4Gi' } }
const profile = (type: string): object => ({
  profiles: [{ pluginConfig: [{ name: 'NodeResourcesFit', args: { scoringStrategy: { type } } }] }],
})
const emptyScene = { version: 1, seed: 1, nodes: 1, files: {}, inputs: [], at: 0 } as const

const opened = (parts: object): Scene => parseScene(JSON.stringify({ ...emptyScene, ...parts }))

describe('what a scene adds to its cluster', () => {
  test('is read, handed on and built', () => {
    const parts = {
      etcdMembers: 3,
      scheduler: profile('MostAllocated'),
      autoscaler: { groups: [group], expander: 'price' },
      descheduler: { strategies: [{ name: 'RemoveDuplicates' }], intervalMs: 60_000 },
    }
    const scene = opened(parts)
    expect(scene).toMatchObject(parts)
    const { control, isUp } = createSession({ cluster: clusterOf(scene) }).cluster()
    control.advanceTo(3_000)
    expect([isUp('cluster-autoscaler'), isUp('descheduler')]).toEqual([true, true])
  })

  test.each<[name: string, parts: object, words: string]>([
    ['an even number of members', { etcdMembers: 2 }, 'etcdMembers must be one of 1, 3, 5, not 2'],
    ['no groups', { autoscaler: {} }, 'autoscaler needs the field groups'],
    ['a list', { autoscaler: [] }, 'autoscaler must have fields'],
    ['a group without bounds', { autoscaler: { groups: [{ name: 'a', template: {} }] } }, 'needs the field min'],
    ['an unknown field', { autoscaler: { groups: [], evil: 1 } }, 'autoscaler has no field "evil"'],
    [
      'a million machines',
      { autoscaler: { groups: [{ ...group, max: 1e6 }] } },
      'groups[0].max must be a whole number from 0 to 5000',
    ],
    [
      'too many machines in all',
      {
        autoscaler: {
          groups: [
            { ...group, max: 60 },
            { ...group, name: 'b', max: 60 },
          ],
        },
      },
      'autoscaler.groups may together have at most 100 machines',
    ],
    [
      'a group that is large at once',
      { autoscaler: { groups: [{ ...group, initial: 5000 }] } },
      'may together have at most 100',
    ],
    [
      'a name that is no name',
      { autoscaler: { groups: [{ ...group, name: '<b>' }] } },
      'groups[0].name must be a name of small letters',
    ],
    ['two groups of a name', { autoscaler: { groups: [group, group] } }, 'autoscaler: each node group needs a name'],
    [
      'a machine of no size',
      { autoscaler: { groups: [{ ...group, template: { cpu: 'much' } }] } },
      'template.cpu must be a quantity, not "much"',
    ],
    [
      'a frantic autoscaler',
      { autoscaler: { groups: [], scanIntervalMs: 1 } },
      'scanIntervalMs must be a whole number',
    ],
    ['a price of nothing sensible', { autoscaler: { groups: [{ ...group, costPerHour: -1 }] } }, 'costPerHour'],
    [
      'an unknown strategy',
      { descheduler: { strategies: [{ name: 'Shuffle' }] } },
      'strategies[0].name must be one of',
    ],
    [
      'a strategy without thresholds',
      { descheduler: { strategies: [{ name: 'LowNodeUtilization' }] } },
      'descheduler:',
    ],
    ['an add-on that there is not', { addOns: ['metrics'] }, 'addOns[0] must be one of metrics-server, gateway-api'],
    [
      'a plugin that there is not',
      { scheduler: { profiles: [{ plugins: { score: { enabled: [{ name: 'X' }] } } }] } },
      'scheduler:',
    ],
    ['a strategy of scoring that there is not', { scheduler: profile('Best') }, 'scheduler:'],
    ['another version', { scheduler: { apiVersion: 'v1' } }, 'scheduler.apiVersion must be one of'],
    ['a hundred profiles', { scheduler: { profiles: Array(100).fill({}) } }, 'scheduler.profiles must have at most 10'],
    ['a novel', { scheduler: { profiles: [{ schedulerName: 'x'.repeat(30_000) }] } }, 'at most 20000 characters'],
    ['a machine that is a number', { nodes: [1] }, 'nodes[0] must have fields'],
    ['a machine twice', { nodes: [{ name: 'a' }, { name: 'a' }] }, 'nodes has two machines of the name "a"'],
    ['a label that is no label', { nodes: [{ name: 'a', labels: { 'a b': 'c' } }] }, 'must be a label key'],
    [
      'a taint of no effect',
      { nodes: [{ name: 'a', taints: [{ key: 'a', effect: 'Never' }] }] },
      'effect must be one of',
    ],
  ])('is refused: %s', (_, parts, words) => {
    expect(() => opened(parts)).toThrow(SceneError)
    expect(() => opened(parts)).toThrow(words)
  })

  test('is looked at again where a lesson brings it', () => {
    const lesson = { seed: 1, nodes: 1, autoscaler: { groups: [{ ...group, min: 9 }] } }
    expect(() => clusterOf(lesson)).toThrow(ShapeError)
    expect(() => clusterOf(lesson)).toThrow('The cluster cannot be built: autoscaler: node group small: min and max')
  })
})

test('a scene with all its parts is the same run after a link and a reload', () => {
  const scene = opened({
    etcdMembers: 3,
    scheduler: profile('MostAllocated'),
    autoscaler: { groups: [group], scaleDownUnneededMs: 30_000, scaleDownDelayAfterAddMs: 10_000 },
    descheduler: { strategies: [{ name: 'RemoveDuplicates' }], intervalMs: 20_000 },
  })
  const first = createSession({ cluster: clusterOf(scene) })
  const silent = { out: () => undefined, err: () => undefined }
  first.advanceTo(2_000)
  first.kubectl({ argv: ['create', 'deployment', 'web', '--image=nginx', '--replicas=6'] }, silent)
  first.kubectl({ argv: ['set', 'resources', 'deployment', 'web', '--requests=cpu=900m'] }, silent)
  first.advanceTo(120_000)
  first.kubectl({ argv: ['scale', 'deployment', 'web', '--replicas=1'] }, silent)
  first.advanceTo(240_000)
  expect(first.cluster().cost().spent).toBeGreaterThan(0)

  const sent = parseScene(formatScene({ ...scene, inputs: first.inputs(), at: first.now() }))
  const second = createSession({ cluster: clusterOf(sent), inputs: sent.inputs })
  second.seek(sent.at)
  expect(hashOf(second.cluster().trace)).toBe(hashOf(first.cluster().trace))
  expect(second.cluster().cost()).toEqual(first.cluster().cost())
  second.seek(60_000)
  second.seek(sent.at)
  expect(hashOf(second.cluster().trace)).toBe(hashOf(first.cluster().trace))
})
