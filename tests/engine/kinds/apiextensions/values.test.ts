import { expect, test } from 'vitest'
import { formatFieldError } from '../../../../src/engine/api/index.ts'
import { customErrors } from '../../../../src/engine/apiserver/customResources/checks.ts'
import { columnsOf } from '../../../../src/engine/apiserver/customResources/columns.ts'
import { readCustom } from '../../../../src/engine/apiserver/customResources/decode.ts'
import { findAll } from '../../../../src/engine/apiserver/customResources/jsonPath.ts'
import { fieldAt } from '../../../../src/engine/kinds/apiextensions/definition/fieldPath.ts'
import type { Schema } from '../../../../src/engine/kinds/apiextensions/schema.ts'
import { fillDefaults } from '../../../../src/engine/kinds/apiextensions/values/defaults.ts'
import { embeddedErrors, listErrors } from '../../../../src/engine/kinds/apiextensions/values/lists.ts'
import { prune } from '../../../../src/engine/kinds/apiextensions/values/prune.ts'
import { ruleResults } from '../../../../src/engine/kinds/apiextensions/values/rules.ts'
import { validateValue } from '../../../../src/engine/kinds/apiextensions/values/validate.ts'

const object = (properties: Record<string, Schema>, more: Partial<Schema> = {}): Schema => ({
  type: 'object',
  properties,
  ...more,
})
const short: Schema = { type: 'string', maxLength: 1 }

test.each<[string, Schema, unknown, readonly string[]]>([
  [
    'null is no value of an enum, even where null may be',
    object({ a: { type: 'string', nullable: true, enum: ['x'] } }),
    { a: null },
    ['a: Unsupported value: null: supported values: "x"'],
  ],
  ['one byte is one byte', object({ a: short }), { a: 'xy' }, ['a: Too long: may not be more than 1 byte']],
  [
    'one item is one item',
    object({ a: { type: 'array', maxItems: 1, items: short } }),
    { a: ['x', 'y'] },
    ['a: Too many: 2: must have at most 1 item'],
  ],
  [
    'a number in the place of a date is told by the date',
    object({ a: { type: 'string', format: 'date' } }),
    { a: 3 },
    ['a: Invalid value: "int64": a in body must be of type date: "int64"'],
  ],
  [
    'a value of a map at the root has a dot before it',
    { type: 'object', additionalProperties: short },
    { k: 1 },
    ['k: Invalid value: "integer": .k in body must be of type string: "integer"'],
  ],
  [
    'a text that is too short is not held against its pattern',
    object({ a: { type: 'string', minLength: 2, pattern: 'y' } }),
    { a: 'x' },
    ['a: Invalid value: "x": a in body should be at least 2 chars long'],
  ],
  [
    'the same is not told twice',
    object({ a: short }, { allOf: [{ required: ['b'] }, { required: ['b'] }] }),
    {},
    ['b: Required value', '<nil>: Invalid value: "": "" must validate all the schemas (allOf). None validated'],
  ],
  [
    'a whole number that no int holds is a number',
    object({ a: { type: 'string' } }),
    { a: 1e21 },
    ['a: Invalid value: "number": a in body must be of type string: "number"'],
  ],
  [
    'a value is shown with its keys in order',
    object({ a: { enum: ['x'], type: 'object', properties: {} } }),
    { a: { z: 1, b: 2 } },
    ['a: Unsupported value: {"b":2,"z":1}: supported values: "x"'],
  ],
])('%s', (_, schema, value, errors) => {
  expect(validateValue(schema, value).map(formatFieldError)).toEqual(errors)
})

test.each<[string, Schema, unknown, unknown, readonly string[]]>([
  [
    'a part that was wrong and is the same',
    object({ a: short, b: short }),
    { a: 'xy', b: 'q' },
    { a: 'xy', b: '' },
    [],
  ],
  [
    'a part that was wrong and is wrong otherwise',
    object({ a: short }),
    { a: 'xy' },
    { a: 'xyz' },
    ['a: Too long: may not be more than 1 byte'],
  ],
  [
    'what was lacking in an object that has changed',
    object({ a: short }, { required: ['b'] }),
    { a: 'x' },
    { a: '' },
    ['b: Required value'],
  ],
  [
    'an item of a list that nothing tells apart',
    object({ a: { type: 'array', items: short } }),
    { a: ['xy', 'z'] },
    { a: ['xy'] },
    ['a[0]: Too long: may not be more than 1 byte'],
  ],
  [
    'an item that its key tells apart',
    object({
      a: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['k'],
        items: object({ k: { type: 'string' }, v: short }),
      },
    }),
    { a: [{ k: 'p' }, { k: 'q', v: 'xy' }] },
    { a: [{ k: 'q', v: 'xy' }] },
    [],
  ],
])('in an update, %s', (_, schema, value, old, errors) => {
  expect(validateValue(schema, value, '', old).map(formatFieldError)).toEqual(errors)
})

const never = (more: object = {}): Schema['x-kubernetes-validations'] => [{ rule: 'false', ...more }]

test.each<[string, Schema, unknown, unknown, readonly string[]]>([
  [
    'an item of a list that has not changed as a whole is let through',
    object({ a: { type: 'array', items: { type: 'integer', 'x-kubernetes-validations': never() } } }),
    { a: [1] },
    { a: [1] },
    [],
  ],
  [
    'a rule that cannot be worked out is told even of what has not changed',
    object({ a: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self / 0 == 1' }] } }),
    { a: 1 },
    { a: 1 },
    ['a: Invalid value: "integer": division by zero evaluating rule: self / 0 == 1'],
  ],
  [
    'a duplicate is told without the object',
    object({ a: object({}, { 'x-kubernetes-validations': never({ reason: 'FieldValueDuplicate' }) }) }),
    { a: {} },
    undefined,
    ['a: Duplicate value'],
  ],
  [
    'a place is written as its schema says',
    object({ a: object({ b: short }, { 'x-kubernetes-validations': never({ fieldPath: "['b']" }) }) }),
    { a: {} },
    undefined,
    ['a.b: Invalid value: failed rule: false'],
  ],
])('rules: %s', (_, schema, value, old, errors) => {
  expect(ruleResults(schema, value, old, '').map(formatFieldError)).toEqual(errors)
})

test('a path through a map has its keys in brackets', () => {
  const schema = object({ a: { type: 'object', additionalProperties: short } })
  expect(fieldAt(schema, '.a.k')).toMatchObject({ field: 'a[k]' })
})

test('a null that may not be is left out when the object is read, and filled in where there is a default', () => {
  const schema = object({
    spec: object({ a: short, b: { type: 'string', default: 'x' }, c: { type: 'string', nullable: true } }),
  })
  const { object: draft } = readCustom(schema, { kind: 'Boat', spec: { a: null, b: null, c: null, d: null } })
  fillDefaults(draft, schema)
  expect(draft).toMatchObject({ spec: { b: 'x', c: null } })
  expect(Object.keys((draft as unknown as { spec: object }).spec)).toEqual(['b', 'c'])
})

test('a default of null is none', () => {
  const draft = {}
  fillDefaults(draft, object({ a: { type: 'string', default: null } }))
  expect(draft).toEqual({})
})

test('a kind inside an object that is no text cannot be read', () => {
  const schema = object({ a: { type: 'object', 'x-kubernetes-embedded-resource': true } })
  expect(readCustom(schema, { kind: 'Boat', a: { kind: 1 } }).error).toBe('a.kind: Invalid value: 1: must be a string')
})

test('an object inside an object has a version and a kind', () => {
  const schema = object({ a: { type: 'object', 'x-kubernetes-embedded-resource': true } })
  const texts = (a: object): readonly string[] => embeddedErrors(schema, { a }).map(formatFieldError)
  expect(texts({})).toEqual(['a.apiVersion: Required value', 'a.kind: Required value'])
  expect(texts({ apiVersion: '', kind: '' })).toEqual([
    'a.apiVersion: Invalid value: "": must not be empty',
    'a.kind: Invalid value: "": must not be empty',
  ])
  expect(texts({ apiVersion: 'a/b/c', kind: 'Pod' })).toEqual([
    'a.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
  ])
})

test('what is no object has no keys', () => {
  const schema: Schema = { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] }
  expect(listErrors(schema, [3], 'a').map(formatFieldError)).toEqual([
    'a[0]: Invalid value: 3: must be an object for an array of list-type map',
  ])
})

test('lists that were wrong before are let through as a whole', () => {
  const schema = object({ a: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'integer' } } })
  const of = (a: readonly number[]) => ({ apiVersion: 'a/v1', kind: 'Boat', metadata: { name: 'x' }, a }) as never
  expect(customErrors(schema, undefined, of([1, 2, 2]), of([1, 1]))).toEqual([])
  expect(customErrors(schema, undefined, of([1, 2, 2]), of([1])).map(formatFieldError)).toEqual([
    'a[2]: Duplicate value: 2',
  ])
})

test('what no schema speaks of is left out, inside lists and maps too', () => {
  const unknown: string[] = []
  const schema = object({ a: { type: 'object', additionalProperties: true }, b: { type: 'string' } })
  expect(prune({ a: { k: { z: 1 } }, b: [{ z: 1 }] }, schema, true, unknown)).toEqual({ a: { k: {} }, b: [{}] })
  expect(unknown).toEqual(['a.k.z', 'b[0].z'])
})

test('a column of texts shows the first value that its path finds', () => {
  const [, column] = columnsOf([{ name: 'A', type: 'string', jsonPath: '.a[*]' }])
  const boat = { apiVersion: 'a/v1', kind: 'Boat', metadata: { name: 'x' }, a: ['p', 'q'] }
  expect(column!.cell(boat as never, 0)).toBe('p')
})

test('a path may take a slice of a list', () => {
  expect(findAll('.a[-1:]', { a: [1, 2, 3] })).toEqual([3])
  expect(findAll('.a[0:2]', { a: [1, 2, 3] })).toEqual([1, 2])
  expect(findAll('.a[0:2]', { a: 'x' })).toEqual([])
})
