import type { ClauseView, LessonView, StepView } from '../../protocol.ts'

/** How a clause is marked: a tick, an open tick (holds so far), a ring, an empty dashed circle, a cross. */
export type Tick = 'met' | 'holding' | 'part' | 'nothing' | 'broken'

/** The mark of a clause. */
export function tickOf({ kind, isMet, fraction, brokenAt }: ClauseView): Tick {
  if (brokenAt !== undefined) return 'broken'
  if (kind === 'never') return 'holding'
  if (isMet) return 'met'
  return fraction > 0 ? 'part' : 'nothing'
}

/** What a mark says to those who do not see it. */
export function tickWords(clause: ClauseView): string {
  const tick = tickOf(clause)
  if (tick === 'part') return `${Math.round(clause.fraction * 100)} % of the way`
  return { met: 'met', holding: 'holds so far', nothing: 'not met', broken: 'broken' }[tick]
}

const isNumber = (text: string): boolean => /^\d+(\.\d+)?$/.test(text)

/** How a clause stands, as a sentence: `2 of 6 so far`, `not yet`, `kept so far`. */
export function standWords({ kind, isMet, sees, wants, brokenAt }: ClauseView): string {
  if (kind === 'never') return brokenAt === undefined ? 'kept so far' : 'not kept'
  if (kind === 'hold') return `held for ${sees} of ${wants}`
  if (sees === '' && wants === '') return isMet ? 'done' : 'not looked at yet'
  if (wants === 'yes') return sees === 'yes' ? 'yes' : sees === 'no' ? 'not yet' : sees
  if (sees === wants) return `${sees}, as wanted`
  if (sees === '0 of 0') return 'none there'
  if (wants === 'all' || wants === 'at least one') return isMet ? sees : `${sees}, ${wants} wanted`
  if (isNumber(sees) && isNumber(wants)) return isMet ? sees : `${sees} now, ${wants} wanted`
  if (wants === '') return sees
  return sees === 'nothing yet' || sees === 'nothing'
    ? `nothing yet, wanted: ${wants}`
    : `now ${sees}, wanted: ${wants}`
}

const cellsMax = 12

/** The cells of a meter, for counts that are small enough to be counted and have to grow; none for anything else. */
export function meterOf({ kind, sees, wants, isMet }: ClauseView): readonly boolean[] {
  const [seen, wanted] = [sees, wants].map((text) => (/^\d+$/.test(text) ? Number(text) : NaN))
  if (kind !== 'goal' || isMet || !(wanted! >= 2 && wanted! <= cellsMax) || !(seen! < wanted!)) return []
  return Array.from({ length: wanted! }, (_, index) => index < seen!)
}

/** Whether a goal is reached: whatever it asks for is met, and nothing is broken. */
export function isMet({ clauses }: StepView): boolean {
  return clauses.every((clause) => clause.isMet && clause.brokenAt === undefined)
}

/** Whether a step is done: its goal was reached, now or before. */
export function isReached(step: StepView): boolean {
  return step.isDone ?? isMet(step)
}

/** Whether a lesson is at its end. A lesson that goes on after a reload no longer knows its earlier steps: the last one decides. */
export function isFinished({ isDone, step, steps }: LessonView): boolean {
  const last = steps.at(-1)
  return isDone || (last !== undefined && step === steps.length - 1 && isReached(last))
}

/** Whether a lesson is open that asks for something still. */
export function hasTask(lesson: LessonView | undefined): boolean {
  return lesson !== undefined && !isFinished(lesson)
}

/** The goal in two lines, as the phone pins it: what is asked next, or that it is met; undefined for a step that asks for nothing. */
export function stripOf(lesson: LessonView): { title: string; detail: string; isMet: boolean } | undefined {
  const step = lesson.steps[lesson.step]
  const next = step?.clauses.find((clause) => !clause.isMet || clause.brokenAt !== undefined) ?? step?.clauses.at(-1)
  if (!step || !next) return undefined
  const count = `${metCount(step)} of ${step.clauses.length} clauses met`
  if (!isMet(step)) return { title: next.text, detail: `${standWords(next)} · ${count}`, isMet: false }
  return { title: isFinished(lesson) ? 'Lesson done' : 'Goal met', detail: count, isMet: true }
}

/** How many clauses hold. */
export function metCount({ clauses }: StepView): number {
  return clauses.filter((clause) => clause.isMet && clause.brokenAt === undefined).length
}

/** The share of a goal that is reached, for the bar of steps: a clause half met counts half. */
export function shareOf({ clauses }: StepView): number {
  if (clauses.length === 0) return 0
  const sum = clauses.reduce(
    (total, { isMet, fraction }) => total + (isMet ? 1 : Math.min(1, Math.max(0, fraction))),
    0,
  )
  return sum / clauses.length
}

/** The moment just before an invariant broke: there it still holds. */
export function justBefore(brokenAt: number): number {
  return Math.max(0, brokenAt - 1)
}
