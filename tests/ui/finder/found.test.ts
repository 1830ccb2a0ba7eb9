import { describe, expect, test } from 'vitest'
import { commandLine, find, moved } from '../../../src/ui/views/finder/found.ts'
import type { Findable } from '../../../src/ui/views/finder/found.ts'

const item = (group: Findable['group'], title: string, words = ''): Findable => ({
  id: title,
  group,
  icon: '',
  title,
  note: '',
  words,
})

describe('find', () => {
  const items = [
    item('Lessons', 'A web of Services'),
    item('Objects', 'pod/cobweb-1'),
    item('Objects', 'pod/web-1'),
    item('Commands', 'Theme: dark', 'colours'),
  ]
  const titles = (query: string) => find(items, query).map(({ title }) => title)

  test('groups in their order, names that begin with the word first', () => {
    expect(titles('web')).toEqual(['pod/web-1', 'pod/cobweb-1', 'A web of Services'])
  })
  test('every word has to occur, in the title or beside it', () => {
    expect(titles('pod cob')).toEqual(['pod/cobweb-1'])
    expect(titles('COLOURS')).toEqual(['Theme: dark'])
    expect(titles('web dark')).toEqual([])
  })
  test('no more than eight of a group', () => {
    const many = Array.from({ length: 30 }, (_, index) => item('Objects', `pod/web-${index}`))
    expect(find(many, 'web')).toHaveLength(8)
  })
})

test.each([
  ['kubectl get pods', 'kubectl get pods'],
  ['  k get pods -A ', 'kubectl get pods -A'],
  ['kubectl', undefined],
  ['kube-dns', undefined],
  ['k', undefined],
])('%j is the line %j', (query, line) => expect(commandLine(query)).toBe(line))

test('arrows go around', () => {
  expect([moved(0, -1, 3), moved(2, 1, 3), moved(0, 1, 0)]).toEqual([2, 0, 0])
})
