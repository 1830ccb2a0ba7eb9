import { beforeEach, describe, expect, test, vi } from 'vitest'
import { foldLink } from '../../../src/ui/link.ts'
import type { Frame, SceneSource, WorkerDoor } from '../../../src/ui/protocol.ts'
import { Session } from '../../../src/ui/session.svelte.ts'

/** A worker that knows scenes alone: a scene without `bad` opens, and is what it shares. */
function fakeWorker() {
  let scene = '{}'
  const opened: SceneSource[] = []
  const door = {
    open: (source: SceneSource) => {
      opened.push(source)
      if (source.link?.includes('bad')) return Promise.resolve({ message: 'The scene is damaged.' })
      scene = source.link ?? (source.lesson ? `{"lesson":"${source.lesson}"}` : '{"own":0}')
      return Promise.resolve(undefined)
    },
    share: () => Promise.resolve(scene),
    startLesson: (id: string) => {
      scene = `{"lesson":"${id}"}`
      return Promise.resolve(undefined)
    },
  } as unknown as WorkerDoor
  return { door, opened, change: (text: string) => (scene = text) }
}

const frame = { isWhole: true, now: 0, isPlaying: false, speed: 1, isSettled: true, end: 0 } as Frame

let storage: Map<string, string>
let scenes: typeof import('../../../src/ui/scenes.ts')

beforeEach(async () => {
  storage = new Map()
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => storage.get(name) ?? null,
    setItem: (name: string, text: string) => storage.set(name, text),
    removeItem: (name: string) => storage.delete(name),
  })
  vi.stubGlobal('location', { hash: '' })
  vi.stubGlobal('navigator', {})
  vi.resetModules() // what is open is the page's own state: each test is a page of its own
  scenes = await import('../../../src/ui/scenes.ts')
})

function start() {
  const worker = fakeWorker()
  const session = new Session(worker.door)
  session.apply(frame)
  return { ...worker, session }
}

describe('scenes', () => {
  test('the own cluster is kept and opened again', async () => {
    const { session, change } = start()
    await scenes.openRoute(session, { page: 'cluster' })
    change('{"own":1}')
    await scenes.keepScene(session)
    vi.resetModules()
    const reloaded = await import('../../../src/ui/scenes.ts')
    const again = start()
    await reloaded.openRoute(again.session, { page: 'cluster' })
    expect(again.opened).toEqual([{ link: '{"own":1}' }])
  })

  test('a link leaves the own cluster as it was, and its own changes are kept apart', async () => {
    const { session, change, opened } = start()
    await scenes.openRoute(session, { page: 'cluster' })
    change('{"own":1}')
    const payload = await foldLink('{"guest":0}')
    await scenes.openRoute(session, { page: 'link', payload })
    change('{"guest":1}')
    await scenes.openRoute(session, { page: 'cluster' })
    expect(opened.at(-1)).toEqual({ link: '{"own":1}' })
    await scenes.openRoute(session, { page: 'link', payload })
    expect(opened.at(-1)).toEqual({ link: '{"guest":1}' })
  })

  test.each([
    ['broken', () => Promise.resolve('%%%')],
    ['refused by the worker', () => foldLink('{"bad":1}')],
  ])('a link that is %s opens the own cluster, says so, and changes to it are kept', async (_, payload) => {
    storage.set('drydock.scene', JSON.stringify('{"own":2}'))
    const { session, opened, change } = start()
    await scenes.openRoute(session, { page: 'link', payload: await payload() })
    expect(opened.at(-1)).toEqual({ link: '{"own":2}' })
    expect(session.problem?.message).toContain('Your own cluster is open instead')
    change('{"own":3}')
    await scenes.keepScene(session)
    expect(storage.get('drydock.scene')).toBe(JSON.stringify('{"own":3}'))
  })

  test('an own scene that cannot be read is kept aside', async () => {
    storage.set('drydock.scene', JSON.stringify('{"bad":1}'))
    const { session, opened } = start()
    await scenes.openRoute(session, { page: 'cluster' })
    expect(opened.at(-1)).toEqual({})
    expect(storage.get('drydock.sceneUnread')).toBe(JSON.stringify('{"bad":1}'))
  })

  test('a lesson goes on where it was left, until it is started over', async () => {
    const { session, change, opened } = start()
    await scenes.openRoute(session, { page: 'lesson', id: 'a/b' })
    expect(opened.at(-1)).toEqual({ lesson: 'a/b' })
    change('{"lesson":"a/b","step":2}')
    await scenes.openRoute(session, { page: 'cluster' })
    await scenes.openRoute(session, { page: 'lesson', id: 'a/b' })
    expect(opened.at(-1)).toEqual({ link: '{"lesson":"a/b","step":2}' })
    await scenes.startOver(session, 'a/b')
    await scenes.keepScene(session)
    expect(storage.get('drydock.lesson.a/b')).toBe(JSON.stringify('{"lesson":"a/b"}'))
  })

  test('a fresh own cluster can be taken back', async () => {
    const { session, change, opened } = start()
    await scenes.openRoute(session, { page: 'cluster' })
    change('{"own":5}')
    const goBack = await scenes.clearOwn(session)
    expect(opened.at(-1)).toEqual({})
    await goBack?.()
    expect(opened.at(-1)).toEqual({ link: '{"own":5}' })
  })

  test.each([
    ['{"version":2}', 'format 2'],
    ['{"a":1}', 'no version'],
    ['{', 'not valid JSON'],
  ])('a file with %s is refused in words', async (text, words) => {
    expect(await scenes.openText(start().session, text)).toContain(words)
  })

  test('a scene file becomes an address', async () => {
    const text = '{"version":1}'
    expect(await scenes.openText(start().session, text)).toBeUndefined()
    expect(location.hash).toBe(`#1.${await foldLink(text)}`)
  })

  test('somebody else’s scene offers the way back each time it is come to', async () => {
    const { visit } = await import('../../../src/ui/views/share/visit.svelte.ts')
    const { session } = start()
    await scenes.openRoute(session, { page: 'link', payload: await foldLink('{"version":1}') })
    expect(visit).toEqual({ isScene: true, isOffered: true })
    visit.isOffered = false
    scenes.offerWayBack()
    expect(visit.isOffered).toBe(true)
    await scenes.openRoute(session, { page: 'cluster' })
    scenes.offerWayBack()
    expect(visit).toEqual({ isScene: false, isOffered: false })
  })
})
