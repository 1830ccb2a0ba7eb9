import { expect, test } from 'vitest'
import type { PersistentVolumeClaim, Pod, Status } from '../../../src/engine/api/index.ts'
import { createClient, createProcess } from '../../../src/engine/client/index.ts'
import { createControllerManager } from '../../../src/engine/controllers/index.ts'
import { amountOf, amountText, plus } from '../../../src/engine/api/quota/amount.ts'
import { detailsText, violationsOf } from '../../../src/engine/apiserver/admission/podSecurity/evaluate.ts'
import { bareServer, type Bare, type Thing } from '../../golden/api/server.ts'

const container = { name: 'c', image: 'i' }
const pod = (spec: object = {}, metadata: object = {}): Thing =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', ...metadata },
    spec: { containers: [container], ...spec },
  }) as Thing
const messageOf = ({ body }: { readonly body: unknown }): string => (body as Status).message ?? ''

function world(...objects: readonly object[]): Bare {
  const bare = bareServer()
  for (const object of objects) expect(bare.create(object as Thing).code).toBe(201)
  return bare
}

test.each([
  ['0', '512Mi', '512Mi'],
  ['512Mi', '256Mi', '768Mi'],
  ['500m', '1', '1500m'],
  ['1', '1', '2'],
  ['1Gi', '1', '1073741825'],
])('%s + %s = %s', (a, b, sum) => {
  expect(amountText(plus(amountOf(a), amountOf(b)))).toBe(sum)
})

test.each([
  ['baseline', { hostNetwork: true }, 'host namespaces (hostNetwork=true)'],
  [
    'baseline',
    { containers: [{ ...container, securityContext: { procMount: 'Unmasked' } }] },
    'procMount (container "c" must not set securityContext.procMount to "Unmasked")',
  ],
  ['baseline', { hostUsers: false, containers: [{ ...container, securityContext: { procMount: 'Unmasked' } }] }, ''],
  [
    'baseline',
    { containers: [{ ...container, livenessProbe: { httpGet: { port: 80, host: 'x' } } }] },
    'probe or lifecycle host (container "c" uses probe or lifecycle host "x")',
  ],
  [
    'baseline',
    { securityContext: { seLinuxOptions: { type: 'spc_t', user: 'u' } } },
    'seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "spc_t"; user may not be set)',
  ],
  ['restricted', { os: { name: 'windows' }, securityContext: { runAsNonRoot: true } }, ''],
  ['privileged', { hostNetwork: true }, ''],
] as const)('%s: %j breaks %s', (level, spec, expected) => {
  expect(detailsText(violationsOf({ level, version: 'latest' }, pod(spec)['spec'] as Pod['spec'], {}))).toBe(expected)
})

test('a namespace that becomes stricter tells of the pods it has', () => {
  const bare = world(pod({ hostNetwork: true }))
  const patch = { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } } }
  const { warnings } = bare.send('PATCH', '/api/v1/namespaces/default', patch, 'application/merge-patch+json')
  expect(warnings).toEqual([
    'existing pods in namespace "default" violate the new PodSecurity enforce level "baseline:latest"',
    'p: host namespaces',
  ])
})

test('a workload is warned of what its pods would break', () => {
  const labels = { 'pod-security.kubernetes.io/warn': 'baseline' }
  const bare = world({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'q', labels } })
  const template = { metadata: { labels: { a: 'b' } }, spec: { hostPID: true, containers: [container] } }
  const set = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 's' },
    spec: { selector: { matchLabels: { a: 'b' } }, template },
  }
  expect(bare.create(set as unknown as Thing, 'q').warnings).toEqual([
    'would violate PodSecurity "baseline:latest": host namespaces (hostPID=true)',
  ])
})

test('LimitRanges fill in, and say that they did', () => {
  const limits = [{ type: 'Container', default: { cpu: '500m' }, defaultRequest: { cpu: '200m', memory: '1Mi' } }]
  const bare = world({ apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'l' }, spec: { limits } })
  const { metadata, spec } = bare.create(pod()).body as Pod
  expect(metadata.annotations).toEqual({
    'kubernetes.io/limit-ranger':
      'LimitRanger plugin set: cpu, memory request for container c; cpu limit for container c',
  })
  expect(spec.containers[0]!.resources).toEqual({ limits: { cpu: '500m' }, requests: { cpu: '200m', memory: '1Mi' } })
})

test('a quota is charged at once, by the controller paid back', () => {
  const bare = world()
  createControllerManager(createClient(createProcess(bare.sim, bare.server, 'kube-controller-manager')))
  bare.create({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'q' },
    spec: { hard: { 'count/configmaps': '3', pods: '1' } },
  })
  bare.sim.advanceTo(1000)
  expect(bare.create(pod()).code).toBe(201)
  expect(messageOf(bare.create(pod({}, { name: 'other' })))).toBe(
    'pods "other" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1',
  )
  bare.send('DELETE', '/api/v1/namespaces/default/pods/p')
  bare.sim.advanceTo(2000)
  expect(bare.create(pod({}, { name: 'other' })).code).toBe(201)
})

test('defaults come from the newest class that is marked', () => {
  const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' }
  const storage = (name: string) => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, annotations },
    provisioner: 'x',
  })
  const bare = world(storage('a'))
  bare.sim.advanceTo(5000)
  bare.create(storage('b') as unknown as Thing)
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'c' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }
  const { metadata, spec } = bare.create(claim as Thing).body as PersistentVolumeClaim
  expect([spec.storageClassName, metadata.finalizers]).toEqual(['b', ['kubernetes.io/pvc-protection']])
  const grown = { spec: { resources: { requests: { storage: '2Gi' } } } }
  const path = '/api/v1/namespaces/default/persistentvolumeclaims/c'
  expect(bare.send('PATCH', path, grown, 'application/merge-patch+json').code).toBeGreaterThanOrEqual(400)
})

test('a RuntimeClass brings its overhead and its nodes', () => {
  const runtime = { overhead: { podFixed: { cpu: '250m' } }, scheduling: { nodeSelector: { vm: 'yes' } } }
  const bare = world({
    apiVersion: 'node.k8s.io/v1',
    kind: 'RuntimeClass',
    metadata: { name: 'vm' },
    handler: 'vm',
    ...runtime,
  })
  const { spec } = bare.create(pod({ runtimeClassName: 'vm' })).body as Pod
  expect([spec.overhead, spec.nodeSelector]).toEqual([{ cpu: '250m' }, { vm: 'yes' }])
  expect(messageOf(bare.create(pod({ runtimeClassName: 'ghost' }, { name: 'b' })))).toBe(
    'pods "b" is forbidden: pod rejected: RuntimeClass "ghost" not found',
  )
})

test('there is one default PriorityClass', () => {
  const rank = (name: string) => ({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    value: 1,
    globalDefault: true,
  })
  expect(messageOf(world(rank('a')).create(rank('b') as unknown as Thing))).toBe(
    'priorityclasses.scheduling.k8s.io "b" is forbidden: PriorityClass a is already marked as default. Only one default can exist',
  )
})
