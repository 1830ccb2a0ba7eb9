import { expect, test } from 'vitest'
import type { Pod, PodDisruptionBudget, Status } from '../../../src/engine/api/index.ts'
import { bareServer, type Bare, type Thing } from '../../golden/api/server.ts'

const path = '/api/v1/namespaces/default/pods/p'
const budgetPath = '/apis/policy/v1/namespaces/default/poddisruptionbudgets/b'
const labels = { app: 'web' }

interface Health {
  readonly allowed: number
  readonly current?: number
  readonly desired?: number
  readonly isReady?: boolean
  readonly policy?: string
  readonly observed?: number
}

function world({ allowed, current = 2, desired = 1, isReady = true, policy, observed = 1 }: Health): Bare {
  const bare = bareServer()
  const spec = { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] }
  bare.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', labels }, spec } as Thing)
  bare.create({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'b' },
    spec: {
      minAvailable: desired,
      selector: { matchLabels: labels },
      ...(policy && { unhealthyPodEvictionPolicy: policy }),
    },
  })
  const report = (at: string, status: object): void => {
    const object = bare.send('GET', at).body as Thing
    expect(
      bare.send('PUT', `${at}/status`, { ...object, status: { ...(object['status'] as object), ...status } }).code,
    ).toBe(200)
  }
  report(path, { phase: 'Running', conditions: isReady ? [{ type: 'Ready', status: 'True' }] : [] })
  report(budgetPath, {
    disruptionsAllowed: allowed,
    currentHealthy: current,
    desiredHealthy: desired,
    expectedPods: 2,
    observedGeneration: observed,
  })
  return bare
}

const evict = ({ send }: Bare, deleteOptions: object = {}) =>
  send('POST', `${path}/eviction`, {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: 'p' },
    deleteOptions,
  })

const causeOf = ({ body }: { readonly body: unknown }): string | undefined =>
  (body as Status).details?.causes?.[0]?.message

test('an eviction takes its leave from the budget', () => {
  const bare = world({ allowed: 1 })
  expect(evict(bare).code).toBe(201)
  const { status } = bare.send('GET', budgetPath).body as PodDisruptionBudget
  expect([status.disruptionsAllowed, Object.keys(status.disruptedPods ?? {})]).toEqual([0, ['p']])
  expect((bare.send('GET', path).body as Pod).metadata.deletionTimestamp).toBeDefined()
})

test('a dry run takes nothing', () => {
  const bare = world({ allowed: 1 })
  expect(evict(bare, { dryRun: ['All'] }).code).toBe(201)
  expect((bare.send('GET', budgetPath).body as PodDisruptionBudget).status.disruptionsAllowed).toBe(1)
  expect((bare.send('GET', path).body as Pod).metadata.deletionTimestamp).toBeUndefined()
})

test.each<[Health, number, string | undefined]>([
  [{ allowed: 0, current: 1, desired: 2 }, 429, 'The disruption budget b needs 2 healthy pods and has 1 currently'],
  [{ allowed: 0, current: 2, desired: 1 }, 429, 'The disruption budget b does not allow evicting pods currently'],
  [{ allowed: 1, observed: 0 }, 429, 'The disruption budget b is still being processed by the server.'],
  [{ allowed: 0, isReady: false, current: 1, desired: 1 }, 201, undefined],
  [
    { allowed: 0, isReady: false, current: 1, desired: 2 },
    429,
    'The disruption budget b needs 2 healthy pods and has 1 currently',
  ],
  [{ allowed: 0, isReady: false, current: 1, desired: 2, policy: 'AlwaysAllow' }, 201, undefined],
])('%j: %i %s', (health, code, cause) => {
  const answer = evict(world(health))
  expect([answer.code, causeOf(answer)]).toEqual([code, cause])
})

test('ephemeral containers are added by their own door alone', () => {
  const bare = world({ allowed: 1 })
  const patch = { spec: { ephemeralContainers: [{ name: 'look', image: 'busybox' }] } }
  const type = 'application/strategic-merge-patch+json'
  const { code, body } = bare.send('PATCH', `${path}/ephemeralcontainers`, patch, type)
  expect([
    code,
    (body as Pod).spec.ephemeralContainers?.map(({ name, terminationMessagePolicy }) => [
      name,
      terminationMessagePolicy,
    ]),
  ]).toEqual([200, [['look', 'File']]])
})

test('a resize changes resources and nothing else', () => {
  const bare = bareServer()
  const resources = { requests: { cpu: '100m' } }
  bare.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', image: 'i', resources }] },
  } as Thing)
  const patch = { spec: { containers: [{ name: 'c', resources: { requests: { cpu: '200m' } } }] } }
  const type = 'application/strategic-merge-patch+json'
  const { body } = bare.send('PATCH', `${path}/resize`, patch, type)
  expect((body as Pod).spec.containers[0]!.resources).toEqual({ requests: { cpu: '200m' } })
})

test('a binding tells where the pod is and that it is scheduled; the generation it has seen is for the kubelet to tell', () => {
  const bare = bareServer()
  bare.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', image: 'i' }] },
  } as Thing)
  const body = { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'p' }, target: { kind: 'Node', name: 'n' } }
  expect(bare.send('POST', `${path}/binding`, body).code).toBe(201)
  const { spec, status } = bare.send('GET', path).body as unknown as Pod
  expect(spec.nodeName).toBe('n')
  expect(status.conditions).toEqual([
    { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: expect.any(String) as string },
  ])
})
