import { expect, test } from 'vitest'
import { formatYaml } from '../../../src/kubectl/printers/yaml.ts'

test.each([
  ['plain', 'web', 'web'],
  ['empty', '', '""'],
  ['a number', '10', '"10"'],
  ['an octal', '0777', '"0777"'],
  ['a boolean of YAML 1.1', 'yes', '"yes"'],
  ['a date', '2024-01-01', '"2024-01-01"'],
  ['minutes', '1:30', '"1:30"'],
  ['a colon within', 'a:b', 'a:b'],
  ['a colon and a space', 'a: b', "'a: b'"],
  ['a comment sign', 'a #b', "'a #b'"],
  ['a quote', "it's: x", "'it''s: x'"],
  ['an indicator', '@a', "'@a'"],
  ['a tab', 'a\tb', '"a\\tb"'],
  ['lines', 'a\nb\n', '|\n  a\n  b'],
  ['lines without an end', 'a\nb', '|-\n  a\n  b'],
  ['empty lines at the end', 'a\n\n', '|+\n  a\n'],
  ['a first line that is indented', ' a\nb', '|2-\n   a\n  b'],
  ['a line that ends in a space', 'a \nb', '"a \\nb"'],
])('writes %s', (_, text, expected) => {
  expect(formatYaml({ key: text })).toBe(`key: ${expected}\n`)
})

test('folds a long line at the first space beyond the width', () => {
  const words = Array.from({ length: 20 }, () => 'word').join(' ')
  expect(formatYaml({ message: words })).toBe(`message: ${words.slice(0, 74)}\n  ${words.slice(75)}\n`)
})

test('sorts keys with numbers by value and leaves lists where they are', () => {
  expect(formatYaml({ a10: 1, a9: 2, list: [{ b: 1, a: [] }, 'x', null], none: {} })).toBe(
    'a9: 2\na10: 1\nlist:\n- a: []\n  b: 1\n- x\n- null\nnone: {}\n',
  )
})
