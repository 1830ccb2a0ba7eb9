import { expect, test } from 'vitest'
import { createSession, createTerminal, type Output } from '../../src/session/index.ts'

function open() {
  const session = createSession({ cluster: { nodes: 1, addOns: false } })
  session.advanceTo(2_000)
  const terminal = createTerminal(session)
  let text = ''
  const output: Output = { out: (more) => void (text += more), err: (more) => void (text += more) }
  const take = (): string => {
    const told = text
    text = ''
    return told
  }
  return { session, terminal, take, run: (line: string) => terminal.run(line, output) }
}

test('Ctrl-C ends the foreground; a background watch goes on until its job is ended', () => {
  const { session, run, take } = open()
  run('kubectl get pods -w &')
  session.advanceTo(3_000)
  run('sleep 100').stop()
  run('kubectl run a --image=nginx')
  session.advanceTo(4_000)
  expect(take()).toMatch(/^a +0\/1 /m)
  run('kill %1; sleep 1')
  session.advanceTo(6_000)
  take()
  run('kubectl delete pod a --now')
  session.advanceTo(20_000)
  expect(take()).toBe('pod "a" deleted from default namespace\n')
})

test('fg brings a watch back, and Ctrl-C ends it; kill -9 leaves nothing behind', () => {
  const { session, run, take } = open()
  run('kubectl get nodes -w &')
  const watch = run('fg')
  expect(watch.isDone()).toBe(false)
  watch.stop()
  expect(watch.isDone()).toBe(true)
  run('kubectl get nodes -w & kill -9 $!')
  session.advanceTo(3_000)
  take()
  run('jobs; kubectl cordon node-1')
  session.advanceTo(5_000)
  expect(take()).toBe('node/node-1 cordoned\n')
})

test('a rewind ends background jobs', () => {
  const { session, run, take } = open()
  run('kubectl get nodes -w & sleep 1000 &')
  session.advanceTo(4_000)
  session.seek(3_000)
  take()
  run('jobs')
  expect(take()).not.toContain('Running')
})

test("an editor's files lie in the home folder: changed with it, gone with their tabs unless they were changed here", () => {
  const { terminal, run, take } = open()
  const web = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n'
  terminal.keep({ 'web.yaml': web, 'b.yaml': 'b\n', 'c.yaml': 'c\n' })
  run('ls; kubectl apply -f web.yaml; echo mine > b.yaml; cd /tmp')
  expect(take()).toBe('b.yaml\nc.yaml\nweb.yaml\nconfigmap/web created\n')
  terminal.keep({ 'web.yaml': web, 'b.yaml': 'b\n', 'c.yaml': 'c2\n' })
  run('cat ~/b.yaml ~/c.yaml')
  expect(take()).toBe('mine\nc2\n')
  terminal.keep({})
  run('ls ~')
  expect(take()).toBe('b.yaml\n')
})
