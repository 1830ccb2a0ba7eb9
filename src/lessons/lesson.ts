import type { ClusterOptions, NodeSpec } from '#engine'

/** One line of a goal, as its author wrote it. */
export interface Clause {
  /** what the page calls it: the author's words after `//`, or the expression */
  readonly text: string
  readonly kind: 'goal' | 'never'
  /** CEL */
  readonly expression: string
}

/** A question asked before the cluster decides. */
export interface Prediction {
  readonly question: string
  readonly answers: readonly string[]
  /** index of the right answer */
  readonly right: number
  readonly why?: string
}

/** What is said as soon as an attempt is seen to go astray. */
export interface WrongAttempt {
  /** CEL */
  readonly when: string
  readonly say: string
}

/** One step of a lesson: a text, and a goal that the cluster reaches. */
export interface Step {
  readonly id: string
  readonly title: string
  /** Markdown, without the blocks that only the machine reads */
  readonly text: string
  readonly predict?: Prediction
  readonly goal: readonly Clause[]
  /** how long all clauses must be true without a break; virtual ms */
  readonly holdMs: number
  readonly hints: readonly string[]
  /** lines of the author's own solution: kubectl, shell and playground words */
  readonly solution: readonly string[]
  readonly wrong: readonly WrongAttempt[]
  /** lines that run when the step begins */
  readonly start: readonly string[]
}

/** A source of requests that a lesson begins with. */
export interface Load {
  readonly name: string
  readonly url: string
  readonly rps: number
}

/** What a lesson's cluster may have beside its machines. Whoever builds the cluster looks at it to the bottom. */
export type ClusterParts = Pick<ClusterOptions, 'etcdMembers' | 'scheduler' | 'autoscaler' | 'descheduler' | 'addOns'>

/** A whole lesson: plain data, read from one Markdown file. */
export interface Lesson extends ClusterParts {
  readonly id: string
  readonly course: string
  readonly title: string
  readonly minutes: number
  readonly summary: string
  /** ids of lessons that come before */
  readonly requires: readonly string[]
  readonly seed: number
  readonly nodes: number | readonly NodeSpec[]
  /** manifests by file name */
  readonly files: Readonly<Record<string, string>>
  /** lines that make the scene before the first step */
  readonly start: readonly string[]
  readonly load?: Load
  /** Markdown before the first step */
  readonly intro: string
  readonly steps: readonly Step[]
}

/** A lesson that cannot be read, and the line its author should look at. */
export class LessonError extends Error {
  override name = 'LessonError'
  /** from 1 */
  readonly line: number

  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`)
    this.line = line
  }
}

/** Bounds of what one lesson may hold; a stranger's lesson is read by the same rules. */
export const lessonLimits = Object.freeze({
  chars: 300_000,
  steps: 40,
  clauses: 24,
  expressionChars: 1_000,
  files: 50,
  lines: 60,
  nodes: 100,
  holdMs: 3_600_000,
})
