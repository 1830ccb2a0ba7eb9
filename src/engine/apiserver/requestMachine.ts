import { setup } from 'xstate'

/** What a stage can say of the request in its hands. */
export type RequestEvent = { type: 'passed' } | { type: 'refused' } | { type: 'read' }

/**
 * One request on its way through the API server. Reads leave after authorization; writes pass every gate up to etcd.
 * Each state's work is the function of that name in `stages.ts`.
 */
export const requestMachine = setup({
  types: {} as { context: object; events: RequestEvent },
}).createMachine({
  id: 'request',
  context: {},
  initial: 'authentication',
  on: { refused: '.refused' },
  states: {
    authentication: { on: { passed: 'authorization' } },
    authorization: { on: { passed: 'decoding', read: 'reading' } },
    reading: { on: { passed: 'answered' } },
    decoding: { on: { passed: 'defaulting' } },
    defaulting: { on: { passed: 'mutatingAdmission' } },
    mutatingAdmission: { on: { passed: 'preparation' } },
    preparation: { on: { passed: 'validation' } },
    validation: { on: { passed: 'validatingAdmission' } },
    validatingAdmission: { on: { passed: 'storage' } },
    storage: { on: { passed: 'answered' } },
    answered: { type: 'final' },
    refused: { type: 'final' },
  },
})
