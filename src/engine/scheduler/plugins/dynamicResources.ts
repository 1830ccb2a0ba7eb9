import { definePlugin } from '../framework.ts'

/** Stands for dynamic resource allocation in scores and messages. */
// differs: ResourceClaims are not allocated; a pod that has some is scheduled as if it had none
export const dynamicResources = definePlugin({
  name: 'DynamicResources',
  postFilter: ({ isWhole }) =>
    // its PreFilter has not run when another plugin's refused the pod: it misses its own state, and its error ends the round
    isWhole ? { message: 'not found', stop: true } : { message: 'no new claims to deallocate' },
  preScore: () => ({ every: 0 }),
  score: () => 0,
})
