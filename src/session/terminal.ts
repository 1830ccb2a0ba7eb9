import {
  createShell,
  defineTool,
  argumentsOf,
  complain,
  pathOf,
  print,
  readWhole,
  type Call,
  type Shell,
  type Tool,
} from '#engine'
import { drydockTool } from './drydock.ts'
import { etcdctlTool } from './etcdctl/tool.ts'
import type { FileView } from './files.ts'
import { isMaking, notesFor } from './notes.ts'
import type { Running } from './followings.ts'
import type { Output, Session } from './session.ts'

/** A shell in which somebody types: pipes, files, loops and tools in virtual time, with kubectl as one of its commands. */
export interface Terminal {
  /** Types a line; what it writes goes to `output` now and as time goes on. */
  readonly run: (line: string, output: Output) => Running
  /** Types for the command in the foreground. */
  readonly type: (text: string, isEnd?: boolean) => void
  /** whether the command in the foreground waits for what is typed */
  readonly isReading: () => boolean
  readonly writeFile: (path: string, text: string) => void
  readonly readFile: (path: string) => string | undefined
  /** Puts an editor's files into the home folder: what is new or changed there; what was closed goes, unless it was changed here. */
  readonly keep: (documents: Readonly<Record<string, string>>) => void
  /** Manifests of the home folder that were written here since the last call, by name. */
  readonly takeWritten: () => Readonly<Record<string, string>>
  readonly directory: () => string
}

const home = '/home/you'
const manifest = /\.(ya?ml|json)$/
/** a longer text is no manifest that anybody edits */
const manifestCharsMax = 1_000_000
const ctrlC = '\x03'
/** how often a running kubectl is asked whether it is done */
const askMs = 50

/** How a terminal treats whoever types. */
export interface TerminalOptions {
  /** says after a kubectl command what of its objects is not simulated: for people, not for tests of kubectl's words */
  readonly isAdvising?: boolean
}

/** Opens a terminal on a session. Its shell is not part of the cluster's world: a rewind interrupts what runs in it. */
export function createTerminal(
  session: Session,
  files: Readonly<Record<string, string>> = {},
  { isAdvising = false }: TerminalOptions = {},
): Terminal {
  const commands = new Map<number, Running>()
  let output: Output | undefined
  let kept: Readonly<Record<string, string>> = {}
  /** the home folder's texts, as whoever opened the terminal knows them */
  const known = new Map(Object.entries(files))
  const etcdctl = etcdctlTool(session)
  const shell = createShell({
    now: session.now,
    tools: [kubectlTool(session, commands, isAdvising), drydockTool(session), etcdctl.tool],
    files: Object.fromEntries(Object.entries(files).map(([name, text]) => [`${home}/${name}`, text])),
    home,
  })

  /** whether anything but the shell itself runs: a background job */
  function commandsRun(): boolean {
    return shell.state.kernel.processes.length > 1
  }

  /** A command whose process was killed without a word has nobody to write for. */
  function sweep(): void {
    const alive = new Set(shell.state.kernel.processes.map(({ pid }) => pid))
    for (const [pid, running] of commands) {
      if (alive.has(pid)) continue
      commands.delete(pid)
      running.stop()
    }
    etcdctl.sweep(alive)
  }

  function flush(): void {
    sweep()
    for (const { stream, text } of shell.take()) (stream === 'stdout' ? output?.out : output?.err)?.(text)
  }

  /** The kubectl that reads what is typed: Ctrl-Z and `&` aside, there is one. */
  function readerNow(): Running | undefined {
    return [...commands.values()].findLast((running) => running.reads() !== false)
  }

  const isReading = (): boolean => readerNow() !== undefined || shell.isReading()

  function type(text: string, isEnd = false): void {
    const reader = readerNow()
    if (reader === undefined) shell.type(text, isEnd)
    else reader.type(text, isEnd)
    rouse()
  }

  /** Whoever waits for a command hears of its end now, even while time stands. */
  function rouse(): void {
    for (const [pid, running] of commands) if (running.isDone()) shell.rouse(pid)
    flush()
  }

  session.attend({
    wakeAt: shell.wakeAt,
    wake() {
      shell.advance()
      flush()
    },
  })

  // what waits for a moment of the old future must not act in the new one
  session.onReplace(() => {
    commands.clear()
    if (shell.isBusy() || commandsRun()) shell.interrupt(true)
    flush()
  })

  return {
    run(line, to) {
      output = to
      shell.run(line)
      flush()
      return {
        isDone: () => !shell.isBusy(),
        code: shell.status,
        stop() {
          const reader = readerNow()
          if (reader?.reads() === 'raw') reader.type(ctrlC)
          else shell.interrupt()
          rouse()
        },
        reads: () => (isReading() ? 'lines' : false),
        type,
      }
    },
    type,
    isReading,
    writeFile: (path, text) => void shell.files.write(inHome(shell, path), text, false),
    readFile: (path) => textOf(shell, inHome(shell, path)),
    keep(documents) {
      for (const [name, text] of Object.entries(kept))
        if (!Object.hasOwn(documents, name) && textOf(shell, `${home}/${name}`) === text)
          shell.files.remove(`${home}/${name}`)
      for (const [name, text] of Object.entries(documents))
        if (kept[name] !== text) shell.files.write(`${home}/${name}`, text, false)
      kept = documents
      for (const [name, text] of Object.entries(documents)) known.set(name, text)
    },
    takeWritten() {
      const written: Record<string, string> = {}
      for (const name of shell.files.list(home) ?? []) {
        const text = manifest.test(name) ? textOf(shell, `${home}/${name}`) : undefined
        if (text === undefined || text.length > manifestCharsMax || known.get(name) === text) continue
        known.set(name, text)
        written[name] = text
      }
      return written
    },
    directory: shell.directory,
  }
}

function inHome(shell: Shell, path: string): string {
  return path.startsWith('/') ? path : `${shell.directory()}/${path}`
}

function textOf(shell: Shell, path: string): string | undefined {
  const text = shell.files.read(path)
  return typeof text === 'string' ? text : undefined
}

/** kubectl as a command of the shell. What runs is kept by process id, outside the shell's own data. */
function kubectlTool(session: Session, commands: Map<number, Running>, isAdvising: boolean): Tool {
  return defineTool({
    names: ['kubectl', 'k'],
    step(call) {
      const { pid, memo } = call.process
      const argv = argumentsOf(call)
      if (memo['isStarted'] !== true) {
        const isTyped = isAtKeyboard(call) && takesKeys(argv)
        const stdin = !isTyped && readsInput(argv) ? readWhole(call, []) : ''
        if (stdin === undefined) return { for: 'input', fd: 0 }
        memo['isStarted'] = true
        memo['since'] = session.cluster().trace.count()
        const written: Output = { out: (text) => print(call, text), err: (text) => complain(call, text) }
        try {
          commands.set(pid, session.kubectl({ argv, stdin, isTyped, files: filesOf(call) }, written))
        } catch (error) {
          // a fault of our own must not take the terminal with it
          complain(call, `error: internal error, please report it: ${String(error)}\n`)
          return 2
        }
      }
      const running = commands.get(pid)
      if (running === undefined) return 130 // a rewind took it away
      if (!running.isDone()) return { for: 'time', until: session.now() + askMs }
      commands.delete(pid)
      if (isAdvising && isMaking(argv))
        for (const note of notesFor(session.cluster(), Number(memo['since']))) complain(call, `${note}\n`)
      return running.code()
    },
    signal(call, name) {
      commands.get(call.process.pid)?.stop()
      commands.delete(call.process.pid)
      return name === 'INT' || name === 'TERM' ? 'default' : 'ignored'
    },
  })
}

/** Whether its input is what somebody types, and no pipe or file. */
function isAtKeyboard({ kernel, process }: Call): boolean {
  return kernel.state.handles?.get(process.fds?.get(0) ?? 0)?.kind === 'input'
}

const takingKeys = /^(exec|attach|run|debug)$/

/** `exec -it`, `run -i`: what is typed goes to the container while they run. */
function takesKeys(argv: readonly string[]): boolean {
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv
  return own.some((word) => takingKeys.test(word)) && own.some((word) => /^-(i|it|ti)$|^--stdin(=true)?$/.test(word))
}

/** `-f -`, `-f-`, `--filename=-`, `-i`: only then does kubectl wait for its input. */
function readsInput(argv: readonly string[]): boolean {
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv
  return own.some(
    (word, index) =>
      (word === '-' && /^(-f|--filename)$/.test(own[index - 1] ?? '')) ||
      /^(-f-|-f=-|--filename=-)$/.test(word) ||
      (own[0] === 'exec' && /^-(i|it|ti)$|^--stdin$/.test(word)),
  )
}

function filesOf(call: Call): FileView {
  const files = call.kernel.host.files(call.kernel)
  return {
    readFile(path) {
      const text = files.read(pathOf(call, path))
      return typeof text === 'string' ? text : undefined
    },
    listFiles: (path) => files.list(pathOf(call, path)),
  }
}
