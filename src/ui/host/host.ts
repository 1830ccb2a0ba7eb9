import { ApiError, FaultError } from '#engine'
import { formatScene, parseScene, SceneError, type Scene } from '#session'
import type { Frame, SceneProblem, SceneSource, WorkerDoor } from '../protocol.ts'
import { causeRows } from './causes.ts'
import { customSchema } from './customSchema.ts'
import { etcdView } from './etcd.ts'
import { doRemedy, foresee } from './foresee.ts'
import { createFramer } from './frames.ts'
import { hashOf } from './hash.ts'
import { inspectionOf } from './inspect.ts'
import { readLesson, sceneOf } from './lessonHost.ts'
import { applyManifest, liveManifest, notSimulatedProblems } from './manifests.ts'
import { changesOf, messagesOf } from './messages.ts'
import { createPace } from './pace.ts'
import { answered } from './reading.ts'
import { emptyScene, openRun } from './run.ts'
import { candidatesAt, createShells } from './shells.ts'
import { kindNames, tableOf } from './tables.ts'

/** The engine's host: turns wall time into virtual time, and what changed into frames. */
export interface Host {
  readonly door: WorkerDoor
  /** Called often; `wallMs` is a monotonic clock. */
  readonly tick: (wallMs: number) => void
}

const stepMs = 1_000
const messagesShown = 60
/** A tab that slept owes no time. */
const elapsedMsMax = 100

/** Makes a host, whose frames begin with the first scene that is opened. `wall` is a monotonic clock in ms; frames are sent through `post`. */
export function createHost(post: (frame: Frame) => void, wall: () => number): Host {
  const run = openRun(emptyScene, {})
  const pace = createPace(run, wall)
  const shells = createShells(run)
  const frameOf = createFramer(run, pace, shells)
  let lastWall: number | undefined
  /** what was asked for is there: before, there is nothing to be seen */
  let isBegun = false

  function begin(next: Scene): void {
    openRun(next, run)
    shells.reset()
    pace.landed()
    isBegun = true
  }

  /** Runs engine code. What is no refusal is a fault of ours: it stops the run, and is shown with its replay. */
  function guarded(work: () => void): void {
    if (run.crash) return
    try {
      work()
    } catch (error) {
      if (isRefusal(error)) throw error
      run.crash = { message: error instanceof Error ? error.message : String(error), replay: replayText() }
      pace.play(false)
    }
  }

  /** A run that stopped goes on from an earlier moment; what stopped it may stop it again. */
  function revive(): void {
    if (run.crash === undefined) return
    run.crash = undefined
    run.isWhole = true
  }

  function sceneNow(): Scene {
    const inputs = run.session.inputs().filter(({ at }) => at <= run.session.now())
    return { ...run.scene, inputs, at: run.session.now(), ...viewNow(), ...run.lesson.place() }
  }

  /** Time that stands is told; time that runs is not worth a word of a link. */
  function viewNow(): Pick<Scene, 'view'> {
    const { isPaused: _, ...others } = run.scene.view ?? {}
    return { view: pace.isPlaying() ? others : { ...others, isPaused: true } }
  }

  function replayText(): string {
    return formatScene({ ...run.scene, inputs: run.session.inputs(), at: run.session.now() })
  }

  function open({ link, lesson, seed, nodes }: SceneSource): void {
    if (link !== undefined) {
      const next = parseScene(link)
      begin(next)
      pace.play(next.view?.['isPaused'] !== true)
      if (next.lesson) run.lesson.resume(next.lesson)
    } else if (lesson !== undefined) startLesson(lesson)
    else {
      begin({ ...emptyScene, seed: seed ?? emptyScene.seed, nodes: nodes ?? emptyScene.nodes })
      pace.play(true)
    }
  }

  function startLesson(id: string): void {
    begin({ ...emptyScene, ...run.lesson.sceneOf(id) })
    pace.play(true)
    run.lesson.start(id)
  }

  const cluster = () => run.session.cluster()

  const door: WorkerDoor = {
    open: async (source) => asProblem(() => open(source)),
    lessons: async () => run.lesson.cards(),
    play: (on) => pace.play(on && !run.crash),
    setSpeed: pace.setSpeed,
    stepOn: (ms) => guarded(() => pace.stepOn(ms)),
    awaitPod: pace.awaitPod,
    foresee: async (trial) => foresee(run.session, trial),
    remedy: async (pod, sentence) => {
      let problem: SceneProblem | undefined
      return asProblem(() => guarded(() => (problem = doRemedy(run.session, pod, sentence)))) ?? problem
    },
    stepToMessage: () => guarded(pace.stepToMessage),
    stepBack(ms = stepMs) {
      revive()
      pace.play(false)
      guarded(() => pace.seek(run.session.now() - ms))
    },
    seek: async (at) => {
      revive()
      guarded(() => pace.seek(at))
    },
    skipQuiet: pace.skipQuiet,
    switchTo: async (branch) => {
      guarded(() => run.session.switchTo(branch))
      pace.landed()
    },
    files: async () => run.scene.files,
    type(id, line) {
      guarded(() => shells.type(id, line))
      shells.poll()
    },
    interrupt: shells.interrupt,
    feed: (id, text, isEnd) => guarded(() => shells.feed(id, text, isEnd)),
    saveEdit: (id, text) => guarded(() => shells.saveEdit(id, text)),
    complete: async (line, cursor) => candidatesAt(run, line, cursor),
    apply: async (text, { dryRun, name }) => applyManifest(run.session, text, dryRun, name),
    keepFiles: shells.keep,
    notSimulated: async (text) => notSimulatedProblems(text),
    live: async (text) => answered(() => liveManifest(cluster(), text)) ?? '',
    fault: async (fault) => asProblem(() => guarded(() => run.session.fault(fault))),
    table: async (kind, namespace) => tableOf(cluster(), kind, namespace),
    kindNames: async () => kindNames(cluster()),
    inspect: async (selection) => inspectionOf(cluster(), selection),
    causes: async (seq) => causeRows(cluster(), seq),
    messages: async () => messagesOf(cluster(), messagesShown),
    etcd: async () => etcdView(cluster()),
    changes: async (seq) => changesOf(cluster(), seq),
    schemaOf: async (apiVersion, kind) => customSchema(cluster(), apiVersion, kind),
    startLesson: async (id) => asProblem(() => startLesson(id)),
    openLessonText: async (text) =>
      asProblem(() => {
        const read = readLesson(text)
        begin({ ...emptyScene, ...sceneOf(read.lesson) })
        run.lesson.startRead(read)
      }),
    goToStep: (step) => guarded(() => run.lesson.goTo(step)),
    answer: (step, choice) => run.lesson.answer(step, choice),
    showSolution: () => guarded(() => run.lesson.showSolution()),
    resetStep() {
      guarded(() => run.lesson.reset())
      pace.landed()
    },
    share: async () => formatScene(sceneNow()),
    replay: async () => replayText(),
    hash: () => hashOf(cluster().trace),
    manifests: async () => answered(() => liveManifest(cluster(), undefined)) ?? '',
  }

  function tick(wallMs: number): void {
    const elapsed = lastWall === undefined ? 0 : Math.min(wallMs - lastWall, elapsedMsMax)
    lastWall = wallMs
    if (!isBegun) return
    guarded(() => {
      pace.advance(elapsed)
      shells.poll()
      run.lesson.look()
      shells.say(run.lesson.takeSaid())
    })
    const frame = frameOf()
    if (frame) post(frame)
  }

  return { door, tick }
}

/** What a person can be told of a failed action; anything else is a bug and goes on. */
function asProblem(run: () => void): SceneProblem | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (isRefusal(error)) return { message: error.message }
    throw error
  }
}

function isRefusal(error: unknown): error is Error {
  return error instanceof SceneError || error instanceof FaultError || error instanceof ApiError
}
