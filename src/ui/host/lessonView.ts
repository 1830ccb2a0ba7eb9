import { marked } from 'marked'
import {
  catalogue,
  findLesson,
  renderable,
  type CatalogueEntry,
  type Clause,
  type Finding,
  type LessonRun,
  type Step,
} from '#lessons'
import type { ClauseView, LessonCard, LessonView, StepView } from '../protocol.ts'

/** The built-in lessons as the home page lists them. One that cannot be read has its problem in its place. */
export function lessonCards(
  entries: readonly Pick<CatalogueEntry, 'id' | 'course'>[] = catalogue,
  find: typeof findLesson = findLesson,
): readonly LessonCard[] {
  return entries.flatMap(({ id, course }) => {
    try {
      const lesson = find(id)
      if (lesson === undefined) return []
      const { title, minutes, summary } = lesson
      return [{ id, course: lesson.course, title, minutes, summary }]
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      return [{ id, course, title: id, minutes: 0, summary: '', problem }]
    }
  })
}

/** The HTML of a lesson's steps. It is a stranger's text unless the lesson is of the catalogue. */
export function htmlOf({ lesson }: LessonRun): readonly string[] {
  return lesson.steps.map((step) => marked.parse(renderable(lesson, step), { async: false }))
}

/** A lesson as the guide shows it, with what the last look found. */
export function lessonView(run: LessonRun, finding: Finding, html: readonly string[], now: number): LessonView {
  const { lesson } = run
  const { step } = run.progress()
  const isKnown = findLesson(lesson.id) === lesson
  const course = isKnown ? catalogue.filter((entry) => entry.course === lesson.course) : []
  return {
    id: lesson.id,
    course: lesson.course,
    number: isKnown ? course.findIndex(({ id }) => id === lesson.id) + 1 : 1,
    of: isKnown ? course.length : 1,
    title: lesson.title,
    minutes: lesson.minutes,
    steps: lesson.steps.map((one, index) =>
      stepView(run, one, index, html[index]!, index === step ? finding : undefined, now),
    ),
    step,
    isDone: lesson.steps.every((_, index) => run.progress().steps[index]?.doneAt !== undefined),
    isTrusted: isKnown,
  }
}

function stepView(
  run: LessonRun,
  step: Step,
  index: number,
  html: string,
  finding: Finding | undefined,
  now: number,
): StepView {
  const { steps, answers } = run.progress()
  const { id, title, hints, solution, holdMs, goal, predict, wrong } = step
  const isDone = steps[index]?.doneAt !== undefined
  const choice = answers[id]
  const clauses = goal.map((clause, at) => clauseView(run, index, clause, at, finding, isDone))
  return {
    id,
    title,
    html,
    ...(predict && {
      predict: choice === undefined ? { question: predict.question, answers: predict.answers } : { ...predict, choice },
    }),
    hints,
    hasSolution: solution.length > 0,
    clauses: holdMs > 0 && goal.length > 0 ? [...clauses, holdView(run, index, holdMs, now)] : clauses,
    holdMs,
    isDone,
    says: (steps[index]?.said ?? []).map((at) => wrong[at]!.say),
  }
}

function clauseView(
  run: LessonRun,
  step: number,
  clause: Clause,
  at: number,
  finding: Finding | undefined,
  isDone: boolean,
): ClauseView {
  const verdict = finding?.verdicts[at]
  const { text, kind } = clause
  if (kind === 'never') {
    const broken = run.progress().steps[step]?.broken[at]
    const sees = broken === undefined ? 'kept so far' : 'broken'
    const breach = broken && { brokenAt: broken.at, brokenSeq: broken.seq }
    return {
      text,
      kind,
      isMet: broken === undefined,
      sees,
      wants: 'never',
      fraction: broken === undefined ? 1 : 0,
      ...breach,
    }
  }
  if (verdict === undefined) return { text, kind, isMet: isDone, sees: '', wants: '', fraction: isDone ? 1 : 0 }
  const { isMet, sees, wants, fraction } = verdict
  return { text, kind, isMet, sees, wants, fraction }
}

function holdView(run: LessonRun, index: number, holdMs: number, now: number): ClauseView {
  const { metSince, doneAt } = run.progress().steps[index] ?? {}
  const heldMs = doneAt !== undefined ? holdMs : metSince === undefined ? 0 : Math.min(now - metSince, holdMs)
  return {
    text: `all of it for ${holdMs / 1000} s`,
    kind: 'hold',
    isMet: doneAt !== undefined,
    sees: `${Math.floor(heldMs / 1000)} s`,
    wants: `${holdMs / 1000} s`,
    fraction: heldMs / holdMs,
  }
}
