import type { Flags, FlagValues } from './args/flags.ts'
import type { globalFlags } from './args/shared.ts'
import type { Cluster } from './cluster.ts'
import type { Io, KubectlContext } from './context.ts'

/** What waits gives its host a chance to turn the clock at each `yield`; its result is the exit code. */
export type Waiting = Generator<undefined, number>

/** What a command is called with. */
export interface Call<F extends Flags = Flags> {
  readonly command: Command
  /** `create deployment` */
  readonly path: string
  readonly args: readonly string[]
  /** the whole line in kubectl's own spelling: `kubectl scale deploy web --replicas=3` */
  readonly words: string
  /** how many arguments stood before `--`; -1 without one */
  readonly dash: number
  readonly flags: FlagValues<F & typeof globalFlags>
  /** the flags that were written down */
  readonly given: ReadonlySet<string>
  readonly cluster: Cluster
  readonly io: Io
  readonly now: () => number
  readonly context: KubectlContext
}

/** One command of kubectl, or a group of them. */
export interface Command {
  readonly name: string
  readonly aliases?: readonly string[]
  /** wrong words it is suggested for, besides those that look alike */
  readonly suggestFor?: readonly string[]
  /** `cordon NODE`, after the word kubectl */
  readonly usage: string
  readonly summary: string
  readonly examples?: readonly string[]
  readonly flags: Flags
  readonly subcommands?: readonly Command[]
  /** what `complete` offers as arguments: kinds and names, nothing, or names of one kind */
  readonly completes?: 'resources' | 'none' | 'nodes' | 'pods'
  /** an exit code, or a generator when it has to wait; a group without it prints its help */
  readonly run?: (call: Call) => number | Waiting
}

/** Types one command: its `run` sees the values of its own flags. Commands are listed in `commands/index.ts`. */
export function defineCommand<F extends Flags>(
  input: Omit<Command, 'run' | 'flags'> & { readonly flags?: F; readonly run?: (call: Call<F>) => number | Waiting },
): Command {
  return Object.freeze({ flags: {}, ...input }) as unknown as Command
}
