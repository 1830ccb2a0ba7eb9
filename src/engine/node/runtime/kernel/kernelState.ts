/** The processes of one container (or of the page's terminal) with what connects them, as plain data. */
export interface KernelState {
  nextPid: number
  nextHandle: number
  /** in the order of their birth; a list that is replaced, not changed: there are few, and mostly one */
  processes: readonly Process[]
  /** nothing until a process opens or copies one */
  handles: Map<number, Handle> | undefined
  /** pids that can run now, in order */
  ready: number[]
  /** exit codes nobody has asked for yet */
  exits: Map<number, number> | undefined
  /** what was typed for a group of processes, and whether more may come */
  inputs: Map<number, Input> | undefined
  /** how often in a row an instant's steps were used up; 0 while nobody spins */
  pauses: number
  isPaused: boolean
  /** a fault: nothing runs and nobody answers */
  isHung: boolean
  isRunning: boolean
}

/** One process. */
export interface Process {
  readonly pid: number
  parent: number
  /** which terminal or log its output goes to: 0 is the container's own */
  readonly group: number
  argv: readonly string[]
  /** the name of the tool that it runs */
  program: string
  cwd: string
  /** frozen; nothing while it is the one that the container gives whatever it starts: `environmentOf` */
  environment: Readonly<Record<string, string>> | undefined
  /** file descriptors: numbers to handles; nothing while they are the three it was born with: no input, and its two streams */
  fds: Map<number, number> | undefined
  /** what the tool remembers between its steps */
  memo: Record<string, unknown>
  wait: Wait | undefined
  timer: number
  isTimerWork: boolean
  signals: string[]
  ports: readonly number[]
  memory: Memory
  cpuMilli: number
  readonly startedAt: number
}

/** How much memory a process has, and how that grows. Frozen. */
export interface Memory {
  readonly bytes: number
  readonly bytesPerSecond: number
  readonly since: number
  readonly bytesMax: number
}

/** What a process waits for; any signal wakes it too. */
export type Wait =
  | { readonly for: 'time'; readonly until: number; readonly isIdle?: boolean }
  | { readonly for: 'input'; readonly fd: number; readonly until?: number }
  | { readonly for: 'room'; readonly handle: number }
  | { readonly for: 'child'; readonly pid: number; readonly until?: number }
  | { readonly for: 'children'; readonly pids: readonly number[] }
  | { readonly for: 'change'; readonly paths: readonly string[]; readonly until?: number }
  | { readonly for: 'ever' }

/** An open file, shared by all descriptors that were copied from it. */
export type Handle =
  | { kind: 'null' | 'zero'; refs: number }
  | { kind: 'stream'; stream: 'stdout' | 'stderr'; group: number; refs: number }
  | { kind: 'input'; group: number; refs: number }
  | { kind: 'file'; path: string; offset: number; append: boolean; writable: boolean; refs: number }
  | { kind: 'pipe'; text: string; refs: number; writers: number }
  | { kind: 'writer'; pipe: number; refs: number }
  | { kind: 'text'; text: string; offset: number; refs: number }
  /** collects what a command substitution prints */
  | { kind: 'capture'; text: string; refs: number }

/** What somebody outside gives a group of processes to read. */
export interface Input {
  text: string
  isEnded: boolean
  /** somebody types it: an end is for whoever reads then, and more may come */
  isTerminal: boolean
}

/** The process of that number, while it lives. */
export function processAt({ processes }: KernelState, pid: number): Process | undefined {
  for (const process of processes) if (process.pid === pid) return process
  return undefined
}

/** Whether a process still lives. */
export function isAlive(state: KernelState, pid: number): boolean {
  return processAt(state, pid) !== undefined
}

const noProcesses: KernelState['processes'] = Object.freeze([])

/** A process can run. A list that grows by itself would keep room for many more: mostly there is one alone. */
export function makeReady(state: KernelState, pid: number): void {
  if (state.ready.length === 0) state.ready = [pid]
  else state.ready.push(pid)
}

/** No processes yet. */
export function createKernelState(): KernelState {
  return {
    nextPid: 1,
    nextHandle: 1,
    processes: noProcesses,
    handles: undefined,
    ready: [],
    exits: undefined,
    inputs: undefined,
    pauses: 0,
    isPaused: false,
    isHung: false,
    isRunning: false,
  }
}
