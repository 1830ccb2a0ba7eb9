import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Tabs } from '../../src/ui/tabs.svelte.ts'

interface Request {
  readonly name: string
  readonly hold: (lock: object | null) => Promise<void>
  readonly refuse: (error: Error) => void
}

/** The browser's locks, as far as tabs use them. */
function fakeLocks() {
  const holders = new Map<string, Request>()
  const waiting: Request[] = []

  function give(request: Request) {
    holders.set(request.name, request)
    void request.hold({}).then(() => {
      if (holders.get(request.name) !== request) return
      holders.delete(request.name)
      const next = waiting.findIndex(({ name }) => name === request.name)
      if (next >= 0) give(waiting.splice(next, 1)[0]!)
    })
  }

  return {
    request: (name: string, { signal, steal = false, ifAvailable = false }: LockOptions, hold: Request['hold']) =>
      new Promise<void>((_, refuse) => {
        const request = { name, hold, refuse }
        const holder = holders.get(name)
        if (!holder || steal) {
          holder?.refuse(Object.assign(new Error('stolen'), { name: 'AbortError' }))
          give(request)
          return
        }
        if (ifAvailable) {
          void hold(null)
          return
        }
        waiting.push(request)
        signal?.addEventListener('abort', () => {
          const at = waiting.indexOf(request)
          if (at >= 0) waiting.splice(at, 1)[0]!.refuse(signal.reason as Error)
        })
      }),
  }
}

const channels: BroadcastChannel[] = []

beforeEach(() => {
  vi.stubGlobal('navigator', { locks: fakeLocks() })
  const Real = BroadcastChannel
  vi.stubGlobal(
    'BroadcastChannel',
    class extends Real {
      constructor(name: string) {
        super(name)
        channels.push(this)
      }
    },
  )
})
afterEach(() => {
  for (const channel of channels.splice(0)) channel.close()
  vi.unstubAllGlobals()
})

function open() {
  const told: string[] = []
  const tabs = new Tabs({
    keep: () => Promise.resolve(void told.push('keep')),
    taken: () => void told.push('taken'),
  })
  return { tabs, told }
}

test('a scene is open in one tab; another asks, and the first keeps before it is taken over', async () => {
  const [first, second] = [open(), open()]
  expect(await first.tabs.claim('scene')).toBe(true)
  const claimed = second.tabs.claim('scene')
  await expect.poll(() => second.tabs.standing).toBe('elsewhere')
  expect([first.tabs.standing, second.tabs.has('scene')]).toEqual(['here', false])
  await second.tabs.continueHere()
  expect(await claimed).toBe(true)
  expect(first.told).toEqual(['keep', 'taken'])
  expect([first.tabs.standing, second.tabs.standing, first.tabs.has('scene')]).toEqual(['taken', 'here', false])
})

test('who leaves the question goes without, and the first tab goes on', async () => {
  const [first, second] = [open(), open()]
  await first.tabs.claim('scene')
  const claimed = second.tabs.claim('scene')
  await expect.poll(() => second.tabs.standing).toBe('elsewhere')
  second.tabs.leave()
  expect(await claimed).toBe(false)
  expect([first.tabs.standing, second.tabs.standing, first.told]).toEqual(['here', 'here', []])
})

test('another scene is nobody’s business, and the one before is free again', async () => {
  const [first, second] = [open(), open()]
  await first.tabs.claim('scene')
  expect(await second.tabs.claim('lesson.a')).toBe(true)
  expect(await first.tabs.claim('lesson.b')).toBe(true)
  expect(await second.tabs.claim('scene')).toBe(true)
})

test('a tab that sleeps is taken over all the same, and learns of it', async () => {
  const [first, second] = [open(), open()]
  await first.tabs.claim('scene')
  channels[0]!.close()
  const claimed = second.tabs.claim('scene')
  await expect.poll(() => second.tabs.standing).toBe('elsewhere')
  await second.tabs.continueHere()
  expect(await claimed).toBe(true)
  expect([first.tabs.standing, first.told]).toEqual(['taken', ['taken']])
})

test('without locks every tab opens what it is asked for', async () => {
  vi.stubGlobal('navigator', {})
  const [first, second] = [open(), open()]
  expect([await first.tabs.claim('scene'), await second.tabs.claim('scene')]).toEqual([true, true])
})
