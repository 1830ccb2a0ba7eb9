import { expect, test } from 'vitest'
import { decodeYaml } from '../../../src/kubectl/manifests/decodeYaml.ts'
import { findFault } from '../../../src/kubectl/manifests/yamlFaults.ts'

test.each([
  ['a key that is indented less', 'a:\n  b: 1\n c: 2\n', 'line 2: did not find expected key'],
  ['a key without a space', 'a: 1\nb:2\nc: 3\n', "line 3: could not find expected ':'"],
  ['a quote that stays open', 'a: "b\nc: d\n', 'line 3: found unexpected end of stream'],
  ['a bracket that stays open', 'a: [b\nc: d\n', "line 1: did not find expected ',' or ']'"],
  ['a brace that stays open', 'a: {b: c\nd: e\n', "line 1: did not find expected ',' or '}'"],
  ['a value within a value', 'a: b: c\n', 'mapping values are not allowed in this context'],
  ['a tab', 'a:\n\tb: 1\n', 'line 2: found character that cannot start any token'],
  ['a percent sign', 'a: 1\nb: %x\n', 'line 2: found character that cannot start any token'],
  ['an item among keys', 'a: 1\n- b\n', 'line 1: did not find expected key'],
  ['a wrong escape', 'a: "\\q"\n', 'found unknown escape character'],
  ['a wrong escape further down', 'a: 1\nb: "\\q"\n', 'line 2: found unknown escape character'],
  ['an item on the line of its key', 'a: - b\n', 'block sequence entries are not allowed in this context'],
])('names %s and its line', (_, text, fault) => {
  expect(findFault(text)).toBe(fault)
})

test.each([
  ['booleans of YAML 1.1', 'a: on\nb: "on"\n', { a: true, b: 'on' }],
  ['octal numbers', 'a: 0644\nb: 0o17\n', { a: 420, b: 15 }],
  ['dates as text', 'a: 2024-01-01\n', { a: '2024-01-01' }],
  ['the last of two equal keys', 'a: 1\na: 2\n', { a: 2 }],
  ['anchors and merges', 'p: &p {a: 1}\nq: {<<: *p, b: 2}\n', { p: { a: 1 }, q: { a: 1, b: 2 } }],
  ['folded text', 'a: >-\n  b\n  c\n', { a: 'b c' }],
  ['JSON with a comma too many', '{"a": [1, 2,],}', { a: [1, 2] }],
])('reads %s', (_, text, value) => {
  expect(decodeYaml(text)).toEqual(value)
})

test('refuses a map as a key', () => {
  expect(() => decodeYaml('a: {{ .Values.x }}\n')).toThrow(
    'yaml: invalid map key: map[interface {}]interface {}{".Values.x":interface {}(nil)}',
  )
})
