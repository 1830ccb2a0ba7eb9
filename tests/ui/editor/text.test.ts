import { describe, expect, test } from 'vitest'
import { lineDiff } from '../../../src/ui/editor/difference.ts'
import { formatYaml } from '../../../src/ui/editor/format.ts'
import { kindsOf, splitDocuments } from '../../../src/ui/editor/kinds.ts'
import {
  foldProblems,
  isBlankDocument,
  mergeProblems,
  moreWords,
  problemsWord,
  syntaxProblems,
} from '../../../src/ui/editor/problems.ts'
import { createSchemaFinder, schemaOfText } from '../../../src/ui/editor/schemas.ts'
import { templates } from '../../../src/ui/editor/templates.ts'
import { breakLine, shift } from '../../../src/ui/editor/typing.ts'

const field = (text: string) => {
  const from = text.indexOf('|')
  const to = text.lastIndexOf('|')
  return { text: text.replaceAll('|', ''), from, to: to > from ? to - 1 : from }
}
const shown = ({ text, from, to }: ReturnType<typeof field>) =>
  from === to
    ? `${text.slice(0, from)}|${text.slice(from)}`
    : `${text.slice(0, from)}|${text.slice(from, to)}|${text.slice(to)}`

describe('typing', () => {
  test.each([
    ['a|', 'a |'],
    ['  |a', '    |a'],
    ['|a\nb|\nc', '  |a\n  b|\nc'],
  ])('Tab: %j', (before, after) => expect(shown(shift(field(before), 1))).toBe(after))
  test.each([
    ['    a|', '  a|'],
    ['|  a\n b|', '|a\nb|'],
    ['a|', 'a|'],
  ])('Shift-Tab: %j', (before, after) => expect(shown(shift(field(before), -1))).toBe(after))
  test.each([
    ['spec:|', 'spec:\n  |'],
    ['  a: 1|', '  a: 1\n  |'],
    ['- name: a|', '- name: a\n  |'],
    ['  - ports:|', '  - ports:\n      |'],
    ['|a', '\n|a'],
  ])('Enter: %j', (before, after) => expect(shown(breakLine(field(before)))).toBe(after))
})

test('finds documents and their kinds', () => {
  const text = '# a comment\n---\napiVersion: v1\nkind: Pod\n--- # two\nkind: "Service"\nspec:\n  kind: no\n'
  expect(splitDocuments(text)).toHaveLength(2)
  expect(kindsOf(text)).toEqual([
    { apiVersion: 'v1', kind: 'Pod' },
    { apiVersion: '', kind: 'Service' },
  ])
})

test('formats, keeps comments, and leaves what is broken', () => {
  expect(formatYaml('a:   1 # one\nb:\n    - x\n')).toBe('a: 1 # one\nb:\n- x\n')
  expect(formatYaml('a: 1\n---\nb: 2\n')).toBe('a: 1\n---\nb: 2\n')
  expect(formatYaml('a: [')).toBe('a: [')
})

test('every template is what the formatter would write, and says its kind', () => {
  for (const { kind, text } of templates.slice(0, -1)) {
    expect(formatYaml(text('web')).replaceAll('[ ', '[').replaceAll(' ]', ']')).toBe(text('web'))
    expect(kindsOf(text('web'))[0]?.kind).toBe(kind)
  }
})

test('problems have lines, are told once, and are counted', () => {
  const [problem] = syntaxProblems('a: 1\nb: [x\n')
  expect(problem).toMatchObject({ severity: 'error' })
  expect(syntaxProblems('a: 1\n')).toEqual([])
  const one = { line: 2, column: 1, endColumn: 2, severity: 'error', message: 'x' } as const
  expect(
    mergeProblems(
      [one],
      [
        { ...one, column: 4 },
        { ...one, line: 1 },
      ],
    ).map(({ line }) => line),
  ).toEqual([1, 2])
  const note = { ...one, severity: 'info' as const }
  expect([[], [one], [one, one], [note], [note, one]].map(problemsWord)).toEqual([
    'Valid',
    '1 problem',
    '2 problems',
    'Valid, 1 note',
    '1 problem',
  ])
})

test('what follows a place that is no YAML waits below it', () => {
  const one = { line: 2, column: 1, endColumn: 2, severity: 'error', message: 'x' } as const
  const broken = syntaxProblems(' a: 1\nb: 2\nc: 3\n')
  expect(broken.length).toBeGreaterThan(0)
  const { shown, more } = foldProblems([{ ...one, line: 1 }, ...broken, one, one])
  expect([shown.length, more.length]).toEqual([2, broken.length + 1])
  const note = { ...one, severity: 'info' } as const
  expect(
    [
      [one, one],
      [one, note],
      [note, note],
    ].map(moreWords),
  ).toEqual(['and 2 more', 'and 1 more, 1 note', 'and 2 notes'])
  expect(foldProblems([one, one, one]).more).toEqual([])
  expect(foldProblems(Array.from({ length: 20 }, () => one)).shown).toHaveLength(8)
})

test('tells lines that came, went and stayed', () => {
  const said = lineDiff('a\nb\nc\n', 'a\nx\nc\nd\n').map(({ kind, text }) => kind + text)
  expect(said).toEqual([' a', '-b', '+x', ' c', '+d'])
  expect(lineDiff('a\n', 'a\n')).toEqual([{ kind: ' ', text: 'a' }])
})

describe('schemas', () => {
  const find = createSchemaFinder(
    (_, kind) =>
      Promise.resolve(kind === 'Boat' ? { properties: { sails: { type: 'integer' } }, definitions: { Sail: {} } } : {}),
    ({ kind }) =>
      Promise.resolve(kind === 'Deployment' ? { properties: { spec: {} }, definitions: { PodSpec: {} } } : undefined),
  )

  test('of built-in and custom kinds, one for each document', async () => {
    const kinds = kindsOf('apiVersion: apps/v1\nkind: Deployment\n---\napiVersion: sea/v1\nkind: Boat\n---\nkind: Po\n')
    const schema = (await schemaOfText(kinds, find)) as {
      schemaSequence: { properties: object }[]
      definitions: object
      allOf: unknown[]
    }
    expect(schema.schemaSequence).toHaveLength(3)
    expect(Object.keys(schema.schemaSequence[0]?.properties ?? {})).toContain('spec')
    expect(schema.schemaSequence[1]?.properties).toEqual({ sails: { type: 'integer' } })
    expect(Object.keys(schema.schemaSequence[2]?.properties ?? {})).toEqual(['apiVersion', 'kind'])
    expect(Object.keys(schema.definitions)).toEqual(expect.arrayContaining(['PodSpec', 'Sail']))
    expect(schema.allOf).toHaveLength(2)
  })
})

test.each([
  ['before the first separator', '\n# nothing\n---\nkind: A', 2, true],
  ['after the last', 'kind: A\n---\n', 3, true],
  ['between two', 'kind: A\n---\n\n---\nkind: B', 3, true],
  ['with something in it', 'kind: A\n---\nkind: B', 3, false],
])('a document %s is blank or not', (_, whole, line, isBlank) =>
  expect(isBlankDocument(whole.split('\n'), line)).toBe(isBlank),
)
