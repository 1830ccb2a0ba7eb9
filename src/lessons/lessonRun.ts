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
const pastMax = 400

/** Starts a lesson on a cluster that stands where its first step begins. */
export function createLessonRun(lesson: Lesson, cluster: () => Cluster): LessonRun {
  let progress = newProgress(cluster().control.now(), cluster().trace.count())
  let past: readonly Progress[] = [progress]
  let watch: GoalWatch | undefined
  let lookedSeq = 0

  function keep(next: Progress): void {
    if (next === progress) return
    progress = next
    past = [...past.slice(-pastMax), next]
  }

  function stepNow(): Step {
    return lesson.steps[progress.step]!
  }

  function watchNow(): GoalWatch {
    const from = progress.steps[progress.step]?.from ?? beginningOf(cluster(), [], [])
    return (watch ??= watchGoal(cluster(), stepNow(), progress.seq, from))
  }

  function look(): Finding {
    lookedSeq = cluster().trace.count()
    const finding = watchNow().look()
    keep(observed(progress, stepNow(), finding, cluster().control.now(), cluster().trace.count()))
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
      watch = undefined
      look()
    },
    look,
    answer: (step, choice) => keep(answered(progress, step, choice)),
    lookAt() {
      if (cluster().trace.count() !== lookedSeq) return cluster().control.now()
      const end = holdEnd(progress, stepNow())
      const next = cluster().control.nextAt()
      return end === undefined ? next : Math.min(end, next ?? Infinity)
    },
    rewound() {
      const at = cluster().control.now()
      const { answers } = progress
      past = past.filter((one) => one.at <= at)
      progress = { ...(past.at(-1) ?? newProgress(at, cluster().trace.count())), answers }
      watch = undefined
    },
  }
}
