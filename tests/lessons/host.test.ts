import { expect, test } from 'vitest'
import { catalogue, findLesson, LessonError } from '../../src/lessons/index.ts'
import { lessonCards } from '../../src/ui/host/lessonView.ts'
import { createHost, type Host } from '../../src/ui/host/host.ts'
import type { Frame, LessonView } from '../../src/ui/protocol.ts'

/** A host whose wall clock is ours, and the newest lesson it showed. */
function opened(): {
  host: Host
  view: () => LessonView | undefined
  now: () => number
  run: (virtualMs: number) => void
  frames: readonly Frame[]
} {
  let wall = 0
  let lesson: LessonView | undefined
  let now = 0
  const frames: Frame[] = []
  const host = createHost(
    (frame: Frame) => {
      frames.push(frame)
      now = frame.now
      if (frame.lesson !== undefined) lesson = frame.lesson ?? undefined
    },
    () => wall,
  )
  const run = (virtualMs: number): void => {
    const until = now + virtualMs
    do host.tick((wall += 100))
    while (virtualMs > 0 && now < until)
  }
  host.door.setSpeed(20)
  return { host, view: () => lesson, now: () => now, run, frames }
}

test('the page lists the lessons', async () => {
  const cards = await opened().host.door.lessons()
  expect(cards[0]).toMatchObject({ id: 'pod', course: 'Casting off', title: 'What a Pod is' })
})

test('a lesson that cannot be read is named, and harms no other', () => {
  const cards = lessonCards([{ id: 'broken', course: 'Mine' }, ...catalogue], (id) => {
    if (id === 'broken') throw new LessonError(7, 'no such function')
    return findLesson(id)
  })
  expect(cards).toHaveLength(catalogue.length + 1)
  expect(cards[0]).toMatchObject({ id: 'broken', course: 'Mine', problem: 'line 7: no such function' })
  expect(cards.slice(1).every(({ problem }) => problem === undefined)).toBe(true)
})

test('the page shows a lesson, its solution, a prediction and a link', async () => {
  const { host, view, run } = opened()
  expect(await host.door.startLesson('pod')).toBeUndefined()
  run(100)
  expect(view()).toMatchObject({ id: 'pod', number: 1, of: 1, step: 0, isDone: false, isTrusted: true })
  expect(view()!.steps[0]!.html).toContain('<strong>Pod</strong>')
  expect(view()!.steps[0]!.clauses[0]).toMatchObject({ text: 'the Pod ui is Ready', isMet: false, sees: 'no' })

  host.door.showSolution()
  run(20_000)
  expect(view()!.steps[0]!.isDone).toBe(true)
  expect(view()!.steps[0]!.clauses.at(-1)).toMatchObject({ kind: 'hold', isMet: true, sees: '5 s' })

  host.door.goToStep(2)
  run(1_000)
  expect(view()!.step).toBe(2)
  expect(view()!.steps[2]!.predict).not.toHaveProperty('right')
  host.door.answer('crash', 0)
  run(100)
  expect(view()!.steps[2]!.predict).toMatchObject({ right: 1, choice: 0 })
  host.door.showSolution()
  run(20_000)
  expect(view()!.steps[2]!.isDone).toBe(true)

  expect(JSON.parse(await host.door.share()).lesson).toEqual({ id: 'pod', step: 2 })
})

test('a rewind takes progress with it, and an action there goes on from it', async () => {
  const { host, view, now, run } = opened()
  await host.door.startLesson('pod')
  run(100)
  const start = now()
  run(3_000)
  host.door.showSolution()
  run(20_000)
  expect(view()!.steps[0]!.isDone).toBe(true)
  await host.door.seek(start)
  host.door.play(false)
  run(0)
  expect(view()!.steps[0]!.isDone).toBe(false)
  host.door.type('main', 'kubectl create configmap other')
  host.door.play(true)
  run(20_000)
  expect(view()!.steps[0]!.isDone).toBe(false)
})

test('a rewind to before the lesson, and an action there, leave the lesson at its beginning', async () => {
  const { host, view, run } = opened()
  await host.door.startLesson('pod')
  run(3_000)
  await host.door.seek(0)
  host.door.type('main', 'kubectl create configmap other')
  host.door.play(true)
  run(5_000)
  expect(view()!.steps[0]).toMatchObject({ isDone: false })
  run(60_000)
  host.door.showSolution()
  run(20_000)
  expect(view()!.steps[0]!.isDone).toBe(true)
})

test('a step that is started over begins without what was done in it, which stays as a branch', async () => {
  const { host, view, now, run, frames } = opened()
  await host.door.startLesson('pod')
  run(100)
  const start = now()
  host.door.type('main', 'kubectl create configmap wrong')
  run(10_000)
  host.door.resetStep()
  run(0)
  expect(now()).toBeLessThan(start + 5_000)
  run(30_000)
  expect(JSON.stringify(await host.door.table('configmaps', 'default'))).not.toContain('wrong')
  expect(frames.flatMap(({ branches }) => branches ?? []).map(({ name }) => name)).toContain('main')
  expect(view()!.steps[0]!.isDone).toBe(false)
})

test('what is done at the very moment a step begins goes when it is started over', async () => {
  const { host, run } = opened()
  await host.door.startLesson('pod')
  run(0)
  host.door.play(false)
  host.door.type('main', 'kubectl create configmap wrong')
  run(0)
  host.door.resetStep()
  run(0)
  expect(JSON.stringify(await host.door.table('configmaps', 'default'))).not.toContain('wrong')
})

test('a solution that is shown is seen in the terminal', async () => {
  const { host, run, frames } = opened()
  await host.door.startLesson('pod')
  run(100)
  host.door.showSolution()
  run(5_000)
  const told = frames.flatMap(({ terminal }) => terminal ?? []).map(({ text }) => text)
  const prompt = '\x1b[1;36m$\x1b[0m'
  expect(told.join('')).toContain(`${prompt} kubectl run ui --image=dock.test/ui:1.0\npod/ui created\n`)
})

test('the page opens a lesson that somebody wrote, and says which line it cannot read', async () => {
  const { host, view, run } = opened()
  const text =
    '---\ntitle: Mine\ncluster: { nodes: 1 }\n---\nHello.\n\n## One {#one}\nText.\n```goal\npod("a") != null\n```\n'
  expect(await host.door.openLessonText(text)).toBeUndefined()
  run(100)
  expect(view()).toMatchObject({ title: 'Mine', course: 'Shared', isTrusted: false, number: 1, of: 1 })
  expect(JSON.parse(await host.door.share()).lesson).toEqual({ text, step: 0 })
  expect(await host.door.openLessonText(text.replace('null', 'nul('))).toMatchObject({
    message: expect.stringContaining('line 10'),
  })
  expect(await host.door.startLesson('no-such')).toMatchObject({ message: 'There is no lesson called no-such.' })
})
