import { setup } from 'xstate'
import { effect } from '../../sim/index.ts'

/** What happens to a probe. */
export type ProbeEvent =
  /** its rhythm says so */
  | { type: 'probe.ticked' }
  /** a status was made while the container is not ready: look again at once */
  | { type: 'probe.triggered' }
  | { type: 'probe.skipped' }
  | { type: 'probe.answered' }
  /** it succeeded for good (startup) or its container is about to be killed (liveness, startup) */
  | { type: 'probe.held' }
  | { type: 'container.replaced' }

/** What a probe's chart asks of its host, `probes.ts`. */
export const probeEffects = { ask: effect() }

/** One probe of one container: it asks, waits for the answer or the timeout, and rests until its next tick. upstream: pkg/kubelet/prober/worker.go */
export const probeMachine = setup({
  types: {} as { context: object; events: ProbeEvent },
  actions: { ...probeEffects },
}).createMachine({
  id: 'probe',
  context: {},
  initial: 'resting',
  states: {
    resting: { on: { 'probe.ticked': 'asking', 'probe.triggered': 'asking' } },
    asking: {
      entry: 'ask',
      on: {
        'probe.answered': 'resting',
        'probe.skipped': 'resting',
        'probe.held': 'onHold',
        'container.replaced': 'resting',
      },
    },
    onHold: { on: { 'container.replaced': 'resting' } },
  },
})
