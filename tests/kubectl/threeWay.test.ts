import { expect, test } from 'vitest'
import { threeWayPatch, twoWayPatch } from '../../src/kubectl/patch/threeWay.ts'

type Json = Readonly<Record<string, unknown>>

const named = (...names: string[]): readonly Json[] => names.map((name) => ({ name }))
const pod = (spec: Json): Json => ({ spec })
const meta = (metadata: Json): Json => ({ metadata })

test.each<[string, string, Json, Json, Json, Json]>([
  [
    'deletions and additions stand in the order of the manifest',
    'Pod',
    pod({ containers: [{ name: 'a', args: ['x'] }] }),
    pod({ containers: [{ name: 'a' }, { name: 'b' }] }),
    pod({ containers: [{ name: 'a', args: ['x'] }] }),
    pod({ containers: [{ name: 'a', args: null }, { name: 'b' }], '$setElementOrder/containers': named('a', 'b') }),
  ],
  [
    'what is deleted comes last, and an order of nothing is not told',
    'Pod',
    pod({ imagePullSecrets: named('b', 'a') }),
    pod({ imagePullSecrets: [] }),
    pod({ imagePullSecrets: named('b', 'a') }),
    pod({
      imagePullSecrets: [
        { $patch: 'delete', name: 'a' },
        { $patch: 'delete', name: 'b' },
      ],
    }),
  ],
  [
    'scalars that are not sorted have their order told',
    'Pod',
    meta({ finalizers: ['b', 'a'] }),
    meta({ finalizers: ['b', 'a'] }),
    meta({ finalizers: ['b', 'a'] }),
    meta({ '$setElementOrder/finalizers': ['b', 'a'] }),
  ],
  [
    'a list that is longer than the manifest has its order told',
    'Pod',
    pod({ containers: named('a') }),
    pod({ containers: named('a') }),
    pod({ containers: named('a', 'b') }),
    pod({ '$setElementOrder/containers': named('a') }),
  ],
  [
    'twins of one key are held against each other',
    'Service',
    pod({
      ports: [
        { port: 53, protocol: 'UDP' },
        { port: 53, protocol: 'TCP' },
      ],
    }),
    pod({
      ports: [
        { port: 53, protocol: 'UDP' },
        { port: 53, protocol: 'TCP' },
      ],
    }),
    pod({
      ports: [
        { port: 53, protocol: 'UDP', nodePort: 1 },
        { port: 53, protocol: 'TCP', nodePort: 2 },
      ],
    }),
    {},
  ],
  [
    'of a union the members that stay are told where the other side has more',
    'Deployment',
    pod({ strategy: { type: 'Recreate' } }),
    pod({ strategy: { type: 'Recreate' } }),
    pod({ strategy: { type: 'Recreate', rollingUpdate: {} } }),
    pod({ strategy: { $retainKeys: ['type'] } }),
  ],
])('%s', (_, type, original, modified, live, patch) => {
  expect(threeWayPatch(type, original, modified, live)).toEqual(patch)
})

test.each<[string, Json, Json, Json, string]>([
  [
    'an item without the key that tells it apart',
    pod({ containers: named('a') }),
    pod({ containers: [{ image: 'nginx' }] }),
    pod({ containers: named('a') }),
    'map: map[image:nginx] does not contain declared merge key: name',
  ],
  [
    'items of several kinds',
    pod({ containers: named('a') }),
    pod({ containers: [{ name: 'a' }, 5] }),
    pod({ containers: named('a') }),
    'list element types are not identical: [[map[name:a]] [map[name:a] 5]]',
  ],
  [
    'a field that the type has not',
    pod({ strange: { a: 1 } }),
    pod({ strange: { a: 2 } }),
    pod({}),
    'unable to find api field in struct PodSpec for the json field "strange"',
  ],
  [
    'twins that the manifest moves apart',
    meta({ labels: { a: 'b' } }),
    meta({ ownerReferences: [{ uid: 'a', name: 'x' }, { uid: 'b' }, { uid: 'a', name: 'y' }] }),
    meta({ ownerReferences: [{ uid: 'c' }] }),
    "The order in patch list:\n[map[name:y uid:a] map[name:x uid:a] map[uid:b]]\n doesn't match $setElementOrder list:\n[map[uid:a] map[uid:b] map[uid:a]]\n",
  ],
])('%s is refused', (_, original, modified, live, message) => {
  expect(() => threeWayPatch('Pod', original, modified, live)).toThrow(message)
})

test('a list that nobody had is taken as it is', () => {
  const modified = pod({ containers: [{ image: 'nginx' }] })
  expect(threeWayPatch('Pod', {}, modified, {})).toEqual(modified)
})

test('between two objects, what is gone and what is new stand in one patch', () => {
  const from = pod({ containers: [{ name: 'a', image: 'x', tty: true }, { name: 'b' }], hostNetwork: true })
  const to = pod({ containers: [{ name: 'c' }, { name: 'a', image: 'y' }] })
  expect(twoWayPatch('Pod', from, to)).toEqual(
    pod({
      containers: [{ name: 'c' }, { name: 'a', image: 'y', tty: null }, { $patch: 'delete', name: 'b' }],
      '$setElementOrder/containers': named('c', 'a'),
      hostNetwork: null,
    }),
  )
})
