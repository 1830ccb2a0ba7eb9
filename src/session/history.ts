/** What a person did, with its virtual time: together with seed and cluster shape, this is the run. */
export type Input = { readonly at: number } & Action

/** One action, as data that can be done again. */
export type Action =
  | {
      readonly do: 'kubectl'
      readonly argv: readonly string[]
      readonly stdin?: string
      /** what it reads is typed while it runs */
      readonly isTyped?: boolean
      /** the files it read, by name */
      readonly files?: Readonly<Record<string, string>>
      readonly user?: { readonly name: string; readonly groups: readonly string[] }
    }
  | { readonly do: 'request'; readonly request: unknown }
  | { readonly do: 'fault'; readonly fault: unknown }
  /** Ctrl-C for a command that acts over time: the one at that place among the inputs */
  | { readonly do: 'interrupt'; readonly input: number }
  /** typed for the command at that place among the inputs; `isEnd`: and Ctrl-D */
  | { readonly do: 'type'; readonly input: number; readonly text: string; readonly isEnd?: boolean }

/** A line of history: inputs in order, and how far it has been played. */
export interface Branch {
  readonly id: string
  /** what made it: the first action that differed */
  readonly name: string
  /** virtual ms at which it left its parent */
  readonly from: number
  readonly inputs: readonly Input[]
  /** virtual ms up to which it has been seen */
  readonly end: number
}

/** A saved world, and how many of its branch's inputs it contains. */
export interface Checkpoint<World> {
  readonly at: number
  readonly inputCount: number
  readonly world: World
}

/** The newest checkpoint from which a moment can be reached: at or before it, with no input yet that comes later. */
export function checkpointFor<World>(
  checkpoints: readonly Checkpoint<World>[],
  at: number,
): Checkpoint<World> | undefined {
  let best: Checkpoint<World> | undefined
  for (const checkpoint of checkpoints)
    if (checkpoint.at <= at && (best === undefined || checkpoint.at >= best.at)) best = checkpoint
  return best
}

/**
 * Keeps a bounded number of checkpoints: all recent ones, and ever fewer of the older, but always the first.
 * A rewind's replay then stays within a constant share of the distance rewound.
 */
export function thinned<World>(checkpoints: readonly Checkpoint<World>[], max: number): readonly Checkpoint<World>[] {
  if (checkpoints.length <= max) return checkpoints
  let victim = 1
  let smallest = Infinity
  for (let index = 1; index < checkpoints.length - 1; index++) {
    const gap = checkpoints[index + 1]!.at - checkpoints[index - 1]!.at
    const age = checkpoints[checkpoints.length - 1]!.at - checkpoints[index]!.at + 1
    if (gap / age < smallest) [smallest, victim] = [gap / age, index]
  }
  return checkpoints.filter((_, index) => index !== victim)
}

/** An action in the words of a branch that begins with it. */
export function titleOf(action: Action): string {
  if (action.do === 'kubectl') return `kubectl ${action.argv.join(' ')}`
  if (action.do === 'type') return action.text.trim() || 'Ctrl-D'
  return action.do === 'fault' ? `fault ${(action.fault as { readonly kind: string }).kind}` : 'request'
}

/** The moment at which two runs part. */
export function firstDifference(ours: readonly Input[], theirs: readonly Input[]): number {
  const index = ours.findIndex((input, position) => JSON.stringify(input) !== JSON.stringify(theirs[position]))
  return Math.min(ours[index]?.at ?? Infinity, theirs[index < 0 ? ours.length : index]?.at ?? Infinity)
}
