import {
  createLessonRun,
  createPlayer,
  findLesson,
  LessonError,
  parseLesson,
  parseLine,
  perform,
  setTheScene,
  type Finding,
  type Lesson,
  type LessonRun,
  type Player,
} from '#lessons'
import { createTerminal, justParts, SceneError, type Scene, type Session } from '#session'
import type { LessonCard, LessonView } from '../protocol.ts'
import { htmlOf, lessonCards, lessonView } from './lessonView.ts'

/** A lesson on top of a session: which step, what its goal sees, and its solution shown slowly. */
export interface LessonHost {
  readonly cards: () => readonly LessonCard[]
  /** the scene a lesson of the catalogue begins with; throws a SceneError when there is none of that id */
  readonly sceneOf: (id: string) => Partial<Scene>
  readonly start: (id: string) => void
  /** Goes on where a link says. */
  readonly resume: (place: NonNullable<Scene['lesson']>) => void
  /** Begins somebody's lesson that was read by `readLesson`. */
  readonly startRead: (read: ReadLesson) => void
  readonly goTo: (step: number) => void
  readonly answer: (step: string, choice: number) => void
  readonly showSolution: () => void
  readonly reset: () => void
  /** Looks at the goal again; called after time has moved. */
  readonly look: () => void
  /** what a solution that is shown typed and printed since the last call */
  readonly takeSaid: () => string
  /** what changed since the last call: undefined nothing, null no lesson any more */
  readonly view: () => LessonView | null | undefined
  /** The cluster object was replaced, or time went back. */
  readonly rewound: () => void
  /** what a link says of it */
  readonly place: () => Pick<Scene, 'lesson'>
}

/** A lesson that was read, of the catalogue or of somebody. */
export interface ReadLesson {
  readonly lesson: Lesson
  /** the Markdown, unless the catalogue has it */
  readonly text?: string
}

/** The prompt before a line that is shown, as terminals draw that of a line that is typed. */
const prompt = '\x1b[1;36m$\x1b[0m'

/** Virtual ms between the lines of a solution that is shown. */
const lineMs = 2_000

/** Shows at most one lesson at a time on a session. */
export function createLessonHost(session: () => Session): LessonHost {
  let read: ReadLesson | undefined
  let run: LessonRun | undefined
  let player: Player | undefined
  let html: readonly string[] = []
  let finding: Finding | undefined
  let lines: readonly string[] = []
  let lineAt = 0
  let sent: string | undefined
  let printed = ''
  let said = ''
  /** how many actions had been done when a step began, by what it began with */
  const actionsBefore = new WeakMap<object, number>()

  /** Puts a lesson on the session as it stands now. */
  function open(next: ReadLesson): void {
    read = next
    player = createPlayer(session(), createTerminal(session(), next.lesson.files), (text) => (printed += text))
    run = createLessonRun(
      next.lesson,
      () => session().cluster(),
      () => session().end(),
    )
    html = htmlOf(run)
    session().attend({ wakeAt: () => run?.lookAt(), wake: see })
  }

  function begin(next: ReadLesson): void {
    const hands = createPlayer(session(), createTerminal(session(), next.lesson.files))
    setTheScene(next.lesson, hands)
    open(next)
    enter(0)
  }

  function enter(index: number): void {
    const step = run?.lesson.steps[index]
    if (run === undefined || player === undefined || step === undefined) return
    lines = []
    const isNew = run.progress().steps[index] === undefined
    if (isNew) for (const line of step.start) perform(line, player)
    beginStep(run, index)
  }

  function beginStep(of: LessonRun, index: number): void {
    of.begin(index)
    const from = of.stepProgress()?.from
    if (from && !actionsBefore.has(from)) actionsBefore.set(from, actionsUntil(session().now()))
    see()
  }

  const actionsUntil = (at: number): number =>
    session()
      .inputs()
      .filter((input) => input.at <= at).length

  function see(): void {
    finding = run?.look()
  }

  /** The next line of a solution, when it is due. */
  function playOn(): void {
    const [line, ...rest] = lines
    if (line === undefined || player === undefined || session().now() < lineAt) return
    lines = rest
    printed = ''
    perform(line, player)
    if (parseLine(line).do === 'shell') said += `${prompt} ${line}\n${printed}`
    lineAt = session().now() + lineMs
  }

  return {
    cards: () => lessonCards(),
    sceneOf: (id) => sceneOf(known(id).lesson),
    start: (id) => begin(known(id)),
    resume(place) {
      open('id' in place ? known(place.id) : readLesson(place.text))
      const last = run!.lesson.steps.length - 1
      beginStep(run!, Math.min(place.step, last))
    },
    startRead: begin,
    goTo: enter,
    answer: (step, choice) => run?.answer(step, choice),
    showSolution() {
      lines = run?.step().solution ?? []
      lineAt = session().now()
      playOn()
    },
    reset() {
      lines = []
      const from = run?.stepProgress()?.from
      if (from)
        session().startAgain(from.at, actionsBefore.get(from) ?? actionsUntil(from.at), 'before the step began again')
    },
    look() {
      playOn()
      see()
    },
    takeSaid() {
      const text = said
      said = ''
      return text
    },
    view() {
      const view = run && finding ? lessonView(run, finding, html, session().now()) : null
      const text = JSON.stringify(view)
      if (text === sent) return undefined
      sent = text
      return view
    },
    rewound() {
      lines = []
      run?.rewound()
      sent = undefined
    },
    place() {
      if (run === undefined || read === undefined) return {}
      const { step } = run.progress()
      return { lesson: read.text === undefined ? { id: read.lesson.id, step } : { text: read.text, step } }
    },
  }
}

function known(id: string): ReadLesson {
  const lesson = readOf(() => findLesson(id))
  if (lesson === undefined) throw new SceneError(`There is no lesson called ${id}.`)
  return { lesson }
}

/** Reads somebody's lesson; throws a SceneError with the line that is wrong. */
export function readLesson(text: string): ReadLesson {
  return { lesson: readOf(() => parseLesson(text, { id: `shared-${printOf(text)}`, course: 'Shared' })), text }
}

function readOf<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof LessonError) throw new SceneError(`The lesson cannot be read: ${error.message}`)
    throw error
  }
}

/** Two sent lessons are two lessons: what was done in one is not done in the other. */
function printOf(text: string): string {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return (value >>> 0).toString(36)
}

/** The scene that a lesson begins with. */
export function sceneOf(lesson: Lesson): Partial<Scene> {
  const { seed, nodes, files } = lesson
  return { seed, nodes, files, ...justParts(lesson) }
}
