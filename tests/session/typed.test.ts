import { expect, test } from 'vitest'
import { createSession, createTerminal, formatScene, parseScene, type Output } from '#session'

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

/** A cluster in which the Pod `web` runs, and a shell in it. */
function openInPod() {
  const opened = open()
  opened.run('kubectl run web --image=nginx')
  opened.session.advanceTo(30_000)
  opened.take()
  const shell = opened.run('kubectl exec -it web -- sh')
  return { ...opened, shell }
}

test('a shell in a container prompts, answers what is typed while time stands, and ends with exit', () => {
  const { terminal, take, shell } = openInPod()
  expect(take()).toBe('# ')
  expect(terminal.isReading()).toBe(true)
  terminal.type('hostname\n')
  expect(take()).toBe('web\n# ')
  terminal.type('cd /etc\n')
  terminal.type('pwd\n')
  expect(take()).toBe('# /etc\n# ')
  terminal.type('exit 3\n')
  expect(take()).toBe('command terminated with exit code 3\n')
  expect(shell.isDone()).toBe(true)
  expect(terminal.isReading()).toBe(false)
})

test('Ctrl-C ends what runs in the container and not the shell there; Ctrl-D ends the shell', () => {
  const { session, terminal, take, shell } = openInPod()
  terminal.type('sleep 1000\n')
  session.advanceTo(32_000)
  take()
  shell.stop()
  expect(take()).toContain('# ')
  expect(shell.isDone()).toBe(false)
  terminal.type('', true)
  expect(shell.isDone()).toBe(true)
})

test('what was typed is part of the run: a replay and a rewind type it again, and a link carries it', () => {
  const { session, terminal } = openInPod()
  terminal.type('kill 1\n')
  session.advanceTo(60_000)
  const inputs = session.inputs()
  expect(inputs.map((input) => input.do)).toEqual(['kubectl', 'kubectl', 'type'])
  const restarts = () => session.look({ argv: ['get', 'pods'] }).stdout
  expect(restarts()).toMatch(/web +1\/1 +Running +1 /)
  const scene = parseScene(formatScene({ version: 1, seed: 1, nodes: 1, inputs } as never))
  expect(scene.inputs).toEqual(inputs.map((input) => (input.do === 'kubectl' ? { ...input, files: {} } : input)))
  const again = createSession({ cluster: { nodes: 1, addOns: false }, inputs })
  again.advanceTo(60_000)
  expect([...again.cluster().trace.since(0)]).toEqual([...session.cluster().trace.since(0)])
  session.seek(20_000)
  session.seek(60_000)
  expect(restarts()).toMatch(/web +1\/1 +Running +1 /)
})

test('run -it stays with its container, and --rm takes it away', () => {
  const { session, terminal, run, take } = open()
  const running = run('kubectl run box --image=busybox -it --rm --restart=Never -- sh')
  session.advanceTo(30_000)
  expect(take()).toContain('/ # ')
  terminal.type('echo hello\n')
  session.advanceTo(31_000)
  expect(take()).toBe('hello\n/ # ')
  terminal.type('exit\n')
  session.advanceTo(60_000)
  expect(take()).toContain('pod "box" deleted')
  expect(running.isDone()).toBe(true)
  run('kubectl get pods')
  expect(take()).toContain('No resources found')
})

test('where the container is started again, the session is over and says how to come back', () => {
  const { session, terminal, run, take } = open()
  const running = run('kubectl run box --image=busybox -it -- sh')
  session.advanceTo(30_000)
  take()
  terminal.type('exit\n')
  session.advanceTo(32_000)
  expect(take()).toBe("Session ended, resume using 'kubectl attach box -c box -i -t' command when the pod is running\n")
  expect(running.isDone()).toBe(true)
})

test('attach -i types into the main process', () => {
  const { session, terminal, run, take } = open()
  run('kubectl run box --image=busybox --stdin --tty --attach=false -- sh')
  session.advanceTo(30_000)
  take()
  const attached = run('kubectl attach -it box')
  terminal.type('echo $((6 * 7))\n')
  session.advanceTo(31_000)
  expect(take()).toContain('42\n/ # ')
  terminal.type('', true)
  session.advanceTo(40_000)
  expect(attached.isDone()).toBe(true)
})

test('cat and apply -f - read what is typed until Ctrl-D, and the shell goes on', () => {
  const { terminal, run, take } = open()
  run('mark=here')
  const cat = run('cat > note.txt')
  expect(terminal.isReading()).toBe(true)
  terminal.type('one\n')
  terminal.type('two\n')
  terminal.type('', true)
  expect(cat.isDone()).toBe(true)
  run('cat note.txt; echo $mark')
  expect(take()).toBe('one\ntwo\nhere\n')
  const apply = run('kubectl apply -f -')
  terminal.type('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: typed}\n')
  expect(apply.isDone()).toBe(false)
  terminal.type('', true)
  expect(take()).toBe('configmap/typed created\n')
  expect(apply.isDone()).toBe(true)
})

test('a pipe into exec -i is read whole, as before', () => {
  const { session, terminal, run, take } = openInPod()
  terminal.type('exit\n')
  session.advanceTo(31_000)
  take()
  run('echo piped | kubectl exec -i web -- cat')
  session.advanceTo(33_000)
  expect(take()).toBe('piped\n')
})
