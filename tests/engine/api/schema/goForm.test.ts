import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { toGoForm, toWireForm, typeOf } from './door.ts'
import { isObject, splitApiVersion } from './json.ts'
import { recordingsOf } from './recordings.ts'

test.each([
  ['forgets the zero of a plain field', { hostNetwork: false, nodeName: '' }, {}],
  ['keeps the zero of a pointer', { hostUsers: false, priority: 0 }, { hostUsers: false, priority: 0 }],
  ['keeps an empty struct behind a pointer', { securityContext: {} }, { securityContext: {} }],
  ['keeps the zero of a required field', { containers: [{ name: '' }] }, { containers: [{ name: '' }] }],
  ['writes quantities anew', { overhead: { cpu: '0.5' } }, { overhead: { cpu: '500m' } }],
  ['rounds resources up to milli', { overhead: { cpu: '0.0001' } }, { overhead: { cpu: '1m' } }],
])('%s', (_, given, held) => {
  expect(toGoForm<object>('PodSpec', given)).toEqual(held)
})

test.each([
  ['PodSpec', { containers: [{ name: 'web' }] }, { containers: [{ name: 'web', resources: {} }] }],
  ['PodSpec', { containers: [], tolerations: [], nodeSelector: {} }, { containers: null }],
  ['Role', {}, { metadata: {}, rules: null }],
  ['PodTemplateSpec', {}, { metadata: {}, spec: { containers: null } }],
  [
    'EnvVarSource',
    { resourceFieldRef: { resource: 'limits.cpu' } },
    { resourceFieldRef: { resource: 'limits.cpu', divisor: '0' } },
  ],
  [
    'PodCondition',
    { type: 'Ready', status: 'True' },
    { type: 'Ready', status: 'True', lastProbeTime: null, lastTransitionTime: null },
  ],
  ['Service', { spec: {} }, { metadata: {}, spec: {}, status: { loadBalancer: {} } }],
])('writes a %s as Go does', (type, given, wire) => {
  expect(toWireForm<object>(type, given)).toEqual(wire)
})

test('gives back what is in form already', () => {
  const spec = { containers: [{ name: 'web', resources: { limits: { cpu: '1', memory: '128Mi' } } }], hostUsers: false }
  expect(toWireForm('PodSpec', toGoForm('PodSpec', spec))).toBe(spec)
})

const recordings = recordingsOf('defaults')

test.skipIf(recordings === undefined)('leaves what the recorded server answered as it is', () => {
  const outputs = [...(recordings ?? []).values()]
    .flat()
    .map(({ output }) => output)
    .filter(isObject)
  const changed = outputs.filter((output) => {
    const { group, version } = splitApiVersion(String(output.apiVersion))
    const type = typeOf(group, version, String(output.kind))
    return type !== undefined && !isDeepStrictEqual(toWireForm(type, toGoForm(type, output)), output)
  })
  console.log(`Go's form: ${outputs.length - changed.length} of ${outputs.length} recorded objects unchanged`)
  expect(changed).toEqual([])
})
