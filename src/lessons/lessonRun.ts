import type { Cluster } from '#engine'
import { kindsCompared, loadsCounted, watchGoal, type Finding, type GoalWatch } from './goals.ts'
import type { Lesson, Step } from './lesson.ts'
import { answered, entered, holdEnd, newProgress, observed, type Progress, type StepProgress } from './progress.ts'
import { beginningOf } from './sight.ts'

/** One learner in one lesson on one cluster. */
export interface LessonRun {
  readonly lesson: Lesson
  readonly progress: () => Progress
  readonly step: () => Step
  readonly stepProgress: () => StepProgress | undefined
  /** Begins a step, or begins it again, as the world is now. */
  readonly begin: (step: number) => void
  /** Looks at the goal. Cheap when nothing happened since the last look. */
  readonly look: () => Finding
  readonly answer: (step: string, choice: number) => void
  /** the next virtual moment at which a look may find something new */
  readonly lookAt: () => number | undefined
  /** The cluster object was replaced by one of an earlier, or other, moment: progress goes back with it. */
  readonly rewound: () => void
}

/** Changes of progress that are remembered for rewinding. */
const tapeMax = 400

/**
 * Starts a lesson on a cluster that stands where its first step begins. `end` is how far the run has been played: before it,
 * after a rewind, progress is what it was at that moment; an action there ends the run, and progress goes on from it.
 */
export function createLessonRun(lesson: Lesson, cluster: () => Cluster, end: () => number = () => Infinity): LessonRun {
  const now = (): number => cluster().control.now()
  let progress = newProgress(now(), cluster().trace.count())
  let tape: readonly Progress[] = [progress]
  let watch: { readonly goal: GoalWatch; readonly of: StepProgress | undefined } | undefined
  let lookedSeq = -1
  let lookedAt = -1
  let isBehind = false

  function keep(next: Progress): void {
    if (next === progress) return
    progress = next
    tape = [...tape.filter(({ at }) => at <= next.at).slice(-tapeMax), next]
  }

  function stepNow(): Step {
    return lesson.steps[progress.step]!
  }

  function goalNow(): GoalWatch {
    const of = progress.steps[progress.step]
    if (watch === undefined || watch.of?.from !== of?.from) {
      const from = of?.from ?? beginningOf(cluster(), [], [])
      watch = { goal: watchGoal(cluster(), stepNow(), progress.seq, from), of }
    }
    return watch.goal
  }

  /** The moment whose progress counts now: before the lesson, that of its beginning. */
  const moment = (): number => Math.max(now(), tape[0]!.at)

  /** Progress as it was at this moment of a past that is seen again. */
  function recall(): void {
    const last = tape.findLast(({ at }) => at <= moment())!
    if (last.step !== progress.step || last.steps !== progress.steps) progress = { ...last, answers: progress.answers }
  }

  function look(): Finding {
    if (now() >= end()) tape = tape.filter(({ at }) => at <= moment()) // what followed is another branch's
    const isPast = tape.at(-1)!.at > now()
    if (isPast || isBehind) recall()
    isBehind = isPast
    const seq = cluster().trace.count()
    const finding = goalNow().look()
    lookedSeq = cluster().trace.count()
    lookedAt = now()
    if (!isPast) keep(observed(progress, stepNow(), finding, now(), seq))
    return finding
  }

  return {
    lesson,
    progress: () => progress,
    step: stepNow,
    stepProgress: () => progress.steps[progress.step],
    begin(index) {
      const step = lesson.steps[index]
      if (step === undefined) return
      keep(entered(progress, index, beginningOf(cluster(), kindsCompared(step), loadsCounted(step))))
      look()
    },
    look,
    answer: (step, choice) => keep(answered(progress, step, choice, now())),
    lookAt() {
      if (cluster().trace.count() !== lookedSeq) return now()
      const held = holdEnd(progress, stepNow())
      // what is due already happens as soon as time moves at all
      const next = Math.max(cluster().control.nextAt() ?? Infinity, now() + 1)
      if (held === undefined || held <= lookedAt) return next
      return Math.min(held, next)
    },
    rewound() {
      watch = undefined
      lookedSeq = -1
      lookedAt = -1
      isBehind = true
      recall()
    },
  }
}
