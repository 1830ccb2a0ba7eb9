import { describe, expect, test, vi } from 'vitest'
import type { KubeObject } from '#engine'
import { catalogue } from '#lessons'
import { createSession, parseScene } from '#session'
import type { LessonCard, LessonView } from '../../../src/ui/protocol.ts'
import {
  advanced,
  coursesOf,
  keepSizes,
  lessonAfter,
  nextLesson,
  readSizes,
  standing,
} from '../../../src/ui/views/home/progress.ts'
import { scenarios } from '../../../src/ui/views/home/scenarios.ts'

interface Deployment extends KubeObject {
  readonly spec: { readonly replicas: number }
  readonly status: { readonly availableReplicas?: number; readonly updatedReplicas?: number }
}

const card = (id: string, course = 'A'): LessonCard => ({ id, course, title: id, minutes: 5, summary: '' })
const cards = [card('a'), card('b'), card('c', 'B')]
const progress = (at: number, isDone = false) => ({ step: 1, of: 3, isDone, at })

describe('progress', () => {
  test('begins with the first lesson, goes on with the one left last, then with the next not done', () => {
    expect(nextLesson(cards, {})?.id).toBe('a')
    expect(nextLesson(cards, { a: progress(1, true), c: progress(2) })?.id).toBe('c')
    expect(nextLesson(cards, { a: progress(2, true), c: progress(1) })?.id).toBe('b')
    expect(nextLesson(cards, { a: progress(1, true), b: progress(2, true), c: progress(3, true) })).toBeUndefined()
  })

  test('never goes back', () => {
    const lesson = { step: 0, steps: [{}, {}, {}], isDone: false } as unknown as LessonView
    expect(advanced({ step: 2, of: 3, isDone: true, at: 1 }, lesson, 9)).toEqual({
      step: 2,
      of: 3,
      isDone: true,
      at: 9,
    })
  })

  test('has courses in their order, and a lesson after each but the last', () => {
    expect(coursesOf(cards).map(({ title, cards: own }) => [title, own.length])).toEqual([
      ['A', 2],
      ['B', 1],
    ])
    expect(lessonAfter(cards, 'b')?.id).toBe('c')
    expect(lessonAfter(cards, 'c')).toBeUndefined()
    expect(lessonAfter(cards, 'unknown')).toBeUndefined()
  })

  test('stands', () => {
    expect([undefined, progress(1), progress(1, true)].map(standing)).toEqual(['not started', 'in progress', 'done'])
  })
})

describe('room for the courses', () => {
  const ofCatalogue = coursesOf(catalogue.map(({ id, course }) => card(id, course))).map(({ cards: own }) => own.length)

  test('at first is as large as the catalogue', () => expect(readSizes()).toEqual(ofCatalogue))

  test('is as large as it was the last time; what is kept and is no size is not believed', () => {
    const storage = new Map<string, string>()
    vi.stubGlobal('localStorage', {
      getItem: (name: string) => storage.get(name) ?? null,
      setItem: (name: string, text: string) => storage.set(name, text),
    })
    keepSizes(coursesOf(cards))
    expect(readSizes()).toEqual([2, 1])
    storage.set('drydock.courseSizes', '[1e9,"a"]')
    expect(readSizes()).toEqual(ofCatalogue)
    vi.unstubAllGlobals()
  })
})

describe('scenarios', () => {
  test.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
    '%s opens, and all it starts becomes ready',
    (_, one) => {
      const scene = parseScene(JSON.stringify(one.scene))
      const session = createSession({ cluster: { seed: scene.seed, nodes: scene.nodes }, inputs: scene.inputs })
      session.seek(scene.at)
      session.advanceTo(scene.at + 40_000)
      const deployments = session.cluster().api.list<Deployment>('Deployment', { namespace: 'default' })
      const isEmpty = one.id === 'empty'
      expect(deployments.length > 0).toBe(!isEmpty)
      for (const { spec, status } of deployments) {
        expect(status.availableReplicas).toBe(spec.replicas)
        expect(status.updatedReplicas).toBe(spec.replicas)
      }
      expect(session.cluster().traffic().sent > 0).toBe(!isEmpty)
    },
  )
})
