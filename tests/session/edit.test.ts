import { expect, test } from 'vitest'
import { createSession, openEdit, saveEdit, viewOf, type Output } from '../../src/session/index.ts'

function open(...lines: readonly string[]) {
  const session = createSession({ cluster: { nodes: 1, addOns: false } })
  session.advanceTo(2_000)
  const said: string[] = []
  const output: Output = { out: (text) => said.push(text), err: (text) => said.push(text) }
  for (const line of lines) session.kubectl({ argv: line.split(' ') }, output)
  session.advanceTo(10_000)
  said.length = 0
  const edit = (line: string) => openEdit(session, line.split(' '), viewOf({}), output)
  const replicas = () => session.look({ argv: ['get', 'deploy', 'web', '-o', 'jsonpath={.spec.replicas}'] }).stdout
  return { session, said, output, edit, replicas }
}

const deployment = 'create deployment web --image=nginx'

test('what is saved is patched onto the object, whatever else has changed since', () => {
  const { session, said, output, edit, replicas } = open(deployment)
  const opened = edit('edit deploy/web')!
  expect(opened.name).toBe('edit-deploy-web.yaml')
  expect(opened.text).toMatch(/^# Please edit the object below\. .*\n(#.*\n)+apiVersion: apps\/v1\n/)
  session.kubectl({ argv: ['annotate', 'deploy/web', 'note=kept'] }, output)
  session.advanceTo(12_000)
  said.length = 0
  expect(saveEdit(session, opened, opened.text.replace('replicas: 1', 'replicas: 3'), output)).toBeUndefined()
  expect(said.join('')).toBe('deployment.apps/web edited\n')
  expect(replicas()).toBe('3')
  expect(session.look({ argv: ['get', 'deploy', 'web', '-o', 'yaml'] }).stdout).toContain('note: kept')
})

test('an edit is part of the run: played again, it does the same', () => {
  const { session, output, edit, replicas } = open(deployment)
  const opened = edit('edit deploy/web')!
  saveEdit(session, opened, opened.text.replace('replicas: 1', 'replicas: 2'), output)
  session.advanceTo(15_000)
  session.seek(1_000)
  session.seek(15_000)
  expect(replicas()).toBe('2')
})

test.each([
  ['unchanged', (text: string) => text, 'Edit cancelled, no changes made.\n'],
  ['with other comments alone', (text: string) => `# mine\n${text}`, 'Edit cancelled, no changes made.\n'],
  [
    'written otherwise',
    (text: string) => text.replace('replicas: 1', 'replicas:   1'),
    'Edit cancelled, no changes made.\n',
  ],
  ['empty', () => '# nothing\n', 'Edit cancelled, saved file was empty.\n'],
])('saved %s', (_, change, words) => {
  const { session, said, output, edit } = open(deployment)
  const opened = edit('edit deploy/web')!
  expect(saveEdit(session, opened, change(opened.text), output)).toBeUndefined()
  expect(said.join('')).toBe(words)
})

test('what the server turns down is opened again with its reasons; left so, nothing was saved', () => {
  const { session, said, output, edit, replicas } = open(deployment)
  const opened = edit('edit deploy/web')!
  const again = saveEdit(session, opened, opened.text.replace('replicas: 1', 'replicas: -1'), output)!
  expect(said.splice(0).join('')).toBe('error: deployments.apps "web" is invalid\n')
  expect(again.text).toContain('# deployments.apps "web" was not valid:\n# * spec.replicas: Invalid value: -1: ')
  expect(again.text).toContain('replicas: -1\n')
  expect(saveEdit(session, again, again.text, output)).toBeUndefined()
  expect(said.join('')).toBe('error: Edit cancelled, no valid changes were saved.\n')
  expect(replicas()).toBe('1')
})

test('a text that is no YAML is opened again', () => {
  const { session, output, edit } = open(deployment)
  const opened = edit('edit deploy/web')!
  expect(saveEdit(session, opened, `${opened.text}\n  : [`, output)?.text).toContain(
    '# The edited file had a syntax error: ',
  )
})

test('what is not there cannot be edited', () => {
  const { said, edit } = open()
  expect(edit('edit deploy/web')).toBeUndefined()
  expect(said.join('')).toBe('Error from server (NotFound): deployments.apps "web" not found\n')
})

test.each([
  ['-w', "unknown shorthand flag: 'w' in -w"],
  ['--watch=true', 'unknown flag: --watch'],
])('a flag of get alone is refused: %s', (flag, flaw) => {
  const { said, edit } = open(deployment)
  expect(edit(`edit deploy/web ${flag}`)).toBeUndefined()
  expect(said.join('')).toBe(`error: ${flaw}\nSee 'kubectl edit --help' for usage.\n`)
})

const note = (session: ReturnType<typeof open>['session']) =>
  session.look({ argv: ['apply', 'view-last-applied', 'deploy/web'] }).stdout

test('what apply notes on an object is edited as it stands there', () => {
  const { session, said, output, edit } = open(`${deployment} --save-config`)
  const opened = edit('apply edit-last-applied deploy/web')!
  expect(opened.text).toMatch(
    /^# Please edit the 'last-applied-configuration' annotations below\.\n(#.*\n)+apiVersion: apps\/v1\nkind: Deployment\n/,
  )
  expect(saveEdit(session, opened, opened.text.replace('replicas: 1', 'replicas: 4'), output)).toBeUndefined()
  expect(said.join('')).toBe('deployment.apps/web edited\n')
  expect(note(session)).toContain('replicas: 4')
  const again = edit('apply edit-last-applied deploy web -o json')!
  expect(again.text).toMatch(/^\{\n/)
  saveEdit(session, again, again.text.replace('"replicas": 4', '"replicas": 5'), output)
  expect(note(session)).toContain('replicas: 5')
})

test.each([
  ['deploy/nope', 'Error from server (NotFound): deployments.apps "nope" not found\n'],
  ['deploy/web', /^error: no last-applied-configuration annotation found on resources, to create the annotation, use /],
])('a note that is not there cannot be edited: %s', (target, words) => {
  const { said, edit } = open(deployment)
  expect(edit(`apply edit-last-applied ${target}`)).toBeUndefined()
  expect(said.join('')).toMatch(words)
})

test('an object is created as it was edited, and not at all as it was', () => {
  const { session, said, output } = open()
  const file = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {a: b}\n'
  const files = viewOf({ 'one.yaml': file, 'two.yaml': `${file}---\n${file.replace('one', 'two')}` })
  const line = (name: string) => ['create', '--edit', '-f', name]
  const opened = openEdit(session, line('one.yaml'), files, output)!
  expect(opened.text).toMatch(
    /^(#.*\n){4}apiVersion: v1\ndata:\n {2}a: b\nkind: ConfigMap\nmetadata:\n {2}name: one\n {2}namespace: default\n$/,
  )
  saveEdit(session, opened, opened.text, output)
  expect(said.splice(0).join('')).toBe('Edit cancelled, no changes made.\n')
  expect(saveEdit(session, opened, opened.text.replace('a: b', 'a: c'), output)).toBeUndefined()
  expect(said.splice(0).join('')).toBe('configmap/one created\n')
  const both = openEdit(session, line('two.yaml'), files, output)!
  saveEdit(session, both, both.text.replace('name: one', 'name: six').replace('a: b', 'a: "6"'), output)
  expect(said.splice(0).join('')).toBe('configmap/six created\nconfigmap/two created\n')
  expect(session.look({ argv: ['get', 'cm', 'six', '-o', 'jsonpath={.data.a}'] }).stdout).toBe('6')
  saveEdit(session, opened, opened.text.replace('name: one', 'name: One'), output)
  expect(said.splice(0).join('')).toMatch(/^The ConfigMap "One" is invalid: metadata\.name: /)
})
