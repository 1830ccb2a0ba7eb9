import { setup } from 'xstate'
import { effect } from '../../sim/index.ts'

/** What happens at a node's door to the registry. */
export type PullEvent =
  { type: 'pull.asked' } | { type: 'image.pulled' } | { type: 'image.pullFailed' } | { type: 'queue.emptied' }

/** What the chart asks of its host, `images.ts`. */
export const pullEffects = { pullNext: effect(), handOver: effect() }

/** A node's image pulls: one at a time, in the order they were asked for. upstream: pkg/kubelet/images/puller.go serialImagePuller */
export const pullMachine = setup({
  types: {} as { context: object; events: PullEvent },
  actions: { ...pullEffects },
}).createMachine({
  id: 'pull',
  context: {},
  initial: 'idle',
  states: {
    idle: { on: { 'pull.asked': 'pulling' } },
    pulling: {
      entry: 'pullNext',
      on: {
        'image.pulled': { target: 'pulling', reenter: true, actions: 'handOver' },
        'image.pullFailed': { target: 'pulling', reenter: true, actions: 'handOver' },
        'queue.emptied': 'idle',
      },
    },
  },
})
