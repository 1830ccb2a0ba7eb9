import { expect, test } from 'vitest'
import { builtInKinds, explainedType, fieldsOf, findObjectType, getObjectType, resolvePath, typeOf } from './door.ts'

test.each([
  ['a core kind', ['', 'v1', 'Pod'], 'Pod'],
  ['a kind of a group', ['apps', 'v1', 'Deployment'], 'Deployment'],
  ['two kinds of one name', ['events.k8s.io', 'v1', 'Event'], 'events.Event'],
  ['two versions of one kind', ['autoscaling', 'v2', 'HorizontalPodAutoscaler'], 'v2.HorizontalPodAutoscaler'],
  ['nothing else', ['apps', 'v2', 'Deployment'], undefined],
] as const)('finds the type of %s', (_, [group, version, kind], type) => {
  expect(typeOf(group, version, kind)).toBe(type)
})

test.each([
  ['PodSpec', 'containers', '[]Container', true],
  ['Container', 'imagePullPolicy', 'string', false],
  ['ContainerPort', 'containerPort', 'int32', true],
  ['PodSpec', 'terminationGracePeriodSeconds', 'int64', false],
  ['ResourceRequirements', 'limits', '{}quantity', false],
  ['ServicePort', 'targetPort', 'intOrString', false],
  ['ObjectMeta', 'creationTimestamp', 'time', false],
  ['LeaseSpec', 'renewTime', 'microTime', false],
  ['Secret', 'data', '{}bytes', false],
  ['NetworkPolicyIngressRule', 'from', '[]NetworkPolicyPeer', false],
  ['JSONSchemaProps', '$ref', 'string', false],
  ['JSONSchemaProps', 'maximum', 'double', false],
  ['JSONSchemaProps', 'properties', '{}JSONSchemaProps', false],
] as const)('knows %s.%s as %s', (type, field, shown, required) => {
  const found = getObjectType(type).fields.get(field)
  expect(found && [explainedType(found.type), found.required]).toEqual([shown, required])
})

test('refers only to types that exist', () => {
  const waiting = builtInKinds().map(([, type]) => type)
  const seen = new Set(waiting)
  for (const name of seen) {
    for (const { type } of fieldsOf(name)) {
      const inner = explainedType(type).replace(/^(\[\]|\{\})+/, '')
      if (/^[A-Z]|\./.test(inner)) seen.add(inner)
    }
  }
  expect([...seen].filter((name) => findObjectType(name) === undefined)).toEqual([])
  expect(seen.size).toBeGreaterThan(400)
})

test('follows a path through lists and maps', () => {
  expect(resolvePath('Pod', ['spec', 'containers', 'ports', 'protocol'])).toEqual({ kind: 'string' })
  expect(resolvePath('Pod', ['spec', 'container'])).toBeUndefined()
})
