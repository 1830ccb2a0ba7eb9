import type { Cluster } from '#engine'
import type { Clause, Step } from './lesson.ts'
import { createRecordReader } from './records.ts'
import { createSight, type Beginning, type Reads, type Sight } from './sight.ts'
import { prepare, type Judge, type Verdict } from './verdict.ts'
import { constants, createEnvironment } from './vocabulary.ts'

/** What one look at a step found. */
export interface Finding {
  /** one for each clause of the goal, in its order */
  readonly verdicts: readonly Verdict[]
  /** what to say about attempts that went astray: indexes into `step.wrong` */
  readonly wrong: readonly number[]
}

/** Looks at one step's goal on one cluster, and evaluates again only what may have changed. */
export interface GoalWatch {
  readonly look: () => Finding
}

interface Watched {
  readonly judge: Judge
  readonly reads: Reads
  verdict: Verdict | undefined
}

/** Watches a step. A cluster that was replaced, or a step begun again, needs a new watch. */
export function watchGoal(cluster: Cluster, step: Step, lessonSeq: number, from: Beginning): GoalWatch {
  let sight: Sight
  const env = createEnvironment(() => sight)
  const reader = createRecordReader()
  const watched = (expression: string): Watched => {
    const reads: Reads = new Set()
    return { judge: prepare(env, expression), reads, verdict: undefined }
  }
  const clauses = step.goal.map(({ expression }) => watched(expression))
  const wrong = step.wrong.map(({ when }) => watched(when))
  const expressions = [...step.goal.map((clause: Clause) => clause.expression), ...step.wrong.map(({ when }) => when)]
  const asksTime = expressions.map((expression) => /\bnow\b/.test(expression))
  let seq = cluster.trace.count()
  let at = cluster.control.now()

  function judge(one: Watched, index: number, changed: ReadonlySet<string>): Verdict {
    if (one.verdict !== undefined && !isTouched(one.reads, changed)) return one.verdict
    one.reads.clear()
    if (asksTime[index]) one.reads.add('time')
    sight = createSight(cluster, lessonSeq, from, reader, one.reads)
    return (one.verdict = one.judge.judge({ ...constants, now: cluster.control.now() / 1000 }))
  }

  return {
    look() {
      const changed = changesSince(cluster, seq, at)
      seq = cluster.trace.count()
      at = cluster.control.now()
      const verdicts = clauses.map((one, index) => judge(one, index, changed))
      const found = wrong.map((one, index) => judge(one, clauses.length + index, changed).isMet)
      return { verdicts, wrong: found.flatMap((isFound, index) => (isFound ? [index] : [])) }
    },
  }
}

/** Kinds written since, `anything` when there is any record, `time` when it moved. */
function changesSince(cluster: Cluster, seq: number, at: number): ReadonlySet<string> {
  const changed = new Set<string>()
  for (const { object } of cluster.trace.since(seq)) {
    changed.add('anything')
    if (object !== undefined) changed.add(object.slice(0, object.indexOf('/')))
  }
  if (cluster.control.now() !== at) changed.add('time')
  return changed
}

function isTouched(reads: Reads, changed: ReadonlySet<string>): boolean {
  for (const read of reads) if (changed.has(read)) return true
  return false
}

/** Kinds that a step compares with how they were. */
export function kindsCompared({ goal, wrong }: Step): ReadonlySet<string> {
  return named(
    [...goal.map(({ expression }) => expression), ...wrong.map(({ when }) => when)],
    /\bwas\.(?:get|list)\(\s*["']([^"']+)["']/g,
  )
}

/** Loads whose requests a step counts. */
export function loadsCounted({ goal, wrong }: Step): ReadonlySet<string> {
  return named(
    [...goal.map(({ expression }) => expression), ...wrong.map(({ when }) => when)],
    /\btraffic\(\s*["']([^"']+)["']/g,
  )
}

function named(expressions: readonly string[], pattern: RegExp): ReadonlySet<string> {
  return new Set(expressions.flatMap((expression) => [...expression.matchAll(pattern)].map((match) => match[1]!)))
}
