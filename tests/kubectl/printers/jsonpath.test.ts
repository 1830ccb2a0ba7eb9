import { expect, test } from 'vitest'
import { createJsonPath, relaxed } from '../../../src/kubectl/printers/jsonpath.ts'

const data = {
  kind: 'List',
  items: [
    { name: 'a', labels: { 'x.io/tier': 'front' }, cpu: 2 },
    { name: 'b', labels: {}, cpu: 5 },
    { name: 'c', cpu: 9 },
  ],
}

test.each([
  ['{.kind}', 'List'],
  ['kind is {.kind}.', 'kind is List.'],
  ['{.items[*].name}', 'a b c'],
  ['{.items[-1].name}', 'c'],
  ['{.items[0:2].name}', 'a b'],
  ['{.items[::2].name}', 'a c'],
  ['{.items[0,2].name}', 'a c'],
  ["{.items[*]['name','cpu']}", 'a b c 2 5 9'],
  ['{.items[0].labels.x\\.io/tier}', 'front'],
  ["{.items[0].labels['x\\.io/tier']}", 'front'],
  ['{.items[?(@.cpu>4)].name}', 'b c'],
  ['{.items[?(@.name=="b")].cpu}', '5'],
  ['{.items[?(@.labels)].name}', 'a b'],
  ['{..name}', 'a b c'],
  ['{.items[0]}', '{"cpu":2,"labels":{"x.io/tier":"front"},"name":"a"}'],
  ['{range .items[*]}{.name}={.cpu}{"\\n"}{end}', 'a=2\nb=5\nc=9\n'],
  ['{.missing}', ''],
  ['{.}', ''],
  [
    '{@}',
    '{"items":[{"cpu":2,"labels":{"x.io/tier":"front"},"name":"a"},{"cpu":5,"labels":{},"name":"b"},{"cpu":9,"name":"c"}],"kind":"List"}',
  ],
])('%s', (template, expected) => {
  expect(createJsonPath(template).print(data)).toBe(expected)
})

test.each([
  ['{.kind', 'unclosed action'],
  ['{.items[x]}', 'invalid array index x'],
  ['{.items[0}', 'unterminated array'],
  ['{.items[?(@.a==1}', 'unterminated filter'],
])('refuses %s', (template, complaint) => {
  expect(() => createJsonPath(template)).toThrow(complaint)
})

test('complains of an index out of bounds only when it is evaluated', () => {
  expect(() => createJsonPath('{.items[7].name}').print(data)).toThrow('array index out of bounds: index 7, length 3')
})

test.each(['.metadata.name', 'metadata.name', '{.metadata.name}', '{metadata.name}'])(
  'takes %s as a path',
  (expression) => {
    expect(relaxed(expression)).toBe('{.metadata.name}')
  },
)

test('what is no list and is to be filtered is shown in full', () => {
  const template = createJsonPath('{.items[0][?(@.cpu)]}')
  expect(() => template.print(data)).toThrow(
    'map[cpu:2 labels:map[x.io/tier:front] name:a] is not array or slice and cannot be filtered',
  )
})
