import type { Connection, Resolution } from '../network/network.ts'
import { addPrograms, baseOf } from './images/bases.ts'
import { feed } from './kernel/descriptors.ts'
import { handleAt, open } from './kernel/handles.ts'
import { createFiles, type FileNode, type Files } from './kernel/files.ts'
import type { About, Host, Kernel, ServiceAnswer, ServiceRequest } from './kernel/host.ts'
import { run, wake } from './kernel/kernel.ts'
import { createKernelState, type KernelState, type Process } from './kernel/kernelState.ts'
import { signal, startProcess } from './kernel/processes.ts'
import type { Tool } from './kernel/tool.ts'
import { isInBackground } from './shell/jobs.ts'
import type { ShellState } from './shell/shellState.ts'
import { findTool } from './tools/index.ts'

/** The page's terminal as plain data: copy it with `copyState`, hand it to `createShell` again. */
export interface TerminalState {
  kernel: KernelState
  layer: Map<string, FileNode | null>
  timers: { readonly id: number; readonly at: number; readonly pid: number }[]
  nextTimer: number
  output: TerminalChunk[]
}

/** A piece of what was written, in the order it was written. */
export interface TerminalChunk {
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
}

/** What a shell outside the cluster needs of its host. */
export interface ShellOptions {
  readonly now: () => number
  /** commands beyond the usual ones: `kubectl` */
  readonly tools?: readonly Tool[]
  /** the state of an earlier shell, to go on with */
  readonly state?: TerminalState
  readonly environment?: Readonly<Record<string, string>>
  /** files to begin with: absolute path → text */
  readonly files?: Readonly<Record<string, string>>
  readonly home?: string
  readonly user?: string
  readonly hostname?: string
  /** a number below `below`, from a seeded stream */
  readonly random?: (below: number) => number
  readonly connect?: (host: string, port: number) => Connection
  readonly resolve?: (name: string) => Resolution
  readonly ask?: (connection: Connection, port: number, request: ServiceRequest) => ServiceAnswer | undefined
  /** files changed: for editors that show them */
  readonly filesChanged?: () => void
}

/** A shell in virtual time for somebody who types: `run` a line, `advance` when time has moved, `take` what it wrote. */
export interface Shell {
  readonly state: TerminalState
  readonly files: Files
  /** Types a line; it runs until it must wait. */
  readonly run: (line: string) => void
  /** Types for the command that runs now. */
  readonly type: (text: string, isEnd?: boolean) => void
  /** whether what runs in the foreground waits for what is typed */
  readonly isReading: () => boolean
  /** Lets a process look now at what it waits for. */
  readonly rouse: (pid: number) => void
  /** Lets those run whose time has come. Call it when `now` has reached `wakeAt`. */
  readonly advance: () => void
  /** when something will happen by itself: a `sleep` ends, a `-w` polls */
  readonly wakeAt: () => number | undefined
  /** What was written since the last time. */
  readonly take: () => readonly TerminalChunk[]
  /** whether a command of the last line still runs in the foreground */
  readonly isBusy: () => boolean
  /** the exit code of the last command */
  readonly status: () => number
  readonly directory: () => string
  /** Ctrl-C: ends what runs in the foreground; with `isAll`, background jobs too */
  readonly interrupt: (isAll?: boolean) => void
}

const group = 1
const outputMax = 20_000

/** A terminal before its first line. */
export function createTerminalState(): TerminalState {
  return { kernel: createKernelState(), layer: new Map(), timers: [], nextTimer: 1, output: [] }
}

/** Opens a shell on a small machine of its own, with the usual tools and those of its host. */
export function createShell(options: ShellOptions): Shell {
  const { home = '/home/you', user = 'you', hostname = 'dock' } = options
  const isNew = options.state === undefined
  const state = options.state ?? createTerminalState()
  const own = new Map((options.tools ?? []).flatMap((tool) => tool.names.map((name) => [name, tool] as const)))
  const base = baseOf('debian')
  const image = new Map(base.files)
  for (const path of ['/home', home]) image.set(path, Object.freeze({ kind: 'directory', mode: 0o755, at: 0 }))
  const extras = ['curl', 'wget', 'nslookup', 'dig', 'host', 'ping', 'nc', 'ps', 'watch', 'killall', ...own.keys()]
  addPrograms(image, Object.fromEntries(extras.map((name) => [`/usr/local/bin/${name}`, name])))
  const files = createFiles({
    image,
    layer: state.layer,
    mounts: [],
    links: base.links,
    synthetic: (path) => (path === '/etc/hostname' ? `${hostname}\n` : undefined),
    mayWrite: () => undefined,
    now: options.now,
    writer: user,
    changed: () => options.filesChanged?.(),
  })
  const about: About = {
    hostname,
    user: { uid: 1000, gid: 1000, name: user, groups: [] },
    address: '127.0.0.1',
    nameserver: '127.0.0.1',
    search: [],
    cpuMilli: undefined,
    memoryBytes: undefined,
    family: 'gnu',
    isBusyboxOld: false,
    isOpen: false,
    ports: [],
    hasGpu: false,
    node: hostname,
    isTty: false,
  }
  const environment = Object.freeze<Record<string, string>>({
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: home,
    USER: user,
    SHELL: '/bin/bash',
    PS1: '',
    PS2: '',
    ...options.environment,
  })
  const kernel: Kernel = { state: state.kernel, host: hostOf(), mounts: [] }
  if (isNew) begin()

  function hostOf(): Host {
    return {
      now: options.now,
      wakeIn(_, delayMs, pid) {
        const id = state.nextTimer++
        state.timers.push({ id, at: options.now() + Math.max(0, delayMs), pid })
        return id
      },
      cancelWake(timer) {
        state.timers = state.timers.filter(({ id }) => id !== timer)
      },
      write(_, __, stream, text) {
        state.output.push({ stream, text })
        if (state.output.length > outputMax) state.output.splice(0, state.output.length - outputMax)
      },
      files: () => files,
      about: () => about,
      environment: () => environment,
      variable: (_, name) => environment[name],
      tool: (name) => own.get(name) ?? findTool(name),
      ended: () => undefined,
      connect: (_, host, port) => options.connect?.(host, port) ?? { outcome: 'nxdomain' },
      resolve: (_, name) => options.resolve?.(name) ?? { error: 'NXDOMAIN' },
      listen: () => true,
      unlisten: () => undefined,
      ask: (_, connection, port, request) => options.ask?.(connection, port, request),
      answersChanged: () => undefined,
      memoryChanged: () => undefined,
      random: (below) => options.random?.(below) ?? 0,
      upload: () => undefined,
      record: () => undefined,
    }
  }

  function begin(): void {
    for (const [path, text] of Object.entries(options.files ?? {})) write(path, text)
    startShell()
  }

  /** A first shell, and another when `exit` has ended it. */
  function startShell(): void {
    const kernelState = state.kernel
    kernelState.inputs ??= new Map()
    kernelState.inputs.set(group, { text: '', isEnded: false, isTerminal: true })
    kernelState.nextPid = Math.max(kernelState.nextPid, 2)
    const fds = new Map([
      [0, open(kernelState, { kind: 'input', group, refs: 1 })],
      [1, open(kernelState, { kind: 'stream', stream: 'stdout', group, refs: 1 })],
      [2, open(kernelState, { kind: 'stream', stream: 'stderr', group, refs: 1 })],
    ])
    startProcess(kernel, {
      parent: 0,
      group,
      argv: Object.freeze(['bash', '-i']),
      program: 'bash',
      cwd: home,
      environment,
      fds,
    })
    run(kernel)
  }

  function write(path: string, text: string): void {
    const folders = path.split('/').slice(1, -1)
    folders.forEach((_, index) => files.makeDirectory(`/${folders.slice(0, index + 1).join('/')}`))
    files.write(path, text, false)
  }

  const shellProcess = () => state.kernel.processes.find(({ parent, group: own }) => parent === 0 && own === group)
  const shellState = (): ShellState | undefined => shellProcess()?.memo.shell as ShellState | undefined

  function type(text: string, isEnd = false): void {
    feed(kernel, group, text, isEnd)
    run(kernel)
    if (!shellProcess()) startShell()
  }

  function isBusy(): boolean {
    const wait = shellProcess()?.wait
    return wait?.for !== 'input' || shellState()?.resume !== undefined
  }

  function readsTerminal(process: Process): boolean {
    const { wait } = process
    return wait?.for === 'input' && handleAt(state.kernel, process, wait.fd)?.kind === 'input'
  }

  return {
    state,
    files,
    run: (line) => type(line.endsWith('\n') ? line : `${line}\n`),
    type,
    advance() {
      const due = state.timers.filter(({ at }) => at <= options.now()).sort((a, b) => a.at - b.at || a.id - b.id)
      for (const timer of due) {
        if (!state.timers.includes(timer)) continue
        state.timers = state.timers.filter((one) => one !== timer)
        wake(kernel, timer.pid)
      }
      run(kernel)
      if (!shellProcess()) startShell()
    },
    wakeAt: () =>
      state.timers.reduce<number | undefined>(
        (first, { at }) => (first === undefined || at < first ? at : first),
        undefined,
      ),
    take() {
      const { output } = state
      state.output = []
      return output
    },
    isReading: () => isBusy() && state.kernel.processes.some(readsTerminal),
    rouse(pid) {
      wake(kernel, pid)
      run(kernel)
    },
    isBusy,
    status: () => shellState()?.status ?? 0,
    directory: () => shellProcess()?.cwd ?? home,
    interrupt(isAll = false) {
      const main = shellProcess()
      const shell = shellState()
      const input = state.kernel.inputs?.get(group)
      if (input) input.text = ''
      for (const process of state.kernel.processes)
        if (process.group === group && (isAll || !shell || !isInBackground(state.kernel, shell, process)))
          signal(kernel, process, 'INT')
      if (main && shell) shell.pendingText = ''
      run(kernel)
    },
  }
}
