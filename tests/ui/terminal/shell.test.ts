import { expect, test } from 'vitest'
import { clusterOf, createSession, createTerminal } from '#session'
import { helpCommands } from '../../../src/ui/views/terminal/shellText.ts'
import { createShell } from '../../../src/ui/views/terminal/shell.ts'
import type { ShellHost } from '../../../src/ui/views/terminal/shell.ts'

function bench(options: readonly string[] = [], from = 0) {
  const ran: string[] = []
  const fed: string[] = []
  let history: readonly string[] = []
  let text = ''
  let interrupts = 0
  let closes = 0
  const host: ShellHost = {
    write: (more) => (text += more),
    clear: () => (text = ''),
    size: () => ({ columns: 80, rows: 24 }),
    run: (command) => ran.push(command),
    interrupt: () => (interrupts += 1),
    feed: (more, isEnd) => fed.push(isEnd ? '^D' : more),
    complete: () => Promise.resolve({ from, options }),
    history: () => history,
    remember: (next) => (history = next),
    close: () => (closes += 1),
    onBusy: () => undefined,
  }
  const shell = createShell(host)
  // eslint-disable-next-line no-control-regex -- what the screen is sent has escape sequences
  const plain = () => text.replaceAll(/\x1b\[[0-9;?]*[A-Za-z]/g, '')
  return { shell, ran, fed, plain, counts: () => ({ interrupts, closes }), history: () => history }
}

test('runs a line and asks for the next when it ended', () => {
  const { shell, ran, plain, history } = bench()
  shell.take('kubectl get pods\r')
  expect(ran).toEqual(['kubectl get pods'])
  expect(shell.isBusy()).toBe(true)
  shell.print('No resources found in default namespace.\n')
  shell.end()
  expect(shell.isBusy()).toBe(false)
  expect(plain().endsWith('No resources found in default namespace.\n\r$ \r')).toBe(true)
  expect(history()).toEqual(['kubectl get pods'])
})

test('gathers a here-document and runs it whole', () => {
  const { shell, ran } = bench()
  shell.take('\x1b[200~kubectl apply -f - <<EOF\rkind: Pod\r\tx: 1\rEOF\r\x1b[201~')
  expect(ran).toEqual(['kubectl apply -f - <<EOF\nkind: Pod\n\tx: 1\nEOF'])
})

test('runs pasted lines one after another', () => {
  const { shell, ran } = bench()
  shell.take('\x1b[200~echo 1\recho 2\recho 3\x1b[201~')
  expect(ran).toEqual(['echo 1'])
  shell.end()
  expect(ran).toEqual(['echo 1', 'echo 2'])
  shell.end()
  expect(ran).toHaveLength(2)
  shell.take('\r')
  expect(ran).toEqual(['echo 1', 'echo 2', 'echo 3'])
})

test('Ctrl-C stops what runs and forgets what was typed meanwhile', () => {
  const { shell, ran, counts } = bench()
  shell.take('kubectl get pods -w\r')
  shell.take('rm')
  shell.take('\x03')
  expect(counts().interrupts).toBe(1)
  shell.end()
  shell.take('echo\r')
  expect(ran).toEqual(['kubectl get pods -w', 'echo'])
})

test('Ctrl-C leaves an unfinished command', () => {
  const { shell, ran } = bench()
  shell.take('cat <<EOF\rone\r\x03echo\r')
  expect(ran).toEqual(['echo'])
})

test('a command of the page replaces what was being typed', () => {
  const { shell, ran } = bench()
  shell.take('kubectl dele')
  shell.type('kubectl get nodes')
  expect(ran).toEqual(['kubectl get nodes'])
})

test('completes the only word, and as far as several agree', async () => {
  const only = bench(['deployments'], 12)
  only.shell.take('kubectl get dep\t')
  await Promise.resolve()
  await Promise.resolve()
  only.shell.take('\r')
  expect(only.ran).toEqual(['kubectl get deployments '])
  const several = bench(['pods', 'podtemplates'], 12)
  several.shell.take('kubectl get p\t')
  await Promise.resolve()
  await Promise.resolve()
  several.shell.take('\r')
  expect(several.ran).toEqual(['kubectl get pod'])
})

test('lists what could be meant where nothing more is agreed', async () => {
  const { shell, plain } = bench(['pods', 'podtemplates'], 12)
  shell.take('kubectl get pod\t')
  await Promise.resolve()
  await Promise.resolve()
  expect(plain()).toContain('pods          podtemplates')
})

test('clear, exit and history are the shell’s own', () => {
  const { shell, ran, plain, counts } = bench()
  shell.take('echo a\r')
  shell.end()
  shell.take('history\r')
  expect(plain()).toContain('    1  echo a')
  shell.take('clear\r')
  expect(plain()).not.toContain('echo a')
  shell.take('exit\r')
  expect(counts().closes).toBe(1)
  expect(ran).toEqual(['echo a'])
})

test('help lists what can be typed, and nothing else', () => {
  const { shell, ran, plain } = bench()
  shell.take('help\r')
  expect(ran).toEqual([])
  expect(shell.isBusy()).toBe(false)
  expect(plain().endsWith('\r$ \r')).toBe(true)
  const session = createSession({ cluster: clusterOf({ seed: 1, nodes: 1 }) })
  const terminal = createTerminal(session, {})
  let said = ''
  const say = (text: string) => (said += text)
  for (const name of helpCommands.slice(0, -1).flatMap(([, names]) => names)) {
    expect(plain()).toContain(name)
    terminal.run(`${name} </dev/null`, { out: say, err: say })
    session.advanceTo(session.now() + 100)
  }
  expect(said).toContain('kubectl')
  expect(said).not.toContain('not found')
})

test('a command that reads gets what is typed line by line, behind its prompt; Ctrl-D and Ctrl-C go to it', () => {
  const { shell, ran, fed, plain, counts } = bench()
  shell.take('kubectl exec -it web -- sh\r')
  shell.take('ls') // typed ahead
  shell.print('/ # ')
  shell.read(true)
  expect(plain().endsWith('/ # ls\r')).toBe(true)
  shell.take('\x7f\x7fpwd\r')
  expect(fed).toEqual(['pwd\n'])
  shell.print('/\n/ # ')
  shell.take('sleep 9\r\x03')
  shell.print('/ # ')
  expect(counts().interrupts).toBe(1)
  shell.take('\x1b[A\x1b[A\r') // up, up: its own history
  expect(fed).toEqual(['pwd\n', 'sleep 9\n', 'pwd\n'])
  shell.take('\x04')
  expect(fed.at(-1)).toBe('^D')
  expect(ran).toHaveLength(1)
  shell.read(false)
  shell.end()
  shell.take('echo back\r')
  expect(ran.at(-1)).toBe('echo back')
})

test('what a command says while a line is typed for it goes above that line', () => {
  const { shell, fed, plain } = bench()
  shell.take('cat &; cat\r')
  shell.read(true)
  shell.take('half')
  shell.print('news\n')
  expect(plain().endsWith('news\n\rhalf\r')).toBe(true)
  shell.take(' done\r')
  expect(fed).toEqual(['half done\n'])
})

test('several pasted lines are entered one after another, and the last waits for Enter', () => {
  const { shell, fed } = bench()
  shell.take('kubectl apply -f -\r')
  shell.read(true)
  shell.take('\x1b[200~kind: Pod\rmetadata:\r  name: x\x1b[201~')
  expect(fed).toEqual(['kind: Pod\n', 'metadata:\n'])
  shell.take('\r\x04')
  expect(fed).toEqual(['kind: Pod\n', 'metadata:\n', '  name: x\n', '^D'])
})
