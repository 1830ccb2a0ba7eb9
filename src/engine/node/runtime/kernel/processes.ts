import { closeAll } from './descriptors.ts'
import type { Kernel } from './host.ts'
import { isAlive, makeReady, type KernelState, type Memory, type Process } from './kernelState.ts'
import { isOver, rouse, rouseThose } from './waits.ts'

const exitsMax = 500

const noMemory = steady(700_000)

const noPorts: readonly number[] = Object.freeze([])

/** What a new process needs. The descriptors become its own. */
export interface Birth {
  readonly parent: number
  readonly group: number
  readonly argv: readonly string[]
  readonly program: string
  readonly cwd: string
  /** nothing: the one that the container gives whatever it starts */
  readonly environment: Readonly<Record<string, string>> | undefined
  readonly fds: Map<number, number> | undefined
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
    ports: noPorts,
    memory: noMemory,
    cpuMilli: 0,
    startedAt: host.now(),
  }
  state.processes = state.processes.length === 0 ? [process] : [...state.processes, process]
  makeReady(state, process.pid)
  return process
}

/** A process is over: descriptors closed, ports freed, whoever waited told. */
export function end(kernel: Kernel, process: Process, code: number): number {
  const { state, host } = kernel
  if (!state.processes.includes(process)) return 1
  state.processes = state.processes.filter((one) => one !== process)
  if (process.timer !== 0) host.cancelWake(process.timer, process.isTimerWork)
  closeAll(kernel, process)
  if (process.pid !== 1) for (const port of process.ports) host.unlisten(kernel, port)
  if (process.parent !== 0 && isAlive(state, process.parent)) {
    const exits = (state.exits ??= new Map())
    exits.set(process.pid, code)
    if (exits.size > exitsMax) exits.delete(exits.keys().next().value!)
    rouseThose(
      kernel,
      ({ pid }, wait) =>
        pid === process.parent && (wait.for === 'child' || wait.for === 'children') && isOver(kernel, process, wait),
    )
  }
  for (const child of state.processes) if (child.parent === process.pid) child.parent = 1
  if (process.pid === 1 || process.parent === 0) host.ended(kernel, process, code)
  // Who waits at the ports of a container that is gone gets no answer: its end is told before its ports are.
  if (process.pid === 1) for (const port of process.ports) host.unlisten(kernel, port)
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
  for (const process of state.processes) {
    if (process.timer !== 0) host.cancelWake(process.timer, process.isTimerWork)
    for (const port of process.ports) host.unlisten(kernel, port)
  }
  state.processes = []
  state.handles = undefined
  state.ready.length = 0
  state.exits = undefined
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

/** A process's memory at a moment, in bytes. */
export function memoryOf(process: Process, now: number): number {
  const { bytes, bytesPerSecond, since, bytesMax } = process.memory
  if (bytesPerSecond === 0) return bytes
  const grown = bytes + ((now - since) * bytesPerSecond) / 1000
  return bytesMax > 0 ? Math.min(grown, bytesMax) : grown
}

/** Memory that stays as it is. */
export function steady(bytes: number): Memory {
  return Object.freeze({ bytes, bytesPerSecond: 0, since: 0, bytesMax: 0 })
}

/** A process takes memory: so much now, and so much more each second. */
export function useMemory(kernel: Kernel, process: Process, bytes: number, bytesPerSecond = 0, bytesMax = 0): void {
  holdMemory(kernel, process, Object.freeze({ bytes, bytesPerSecond, since: kernel.host.now(), bytesMax }))
}

/** A process takes memory that others like it may share the record of. */
export function holdMemory(kernel: Kernel, process: Process, memory: Memory): void {
  process.memory = memory
  kernel.host.memoryChanged(kernel)
}

/** A process starts to accept connections; false when the port is taken. */
export function listen(kernel: Kernel, process: Process, port: number, protocol: 'TCP' | 'UDP' = 'TCP'): boolean {
  if (!kernel.host.listen(kernel, port, protocol)) return false
  process.ports = process.ports.length === 0 ? [port] : [...process.ports, port]
  return true
}

/** A process no longer accepts connections. */
export function closePorts(kernel: Kernel, process: Process): void {
  for (const port of process.ports) kernel.host.unlisten(kernel, port)
  process.ports = noPorts
}
