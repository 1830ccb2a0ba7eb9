import { readFileSync, statSync } from 'node:fs'
import {
  createPlayer,
  findLesson,
  LessonError,
  parseLesson,
  playLesson as play,
  type Lesson,
  type Player,
} from '#lessons'
import { clusterOf, createSession, createTerminal, ShapeError } from '#session'

/** Plays a lesson's own solution and says for each step whether its goal was unmet before and met after. */
export function playLesson(path: string | undefined, text: string | undefined): Readonly<Record<string, unknown>> {
  if (path === undefined && text === undefined) return { error: 'lesson needs a path or a text' }
  try {
    const lesson = text === undefined ? lessonAt(path!) : parseLesson(text, shared)
    return { steps: play(lesson, playerFor(lesson)) }
  } catch (error) {
    if (error instanceof LessonError || error instanceof ShapeError) return { error: error.message }
    throw error
  }
}

const shared = Object.freeze({ id: 'shared', course: 'Shared' })

/** A lesson of the catalogue, or of a file. */
function lessonAt(path: string): Lesson {
  const known = findLesson(path)
  if (known !== undefined) return known
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new LessonError(1, `there is no lesson ${path}`)
  return parseLesson(readFileSync(path, 'utf8'), { ...shared, id: path.replace(/^.*\/|\.md$/g, '') })
}

/** A new session in the shape of a lesson's scene, played by a terminal that holds the lesson's files. */
export function playerFor(lesson: Lesson, seed = lesson.seed, say?: (text: string) => void): Player {
  const session = createSession({ cluster: clusterOf({ ...lesson, seed }) })
  return createPlayer(session, createTerminal(session, lesson.files), say)
}
