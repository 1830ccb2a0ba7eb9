import { expect, test } from 'vitest'
import { jsonPatch } from '../../../../src/engine/apiserver/patch/json.ts'
import { mergePatch } from '../../../../src/engine/apiserver/patch/merge.ts'

type Operation = Readonly<Record<string, unknown>>

const live = { a: [1, 2], b: { c: 'x' }, n: null }

test.each<[string, Operation, unknown]>([
  ['without a value adds null', { op: 'add', path: '/b/d' }, { ...live, b: { c: 'x', d: null } }],
  ['adds before the end with -2', { op: 'add', path: '/a/-2', value: 9 }, { ...live, a: [1, 9, 2] }],
  ['adds at the end with -1', { op: 'add', path: '/a/-1', value: 9 }, { ...live, a: [1, 2, 9] }],
  ['reads +1 as a number', { op: 'replace', path: '/a/+1', value: 9 }, { ...live, a: [1, 9] }],
  ['does not look before the first slash', { op: 'add', path: 'zzz/b', value: 9 }, { ...live, b: 9 }],
  ['copies what is missing as null', { op: 'copy', from: '/z', path: '/b' }, { ...live, b: null }],
  ['replaces all', { op: 'replace', path: '', value: {} }, {}],
  ['takes what an object inherits for missing', { op: 'test', path: '/b/toString' }, live],
  ['finds nothing equal to null', { op: 'test', path: '/z' }, live],
])('an operation %s', (_, operation, wanted) => {
  expect(jsonPatch(live, [operation])).toEqual(wanted)
})

test.each<[Operation]>([
  [{ op: 'add', path: '', value: {} }],
  [{ op: 'add', path: 'b', value: 1 }],
  [{ op: 'add', path: '/a/-4', value: 1 }],
  [{ op: 'add', path: '/n/x', value: 1 }],
  [{ op: 'copy', path: '/b' }],
  [{ op: 'move', from: '/z', path: '/b' }],
  [{ op: 'replace', path: '', value: 'x' }],
  [{ op: 'replace', path: '/a/2', value: 1 }],
  [{ op: 'remove', path: '/a/-' }],
  [{ op: 'test', path: '/b', value: null }],
])('%j is refused', (operation) => {
  expect(() => jsonPatch(live, [operation])).toThrow('the server rejected our request due to an error in our request')
})

test.each<[string, unknown, unknown, unknown]>([
  ['in a new list nulls in objects go, others stay', {}, { a: [null, { b: null }] }, { a: [null, {}] }],
  ["a list in an object's place stays as it came", { a: {} }, { a: [{ b: null }] }, { a: [{ b: null }] }],
])('%s', (_, before, patch, wanted) => {
  expect(mergePatch(before, patch)).toEqual(wanted)
})

test('copies that double a list again and again are refused before they fill the memory', () => {
  const copy = { op: 'copy', from: '/a', path: '/a/-' }
  const patch = Array.from({ length: 40 }, () => copy)
  expect(() => jsonPatch({ a: ['x'] }, patch)).toThrow(/exceeding the limit 3145728/)
})
