import { setup } from 'xstate'
import { effect } from '../sim/index.ts'

/** What happens to a pod between the decision and its node having it. */
export type BindingEvent = { type: 'volumes.bound' } | { type: 'pod.confirmed' } | { type: 'refused'; message: string }

/** Which pod goes where. */
export interface BindingContext {
  readonly uid: string
  readonly node: string
  /** claims must be bound, or volumes made, before the pod is */
  readonly hasVolumes: boolean
}

/** How long a binding takes to be sent, in virtual milliseconds. */
export const bindLatencyMs = 1

/** How long volumes may take. upstream: VolumeBinding's bindTimeoutSeconds */
export const volumesTimeoutMs = 600_000

export const bindingEffects = { preBind: effect(), bind: effect(), undo: effect() }

/**
 * The second half of an attempt, which goes on while the next pod is looked at: the node counts the pod already (it is assumed), its volumes are
 * bound where they waited for a node, then the pod itself. What fails is undone, and the pod goes back to the queue.
 */
export const bindingCycleMachine = setup({
  types: {} as { context: BindingContext; events: BindingEvent },
  actions: bindingEffects,
  guards: { hasVolumes: ({ context }) => context.hasVolumes },
}).createMachine({
  id: 'bindingCycle',
  context: { uid: '', node: '', hasVolumes: false },
  initial: 'assumed',
  states: {
    assumed: { after: { [bindLatencyMs]: [{ guard: 'hasVolumes', target: 'preBinding' }, { target: 'binding' }] } },
    preBinding: {
      entry: 'preBind',
      on: { 'volumes.bound': 'binding', refused: 'failed' },
      after: { [volumesTimeoutMs]: 'failed' },
    },
    binding: { entry: 'bind', on: { 'pod.confirmed': 'bound', refused: 'failed' } },
    bound: { type: 'final' },
    failed: { type: 'final', entry: 'undo' },
  },
})
