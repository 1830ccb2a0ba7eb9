import { expect, test } from 'vitest'
import { builtInKinds, fieldsOf, findObjectType, keyDefaultsOf, mergeRule } from './door.ts'

test.each([
  ['PodSpec', 'containers', { patch: 'merge', patchKey: 'name', apply: 'map', applyKeys: ['name'] }],
  [
    'Container',
    'ports',
    { patch: 'merge', patchKey: 'containerPort', apply: 'map', applyKeys: ['containerPort', 'protocol'] },
  ],
  ['PodSpec', 'volumes', { patch: 'merge', patchKey: 'name', retainsKeys: true, apply: 'map', applyKeys: ['name'] }],
  [
    'PodSpec',
    'topologySpreadConstraints',
    { patch: 'merge', patchKey: 'topologyKey', apply: 'map', applyKeys: ['topologyKey', 'whenUnsatisfiable'] },
  ],
  ['PodSpec', 'tolerations', {}],
  ['NodeSpec', 'taints', {}],
  ['ObjectMeta', 'finalizers', { patch: 'merge', apply: 'set' }],
  ['DeploymentSpec', 'strategy', { patch: 'retainKeys' }],
  ['JobStatus', 'conditions', { patch: 'merge', patchKey: 'type' }],
  ['PodSpec', 'nodeSelector', { apply: 'atomic' }],
  ['DeploymentSpec', 'selector', { apply: 'atomic' }],
  ['PodDisruptionBudgetSpec', 'selector', { patch: 'replace', apply: 'atomic' }],
  ['PersistentVolumeSpec', 'claimRef', { apply: 'granular' }],
  ['ConfigMap', 'data', {}],
])('merges %s.%s by its rule', (type, field, rule) => {
  expect(mergeRule(type, field)).toEqual(rule)
})

test('assumes TCP for a port without a protocol', () => {
  expect(keyDefaultsOf('ServicePort')).toEqual({ port: 0, protocol: 'TCP' })
})

test('names only keys that the items have', () => {
  const seen = new Set(builtInKinds().map(([, type]) => type))
  const wrong: string[] = []
  for (const type of seen) {
    for (const { name, type: ref } of fieldsOf(type)) {
      const item = ref.kind === 'array' || ref.kind === 'map' ? ref.of : ref
      if (item.kind === 'object') seen.add(item.name)
      const { patchKey, applyKeys = [] } = mergeRule(type, name)
      const keys = patchKey === undefined ? applyKeys : [patchKey, ...applyKeys]
      const fields = item.kind === 'object' ? findObjectType(item.name)?.fields : undefined
      wrong.push(...keys.filter((key) => fields?.has(key) !== true).map((key) => `${type}.${name}: ${key}`))
    }
  }
  expect(wrong).toEqual([])
})
