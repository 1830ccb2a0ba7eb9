import { keep, readKept } from '../../keep.ts'
import type { LessonCard, LessonView } from '../../protocol.ts'
import { isFinished } from '../guide/goal.ts'

/** How far somebody came in a lesson. */
export interface Progress {
  /** the furthest step that was reached, from 0 */
  readonly step: number
  readonly of: number
  readonly isDone: boolean
  /** when it was last open; wall ms */
  readonly at: number
}

export type Progresses = Readonly<Record<string, Progress>>

/** What this browser knows of every lesson. */
export function readProgress(): Progresses {
  const kept = readKept<unknown>('progress', {})
  return typeof kept === 'object' && kept !== null ? (kept as Progresses) : {}
}

/** Notes where somebody is in a lesson. What was done once stays done. */
export function recordProgress(lesson: LessonView, at: number): void {
  const all = readProgress()
  keep('progress', { ...all, [lesson.id]: advanced(all[lesson.id], lesson, at) })
}

/** The furthest of what was and what is. */
export function advanced(old: Progress | undefined, lesson: LessonView, at: number): Progress {
  const { step, steps } = lesson
  const isDone = isFinished(lesson)
  return { step: Math.max(old?.step ?? 0, step), of: steps.length, isDone: isDone || (old?.isDone ?? false), at }
}

/** The lesson to go on with: the one left last, unless it is done; then the one after it. */
export function nextLesson(cards: readonly LessonCard[], all: Progresses): LessonCard | undefined {
  const left = [...cards].sort((a, b) => (all[b.id]?.at ?? 0) - (all[a.id]?.at ?? 0))[0]
  if (!left || !all[left.id]) return cards[0]
  if (!all[left.id]?.isDone) return left
  const after = cards.slice(cards.indexOf(left) + 1)
  return [...after, ...cards].find(({ id }) => !all[id]?.isDone)
}

/** The lesson that follows another. */
export function lessonAfter(cards: readonly LessonCard[], id: string): LessonCard | undefined {
  const at = cards.findIndex((card) => card.id === id)
  return at < 0 ? undefined : cards[at + 1]
}

export interface Course {
  readonly title: string
  readonly cards: readonly LessonCard[]
}

/** Lessons by course, in the order of the catalogue. */
export function coursesOf(cards: readonly LessonCard[]): readonly Course[] {
  const titles = [...new Set(cards.map(({ course }) => course))]
  return titles.map((title) => ({ title, cards: cards.filter(({ course }) => course === title) }))
}

/** How a lesson stands: the words that its mark says. */
export function standing(progress: Progress | undefined): 'done' | 'in progress' | 'not started' {
  if (!progress) return 'not started'
  return progress.isDone ? 'done' : 'in progress'
}

/** as many lessons as the courses of the catalogue have, for a first visit */
const sizesAtFirst: readonly number[] = [1, 3, 1, 1, 1]

/** How many lessons each course had when they were last read: as much room is kept until they are read again. */
export function readSizes(): readonly number[] {
  const kept = readKept<unknown>('courseSizes', undefined)
  const isKept =
    Array.isArray(kept) && kept.length > 0 && kept.length < 50 && kept.every((size) => size > 0 && size < 50)
  return isKept ? (kept as number[]) : sizesAtFirst
}

/** Notes how many lessons each course has. */
export function keepSizes(courses: readonly Course[]): void {
  const sizes = courses.map(({ cards }) => cards.length)
  if (sizes.length > 0 && sizes.join() !== readSizes().join()) keep('courseSizes', sizes)
}
