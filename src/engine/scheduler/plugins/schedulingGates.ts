import { always, definePlugin, success, unresolvable } from '../framework.ts'

/** Keeps pods with scheduling gates out of the queue. */
export const schedulingGates = definePlugin({
  name: 'SchedulingGates',
  eventsToRegister: { 'OwnPod/UpdateGates': always },
  preEnqueue({ pod }) {
    const gates = pod.spec.schedulingGates ?? []
    if (gates.length === 0) return success
    return unresolvable(`waiting for scheduling gates: [${gates.map(({ name }) => name).join(' ')}]`)
  },
})
