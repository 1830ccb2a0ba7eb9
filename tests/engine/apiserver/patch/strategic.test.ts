import { expect, test } from 'vitest'
import { ApiError } from '../../../../src/engine/api/index.ts'
import { strategicPatch } from '../../../../src/engine/apiserver/patch/strategic.ts'

type Json = Readonly<Record<string, unknown>>

const named = (...names: string[]): readonly Json[] => names.map((name) => ({ name }))
const pod = (spec: Json): Json => ({ spec })
const meta = (metadata: Json): Json => ({ metadata })

test.each<[string, Json, Json, Json]>([
  [
    'an item that is new goes before the old ones',
    pod({ containers: named('a', 'b') }),
    pod({ containers: named('c') }),
    pod({ containers: named('c', 'a', 'b') }),
  ],
  [
    'an order given moves what is there',
    pod({ containers: named('a', 'b') }),
    pod({ '$setElementOrder/containers': named('b', 'a') }),
    pod({ containers: named('b', 'a') }),
  ],
  [
    'what is new in place of what is deleted stands after the others',
    pod({ containers: named('a', 'b') }),
    pod({
      containers: [{ name: 'c' }, { name: 'a', $patch: 'delete' }],
      '$setElementOrder/containers': named('c'),
    }),
    pod({ containers: named('b', 'c') }),
  ],
  [
    'values whose order says nothing of them go to the end',
    meta({ finalizers: ['a', 'b'] }),
    meta({ finalizers: ['c'], '$setElementOrder/finalizers': [] }),
    meta({ finalizers: ['a', 'b', 'c'] }),
  ],
  [
    'scalars are deleted by their list',
    meta({ finalizers: ['a', 'b', 'c'] }),
    meta({ '$deleteFromPrimitiveList/finalizers': ['b'] }),
    meta({ finalizers: ['a', 'c'] }),
  ],
  [
    'a deletion that is null takes the field away',
    meta({ finalizers: ['a'] }),
    meta({ '$deleteFromPrimitiveList/finalizers': null }),
    meta({}),
  ],
  [
    'a map that is replaced keeps what it holds as it came',
    meta({ labels: { a: 'b' } }),
    meta({ labels: { $patch: 'replace', c: null } }),
    meta({ labels: { c: null } }),
  ],
  ['a new value with a directive is left out', meta({}), meta({ labels: { $patch: 'delete' } }), meta({})],
  ['a directive of null is none in a new value', meta({}), meta({ labels: { $patch: null } }), meta({ labels: {} })],
  ['names with a dollar are names', meta({}), meta({ labels: { $a: 'b' } }), meta({ labels: { $a: 'b' } })],
])('%s', (_, live, patch, wanted) => {
  const before = JSON.stringify([live, patch])
  expect(strategicPatch('Pod', live, patch)).toEqual(wanted)
  expect(JSON.stringify([live, patch])).toBe(before)
})

const live = { metadata: { finalizers: ['a'] }, spec: { containers: named('a'), nodeName: 'n', nodeSelector: {} } }

test.each<[Json, number, string]>([
  [pod({ containers: [{ image: 'x' }] }), 500, 'map: map[image:x] does not contain declared merge key: name'],
  [pod({ containers: ['a'] }), 500, 'list element types are not identical: [[map[name:a]] [a]]'],
  [pod({ containers: [[1]] }), 500, 'list element types are not identical: [[map[name:a]] [[1]]]'],
  [pod({ initContainers: [] }), 0, ''],
  [pod({ initContainers: [], '$setElementOrder/initContainers': [] }), 500, 'no elements in any of the given slices'],
  [pod({ containers: [{ $patch: 'merge' }] }), 500, 'merging lists cannot yet be specified in the patch'],
  [pod({ $patch: 'merge' }), 500, 'unknown patch type: merge in map: map[$patch:merge]'],
  [pod({ $patch: 5 }), 500, 'unknown patch type: %!s(int64=5) in map: map[$patch:5]'],
  [pod({ $retainKeys: ['x'], nodeName: 'm' }), 400, 'invalid patch format of retainKeys'],
  [pod({ $setElementOrder: [] }), 400, 'invalid patch format of setElementOrder list'],
  [pod({ $deleteFromPrimitiveList: [] }), 400, 'invalid patch format of primitive list'],
  [pod({ '$setElementOrder/containers': 'a' }), 500, 'expected a []interface {}, but received a string'],
  [pod({ '$setElementOrder/containers': null }), 500, 'expected a []interface {}, but received a %!s(<nil>)'],
  [pod({ '$setElementOrder/containers': ['a'] }), 500, 'value for key 0 is not a map'],
  [
    pod({ containers: named('a', 'b'), '$setElementOrder/containers': named('b', 'a') }),
    500,
    "The order in patch list:\n[map[name:a] map[name:b]]\n doesn't match $setElementOrder list:\n[map[name:b] map[name:a]]\n",
  ],
  [meta({ '$setElementOrder/zzz': [] }), 500, 'unable to find api field in struct ObjectMeta for the json field "zzz"'],
])('%j is refused: %d %s', (patch, code, message) => {
  expect(refusal(patch)).toEqual([code, message])
})

test('a list of lists cannot be merged', () => {
  expect(() => strategicPatch('Pod', { spec: { containers: [] } }, pod({ containers: [[1]] }))).toThrow(
    'the server rejected our request due to an error in our request',
  )
})

function refusal(patch: Json): readonly [code: number, message: string] {
  try {
    strategicPatch('Pod', live, patch)
  } catch (error) {
    if (error instanceof ApiError) return [error.code, error.message]
    throw error
  }
  return [0, '']
}
