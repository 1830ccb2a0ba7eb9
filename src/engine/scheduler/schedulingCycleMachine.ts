import { setup } from 'xstate'

/** What a stage can say of the pod in its hands. */
export type CycleEvent =
  { type: 'passed' } | { type: 'refused' } | { type: 'nominated' } | { type: 'single' } | { type: 'none' }

/**
 * One attempt to find a node for one pod, all in one instant. Each state's work is the function of that name in `cycle.ts`; binding goes on
 * by itself (`bindingCycleMachine`) while the next pod is looked at.
 */
export const schedulingCycleMachine = setup({
  types: {} as { context: object; events: CycleEvent },
}).createMachine({
  id: 'schedulingCycle',
  context: {},
  initial: 'preFilter',
  states: {
    preFilter: { on: { passed: 'filter', nominated: 'filterNominated', refused: 'postFilter', none: 'unschedulable' } },
    filterNominated: { on: { single: 'chosen', none: 'filter' } },
    filter: { on: { passed: 'score', single: 'chosen', none: 'postFilter' } },
    postFilter: { on: { passed: 'unschedulable' } },
    score: { on: { passed: 'select' } },
    select: { on: { passed: 'chosen' } },
    chosen: { type: 'final' },
    unschedulable: { type: 'final' },
  },
})
