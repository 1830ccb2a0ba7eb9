import type { Api, HttpAnswer, HttpRequest, HttpStream } from './engine.ts'
import type { Session } from './kubeconfig.ts'

/** What a command reads and writes besides the cluster. */
export interface Io {
  /** standard input, where there is one: `-f -` reads it */
  readonly stdin?: string
  /** standard input is a terminal at which somebody sits */
  readonly keyboard?: Keyboard
  readonly readFile: (path: string) => string | undefined
  /** the names in a folder, or undefined for what is none */
  readonly listFiles: (path: string) => readonly string[] | undefined
  /** needed by `config --kubeconfig=FILE` alone */
  readonly writeFile?: (path: string, text: string) => void
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** What somebody types while a command runs. */
export interface Keyboard {
  /** Says that this command reads what is typed; with `isRaw`, Ctrl-C is typed to it as `\x03` and does not end it. */
  readonly claim: (isRaw: boolean) => void
  /** What was typed since the last time; `isEnd`: Ctrl-D. */
  readonly take: () => { readonly text: string; readonly isEnd: boolean }
}

/** One line that a container wrote. */
export interface LogLine {
  /** virtual milliseconds */
  readonly at: number
  readonly text: string
}

/** What the node answers for a container's log: lines, or the refusal as the API server words it. */
export type LogAnswer =
  | {
      readonly lines: readonly LogLine[]
      /** how many lines were written before the first of these: a follower counts on from there */
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
  readonly write: (text: string, isEnd?: boolean) => void
  readonly signal: (name: string) => void
}

/** A command that runs in a container. */
export interface ExecHandle extends ContainerInput {
  /** what it wrote since the last time */
  readonly take: () => { readonly stdout: string; readonly stderr: string }
  /** its exit code once it has ended; an `error` is the runtime's text */
  readonly ended: () => { readonly code: number; readonly error?: string } | undefined
  readonly stop: () => void
}

/** The way past the API server to containers: logs and exec. The cluster's door provides it. */
export interface NodeDoor {
  /** `pod` is `namespace/name`. */
  readonly logs: (pod: string, container: string, options: { readonly previous: boolean }) => LogAnswer
  readonly exec: (
    pod: string,
    container: string,
    command: readonly string[],
    input?: { readonly text: string; readonly isOpen?: boolean; readonly isTerminal?: boolean },
  ) => ExecHandle
  /** the standard input of a container's main process; undefined where no such container runs */
  readonly attach: (pod: string, container: string) => ContainerInput | undefined
}

/** Texts of the API's types and fields, for `kubectl explain`; absent, it shows structure alone. */
export type DescriptionProvider = (type: string, field?: string) => string | undefined

/** Everything a command line runs with. */
export interface KubectlContext {
  readonly api: Api
  /** virtual milliseconds */
  readonly now: () => number
  readonly io: Io
  readonly nodes?: NodeDoor
  /** the same server by paths, for `--raw` */
  readonly http?: (request: HttpRequest) => HttpAnswer
  /** the same, but watches and followed logs go on; without it, `--raw` tells of them what there is now */
  readonly openHttp?: (request: HttpRequest) => HttpAnswer | HttpStream
  /** what outlives one command: the kubeconfig with its current namespace */
  readonly session?: Session
  readonly descriptions?: DescriptionProvider
}

/** A command that outlives its line: its host polls it every `pollMs` of virtual time, and calls `stop` on Ctrl-C. */
export interface Follow {
  readonly pollMs: number
  /** the exit code, once it has ended */
  readonly poll: () => number | undefined
  /** ends it early; the exit code of an interrupted process */
  readonly stop: () => number
}
