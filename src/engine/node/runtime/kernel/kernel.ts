import { must } from '../../../sim/index.ts'
import type { Kernel } from './host.ts'
import type { Handle, KernelState, Memory, Process, Wait } from './kernelState.ts'
import type { Step } from './tool.ts'

/** Steps of all processes at one virtual instant; then time goes on, so that an endless loop burns CPU but never hangs us. */
const stepsPerInstantMax = 3000
/** a million steps a second, as a real shell does, for a while; whoever spins on is there to burn CPU, and gets coarser turns */
const pauseMsFirst = 3
const pausesQuick = 100
const pauseMsMax = 1000
const pipeBytesMax = 65_536
const exitsMax = 500

const noMemory: Memory = Object.freeze({ bytes: 700_000, bytesPerSecond: 0, since: 0, bytesMax: 0 })

/** What a new process needs. The descriptors become its own. */
export interface Birth {
  readonly parent: number
  readonly group: number
  readonly argv: readonly string[]
  readonly program: string
  readonly cwd: string
  readonly environment: Readonly<Record<string, string>>
  readonly fds: Map<number, number>
  readonly memo?: Record<string, unknown>
}

/** Makes a process that runs as soon as its turn comes. */
export function startProcess(kernel: Kernel, birth: Birth): Process {
  const { state, host } = kernel
  const process: Process = {
    pid: state.nextPid++,
    parent: birth.parent,
    group: birth.group,
    argv: birth.argv,
    program: birth.program,
    cwd: birth.cwd,
    environment: birth.environment,
    fds: birth.fds,
    memo: birth.memo ?? {},
    wait: undefined,
    timer: 0,
    isTimerWork: false,
    signals: [],
    ports: [],
    memory: noMemory,
    cpuMilli: 0,
    startedAt: host.now(),
  }
  state.processes.set(process.pid, process)
  state.ready.push(process.pid)
  return process
}

/** The pid that the next process will have. */
export function nextPid(state: KernelState): number {
  return state.nextPid
}

/** Lets everybody run who can, until all wait or this instant's steps are used up. */
export function run(kernel: Kernel): void {
  const { state } = kernel
  if (state.isPaused || state.isHung || state.isRunning) return
  state.isRunning = true
  let left = stepsPerInstantMax
  while (state.ready.length > 0) {
    if (left <= 0) {
      pause(kernel)
      break
    }
    const pid = state.ready.shift()!
    const process = state.processes.get(pid)
    if (process && process.wait === undefined) left -= turn(kernel, process)
  }
  if (left > 0) state.pauses = 0
  state.isRunning = false
}

function pause(kernel: Kernel): void {
  const { state, host } = kernel
  const pauseMs = Math.min(pauseMsMax, pauseMsFirst * 2 ** Math.max(0, state.pauses - pausesQuick))
  state.pauses++
  state.isPaused = true
  host.wakeIn(pauseMs, 0, false)
}

/** One turn of one process; the number of steps it used. */
function turn(kernel: Kernel, process: Process): number {
  const { state, host } = kernel
  const tool = must(host.tool(process.program), `no tool ${process.program}`)
  const call = { kernel, process }
  const signal = process.signals.shift()
  let step: Step
  if (signal !== undefined) {
    const taken = tool.signal?.(call, signal) ?? 'default'
    if (taken === 'default') {
      if (process.pid !== 1 || signal === 'OOM') return end(kernel, process, 128 + numberOf(signal)) ?? 1
      step = 'again'
    } else step = taken === 'ignored' ? 'again' : taken
  } else step = tool.step(call)
  if (state.processes.get(process.pid) !== process) return 10
  if (typeof step === 'number') {
    end(kernel, process, step)
    return 20
  }
  if (step === 'again') process.wait = blockedWriter(state, process)
  else process.wait = step
  if (process.wait && process.signals.length === 0) settle(kernel, process)
  else {
    process.wait = undefined
    state.ready.push(process.pid)
  }
  return typeof process.memo.steps === 'number' ? takeSteps(process) : 10
}

function takeSteps(process: Process): number {
  const steps = process.memo.steps as number
  process.memo.steps = 0
  return steps
}

/** A process that filled a pipe waits until somebody reads. */
function blockedWriter(state: KernelState, process: Process): Wait | undefined {
  const handle = state.handles.get(process.fds.get(1) ?? 0)
  if (handle?.kind !== 'writer') return undefined
  const pipe = state.handles.get(handle.pipe)
  return pipe?.kind === 'pipe' && pipe.text.length > pipeBytesMax ? { for: 'room', handle: handle.pipe } : undefined
}

/** Puts a waiting process on the clock, or lets it run on when what it waits for is there already. */
function settle(kernel: Kernel, process: Process): void {
  const { state, host } = kernel
  const wait = process.wait!
  if (isOver(kernel, process, wait)) {
    process.wait = undefined
    state.ready.push(process.pid)
    return
  }
  const until =
    wait.for === 'time' || wait.for === 'input' || wait.for === 'child' || wait.for === 'change'
      ? wait.until
      : undefined
  if (until === undefined || until === Infinity) return
  process.isTimerWork = wait.for === 'time' && wait.isIdle !== true
  process.timer = host.wakeIn(until - host.now(), process.pid, process.isTimerWork)
}

function isOver(kernel: Kernel, process: Process, wait: Wait): boolean {
  const { state } = kernel
  switch (wait.for) {
    case 'time':
      return wait.until <= kernel.host.now()
    case 'child':
      return !state.processes.has(wait.pid)
    case 'children':
      return wait.pids.every((pid) => !state.processes.has(pid))
    case 'input':
      return isReadable(state, process, wait.fd)
    case 'room': {
      const pipe = state.handles.get(wait.handle)
      return pipe?.kind !== 'pipe' || pipe.text.length <= pipeBytesMax
    }
    default:
      return false
  }
}

/** A timer of `wakeIn` fired. */
export function wake(kernel: Kernel, pid: number): void {
  const { state } = kernel
  if (pid === 0) state.isPaused = false
  else {
    const process = state.processes.get(pid)
    if (process?.wait) {
      process.timer = 0
      process.wait = undefined
      state.ready.push(pid)
    }
  }
  run(kernel)
}

/** Lets a waiting process look again. */
export function rouse(kernel: Kernel, process: Process): void {
  if (process.wait === undefined) return
  if (process.timer !== 0) kernel.host.cancelWake(process.timer, process.isTimerWork)
  process.timer = 0
  process.wait = undefined
  kernel.state.ready.push(process.pid)
}

function rouseThose(kernel: Kernel, test: (process: Process, wait: Wait) => boolean): void {
  for (const process of kernel.state.processes.values())
    if (process.wait && test(process, process.wait)) rouse(kernel, process)
}

/** Sends a signal by name, without SIG. KILL cannot be refused. */
export function signal(kernel: Kernel, process: Process, name: string): void {
  if (name === 'KILL') return void end(kernel, process, 137)
  if (name === '0') return
  process.signals.push(name)
  rouse(kernel, process)
}

const signalNumbers: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  CHLD: 17,
  CONT: 18,
  STOP: 19,
  TSTP: 20,
  WINCH: 28,
  OOM: 9,
}

/** A signal's number: 15 for TERM. */
export function numberOf(name: string): number {
  return signalNumbers[name] ?? 15
}

/** A signal's name without SIG, from `TERM`, `SIGTERM`, `-15` or `15`. */
export function signalName(text: string): string | undefined {
  const plain = text.replace(/^-/, '').toUpperCase().replace(/^SIG/, '')
  if (plain === '0' || plain === 'EXIT' || plain === 'ERR') return plain
  if (/^\d+$/.test(plain)) return Object.keys(signalNumbers).find((name) => signalNumbers[name] === Number(plain))
  return Object.hasOwn(signalNumbers, plain) ? plain : undefined
}

/** A process is over: descriptors closed, ports freed, whoever waited told. */
export function end(kernel: Kernel, process: Process, code: number): number {
  const { state, host } = kernel
  if (!state.processes.delete(process.pid)) return 1
  if (process.timer !== 0) host.cancelWake(process.timer, process.isTimerWork)
  closeAll(kernel, process)
  if (process.pid !== 1) for (const port of process.ports) host.unlisten(port)
  if (process.parent !== 0 && state.processes.has(process.parent)) {
    const exits = (state.exits ??= new Map())
    exits.set(process.pid, code)
    if (exits.size > exitsMax) exits.delete(exits.keys().next().value!)
    rouseThose(
      kernel,
      ({ pid }, wait) =>
        pid === process.parent && (wait.for === 'child' || wait.for === 'children') && isOver(kernel, process, wait),
    )
  }
  for (const child of state.processes.values()) if (child.parent === process.pid) child.parent = 1
  if (process.pid === 1 || process.parent === 0) host.ended(process, code)
  // Who waits at the ports of a container that is gone gets no answer: its end is told before its ports are.
  if (process.pid === 1) for (const port of process.ports) host.unlisten(port)
  return 20
}

/** The exit code of a child that ended, once. */
export function reap(state: KernelState, pid: number): number | undefined {
  const code = state.exits?.get(pid)
  state.exits?.delete(pid)
  return code
}

/** Ends everything at once, without a word to anybody. */
export function halt(kernel: Kernel): void {
  const { state, host } = kernel
  for (const process of state.processes.values()) {
    if (process.timer !== 0) host.cancelWake(process.timer, process.isTimerWork)
    for (const port of process.ports) host.unlisten(port)
  }
  state.processes.clear()
  state.handles.clear()
  state.ready.length = 0
  state.exits = undefined
}

// descriptors

/** Opens a handle; it belongs to the descriptor it is put into. */
export function open(state: KernelState, handle: Handle): number {
  const id = state.nextHandle++
  state.handles.set(id, handle)
  return id
}

/** A pipe: the handles of its two ends. */
export function openPipe(state: KernelState): readonly [reader: number, writer: number] {
  const reader = open(state, { kind: 'pipe', text: '', refs: 1, writers: 1 })
  return [reader, open(state, { kind: 'writer', pipe: reader, refs: 1 })]
}

/** Descriptors for another process: the same open files. */
export function copyDescriptors(state: KernelState, fds: ReadonlyMap<number, number>): Map<number, number> {
  const copy = new Map(fds)
  for (const id of copy.values()) retain(state, id)
  return copy
}

/** One more descriptor has this handle. */
export function retain(state: KernelState, id: number): void {
  const handle = state.handles.get(id)
  if (handle) handle.refs++
}

/** One descriptor less has this handle. */
export function release(kernel: Kernel, id: number): void {
  const { state } = kernel
  const handle = state.handles.get(id)
  if (!handle || --handle.refs > 0) return
  if (handle.kind === 'writer') {
    state.handles.delete(id)
    const pipe = state.handles.get(handle.pipe)
    if (pipe?.kind !== 'pipe') return
    pipe.writers = 0
    rouseThose(kernel, (process, wait) => wait.for === 'input' && process.fds.get(wait.fd) === handle.pipe)
  } else if (handle.kind === 'pipe') {
    state.handles.delete(id)
    rouseThose(kernel, (_, wait) => wait.for === 'room' && wait.handle === id)
  } else state.handles.delete(id)
}

function closeAll(kernel: Kernel, process: Process): void {
  for (const id of process.fds.values()) release(kernel, id)
  process.fds.clear()
}

/** Puts a handle into a descriptor; what was there is closed. */
export function setDescriptor(kernel: Kernel, process: Process, fd: number, id: number): void {
  const old = process.fds.get(fd)
  process.fds.set(fd, id)
  if (old !== undefined) release(kernel, old)
}

/** Writes to a descriptor; an error's words if that cannot be. */
export function write(kernel: Kernel, process: Process, fd: number, text: string): string | undefined {
  if (text === '') return undefined
  const { state, host } = kernel
  const handle = state.handles.get(process.fds.get(fd) ?? 0)
  if (handle === undefined) return 'Bad file descriptor'
  switch (handle.kind) {
    case 'stream':
      host.write(handle.group, handle.stream, text)
      return undefined
    case 'capture':
      if (handle.text.length < 10_000_000) handle.text += text
      return undefined
    case 'writer':
      return writePipe(kernel, process, handle.pipe, text)
    case 'file': {
      if (!handle.writable) return 'Bad file descriptor'
      const failed = host.files.write(handle.path, text, true)
      return failed?.error
    }
    default:
      return undefined
  }
}

function writePipe(kernel: Kernel, process: Process, id: number, text: string): string | undefined {
  const pipe = kernel.state.handles.get(id)
  if (pipe?.kind !== 'pipe') {
    process.signals.push('PIPE')
    return 'Broken pipe'
  }
  pipe.text += text
  rouseThose(kernel, (reader, wait) => wait.for === 'input' && reader.fds.get(wait.fd) === id)
  return undefined
}

/** Whatever can be read now: '' at the end, undefined when there may be more later. */
export function read(kernel: Kernel, process: Process, fd: number): string | undefined {
  return take(kernel, process, fd, (text) => text.length)
}

/** One line with its newline: '' at the end, undefined when there may be more later. */
export function readLine(kernel: Kernel, process: Process, fd: number): string | undefined {
  return take(kernel, process, fd, (text, isEnded) => text.indexOf('\n') + 1 || (isEnded ? text.length : 0))
}

/** How much of what is there to take: 0 to wait for more. */
type Portion = (text: string, isEnded: boolean) => number

function take(kernel: Kernel, process: Process, fd: number, portion: Portion): string | undefined {
  const { state, host } = kernel
  const id = process.fds.get(fd) ?? 0
  const handle = state.handles.get(id)
  switch (handle?.kind) {
    case 'pipe': {
      const isEnded = handle.writers === 0
      const count = portion(handle.text, isEnded)
      if (count === 0) return isEnded ? '' : undefined
      const wasFull = handle.text.length > pipeBytesMax
      const text = handle.text.slice(0, count)
      handle.text = handle.text.slice(count)
      if (wasFull) rouseThose(kernel, (_, wait) => wait.for === 'room' && wait.handle === id)
      return text
    }
    case 'input': {
      const input = state.inputs?.get(handle.group)
      if (input === undefined) return ''
      const count = portion(input.text, input.isEnded)
      if (count === 0) return input.isEnded ? '' : undefined
      const text = input.text.slice(0, count)
      input.text = input.text.slice(count)
      return text
    }
    case 'text': {
      const rest = handle.text.slice(handle.offset)
      const count = portion(rest, true)
      handle.offset += count
      return rest.slice(0, count)
    }
    case 'file': {
      const whole = host.files.read(handle.path)
      const rest = typeof whole === 'string' ? whole.slice(handle.offset) : ''
      const count = portion(rest, true)
      handle.offset += count
      return rest.slice(0, count)
    }
    default:
      return ''
  }
}

function isReadable(state: KernelState, process: Process, fd: number): boolean {
  const handle = state.handles.get(process.fds.get(fd) ?? 0)
  if (handle?.kind === 'pipe') return handle.writers === 0
  if (handle?.kind === 'input') return state.inputs?.get(handle.group)?.isEnded !== false
  return true
}

/** Gives a group of processes something to read. */
export function feed(kernel: Kernel, group: number, text: string, isEnded = false): void {
  const input = kernel.state.inputs?.get(group)
  if (!input) return
  input.text += text
  if (isEnded) input.isEnded = true
  rouseThose(kernel, (process, wait) => {
    const handle = wait.for === 'input' ? kernel.state.handles.get(process.fds.get(wait.fd) ?? 0) : undefined
    return handle?.kind === 'input' && handle.group === group
  })
}

/** Wakes those who follow files. */
export function filesChanged(kernel: Kernel): void {
  rouseThose(kernel, (_, wait) => wait.for === 'change')
}

// memory and ports

/** A process's memory at a moment, in bytes. */
export function memoryOf(process: Process, now: number): number {
  const { bytes, bytesPerSecond, since, bytesMax } = process.memory
  if (bytesPerSecond === 0) return bytes
  const grown = bytes + ((now - since) * bytesPerSecond) / 1000
  return bytesMax > 0 ? Math.min(grown, bytesMax) : grown
}

/** A process takes memory: so much now, and so much more each second. */
export function useMemory(kernel: Kernel, process: Process, bytes: number, bytesPerSecond = 0, bytesMax = 0): void {
  process.memory = Object.freeze({ bytes, bytesPerSecond, since: kernel.host.now(), bytesMax })
  kernel.host.memoryChanged()
}

/** A process starts to accept connections; false when the port is taken. */
export function listen(kernel: Kernel, process: Process, port: number, protocol: 'TCP' | 'UDP' = 'TCP'): boolean {
  if (!kernel.host.listen(port, protocol)) return false
  process.ports.push(port)
  return true
}

/** A process no longer accepts connections. */
export function closePorts(kernel: Kernel, process: Process): void {
  for (const port of process.ports) kernel.host.unlisten(port)
  process.ports.length = 0
}
