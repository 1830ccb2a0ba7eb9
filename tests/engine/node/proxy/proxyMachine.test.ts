import { expect, test } from 'vitest'
import { proxyMachine, type ProxyContext, type ProxyEvent } from '../../../../src/engine/node/proxy/index.ts'
import { runMachine, type ChartHost, type ChartState } from '../../../../src/engine/sim/index.ts'

const chart = runMachine<ProxyContext, ProxyEvent>(proxyMachine)
const list = 'xstate.after.list.kube-proxy.starting'
const sync = 'xstate.after.sync.kube-proxy.syncing'
const rest = 'xstate.after.rest.kube-proxy.waiting'

function sent(at: string, type: string, facts: Partial<ProxyEvent> = {}) {
  const effects: string[] = []
  const delays: number[] = []
  const host: ChartHost<ProxyContext, ProxyEvent> = {
    schedule: (delayMs) => delays.push(delayMs),
    cancel: () => undefined,
    perform: (effect) => void effects.push(effect),
  }
  const state: ChartState<ProxyContext> = { at, context: { syncedAt: 10_000, syncMs: 20 }, timers: {} }
  chart.send(state, { type, at: 10_400, isUp: true, hasNews: false, ...facts }, host)
  return { at: state.at, effects, delays, syncedAt: state.context.syncedAt }
}

test.each([
  { at: 'stopped', type: 'started', to: 'starting', delays: [100] },
  { at: 'stopped', type: 'changed', to: 'stopped' },
  { at: 'starting', type: list, to: 'syncing', effects: ['takeChanges'], delays: [20] },
  { at: 'starting', type: list, facts: { isUp: false }, to: 'starting', delays: [1000] },
  { at: 'syncing', type: sync, to: 'idle', effects: ['writeRules'], syncedAt: 10_400 },
  {
    at: 'syncing',
    type: sync,
    facts: { hasNews: true },
    to: 'waiting',
    effects: ['writeRules'],
    delays: [1000],
    syncedAt: 10_400,
  },
  { at: 'idle', type: 'changed', to: 'waiting', delays: [600] },
  { at: 'idle', type: 'changed', facts: { at: 11_000 }, to: 'syncing', effects: ['takeChanges'], delays: [20] },
  { at: 'waiting', type: rest, to: 'syncing', effects: ['takeChanges'], delays: [20] },
  { at: 'waiting', type: 'stopped', to: 'stopped' },
  { at: 'idle', type: 'stopped', to: 'stopped' },
])('$at on $type: $to', ({ at, type, facts = {}, to, effects = [], delays = [], syncedAt = 10_000 }) => {
  expect(sent(at, type, facts)).toEqual({ at: to, effects, delays, syncedAt })
})
