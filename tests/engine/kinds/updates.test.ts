import { describe, expect, test } from 'vitest'
import type { Thing } from '../../golden/api/server.ts'
import { askerOf } from './asked.ts'
import { template } from './refusal.ts'

/** How many causes an answer names: what is told twice counts twice. */
function causesOf(body: unknown): readonly string[] {
  const { details } = body as { details?: { causes?: readonly { field: string }[] } }
  return (details?.causes ?? []).map(({ field }) => field)
}

const selector = { matchLabels: { app: 'web' } }
const rbac = 'rbac.authorization.k8s.io'

describe('an update is looked at by the strategy and by the rules for changes', () => {
  const workload = (minReadySeconds: number) => ({ spec: { selector, template: template(), minReadySeconds } })
  const subjects = (kind: string) => ({
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'a' },
    subjects: [{ kind, name: 'b', ...(kind === 'ServiceAccount' && { namespace: 'c' }) }],
  })
  const rules = (verbs: string[]) => ({ rules: [{ apiGroups: [''], resources: ['pods'], verbs }] })
  const claim = (accessModes: string[]) => ({ spec: { accessModes, resources: { requests: { storage: '1Gi' } } } })
  const taints = (effect: string) => ({ spec: { taints: [{ key: 'a', effect }] } })

  test.each<[string, string, object, object, readonly string[]]>([
    ['apps/v1', 'ReplicaSet', workload(0), workload(-1), ['spec.minReadySeconds', 'spec.minReadySeconds']],
    ['apps/v1', 'DaemonSet', workload(0), workload(-1), ['spec.minReadySeconds', 'spec.minReadySeconds']],
    ['v1', 'Node', taints('NoSchedule'), taints('Odd'), ['metadata.taints[0].effect', 'metadata.taints[0].effect']],
    [`${rbac}/v1`, 'Role', rules(['get']), rules([]), ['rules[0].verbs', 'rules[0].verbs']],
    [`${rbac}/v1`, 'ClusterRole', rules(['get']), rules([]), ['rules[0].verbs', 'rules[0].verbs']],
    [`${rbac}/v1`, 'RoleBinding', subjects('User'), subjects('Odd'), ['subjects[0].kind', 'subjects[0].kind']],
    [
      'v1',
      'PersistentVolumeClaim',
      claim(['ReadWriteOnce']),
      claim(['Odd']),
      ['spec.accessModes', 'spec.accessModes', 'spec'],
    ],
  ])('%s %s', (apiVersion, kind, before, after, fields) => {
    const { bare } = askerOf(apiVersion, kind)
    const full = (rest: object): Thing => ({ apiVersion, kind, metadata: { name: 'web' }, ...rest })
    const { metadata, ...stored } = bare.create(full(before), 'default').body as Thing & Record<string, object>
    const path = `${apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`}/${kind === 'Node' || kind === 'ClusterRole' ? '' : 'namespaces/default/'}${kind.toLowerCase()}s/web`
    const next = Object.fromEntries(
      Object.entries(after).map(([key, value]) => [
        key,
        key === 'spec' ? { ...(stored['spec'] as object), ...(value as object) } : (value as unknown),
      ]),
    )
    const { body } = bare.send('PUT', path, { ...stored, metadata, ...next })
    expect(causesOf(body)).toEqual(fields)
  })
})

test('PersistentVolume: a label that got a new name may be called by it', () => {
  const { update } = askerOf('v1', 'PersistentVolume')
  const on = (key: string, ...values: string[]) => ({
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      hostPath: { path: '/a' },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: 'In', values }] }] } },
    },
  })
  const [beta, ga] = ['failure-domain.beta.kubernetes.io/zone', 'topology.kubernetes.io/zone']
  expect(update(on(beta, 'a'), on(ga, 'a'))).toBe('')
  for (const next of [on(ga, 'b'), on('other', 'a')])
    expect(update(on(beta, 'a'), next)).toContain('field is immutable, except for updating from beta label to GA')
  expect(update(on(ga, 'a'), on(beta, 'a'))).toContain('except for updating from beta label to GA')
})

test('ClusterRole: a selector that cannot be used is shown as nothing', () => {
  const { create } = askerOf(`${rbac}/v1`, 'ClusterRole')
  const odd = { matchExpressions: [{ key: 'a', operator: 'Odd' }] }
  expect(create({ aggregationRule: { clusterRoleSelectors: [odd] } })).toContain(
    'aggregationRule.clusterRoleSelectors[0]: Invalid value: null: invalid label selector.',
  )
})

describe('HorizontalPodAutoscaler', () => {
  const { create, update } = askerOf('autoscaling/v2', 'HorizontalPodAutoscaler')
  const to = (scaleTargetRef: object, rest: object = {}) => ({
    spec: { scaleTargetRef: { kind: 'Deployment', name: 'web', ...scaleTargetRef }, maxReplicas: 2, ...rest },
  })
  const ungrouped = 'apiVersion must specify API group'

  test.each<[string, object, string]>([
    ['a group', to({ apiVersion: 'apps/v1' }), ''],
    ['no version', to({}), `spec.scaleTargetRef.apiVersion: Invalid value: "": ${ungrouped}`],
    ['no group', to({ apiVersion: 'v1' }), `spec.scaleTargetRef.apiVersion: Invalid value: "v1": ${ungrouped}`],
    ['a kind of no group', to({ apiVersion: 'v1', kind: 'ReplicationController' }), ''],
    [
      'too many slashes',
      to({ apiVersion: 'a/b/c' }),
      'spec.scaleTargetRef.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
    ],
    [
      'no most',
      to({ apiVersion: 'apps/v1' }, { maxReplicas: 0 }),
      '[spec.maxReplicas: Required value: must be set and greater than 0, ' +
        'spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`]',
    ],
  ])('%s', (_, object, words) => expect(create(object)).toBe(words))

  test('a described object may be of no group', () => {
    const metrics = (apiVersion: string) => [
      {
        type: 'Object',
        object: {
          describedObject: { kind: 'Service', name: 'a', apiVersion },
          metric: { name: 'a' },
          target: { type: 'Value', value: '1' },
        },
      },
    ]
    expect(create(to({ apiVersion: 'apps/v1' }, { metrics: metrics('v1') }))).toBe('')
    expect(create(to({ apiVersion: 'apps/v1' }, { metrics: metrics('a/b/c') }))).toContain('unexpected GroupVersion')
  })

  test('another reference is looked at', () =>
    expect(update(to({ apiVersion: 'apps/v1' }), to({ apiVersion: 'v1' }))).toContain(ungrouped))
})

test('StorageClass: the values of topologies are any texts, and a term that asks nothing is there already', () => {
  const { create } = askerOf('storage.k8s.io/v1', 'StorageClass')
  const topologies = (...terms: object[]) => ({
    provisioner: 'a.b/c',
    allowedTopologies: terms.map((one) => ({ matchLabelExpressions: [one] })),
  })
  expect(create(topologies({ key: 'zone', values: ['not a label'] }))).toBe('')
  expect(create(topologies({ key: '', values: [] }))).toMatch(
    /^\[allowedTopologies\[0\]\.matchLabelExpressions\[0\]\.values: Required value, .*\.key: Invalid value/,
  )
  expect(create({ provisioner: 'a.b/c', allowedTopologies: [{}] })).toBe(
    'allowedTopologies[0].matchLabelExpressions: Duplicate value: ""',
  )
})

test('VolumeAttributesClass: an update says what changed between two looks at the whole', () => {
  const { bare } = askerOf('storage.k8s.io/v1', 'VolumeAttributesClass')
  const kind = { apiVersion: 'storage.k8s.io/v1', kind: 'VolumeAttributesClass', metadata: { name: 'fast' } }
  const path = '/apis/storage.k8s.io/v1/volumeattributesclasses'
  const { body } = bare.send('POST', path, { ...kind, driverName: 'a.b', parameters: { a: 'b' } })
  const { metadata } = body as Thing
  const next = bare.send('PUT', `${path}/fast`, { ...kind, metadata, driverName: 'a.b' })
  expect(causesOf(next.body)).toEqual(['parameters', 'parameters', 'parameters'])
})
