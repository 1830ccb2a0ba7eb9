import { setup } from 'xstate'
import { effect } from '../../sim/index.ts'

export type PowerEvent = { type: 'power.failed' } | { type: 'power.restored' }
export type LinkEvent = { type: 'link.cut' } | { type: 'link.joined' }

export const powerEffects = { stopAll: effect(), startKubelet: effect() }
export const linkEffects = { cut: effect(), join: effect() }

/** A machine's power. Without it everything that runs is gone; with it the machine boots and starts its kubelet. */
export const powerMachine = setup({
  types: {} as { context: object; events: PowerEvent },
  actions: { ...powerEffects },
  delays: { bootMs: 20_000 },
}).createMachine({
  id: 'power',
  context: {},
  initial: 'on',
  states: {
    on: { on: { 'power.failed': { target: 'off', actions: 'stopAll' } } },
    off: { on: { 'power.restored': 'booting' } },
    booting: { on: { 'power.failed': 'off' }, after: { bootMs: { target: 'on', actions: 'startKubelet' } } },
  },
})

/** A machine's way to the API server. While it is cut, pods run on and nobody hears of them. */
export const linkMachine = setup({
  types: {} as { context: object; events: LinkEvent },
  actions: { ...linkEffects },
}).createMachine({
  id: 'link',
  context: {},
  initial: 'joined',
  states: {
    joined: { on: { 'link.cut': { target: 'cut', actions: 'cut' } } },
    cut: { on: { 'link.joined': { target: 'joined', actions: 'join' } } },
  },
})
