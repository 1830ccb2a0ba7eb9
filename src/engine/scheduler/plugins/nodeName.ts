import { always, definePlugin, skip, success, unresolvable } from '../framework.ts'

const otherNode = unresolvable("node(s) didn't match the requested node name")

/** Keeps a pod that names its node off all others. */
export const nodeName = definePlugin({
  name: 'NodeName',
  eventsToRegister: { 'Node/Add': always },
  preFilter: ({ pod }) => (pod.spec.nodeName ? {} : skip),
  filter: ({ pod }, { name }) => (pod.spec.nodeName === name ? success : otherNode),
})
