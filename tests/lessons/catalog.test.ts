import { describe, expect, test } from 'vitest'
import { playLesson as playByHarness } from '../../src/headless/lesson.ts'
import {
  catalogue,
  createPlayer,
  findLesson,
  parseLesson,
  playLesson,
  type Lesson,
  type Player,
} from '../../src/lessons/index.ts'
import { clusterOf, createSession, createTerminal } from '../../src/session/index.ts'

/** One that cannot be read fails in a test of its own, below. */
const readable = catalogue.map(({ id }) => id).filter(isReadable)

describe.each(readable)('%s', (id) => {
  const lesson = findLesson(id)!

  test.each([lesson.seed, lesson.seed + 10])('is solved by its own solution, seed %d', (seed) => {
    let output = ''
    const steps = playLesson(
      lesson,
      playerFor(lesson, seed, (text) => (output += text)),
    )
    const wanted = lesson.steps.map((step) => ({ id: step.id, unmetBefore: true, met: true, failed: [], open: [] }))
    expect(steps, output).toEqual(wanted)
  })

  test('comes after what it requires', () => {
    const order = catalogue.map((entry) => entry.id)
    for (const earlier of lesson.requires) {
      expect(order).toContain(earlier)
      expect(order.indexOf(earlier)).toBeLessThan(order.indexOf(id))
    }
  })

  test.each(lesson.steps.map((step) => [step.id, step] as const))(
    'step %s is short and has all it needs',
    (_, step) => {
      expect(wordsOf(step.text)).toBeLessThanOrEqual(60)
      expect(step.goal.some(({ kind }) => kind === 'goal')).toBe(true)
      expect(step.solution).not.toHaveLength(0)
      expect(step.hints).not.toHaveLength(0)
      for (const hint of step.hints) expect(wordsOf(hint)).toBeLessThanOrEqual(20)
    },
  )
})

test.each(catalogue)('$id can be read, and every expression of it compiles', (entry) => {
  expect(() => parseLesson(entry.text, entry)).not.toThrow()
})

test('lessons follow each other as the home page shows them, course after course', () => {
  const courses = catalogue.map(({ course }) => course)
  expect(courses.filter((course, index) => course !== courses[index - 1])).toEqual([...new Set(courses)])
})

test('every lesson asks for a prediction', () => {
  for (const id of readable) expect(findLesson(id)!.steps.some(({ predict }) => predict)).toBe(true)
})

test('the harness plays a lesson by its id and by its text, and says what it cannot read', () => {
  expect(playByHarness('pod', undefined)).toMatchObject({
    steps: [{ id: 'start', unmetBefore: true, met: true }, {}, {}, {}],
  })
  expect(playByHarness(undefined, '---\ntitle: A\n---\n')).toEqual({
    error: 'line 4: a lesson has at least one step: a line ## Title {#id}',
  })
  expect(playByHarness('no-such', undefined)).toEqual({ error: 'line 1: there is no lesson no-such' })
})

/** A new session in the shape of a lesson's scene. */
function playerFor(lesson: Lesson, seed: number, say: (text: string) => void): Player {
  const session = createSession({ cluster: clusterOf({ ...lesson, seed }) })
  return createPlayer(session, createTerminal(session, lesson.files), say)
}

const wordsOf = (text: string): number => text.split(/\s+/).filter((word) => /\w/.test(word)).length

function isReadable(id: string): boolean {
  try {
    return findLesson(id) !== undefined
  } catch {
    return false
  }
}
