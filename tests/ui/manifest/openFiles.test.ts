import { flushSync } from 'svelte'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import type { WorkerDoor } from '../../../src/ui/protocol.ts'
import { Session } from '../../../src/ui/session.svelte.ts'
import { OpenFiles } from '../../../src/ui/views/manifest/openFiles.svelte.ts'
import { rooted } from '../rooted.svelte.ts'

const own = 'manifests.own'
const lesson = 'manifests.lesson.pod'

let storage: Map<string, string>

beforeEach(() => {
  storage = new Map()
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => storage.get(name) ?? null,
    setItem: (name: string, text: string) => storage.set(name, text),
    removeItem: (name: string) => storage.delete(name),
  })
})

/** A page whose worker answers only when it is let. */
function opened(files: Readonly<Record<string, string>> = {}, manifests = '') {
  const waiting: (() => void)[] = []
  const later = <Value>(value: Value) => new Promise<Value>((resolve) => waiting.push(() => resolve(value)))
  const door = { files: () => later(files), manifests: () => later(manifests), keepFiles: () => undefined }
  const session = new Session(door as unknown as WorkerDoor)
  const [open, end] = rooted(() => new OpenFiles(session, () => undefined))
  onTestFinished(end)
  const answer = async () => {
    for (const go of waiting.splice(0)) go()
    await new Promise((resolve) => setTimeout(resolve))
    flushSync()
  }
  const enter = (scene: string | undefined) => {
    session.scene = scene
    flushSync()
  }
  return { session, open, answer, enter }
}

const textKept = (scene: string) => storage.get(`drydock.${scene}`) ?? ''

test('nothing is met, and nothing kept, before what was asked for is open', () => {
  const { open } = opened()
  flushSync()
  expect(open.scene).toBeUndefined()
  expect(open.type('x')).toBe(false)
  expect(storage.size).toBe(0)
})

test('what was typed is there again after a reload, and stays', async () => {
  const first = opened({ 'web.yaml': 'kind: Pod' })
  first.enter(lesson)
  await first.answer()
  first.open.type('# my own note\nkind: Pod')
  const again = opened({ 'web.yaml': 'kind: Pod' })
  again.enter(lesson)
  await again.answer()
  expect(again.open.front?.text).toBe('# my own note\nkind: Pod')
  expect(textKept(lesson)).toContain('my own note')
})

test('while the files of another scene are asked for, what is typed belongs to the one before', async () => {
  const { open, enter, answer } = opened({ 'web.yaml': 'kind: Pod' })
  storage.set(`drydock.${own}`, JSON.stringify({ files: [{ id: 'f1', name: 'a.yaml', text: 'mine' }], front: 'f1' }))
  enter(own)
  enter(undefined)
  enter(lesson)
  expect(open.scene).toBe(own)
  open.type('mine, longer')
  await answer()
  expect(open.scene).toBe(lesson)
  expect(open.front?.text).toBe('kind: Pod')
  expect(textKept(own)).toContain('mine, longer')
  expect(textKept(lesson)).not.toContain('mine')
})

test('answers about a scene that was left are not taken', async () => {
  const { open, enter, answer } = opened({}, 'kind: Deployment')
  enter(own)
  enter(undefined)
  await answer()
  await answer()
  expect(open.scene).toBeUndefined()
  enter(own)
  await answer()
  await answer()
  expect(open.front).toMatchObject({ name: 'scene.yaml', text: 'kind: Deployment' })
})

test('a file that nobody has typed in is the same after a reload, whatever runs then', async () => {
  const first = opened()
  first.enter(own)
  await first.answer()
  await first.answer()
  expect(first.open.front?.name).toBe('web.yaml')
  const again = opened({}, 'kind: Deployment\nstatus: {}')
  again.enter(own)
  await again.answer()
  expect(again.open.front).toEqual(first.open.front)
})
