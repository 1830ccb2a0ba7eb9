import { always, definePlugin, success, unresolvable } from '../framework.ts'
import { isTolerated } from '../nodeInfo.ts'
import type { PodInfo } from '../podInfo.ts'

const cordoned = unresolvable('node(s) were unschedulable')
const cordonTaint = Object.freeze({ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' })

/** Keeps pods off cordoned nodes, unless they tolerate that. */
export const nodeUnschedulable = definePlugin({
  name: 'NodeUnschedulable',
  reads: ['tolerations'],
  eventsToRegister: {
    'Node/Add': (_pod, { node }) => !node!.isUnschedulable,
    'Node/UpdateTaint': (_pod, { node, nodeBefore }) => !node!.isUnschedulable && nodeBefore!.isUnschedulable,
    'OwnPod/UpdateToleration': always,
  },
  filter: (pod, node) => (node.isOpen || !node.facts.isUnschedulable || bearsCordon(pod) ? success : cordoned),
})

function bearsCordon({ tolerations }: PodInfo): boolean {
  return isTolerated(tolerations, cordonTaint)
}
