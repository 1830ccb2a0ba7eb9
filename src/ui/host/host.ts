import { ApiError, describedBy, FaultError, InvariantError } from '#engine'
import { complete } from '#kubectl'
import {
  createSession,
  createTerminal,
  formatScene,
  parseScene,
  SceneError,
  type Scene,
  type Session,
  type Terminal,
} from '#session'
import type {
  ActiveFault,
  Fault,
  Frame,
  Mark,
  SceneProblem,
  SceneSource,
  TerminalChunk,
  WorkerDoor,
} from '../protocol.ts'
import { createActivityReader, type ActivityReader } from './activity.ts'
import { causeRows } from './causes.ts'
import { inspectionOf } from './inspect.ts'
import { hashOf } from './hash.ts'
import { createLessonHost, readLesson, sceneOf, type LessonHost } from './lessonHost.ts'
import { applyManifest, liveManifest } from './manifests.ts'
import { createMirror, type Mirror } from './mirror.ts'
import { kindNames, tableOf } from './tables.ts'
import { trafficRows } from './traffic.ts'

/** The engine's host: turns wall time into virtual time, and what changed into frames. */
export interface Host {
  readonly door: WorkerDoor
  /** Called often; `wallMs` is a monotonic clock. */
  readonly tick: (wallMs: number) => void
}

/** Wall ms that one tick may simulate for, so that commands are never kept waiting. */
const budgetMs = 12
const sliceMs = 250
const stepMs = 1_000

/** Makes a host with an open, empty scene. `wall` is a monotonic clock in ms; frames are sent through `post`. */
export function createHost(post: (frame: Frame) => void, wall: () => number): Host {
  let scene: Scene = emptyScene
  let session: Session
  let mirror: Mirror
  let activity: ActivityReader
  let lesson: LessonHost
  let isPlaying = true
  let speed = 1
  let lastWall: number | undefined
  let isWhole = true
  let target = 0
  let marks: readonly Mark[] = []
  let eventCount = 0
  let crash: Frame['crash']
  let chunks: TerminalChunk[] = []
  let lastSent = ''
  const terminals = new Map<string, Shell>()
  // `kubectl explain` gets its texts when they have come; they are large and nobody waits for them
  let describe: ReturnType<typeof describedBy> | undefined
  void import('#descriptions').then(({ descriptions }) => (describe = describedBy(descriptions)))

  function begin(next: Scene): void {
    scene = next
    for (const [id, { running }] of terminals) {
      if (running === undefined) continue
      running.stop()
      chunks.push({ terminal: id, text: '', isDone: true })
    }
    terminals.clear()
    session = createSession({
      cluster: { seed: scene.seed, nodes: scene.nodes },
      inputs: scene.inputs,
      descriptions: (type, field) => describe?.(type, field),
    })
    lesson = createLessonHost(() => session)
    session.onReplace(attach)
    crash = undefined
    attach()
    session.seek(scene.at)
    target = session.now()
  }

  function attach(): void {
    mirror = createMirror(session.cluster())
    activity = createActivityReader(session.cluster())
    marks = []
    eventCount = 0
    isWhole = true
    lesson.rewound()
  }

  /** Runs engine code; a broken invariant stops the run and is shown with its replay. */
  function guarded(run: () => void): void {
    if (crash) return
    try {
      run()
    } catch (error) {
      if (!(error instanceof InvariantError)) throw error
      crash = { message: error.message, replay: replayText() }
      isPlaying = false
    }
  }

  function advance(until: number): void {
    const started = wall()
    while (session.now() < until && wall() - started < budgetMs) {
      session.advanceTo(Math.min(until, session.now() + sliceMs))
      lesson.look()
    }
  }

  function tick(wallMs: number): void {
    const elapsed = lastWall === undefined ? 0 : Math.min(wallMs - lastWall, 100)
    lastWall = wallMs
    guarded(() => {
      if (isPlaying) target = Math.max(target, session.now()) + elapsed * speed
      if (session.now() < target) advance(target)
      // what could not be simulated in time is not owed: virtual time just runs slower than asked
      if (isPlaying) target = Math.min(target, session.now() + speed * 100)
      pollTerminals()
      lesson.look()
    })
    send()
  }

  function pollTerminals(): void {
    for (const [id, shell] of terminals) {
      if (shell.running === undefined || !shell.running.isDone()) continue
      shell.running = undefined
      chunks.push({ terminal: id, text: '', isDone: true })
    }
  }

  function send(): void {
    const frame = frameOf()
    const idle = isIdle(frame)
    const face = `${frame.now}|${frame.isPlaying}|${frame.speed}|${frame.isSettled}|${frame.end}`
    if (idle && face === lastSent) return
    lastSent = face
    post(frame)
  }

  function frameOf(): Frame {
    const { pods, nodes } = mirror.take()
    const { events, bridge, marks: newMarks } = activity.take()
    if (newMarks.length > 0) marks = [...marks, ...newMarks].slice(-marksMax)
    eventCount += events.filter(({ type }) => type !== 'Trace').length
    const cluster = session.cluster()
    const changed = isWhole || events.length > 0 || pods.set.length > 0 || pods.gone.length > 0 || nodes.set.length > 0
    const { active, backOff, unschedulable } = cluster.queue()
    const view = lesson.view()
    const frame: Frame = {
      isWhole,
      now: session.now(),
      isPlaying,
      speed,
      isSettled: cluster.control.isSettled(),
      end: session.end(),
      ...((isWhole || pods.set.length > 0 || pods.gone.length > 0) && { pods }),
      ...((isWhole || nodes.set.length > 0 || nodes.gone.length > 0) && { nodes }),
      ...((isWhole || events.length > 0) && { events, eventCount }),
      ...(changed && {
        bridge,
        queue: { active: active.map(podOf), backOff: backOff.map(podOf), unschedulable: unschedulable.map(podOf) },
        faults: cluster.control.faults().map(activeFault),
        branches: branchesOf(),
        objectCount: cluster.objectCount(),
      }),
      ...((isWhole || newMarks.length > 0) && { marks }),
      ...(view !== undefined && { lesson: view }),
      ...((isWhole || cluster.traffic().sent > 0) && { traffic: trafficRows(cluster) }),
      ...(chunks.length > 0 && { terminal: chunks }),
      ...(crash && { crash }),
    }
    chunks = []
    isWhole = false
    return frame
  }

  function branchesOf(): NonNullable<Frame['branches']> {
    const own = session.branch()
    return [...session.branches(), own].map(({ id, name, from }) => ({ id, name, from, isActive: id === own.id }))
  }

  function shellOf(id: string): Shell {
    let shell = terminals.get(id)
    if (shell === undefined)
      terminals.set(id, (shell = { terminal: createTerminal(session, scene.files), running: undefined }))
    return shell
  }

  function sceneNow(): Scene {
    const inputs = session.inputs().filter(({ at }) => at <= session.now())
    return { ...scene, inputs, at: session.now(), ...lesson.place() }
  }

  function replayText(): string {
    return formatScene({ ...scene, inputs: session.inputs(), at: session.now() })
  }

  async function open(source: SceneSource): Promise<SceneProblem | undefined> {
    return asProblem(() => {
      if (source.link !== undefined) {
        const next = parseScene(source.link)
        begin(next)
        if (next.lesson) lesson.resume(next.lesson)
        return
      }
      begin({ ...emptyScene, seed: source.seed ?? emptyScene.seed, nodes: source.nodes ?? emptyScene.nodes })
      if (source.lesson !== undefined) startLesson(source.lesson)
    })
  }

  function startLesson(id: string): void {
    const start = lesson.sceneOf(id)
    begin({ ...emptyScene, ...start })
    lesson.start(id)
  }

  function seek(at: number): void {
    guarded(() => session.seek(Math.max(0, at)))
    target = session.now()
  }

  function candidatesAt(line: string, cursor: number): { from: number; options: readonly string[] } {
    const before = line.slice(0, cursor)
    const command = /(?:^|[|;&]\s*)(k(?:ubectl)?\s.*)$/.exec(before)?.[1] ?? before
    const options = complete(command, command.length, session.cluster().api).map(({ value }) => value)
    return { from: before.lastIndexOf(' ') + 1, options }
  }

  begin(emptyScene)

  const door: WorkerDoor = {
    open,
    lessons: async () => lesson.cards(),
    play(on) {
      isPlaying = on && !crash
      target = session.now()
    },
    setSpeed(next) {
      speed = Math.min(Math.max(next, 0.01), 100_000)
    },
    stepOn(ms) {
      isPlaying = false
      guarded(() => (ms === undefined ? session.step() : session.advanceTo(session.now() + ms)))
      target = session.now()
    },
    stepBack(ms = stepMs) {
      isPlaying = false
      seek(session.now() - ms)
    },
    seek: async (at) => seek(at),
    type(id, line) {
      const shell = shellOf(id)
      const say = (text: string): void => void chunks.push({ terminal: id, text })
      guarded(() => {
        shell.running = shell.terminal.run(line, { out: say, err: say })
      })
      pollTerminals()
    },
    interrupt(id) {
      terminals.get(id)?.running?.stop()
      pollTerminals()
    },
    complete: async (line, cursor) => candidatesAt(line, cursor),
    apply: async (text, { dryRun }) => applyManifest(session, text, dryRun),
    live: async (text) => liveManifest(session.cluster(), text),
    fault: async (fault: Fault) => asProblem(() => guarded(() => session.fault(fault))),
    table: async (kind, namespace) => tableOf(session.cluster(), kind, namespace),
    kindNames: async () => kindNames(session.cluster()),
    inspect: async (selection) => inspectionOf(session.cluster(), selection),
    causes: async (seq) => causeRows(session.cluster(), seq),
    schemaOf: async () => undefined,
    startLesson: async (id) => asProblem(() => startLesson(id)),
    openLessonText: async (text) =>
      asProblem(() => {
        const read = readLesson(text)
        begin({ ...emptyScene, ...sceneOf(read.lesson) })
        lesson.startRead(read)
      }),
    goToStep: (step) => guarded(() => lesson.goTo(step)),
    answer: (step, choice) => lesson.answer(step, choice),
    showSolution: () => guarded(() => lesson.showSolution()),
    resetStep() {
      guarded(() => lesson.reset())
      target = session.now()
    },
    share: async () => formatScene(sceneNow()),
    replay: async () => replayText(),
    hash: () => hashOf(session.cluster().trace),
    manifests: async () => liveManifest(session.cluster(), undefined),
  }
  return { door, tick }
}

interface Shell {
  readonly terminal: Terminal
  running: ReturnType<Terminal['run']> | undefined
}

const podOf = ({ pod }: { readonly pod: string }): string => pod
const marksMax = 2_000
const emptyScene: Scene = Object.freeze({ version: 1, seed: 1, nodes: 3, files: {}, inputs: [], at: 0 })

function isIdle(frame: Frame): boolean {
  const { now, isPlaying, speed, isSettled, end, isWhole, ...rest } = frame
  void [now, isPlaying, speed, isSettled, end]
  return !isWhole && Object.keys(rest).length === 0
}

function activeFault({ id, label, fault }: { id: string; label: string; fault: Fault }): ActiveFault {
  return { id, label, fault }
}

/** What a person can be told of a failed action; anything else is a bug and goes on. */
function asProblem(run: () => void): SceneProblem | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (error instanceof SceneError || error instanceof FaultError || error instanceof ApiError)
      return { message: error.message }
    throw error
  }
}
