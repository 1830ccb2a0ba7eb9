import type { Cluster, Fault } from '#engine'
import type { Lesson } from './lesson.ts'
import { createLessonRun, type LessonRun } from './lessonRun.ts'
import type { Player } from './player.ts'
import { parseLine } from './words.ts'

/** How one step went. */
export interface PlayedStep {
  readonly id: string
  /** its goal was not reached when it began */
  readonly unmetBefore: boolean
  /** its goal was reached after its solution, with nothing broken on the way */
  readonly met: boolean
  /** lines that exited with something else than 0 */
  readonly failed: readonly string[]
  /** what was left to do: clauses that are not met, or were broken */
  readonly open: readonly string[]
}

/** Virtual ms that a goal may take after the last line of its solution. */
const patienceMs = 20 * 60_000

/** Makes the scene of a lesson: its start lines, time until only periodic work is left, and then its load. */
export function setTheScene(lesson: Lesson, player: Player): void {
  for (const line of lesson.start) perform(line, player)
  settle(player, sceneMs)
  if (lesson.load) player.fault({ kind: 'load', ...lesson.load })
}

/** Virtual ms that a scene may take to settle. */
const sceneMs = 5 * 60_000

/** Plays a lesson by its own solutions, from its start to its end. */
export function playLesson(lesson: Lesson, player: Player): readonly PlayedStep[] {
  setTheScene(lesson, player)
  const run = createLessonRun(lesson, player.cluster)
  player.attend({ wakeAt: run.lookAt, wake: () => void run.look() })
  return lesson.steps.map((_, index) => playStep(run, index, player))
}

function playStep(run: LessonRun, index: number, player: Player): PlayedStep {
  const step = run.lesson.steps[index]!
  for (const line of step.start) perform(line, player)
  run.begin(index)
  const before = run.look().verdicts
  const unmetBefore = step.goal.some(({ kind }, at) => kind === 'goal' && !before[at]!.isMet)
  const failed = step.solution.filter((line) => perform(line, player) !== 0)
  const until = player.cluster().control.now() + patienceMs
  for (;;) {
    const next = run.lookAt()
    if (run.stepProgress()?.doneAt !== undefined || next === undefined || next > until || next === Infinity) break
    player.advanceTo(next)
  }
  const { broken = {}, doneAt } = run.stepProgress() ?? {}
  const { verdicts } = run.look()
  const open = step.goal.filter(({ kind }, at) => (kind === 'never' ? broken[at] !== undefined : !verdicts[at]!.isMet))
  const met = doneAt !== undefined && Object.keys(broken).length === 0
  return { id: step.id, unmetBefore, met, failed, open: met ? [] : open.map(({ text }) => text) }
}

/** Does one line of a solution or a start; the exit code. */
export function perform(line: string, player: Player): number {
  const action = parseLine(line)
  const { control, api } = player.cluster()
  switch (action.do) {
    case 'shell':
      return player.run(action.line)
    case 'advance':
      player.advanceTo(control.now() + action.ms)
      return 0
    case 'fault':
      player.fault(action.fault)
      return 0
    case 'crash': {
      const found = action.pod.includes('=') ? api.list('Pod', {}, { labelSelector: action.pod })[0] : undefined
      const pod =
        found === undefined ? action.pod : `${found.metadata.namespace ?? 'default'}/${found.metadata.name ?? ''}`
      player.fault({ kind: 'process', pod, do: 'kill' })
      return 0
    }
    case 'load':
      player.fault(loadOf(player.cluster(), action.rps, action.url))
      return 0
  }
}

function loadOf(cluster: Cluster, rps: number, url: string | undefined): Fault {
  const known = cluster.trafficRows().find(({ source }) => source === 'users')
  return { kind: 'load', name: 'users', url: url ?? known?.url ?? 'http://ui/', rps }
}

function settle(player: Player, maxMs: number): void {
  const { control } = player.cluster()
  const limit = control.now() + maxMs
  while (!control.isSettled() && control.now() < limit) player.advanceTo(Math.min(limit, control.nextAt() ?? limit))
}
