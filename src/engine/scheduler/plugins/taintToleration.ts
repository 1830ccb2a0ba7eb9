import { definePlugin, maxNodeScore, success, unresolvable } from '../framework.ts'
import { isTolerated, type NodeFacts, type NodeInfo, type Taint } from '../nodeInfo.ts'
import type { PodInfo, Toleration } from '../podInfo.ts'
import { fewerIsBetter } from './normalize.ts'

// since 1.35 the message names neither key nor value
const untolerated = unresolvable('node(s) had untolerated taint(s)')

/** Keeps pods off nodes whose taints they do not tolerate, and prefers nodes with fewer soft taints. */
export const taintToleration = definePlugin<undefined, readonly Toleration[]>({
  name: 'TaintToleration',
  reads: ['tolerations'],
  eventsToRegister: {
    'Node/Add': (pod, { node }) => bears(pod, node!),
    'Node/UpdateTaint': (pod, { node, nodeBefore }) => bears(pod, node!) && !bears(pod, nodeBefore!),
    'OwnPod/UpdateToleration': () => true,
  },
  filter: (pod, node) => (node.isOpen || bears(pod, node.facts) ? success : untolerated),
  preScore({ tolerations }, nodes) {
    if (!haveSoftTaints(nodes)) return flawless
    return { state: tolerations.filter(({ effect }) => !effect || effect === 'PreferNoSchedule') }
  },
  score: (_pod, node, tolerations) => (node.hasSoftTaints ? countUntolerated(tolerations, node.facts.softTaints) : 0),
  normalizeScore: fewerIsBetter,
})

/** A flaw nowhere: what `fewerIsBetter` makes of it. */
const flawless = Object.freeze({ raw: 0, every: maxNodeScore })

function haveSoftTaints(nodes: readonly NodeInfo[]): boolean {
  for (const { hasSoftTaints } of nodes) if (hasSoftTaints) return true
  return false
}

function bears({ tolerations }: PodInfo, { hardTaints }: NodeFacts): boolean {
  return hardTaints.every((taint) => isTolerated(tolerations, taint))
}

function countUntolerated(tolerations: readonly Toleration[], taints: readonly Taint[]): number {
  let count = 0
  for (const taint of taints) if (!isTolerated(tolerations, taint)) count++
  return count
}
