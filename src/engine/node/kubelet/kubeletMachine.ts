import { setup } from 'xstate'
import { effect } from '../../sim/index.ts'

/** What happens to a kubelet. */
export type KubeletEvent =
  | { type: 'kubelet.started' }
  | { type: 'kubelet.stopped' }
  /** the API server took the node */
  | { type: 'node.registered' }
  | { type: 'network.lost' }
  | { type: 'network.back' }

/** What a kubelet's chart asks of its host, `registration.ts`. */
export const kubeletEffects = {
  announce: effect(),
  register: effect(),
  announceAgain: effect(),
  syncPods: effect(),
  turnReady: effect(),
  beat: effect(),
  turnNotReady: effect(),
  forget: effect(),
}

/** How long a kubelet takes from its start to each step, in virtual milliseconds (as recorded). */
export const bootMs = { register: 100, announceAgain: 100, ready: 340, pods: 400, retry: 7000 }

/** A kubelet: it registers its node, tells when that is ready, runs pods, and forgets everything when it stops. upstream: pkg/kubelet/kubelet.go Run */
export const kubeletMachine = setup({
  types: {} as { context: object; events: KubeletEvent },
  actions: { ...kubeletEffects },
  delays: bootMs,
}).createMachine({
  id: 'kubelet',
  context: {},
  initial: 'stopped',
  states: {
    stopped: { on: { 'kubelet.started': 'running' } },
    running: {
      initial: 'starting',
      on: { 'kubelet.stopped': { target: 'stopped', actions: 'forget' } },
      states: {
        starting: { entry: 'announce', after: { register: 'registering' } },
        registering: { entry: 'register', on: { 'node.registered': 'registered' }, after: { retry: 'retrying' } },
        retrying: { always: 'registering' },
        registered: { after: { announceAgain: 'booting' } },
        booting: { entry: 'announceAgain', after: { ready: 'joining' } },
        joining: { entry: ['turnReady', 'beat'], after: { pods: 'ready' } },
        ready: { entry: 'syncPods', on: { 'network.lost': 'notReady' } },
        notReady: { entry: 'turnNotReady', on: { 'network.back': { target: 'ready', actions: 'turnReady' } } },
      },
    },
  },
})
