import { describe, expect, test } from 'vitest'
import { askerOf } from './asked.ts'

const group = 'rbac.authorization.k8s.io/v1'
const readPods = { apiGroups: [''], resources: ['pods'], verbs: ['get'] }

describe('roles', () => {
  const role = askerOf(group, 'Role')
  const clusterRole = askerOf(group, 'ClusterRole')

  test.each<[string, object, string]>([
    [
      'paths in a namespace',
      { verbs: ['get'], nonResourceURLs: ['/a'] },
      'namespaced rules cannot apply to non-resource',
    ],
    ['no groups', { verbs: ['get'], resources: ['a'] }, 'resource rules must supply at least one api group'],
    ['no resources', { verbs: ['get'], apiGroups: [''] }, 'resource rules must supply at least one resource'],
  ])('%s', (_, rule, words) => expect(role.create({ rules: [rule] })).toContain(words))

  test('paths are fine everywhere, and names need not be DNS', () =>
    expect(clusterRole.create({ rules: [{ verbs: ['get'], nonResourceURLs: ['/a'] }] }, 'system:a')).toBe(''))

  test('an aggregation has to select', () => {
    expect(clusterRole.create({ aggregationRule: {}, rules: [readPods] })).toContain('at least one clusterRoleSelector')
  })

  test('no rules are shown as null', () => expect(role.stored({})['rules']).toBeNull())
})

describe('bindings', () => {
  const { create, update, stored } = askerOf(group, 'ClusterRoleBinding')
  const to = (name: string, kind = 'ClusterRole') => ({ roleRef: { apiGroup: group.slice(0, -3), kind, name } })

  test('give cluster-wide what is cluster-wide', () =>
    expect(create(to('a', 'Role'))).toBe('roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"'))

  test('fill in the groups that go without saying', () => {
    const subjects = [{ kind: 'User', name: 'a' }]
    expect(stored({ roleRef: { kind: 'ClusterRole', name: 'a' }, subjects })).toMatchObject({
      roleRef: { apiGroup: 'rbac.authorization.k8s.io' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io' }],
    })
  })

  test('keep their role, change their subjects', () => {
    expect(update(to('a'), { ...to('a'), subjects: [{ kind: 'Group', name: 'b' }] })).toBe('')
    expect(update(to('a'), to('b'))).toContain('cannot change roleRef')
  })
})

test('RuntimeClass: tolerations are told once', () => {
  const { create } = askerOf('node.k8s.io/v1', 'RuntimeClass')
  const toleration = { key: 'a', operator: 'Exists' }
  expect(create({ handler: 'a', scheduling: { tolerations: [toleration, toleration] } })).toContain('Duplicate value')
  expect(create({ handler: 'a', scheduling: { nodeSelector: { '-': 'a' } } })).toContain('scheduling.nodeSelector')
})

test('Lease: an empty holder is one who let go', () => {
  const { create } = askerOf('coordination.k8s.io/v1', 'Lease')
  expect(create({ spec: { holderIdentity: '' } })).toBe('')
  expect(create({ spec: { preferredHolder: 'a' } })).toContain('may only be specified if `strategy` is defined')
  expect(create({ spec: { strategy: 'Mine' } })).toContain('supported values: "OldestEmulationVersion"')
})

test('EndpointSlice: names are domains, hints are few', () => {
  const { create, warnings } = askerOf('discovery.k8s.io/v1', 'EndpointSlice')
  const slice = (address: string, rest = {}) => ({
    addressType: 'FQDN',
    endpoints: [{ addresses: [address], ...rest }],
  })
  expect(create(slice('web'))).toContain('at least two segments')
  expect(create(slice('a.b.'))).toBe('')
  expect(warnings(slice('a.b'))).toEqual(['spec.addressType: FQDN endpoints are deprecated'])
  const forZones = [{ name: 'a' }, { name: 'a' }]
  expect(create(slice('a.b', { hints: { forZones } }))).toBe(
    'endpoints[0].hints.forZones[1].name: Duplicate value: "a"',
  )
})
