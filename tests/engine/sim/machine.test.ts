import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assign, getInitialSnapshot, setup, transition, type EventObject } from 'xstate'
import { effect, runMachine, type ChartHost } from '../../../src/engine/sim/index.ts'

interface Context {
  readonly count: number
  readonly log: readonly string[]
}

const lamp = setup({
  types: {} as {
    context: Context
    events: { type: 'go' } | { type: 'stop' } | { type: 'again' } | { type: 'set'; to: number }
  },
  actions: {
    shine: effect<{ from: string }>(),
    dim: effect(),
    count: assign({ count: ({ context }) => context.count + 1 }),
    note: assign({ log: ({ context, event }) => [...context.log, event.type] }),
    set: assign(({ event }) => ({ count: event.type === 'set' ? event.to : 0 })),
  },
  guards: { isMany: ({ context }) => context.count > 3, isEven: ({ context }) => context.count % 2 === 0 },
  delays: { patience: ({ context }) => 100 * (context.count + 1) },
}).createMachine({
  id: 'lamp',
  context: { count: 0, log: [] },
  initial: 'off',
  on: { set: { actions: 'set' } },
  states: {
    off: { entry: 'dim', exit: 'count', on: { go: [{ guard: 'isMany', target: 'broken' }, { target: 'on' }] } },
    on: {
      initial: 'warm',
      entry: [{ type: 'shine', params: ({ context }) => ({ from: String(context.count) }) }, 'note'],
      exit: 'note',
      after: { patience: 'off' },
      on: { stop: 'off', again: { target: 'on', reenter: true }, go: '.hot' },
      states: {
        warm: { after: { 50: { target: 'hot', actions: 'count' } } },
        hot: { entry: 'count', on: { again: 'warm' }, always: { guard: 'isMany', target: '#lamp.broken' } },
      },
    },
    broken: { type: 'final', entry: 'dim' },
  },
})

interface Seen {
  at: string
  context: unknown
  effects: string[]
  delays: string[]
}

const names = ['go', 'stop', 'again', 'set', 'xstate.after.50.lamp.on.warm', 'xstate.after.patience.lamp.on']
const eventOf = (name: string): EventObject =>
  name === 'set' ? ({ type: 'set', to: 2 } as EventObject) : { type: name }

function byUs(events: readonly string[]): Seen[] {
  const chart = runMachine<Context>(lamp)
  const seen: Seen[] = []
  let effects: string[] = []
  let next = 1
  const live = new Map<number, string>()
  const host: ChartHost<Context> = {
    schedule: (delayMs, event) => {
      live.set(next, `${event.type}@${delayMs}`)
      return next++
    },
    cancel: (timer) => void live.delete(timer),
    perform: (name, params) => void effects.push(`${name} ${JSON.stringify(params ?? null)}`),
  }
  const state = chart.start({ count: 0, log: [] }, host)
  const look = (): void => {
    seen.push({ at: state.at, context: state.context, effects, delays: [...live.values()].sort() })
    effects = []
  }
  look()
  for (const name of events) {
    const timer = state.timers[name]
    if (name.startsWith('xstate.after') && timer === undefined) continue
    if (timer !== undefined) live.delete(timer)
    chart.send(state, eventOf(name), host)
    look()
  }
  return seen
}

function byXState(events: readonly string[]): Seen[] {
  const seen: Seen[] = []
  const live = new Map<string, string>()
  let [snapshot, actions] = [getInitialSnapshot(lamp), [] as { type: string; params: unknown }[]]
  ;[snapshot, actions] = initial()
  const look = (): void => {
    const effects: string[] = []
    for (const action of actions) {
      const params = action.params as { id?: string; event?: EventObject; delay?: number; sendId?: string } | undefined
      if (action.type === 'xstate.raise') live.set(params!.id!, `${params!.event!.type}@${params!.delay}`)
      else if (action.type === 'xstate.cancel') live.delete(params!.sendId!)
      else effects.push(`${action.type} ${JSON.stringify(params ?? null)}`)
    }
    seen.push({ at: pathOf(snapshot.value), context: snapshot.context, effects, delays: [...live.values()].sort() })
  }
  look()
  for (const name of events) {
    if (name.startsWith('xstate.after') && !live.has(name)) continue
    live.delete(name)
    if (snapshot.status === 'done') {
      actions = []
    } else {
      const result = transition(lamp, snapshot, eventOf(name) as never)
      snapshot = result[0]
      actions = result[1] as never
    }
    look()
  }
  return seen
}

function initial(): [ReturnType<typeof getInitialSnapshot<typeof lamp>>, { type: string; params: unknown }[]] {
  const start = getInitialSnapshot(lamp)
  return [start, [{ type: 'dim', params: undefined }]]
}

function pathOf(value: unknown): string {
  if (typeof value === 'string') return value
  const [[key, below]] = Object.entries(value as Record<string, unknown>) as [[string, unknown]]
  return `${key}.${pathOf(below)}`
}

describe('runMachine', () => {
  test('walks a chart as XState does, state by state, effect by effect', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...names), { maxLength: 25 }), (events) => {
        const ours = byUs(events)
        const theirs = byXState(events)
        expect(ours).toEqual(theirs)
      }),
      { numRuns: 300 },
    )
  })

  test('keeps only the delays of active states on the clock', () => {
    const end = byUs(['go', 'stop']).at(-1)!
    expect(end.delays).toEqual([])
    expect(byUs(['go']).at(-1)!.delays).toEqual([
      'xstate.after.50.lamp.on.warm@50',
      'xstate.after.patience.lamp.on@200',
    ])
  })
})
