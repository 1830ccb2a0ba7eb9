import type { Finding } from './goals.ts'
import type { Step } from './lesson.ts'
import type { Beginning } from './sight.ts'

/** A broken `never`: when, and the trace record that broke it. */
export interface Breach {
  readonly at: number
  readonly seq: number
}

/** How far a learner is in one step. Plain data. */
export interface StepProgress {
  readonly from: Beginning
  /** since when all clauses have been true without a break */
  readonly metSince?: number
  /** when the goal was reached; it stays reached */
  readonly doneAt?: number
  /** by the clause's index */
  readonly broken: Readonly<Record<number, Breach>>
  /** wrong attempts that were seen, by index */
  readonly said: readonly number[]
}

/** A learner's way through a lesson. Plain data: each change makes a new one, so that a rewind takes an old one up again. */
export interface Progress {
  /** the last trace record before the lesson */
  readonly seq: number
  /** virtual ms of this change */
  readonly at: number
  readonly step: number
  /** by index; a step that was never begun has none */
  readonly steps: Readonly<Record<number, StepProgress>>
  readonly answers: Readonly<Record<string, number>>
}

/** The beginning of a lesson, before its first step. */
export function newProgress(at: number, seq: number): Progress {
  return { seq, at, step: 0, steps: {}, answers: {} }
}

/** Enters a step anew. */
export function entered(progress: Progress, step: number, from: Beginning): Progress {
  return { ...progress, at: from.at, step, steps: { ...progress.steps, [step]: { from, broken: {}, said: [] } } }
}

/** Takes in what a look found. Returns the same object when nothing changed. */
export function observed(progress: Progress, step: Step, finding: Finding, at: number, seq: number): Progress {
  const now = progress.steps[progress.step]
  if (now === undefined) return progress
  const next = observedStep(now, step, finding, at, seq)
  return next === now ? progress : { ...progress, at, steps: { ...progress.steps, [progress.step]: next } }
}

function observedStep(
  now: StepProgress,
  step: Step,
  { verdicts, wrong }: Finding,
  at: number,
  seq: number,
): StepProgress {
  let next = now
  step.goal.forEach(({ kind }, index) => {
    if (kind === 'never' && verdicts[index]!.isMet && next.broken[index] === undefined)
      next = { ...next, broken: { ...next.broken, [index]: { at, seq } } }
  })
  const unsaid = next.doneAt === undefined ? wrong.filter((index) => !next.said.includes(index)) : []
  if (unsaid.length > 0) next = { ...next, said: [...next.said, ...unsaid] }
  if (next.doneAt !== undefined) return next
  const isMet = step.goal.every(({ kind }, index) => kind === 'never' || verdicts[index]!.isMet)
  if (!isMet) return next.metSince === undefined ? next : without(next)
  const metSince = next.metSince ?? at
  if (at - metSince >= step.holdMs) return { ...next, metSince, doneAt: at }
  return next.metSince === undefined ? { ...next, metSince } : next
}

function without({ metSince: _, ...rest }: StepProgress): StepProgress {
  return rest
}

/** When the hold of the present step ends, if nothing breaks it. */
export function holdEnd(progress: Progress, step: Step | undefined): number | undefined {
  const now = progress.steps[progress.step]
  if (step === undefined || now?.metSince === undefined || now.doneAt !== undefined) return undefined
  return now.metSince + step.holdMs
}

/** Remembers a prediction. The first answer counts. */
export function answered(progress: Progress, step: string, choice: number, at: number): Progress {
  if (progress.answers[step] !== undefined) return progress
  return { ...progress, at, answers: { ...progress.answers, [step]: choice } }
}
