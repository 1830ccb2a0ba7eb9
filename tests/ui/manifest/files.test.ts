import { expect, test } from 'vitest'
import {
  closed,
  filesOf,
  frontOf,
  isFiles,
  nameFor,
  renamed,
  sceneName,
  shown,
  withEdits,
  withFile,
  withoutEdits,
  withText,
  withWritten,
} from '../../../src/ui/views/manifest/files.ts'

const two = filesOf([
  { name: 'a.yaml', text: 'a' },
  { name: 'b.yaml', text: 'b' },
])

test('opens, shows, writes and closes', () => {
  const three = withFile(two, 'a.yaml', 'c')
  expect(frontOf(three)).toMatchObject({ name: 'a-2.yaml', text: 'c' })
  expect(frontOf(withText(three, three.front, 'd'))?.text).toBe('d')
  expect(frontOf(closed(three, three.front))?.name).toBe('b.yaml')
  expect(frontOf(closed(shown(three, 'f1'), 'f1'))?.name).toBe('b.yaml')
  expect(new Set(withFile(closed(three, 'f1'), 'x', '').files.map(({ id }) => id)).size).toBe(3)
})

test('never is without a file', () => {
  const one = closed(closed(two, 'f1'), 'f2')
  expect(one.files).toHaveLength(1)
  expect(frontOf(one)?.text).toBe('')
})

test.each([
  ['c.yaml', 'c.yaml'],
  ['b.yaml', 'b-2.yaml'],
  ['  ', 'a.yaml'],
  ['x/y.yaml', 'x-y.yaml'],
  ['a.yaml', 'a.yaml'],
])('renamed to %j it is called %j', (name, called) => expect(renamed(two, 'f1', name).files[0]?.name).toBe(called))

test('names a text by what it is', () => {
  expect(nameFor('kind: Deployment\nmetadata:\n  labels: {}\n  name: web\n', 'x')).toBe('web-deployment.yaml')
  expect(nameFor('', 'x.yaml')).toBe('x.yaml')
})

test('each scene keeps its own', () => {
  const names = [
    sceneName({ kind: 'own' }),
    sceneName({ kind: 'lesson', id: 'pods' }),
    sceneName({ kind: 'link', payload: 'abc' }),
    sceneName({ kind: 'link', payload: 'abd' }),
  ]
  expect(new Set(names).size).toBe(4)
})

test('what storage holds is looked at first', () => {
  expect(isFiles(JSON.parse(JSON.stringify(two)))).toBe(true)
  for (const bad of [null, 3, {}, { front: 'a', files: [] }, { front: 'a', files: [{ id: 1 }] }])
    expect(isFiles(bad)).toBe(false)
})

test('what is written elsewhere is another text of its tab, or a tab more; in front', () => {
  expect(frontOf(withWritten(two, 'b.yaml', 'c'))).toMatchObject({ id: 'f2', text: 'c' })
  expect(frontOf(withWritten(two, 'c.yaml', 'c'))).toMatchObject({ name: 'c.yaml', text: 'c' })
})

test('an edit has a tab as long as kubectl waits for it; its own text outlives everything but being opened anew', () => {
  const edit = { terminal: 'main', name: 'edit-deploy-web.yaml', text: 'a' }
  const none = new Map<string, string>()
  const opened = withEdits(two, [edit], none)
  expect(frontOf(opened)).toMatchObject({ name: edit.name, text: 'a', edit })
  const typed = withText(opened, opened.front, 'b')
  expect(withEdits(typed, [edit], none)).toBe(typed)
  expect(frontOf(withEdits(typed, [{ ...edit, text: '# no\nb' }], none))?.text).toBe('# no\nb')
  expect(frontOf(withEdits(two, [edit], new Map([['main', 'draft']])))?.text).toBe('draft')
  expect(withEdits(typed, [], none).files.map(({ name }) => name)).toEqual(['a.yaml', 'b.yaml'])
  expect(withoutEdits(typed)).toEqual({ ...two, front: 'f1' })
})
