import { beforeEach, expect, test, vi } from 'vitest'
import type { Frame, GhostView, WorkerDoor } from '../../src/ui/protocol.ts'
import { Session } from '../../src/ui/session.svelte.ts'
import { nodeRow, podRow, queued } from './rows.ts'

const key = 'default/web-1'
const calls: string[] = []

const applied: GhostView = {
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
let ghost = applied
beforeEach(() => {
  ghost = applied
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

const placed = (node: string, look: 'ready' | 'notReady' = 'ready') =>
  frame({ now: 900, pods: { set: [podRow('web-1', { key, node, look })], gone: [] } })
const heavier = { capacity: 4000, allocatable: 4000, requested: 900, used: 0 }

test.each<[string, Frame]>([
  ['a pod went elsewhere', placed('node-2')],
  ['a pod came', frame({ pods: { set: [podRow('web-2')], gone: [] } })],
  ['a pod went', frame({ pods: { set: [], gone: [key] } })],
  ['a node is cordoned', frame({ nodes: { set: [nodeRow('node-1', { isCordoned: true })], gone: [] } })],
  ['a node has less room', frame({ nodes: { set: [nodeRow('node-1', { cpu: heavier })], gone: [] } })],
  ['somebody did something', frame({ marks: [{ at: 5, kind: 'you', label: 'kubectl create quota', seq: 1 }] })],
])('a ghost is of an older state once %s: its words stay, its tiles go, and it can be run anew', async (_, change) => {
  session.apply(placed('node-1'))
  session.apply(frame({ now: 900, nodes: { set: [nodeRow('node-1')], gone: [] } }))
  await session.foresight.foresee({ manifest: '', name: 'a.yaml' })
  expect(session.foresight.shown).toBe(ghost)
  expect(session.foresight.ghostAt).toBe(900)
  session.apply(change)
  expect(session.foresight.isOld).toBe(true)
  expect(session.foresight.shown).toBeUndefined()
  expect(session.foresight.ghost).toBe(ghost)
  await session.foresight.again()
  expect(session.foresight.shown).toBe(ghost)
})

test('a ghost stays while nothing that it tells of has changed', async () => {
  session.apply(placed('node-1'))
  await session.foresight.foresee({ manifest: '', name: 'a.yaml' })
  session.apply(placed('node-1', 'notReady'))
  session.apply(frame({ now: 2000, marks: [{ at: 5, kind: 'phase', label: 'ready', seq: 1 }] }))
  expect(session.foresight.shown).toBe(ghost)
})

test('what is tried anew and helps nobody any more is put away in words', async () => {
  await session.foresight.foresee({ pod: key, remedy: 0 })
  ghost = { ...ghost, title: '' }
  await session.foresight.again()
  expect(session.foresight.isBusy).toBe(false)
  expect(session.problem?.message).toContain('The cluster has changed')
})
