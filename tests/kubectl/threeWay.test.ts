import { expect, test } from 'vitest'
import { threeWayPatch } from '../../src/kubectl/patch/threeWay.ts'

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
