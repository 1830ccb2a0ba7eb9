export { catalogue, findLesson, type CatalogueEntry } from './catalog/index.ts'
export { parseLesson, renderable } from './format.ts'
export {
  LessonError,
  lessonLimits,
  type Clause,
  type ClusterParts,
  type Lesson,
  type Load,
  type Prediction,
  type Step,
  type WrongAttempt,
} from './lesson.ts'
export { createLessonRun, type LessonRun } from './lessonRun.ts'
export { perform, playLesson, setTheScene, type PlayedStep } from './play.ts'
export { createPlayer, type Attendant, type Player } from './player.ts'
export { holdEnd, type Progress, type StepProgress } from './progress.ts'
export type { Finding } from './goals.ts'
export type { Verdict } from './verdict.ts'
export { parseLine, parseTime, playgroundWords, WordError, type Line } from './words.ts'
