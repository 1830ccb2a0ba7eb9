import { describe, expect, test } from 'vitest'
import {
  compareCells,
  endsOf,
  filterRows,
  keyOf,
  nextSorting,
  selectionOf,
  sortRows,
} from '../../../src/ui/views/objects/table.ts'
import { offsetOf, scrollTo, windowOf } from '../../../src/ui/views/objects/window.ts'

describe('comparing cells', () => {
  test.each<[string, string, string]>([
    ['ages', '59s', '2m'],
    ['mixed ages', '3m5s', '2h'],
    ['days against hours', '26h', '2d3h'],
    ['numbers', '9', '10'],
    ['parts of a whole', '0/1', '1/1'],
    ['restarts with a remark', '2 (3s ago)', '11 (1m ago)'],
    ['amounts', '512Mi', '1Gi'],
    ['names with numbers', 'node-2', 'node-10'],
    ['words', 'api', 'web'],
  ])('%s', (_, less, more) => {
    expect(compareCells(less, more)).toBeLessThan(0)
    expect(compareCells(more, less)).toBeGreaterThan(0)
  })
})

const row = (key: string, age: string) => ({ key, cells: [key, age] })
const table = { kind: 'Pod', columns: ['Name', 'Age'], rows: [row('b', '2m'), row('a', '<none>'), row('c', '3s')] }
const names = (rows: readonly { key: string }[]) => rows.map(({ key }) => key).join('')

test('sorts both ways, with the unknown last', () => {
  expect(names(sortRows(table, undefined))).toBe('bac')
  expect(names(sortRows(table, { column: 'Age', isDown: false }))).toBe('cba')
  expect(names(sortRows(table, { column: 'Age', isDown: true }))).toBe('bca')
})

test('a head goes up, down, and back', () => {
  const up = nextSorting(undefined, 'Age')
  const down = nextSorting(up, 'Age')
  expect([up?.isDown, down?.isDown, nextSorting(down, 'Age')]).toEqual([false, true, undefined])
  expect(nextSorting(up, 'Name')).toEqual({ column: 'Name', isDown: false })
})

test('filters by all words, anywhere', () => {
  expect(names(filterRows(table.rows, ' B 2m'))).toBe('b')
  expect(filterRows(table.rows, '')).toBe(table.rows)
})

test('rows and selections name the same', () => {
  const pod = { kind: 'Pod', namespace: 'default', name: 'web' }
  expect(selectionOf('Pod', 'default/web')).toEqual(pod)
  expect(selectionOf('Node', 'node-1')).toEqual({ kind: 'Node', namespace: '', name: 'node-1' })
  expect(keyOf('Pod', pod)).toBe('default/web')
  expect(keyOf('Node', pod)).toBeUndefined()
})

describe('a window on a long list', () => {
  test('draws what is seen and a little more', () => {
    const seen = windowOf(10_000, () => 28, 28_000, 560, 0)
    expect(seen).toEqual({ from: 1000, to: 1020, before: 28_000, after: (10_000 - 1020) * 28 })
  })
  test('knows rows of many heights', () => {
    const heightOf = (index: number) => (index % 2 === 0 ? 10 : 30)
    expect(windowOf(4, heightOf, 0, 1000)).toEqual({ from: 0, to: 4, before: 0, after: 0 })
    expect(windowOf(6, heightOf, 40, 20, 0)).toEqual({ from: 2, to: 4, before: 40, after: 40 })
    expect(offsetOf(3, heightOf)).toBe(50)
  })
  test('holds nothing', () => expect(windowOf(0, () => 28, 0, 500)).toEqual({ from: 0, to: 0, before: 0, after: 0 }))
  test.each([
    [100, 300, 100],
    [600, 300, 328],
    [400, 300, 300],
  ])('a row at %i from a view at %i scrolls to %i', (from, top, to) => expect(scrollTo(from, 28, top, 300)).toBe(to))
})

test('a long name keeps its end, which tells it apart', () => {
  expect(endsOf('web-7c5ddbdf54-x8k2p')).toEqual(['web-7c5ddbdf54', '-x8k2p'])
  expect(endsOf('web')).toEqual(['web', ''])
})
