import { beforeEach, expect, test, vi } from 'vitest'
import type { Frame, GhostView, WorkerDoor } from '../../src/ui/protocol.ts'
import { Session } from '../../src/ui/session.svelte.ts'
import { podRow, queued } from './rows.ts'

const key = 'default/web-1'
const calls: string[] = []

const ghost: GhostView = {
  title: 'Apply a.yaml',
  isOk: true,
  lines: [],
  afterMs: 1,
  born: [],
  gone: [],
  changed: [],
  nodes: [],
  sentences: [],
}

const door = {
  awaitPod: (isAwaited: boolean) => calls.push(`await ${isAwaited}`),
  play: (isPlaying: boolean) => calls.push(`play ${isPlaying}`),
  foresee: () => Promise.resolve(ghost),
  inspect: () => Promise.resolve({ why: { sentence: 'the best of 3', message: '', node: 'node-2', rows: [] } }),
} as unknown as WorkerDoor

const frame = (changes: Partial<Frame>): Frame => ({
  isWhole: false,
  now: 0,
  isPlaying: false,
  speed: 1,
  isSettled: false,
  end: 0,
  ...changes,
})
const waiting = frame({
  pods: { set: [podRow('web-1', { key, node: '' })], gone: [] },
  queue: { active: [queued(key)], backOff: [], unschedulable: [] },
})

let session: Session
beforeEach(() => {
  calls.length = 0
  session = new Session(door)
})

test('a guess goes from waiting over choosing to what happened', async () => {
  session.foresight.predict()
  expect(session.foresight.prediction?.stage).toBe('armed')
  expect(calls).toEqual(['await true', 'play true'])
  session.apply(waiting)
  expect(session.foresight.prediction).toMatchObject({ stage: 'choosing', pod: key })
  session.selectNode('node-1')
  expect(session.foresight.prediction).toMatchObject({ stage: 'locked', choice: 'node-1' })
  expect(session.selection).toBeUndefined()
  session.foresight.reveal()
  session.apply(frame({ pods: { set: [podRow('web-1', { key, node: 'node-2' })], gone: [] } }))
  expect(session.foresight.prediction).toMatchObject({ stage: 'revealed', choice: 'node-1', answer: 'node-2' })
  await vi.waitFor(() => expect(session.foresight.prediction?.sentence).toBe('the best of 3'))
})

test('a pod that waits already is asked about at once; one that goes takes the question with it', () => {
  session.apply(waiting)
  session.foresight.predict()
  expect(session.foresight.prediction?.stage).toBe('choosing')
  expect(calls).toEqual([])
  session.apply(frame({ pods: { set: [], gone: [key] } }))
  expect(session.foresight.prediction).toBeUndefined()
})

test.each([
  ['time that ran runs again', true, ['play true']],
  ['time that stood stands', false, []],
])('after a skip, %s', (_, isPlaying, expected) => {
  session.apply(frame({ isPlaying }))
  session.foresight.predict()
  session.apply(waiting)
  calls.length = 0
  session.foresight.clear()
  expect(calls).toEqual(expected)
})

test('a skip before any pod has come stops the time that was started for it', () => {
  session.foresight.predict()
  calls.length = 0
  session.foresight.clear()
  expect(calls).toEqual(['play false', 'await false'])
})

test('one thing at a time, and nodes are selected as ever when nobody asks', async () => {
  session.foresight.predict()
  await session.foresight.foresee({ manifest: '', name: 'a.yaml' })
  expect(session.foresight.ghost).toBe(ghost)
  expect(session.foresight.prediction).toBeUndefined()
  expect(calls).toContain('await false')
  session.selectNode('node-1')
  expect(session.selection).toEqual({ kind: 'Node', namespace: '', name: 'node-1' })
  session.foresight.clear()
  expect(session.foresight.isBusy).toBe(false)
})
