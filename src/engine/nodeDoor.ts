import type { Pod } from './api/index.ts'

/** The way past the API server to machines and containers: logs, exec, and the truth about a node. */
export interface NodeDoor {
  /** A container's log, or the refusal as the API server words it. `pod` is `namespace/name`. */
  readonly logs: (pod: string, container: string, options: { readonly previous: boolean }) => LogAnswer
  /** Runs a command in a container; time must go on for it to end. */
  readonly exec: (pod: string, container: string, command: readonly string[], input?: ExecInput) => ExecHandle
  /** The standard input of a container's main process; undefined where no such container runs. */
  readonly attach: (pod: string, container: string) => ContainerInput | undefined
  /** How the probes of a pod stand, as its kubelet keeps them. */
  readonly probes: (pod: Pod) => readonly ProbeView[]
  /** The containers of a pod that ended and wait before its kubelet runs them again; virtual ms. */
  readonly restartWaits: (
    pod: Pod,
  ) => readonly { readonly container: string; readonly since: number; readonly until: number }[]
  /** the truth about a node's machine, which the cluster may not know yet */
  readonly machine: (node: string) => MachineView
  /** names of machines whose truth changed since the last call */
  readonly changed: () => readonly string[]
}

export type LogAnswer =
  | {
      readonly lines: readonly { readonly at: number; readonly text: string }[]
      /** how many lines were written before the first of these */
      readonly from?: number
      /** the runtime's id of the container: another after a restart */
      readonly id: string
      /** what was written of the next line: a prompt */
      readonly unfinished?: string
      /** nothing will be added any more */
      readonly isComplete?: boolean
    }
  | { readonly error: string }

/** Where a process can be given something to read, and be interrupted. */
export interface ContainerInput {
  /** Gives it more to read; `isEnd`: there will be no more, or, at a terminal, no more for now. */
  readonly write: (text: string, isEnd?: boolean) => void
  readonly signal: (name: string) => void
}

/** What a command in a container reads. */
export interface ExecInput {
  /** read first */
  readonly text: string
  /** more will be written */
  readonly isOpen?: boolean
  /** it comes from a terminal: shells prompt, Ctrl-D ends one reading */
  readonly isTerminal?: boolean
}

export interface ExecHandle extends ContainerInput {
  /** what it wrote since the last time */
  readonly take: () => { readonly stdout: string; readonly stderr: string }
  /** its exit code once it has ended; an `error` is the runtime's text */
  readonly ended: () => { readonly code: number; readonly error?: string } | undefined
  readonly stop: () => void
}

/** One probe as its kubelet keeps it. */
export interface ProbeView {
  readonly container: string
  readonly kind: 'liveness' | 'readiness' | 'startup'
  /** what it stands for: it turns when enough answers in a row say so */
  readonly result: 'success' | 'failure' | 'unknown'
  /** the last answer, and how many like it came in a row; 0 where nothing was asked of this run yet */
  readonly last: 'success' | 'failure' | 'unknown'
  readonly inARow: number
  /** virtual ms of the next question; undefined while nothing is asked: it succeeded for good, or its container is stopped */
  readonly dueAt?: number
}

/** What is true of a machine now. */
export interface MachineView {
  readonly isPowered: boolean
  readonly isConnected: boolean
  readonly isKubeletRunning: boolean
  readonly usedCpuMilli: number
  readonly usedMemoryBytes: number
}
