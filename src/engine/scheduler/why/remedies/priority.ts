import { priorityClassFor } from '../priorityClass.ts'
import { stepsFor, type PodEdit } from '../podEdit.ts'
import { triedMax, type Finder } from '../question.ts'
import type { RemedyStep } from '../remedy.ts'

const userPriorityMax = 1_000_000_000

/** Raises the pod above those that hold what it needs, so that it may evict them. */
// upstream: framework/preemption: only nodes that turned the pod down for something eviction can change
export const raisePriority: Finder = ({ sandbox, pod, refusal, findings, find }) => {
  if (refusal !== undefined || pod.pod.spec.preemptionPolicy === 'Never') return []
  const nodes = findings.filter(({ objections }) => objections.every(({ status }) => status.code === 'Unschedulable'))
  const { objectionWithout } = sandbox.tryOut(pod)
  let best: { readonly node: string; readonly above: number; readonly count: number } | undefined
  for (const { node } of nodes.slice(0, triedMax)) {
    const pods = [...node.pods.values()]
    const levels = [...new Set(pods.map(({ priority }) => priority))].filter((level) => level >= pod.priority)
    for (const level of levels.sort((a, b) => a - b)) {
      if (level >= (best?.above ?? userPriorityMax)) break
      const gone = pods.filter(({ priority }) => priority <= level)
      if (objectionWithout(node, gone) !== undefined) continue
      best = { node: node.name, above: level, count: gone.length }
      break
    }
  }
  if (best === undefined) return []
  const { steps, name, value } = priorityClassFor(best.above, find)
  const edit: PodEdit = ({ priority: _, preemptionPolicy: __, ...spec }) => ({ ...spec, priorityClassName: name })
  const apply: readonly RemedyStep[] = [...steps, ...stepsFor(pod.pod, edit, 'newPod', find)]
  const sentence = `Give the pod priority ${value} (class ${name}): it may then evict pods of priority ${best.above} or less on ${best.node}.`
  return [{ kind: 'raisePriority', sentence, node: best.node, size: 7, apply }]
}
