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
