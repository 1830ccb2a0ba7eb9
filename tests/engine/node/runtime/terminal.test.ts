import { describe, expect, test } from 'vitest'
import {
  argumentsOf,
  createShell,
  defineTool,
  memoOf,
  print,
  readWhole,
  type Shell,
  type TerminalState,
} from '../../../../src/engine/node/runtime/index.ts'
import { copyState } from '../../../../src/engine/sim/copy.ts'

/** A stand-in for kubectl: `get` prints, `watch` polls each second, `apply` reads its input. */
const kubectl = defineTool({
  names: ['kubectl'],
  step(call) {
    const [verb, ...rest] = argumentsOf(call)
    if (verb === 'get') print(call, `NAME  READY\nweb-1  1/1\nweb-2  0/1\n`)
    if (verb === 'apply') {
      const text = readWhole(call, rest[1] === '-' ? [] : rest.slice(1))
      if (text === undefined) return { for: 'input', fd: 0 }
      print(call, `applied ${text.trim()}\n`)
    }
    if (verb !== 'watch') return 0
    const memo = memoOf(call, () => ({ count: 0 }))
    print(call, `${++memo.count}\n`)
    return { for: 'time', until: call.kernel.host.now() + 1000 }
  },
})

interface Terminal {
  readonly shell: Shell
  readonly go: (toMs: number) => void
  readonly text: () => string
}

function terminal(state?: TerminalState, startMs = 0): Terminal {
  let now = startMs
  const shell = createShell({
    now: () => now,
    tools: [kubectl],
    files: { '/home/you/web.yaml': 'kind: Pod\n' },
    ...(state ? { state } : {}),
  })
  return {
    shell,
    go(toMs) {
      for (let at = shell.wakeAt(); at !== undefined && at <= toMs; at = shell.wakeAt()) {
        now = at
        shell.advance()
      }
      now = toMs
    },
    text: () =>
      shell
        .take()
        .map((chunk) => chunk.text)
        .join(''),
  }
}

describe('the terminal', () => {
  test('pipes kubectl into tools, keeps variables and directories', () => {
    const { shell, text } = terminal()
    shell.run("kubectl get pods | grep 0/1 | awk '{print $1}'; x=5")
    shell.run(
      'cat web.yaml | kubectl apply -f -; kubectl apply -f web.yaml; mkdir d && cd d && echo $x > y; cat y; pwd',
    )
    expect(text()).toBe('web-2\napplied kind: Pod\napplied kind: Pod\n5\n/home/you/d\n')
    expect([shell.isBusy(), shell.status(), shell.directory()]).toEqual([false, 0, '/home/you/d'])
  })

  test('says what it does not know', () => {
    const { shell } = terminal()
    shell.run('nosuch')
    expect(shell.take()).toEqual([{ stream: 'stderr', text: 'bash: nosuch: command not found\n' }])
    expect(shell.status()).toBe(127)
  })

  test('follows in virtual time until Ctrl-C', () => {
    const { shell, go, text } = terminal()
    shell.run('kubectl watch; echo never')
    expect(shell.isBusy()).toBe(true)
    go(2500)
    expect(text()).toBe('1\n2\n3\n')
    shell.interrupt()
    expect([shell.isBusy(), shell.wakeAt(), shell.status()]).toEqual([false, undefined, 130])
    shell.run('echo on')
    expect(text()).toBe('\non\n')
  })

  test('loops, background jobs, several lines and exit', () => {
    const { shell, go, text } = terminal()
    shell.run('for i in 1 2; do')
    expect(shell.isBusy()).toBe(false)
    shell.run('sleep 1; echo $i; done; (sleep 5; echo late) &')
    go(10_000)
    expect(text().replace(/\[1\] \d+\n/, '')).toBe('1\n2\nlate\n')
    shell.run('exit')
    shell.run('echo again')
    expect(text()).toContain('again')
  })

  test('goes on from a copy of its state', () => {
    const first = terminal()
    first.shell.run('n=1; while [ $n -lt 4 ]; do echo $n; n=$((n+1)); sleep 1; done; echo end')
    first.go(1500)
    const second = terminal(copyState(first.shell.state), 1500)
    first.go(9000)
    second.go(9000)
    expect(second.text()).toBe(first.text())
  })
})

test('background jobs are listed, brought back and ended; Ctrl-C leaves them alone', () => {
  const { shell, go, text } = terminal()
  shell.run('sleep 5 & kubectl watch & sleep 1; false &')
  go(2000)
  shell.run('jobs')
  expect(text()).toBe(
    '[1] 3\n[2] 4\n1\n[3] 6\n2\n3\n' +
      '[1]   Running                 sleep 5 &\n[2]-  Running                 kubectl watch &\n' +
      '[3]+  Exit 1                  false\n',
  )
})

test('kill %n, fg and wait mean jobs', () => {
  const { shell, go, text } = terminal()
  shell.run('kubectl watch &')
  text()
  shell.interrupt()
  go(1000)
  expect(text()).toContain('2\n')
  shell.run('kill %1; sleep 1')
  go(3000)
  expect(text()).toBe('[1]+  Terminated              kubectl watch\n')
  shell.run('kill %1; fg; wait %2; echo $?')
  expect(text()).toBe('bash: kill: %1: no such job\nbash: fg: current: no such job\nbash: wait: %2: no such job\n127\n')
  shell.run('kubectl watch &')
  shell.run('fg')
  expect(shell.isBusy()).toBe(true)
  shell.interrupt()
  expect(shell.isBusy()).toBe(false)
  shell.run('jobs; sh -c "exit 3" & wait %1; echo $?')
  expect(text()).toMatch(/3\n\[1\]\+ {2}Exit 3 {18}sh -c "exit 3"\n$/)
  shell.run('sleep 50 & kill $!; sleep 1; jobs')
  go(6000)
  expect(text()).toContain('Terminated')
})

test('help names what can be typed', () => {
  const { shell, text } = terminal()
  shell.run('help')
  expect(text()).toMatch(/Commands of the shell:[^]* jobs [^]*Programs:[^]* kubectl /)
})
