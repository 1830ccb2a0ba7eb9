import { describe, expect, test, vi } from 'vitest'
import type { Frame, WorkerDoor } from '../../src/ui/protocol.ts'
import { Session } from '../../src/ui/session.svelte.ts'
import { lastLineOf } from '../../src/ui/sessionText.ts'
import { mainTerminal } from '../../src/ui/terminals.ts'
import { nodeRow, podRow, queued } from './rows.ts'

const frame = (changes: Partial<Frame>): Frame => ({
  isWhole: false,
  now: 0,
  isPlaying: true,
  speed: 1,
  isSettled: false,
  end: 0,
  ...changes,
})

function doorOf(changes: Partial<WorkerDoor> = {}): WorkerDoor {
  return changes as WorkerDoor
}

const event = (id: string) => ({
  id,
  seq: 1,
  at: 0,
  type: 'Normal' as const,
  reason: 'R',
  object: 'O',
  from: 'F',
  message: '',
  count: 1,
})

describe('the session', () => {
  test('gathers events, and starts over with a whole frame', () => {
    const session = new Session(doorOf())
    session.apply(frame({ isWhole: true, events: [event('a')] }))
    session.apply(frame({ events: [event('b')] }))
    expect(session.events.map(({ id }) => id)).toEqual(['a', 'b'])
    session.apply(frame({ isWhole: true, events: [event('a')] }))
    expect(session.events.map(({ id }) => id)).toEqual(['a'])
  })

  test('has one row for an Event that happened again', () => {
    const session = new Session(doorOf())
    session.apply(frame({ isWhole: true, events: [event('a'), event('b')] }))
    session.apply(frame({ events: [{ ...event('a'), count: 2 }, event('c'), { ...event('a'), count: 3 }] }))
    expect(session.events.map(({ id, count }) => `${id}${count}`)).toEqual(['b1', 'c1', 'a3'])
  })

  test('keeps what a frame does not mention', () => {
    const session = new Session(doorOf())
    session.apply(frame({ queue: { active: [queued('default/web-1')], backOff: [], unschedulable: [] } }))
    session.apply(frame({ now: 20 }))
    expect(session.queue.active.map(({ pod }) => pod)).toEqual(['default/web-1'])
    expect(session.now).toBe(20)
  })

  test('has moves danced around the change, but not around a rewind', () => {
    const session = new Session(doorOf())
    const steps: string[] = []
    session.choreographer = {
      before: ({ bound }) => steps.push(`before ${bound.join()} ${session.board.podCount}`),
      after: () => steps.push(`after ${session.board.podCount}`),
      stop: () => steps.push('stop'),
    }
    session.apply(frame({ nodes: { set: [nodeRow('node-1')], gone: [] }, pods: { set: [podRow('web-1')], gone: [] } }))
    expect(steps).toEqual(['before default/web-1 0', 'after 1'])
    session.apply(frame({ isWhole: true, pods: { set: [], gone: [] } }))
    expect(steps.at(-1)).toBe('stop')
    expect(session.board.podCount).toBe(0)
  })

  test('takes a crash back with the rewind', () => {
    const session = new Session(doorOf())
    session.apply(frame({ crash: { message: 'pod bound twice', replay: '{}' } }))
    session.apply(frame({}))
    expect(session.crash?.message).toBe('pod bound twice')
    session.apply(frame({ isWhole: true }))
    expect(session.crash).toBeUndefined()
  })

  test('says that the engine is gone: on the stage before it was there, in words beside it afterwards', () => {
    const session = new Session(doorOf())
    session.die('no worker')
    expect([session.death, session.problem]).toEqual(['no worker', undefined])
    session.apply(frame({ isWhole: true }))
    session.die('a bug')
    expect(session.problem?.message).toContain('a bug')
  })

  test('types into the terminal that is there, and echoes where there is none', () => {
    const type = vi.fn()
    const session = new Session(doorOf({ type }))
    session.run('kubectl get pods')
    expect(type).toHaveBeenCalledWith(mainTerminal, 'kubectl get pods')
    const heard: string[] = []
    session.terminals.listen(mainTerminal, ({ text }) => heard.push(text))
    expect(heard).toEqual(['$ kubectl get pods\n'])
    const typed: string[] = []
    session.setTypist((line) => typed.push(line))
    session.run('kubectl get nodes')
    expect(typed).toEqual(['kubectl get nodes'])
    expect(type).toHaveBeenCalledTimes(1)
  })

  test('lights a chain, keeps a pinned one, and walks it with the playhead', async () => {
    const rows = [
      { seq: 9, at: 900, actor: 'kubelet', object: 'Pod/default/web-1', sentence: '' },
      { seq: 5, at: 500, actor: 'you', object: 'Node/node-1', sentence: '' },
    ]
    const seek = vi.fn(() => Promise.resolve())
    const session = new Session(doorOf({ causes: () => Promise.resolve(rows), seek }))
    await session.showChain(9, true)
    session.clearChain()
    expect(session.chainSeqs.has(5)).toBe(true)
    expect(session.chained.has('Pod/default/web-1')).toBe(true)
    session.walkChain(-1)
    expect(seek).toHaveBeenCalledWith(500)
    expect(session.selection).toEqual({ kind: 'Node', namespace: '', name: 'node-1' })
    session.clearChain(true)
    expect(session.chain).toBeUndefined()
  })

  test('goes through the speeds and stays at their ends', () => {
    const setSpeed = vi.fn()
    const session = new Session(doorOf({ setSpeed }))
    session.changeSpeed(1)
    expect(setSpeed).toHaveBeenLastCalledWith(2)
    session.apply(frame({ speed: 0.1 }))
    session.changeSpeed(-1)
    expect(setSpeed).toHaveBeenLastCalledWith(0.1)
  })
})

test('the last line of a terminal is told without its colours', () => {
  expect(lastLineOf('a\n\x1b[1;36m$\x1b[0m kubectl get pods\n')).toBe('$ kubectl get pods')
})
