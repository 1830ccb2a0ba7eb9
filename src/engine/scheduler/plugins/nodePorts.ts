import { definePlugin, skip, success, unschedulable } from '../framework.ts'
import type { NodeInfo } from '../nodeInfo.ts'
import type { HostPort, PodInfo } from '../podInfo.ts'

const taken = unschedulable("node(s) didn't have free ports for the requested pod ports")

/** Keeps a pod off nodes where another pod holds one of its host ports. */
export const nodePorts = definePlugin({
  name: 'NodePorts',
  reads: ['hostPorts'],
  eventsToRegister: {
    'Pod/Delete': (pod, { other }) => clashes(pod.hostPorts, other!.hostPorts),
    'Node/Add': () => true,
  },
  preFilter: ({ hostPorts }) => (hostPorts.length === 0 ? skip : {}),
  filter: (pod, node) => (node.podsWithPorts === 0 || !isTaken(pod, node) ? success : taken),
})

function isTaken({ hostPorts }: PodInfo, node: NodeInfo): boolean {
  for (const other of node.pods.values())
    if (other.hostPorts.length > 0 && clashes(hostPorts, other.hostPorts)) return true
  return false
}

/** Whether two lists of host ports cannot be on one node. */
export function clashes(wanted: readonly HostPort[], held: readonly HostPort[]): boolean {
  return wanted.some((want) => held.some((hold) => isSame(want, hold)))
}

function isSame(a: HostPort, b: HostPort): boolean {
  if (a.port !== b.port || a.protocol !== b.protocol) return false
  return a.ip === b.ip || a.ip === '0.0.0.0' || b.ip === '0.0.0.0'
}
