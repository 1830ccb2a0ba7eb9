import { readFileSync, statSync } from 'node:fs'
import { findLesson, LessonError, parseLesson, playLesson as play, type Lesson, type Player } from '#lessons'
import { createSession, createTerminal, type Session } from '#session'

/** Plays a lesson's own solution and says for each step whether its goal was unmet before and met after. */
export function playLesson(path: string | undefined, text: string | undefined): Readonly<Record<string, unknown>> {
  if (path === undefined && text === undefined) return { error: 'lesson needs a path or a text' }
  try {
    const lesson = text === undefined ? lessonAt(path!) : parseLesson(text, shared)
    return { steps: play(lesson, createPlayer(lesson)) }
  } catch (error) {
    if (error instanceof LessonError) return { error: error.message }
    throw error
  }
}

const shared = Object.freeze({ id: 'shared', course: 'Shared' })

/** A lesson of the catalogue, or of a file. */
function lessonAt(path: string): Lesson {
  const known = findLesson(path)
  if (known !== undefined) return known
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) throw new LessonError(1, `there is no lesson ${path}`)
  return parseLesson(readFileSync(path, 'utf8'), { ...shared, id: path.replace(/^.*\/|\.md$/g, '') })
}

/** A session in the shape of a lesson's scene, with a terminal that holds its files. */
export function createPlayer(lesson: Lesson, seed = lesson.seed): Player & { readonly session: Session; readonly output: () => string } {
  const session = createSession({ cluster: { seed, nodes: lesson.nodes } })
  const terminal = createTerminal(session, lesson.files)
  let output = ''
  const say = (text: string): void => void (output += text)
  return {
    session,
    output: () => output,
    cluster: session.cluster,
    run(line) {
      const running = terminal.run(line, { out: say, err: say })
      const limit = session.now() + commandMs
      while (!running.isDone() && session.now() < limit) session.advanceTo(session.now() + 50)
      if (!running.isDone()) running.stop()
      return running.code()
    },
    fault: session.fault,
    advanceTo: session.advanceTo,
    attend: session.attend,
  }
}

/** Virtual ms after which a command that does not end is interrupted. */
const commandMs = 10 * 60_000
