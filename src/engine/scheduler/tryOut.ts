import {
  emptyAttempt,
  filterNode,
  outsideReason,
  preFilter,
  withoutPod,
  type Attempt,
  type AttemptInput,
} from './filtering.ts'
import { unresolvable, type Rejection, type States } from './framework.ts'
import { copyNodeInfo, removePodFrom, type NodeInfo } from './nodeInfo.ts'
import type { PodInfo } from './podInfo.ts'

/** The filters of one pod, to be asked about nodes one by one. */
export interface Tryout {
  /** the plugin that refuses the pod as a whole, if one does */
  readonly refusal: Rejection | undefined
  /** Whether the pod fits on a node: the first objection, or none. */
  readonly objection: (node: NodeInfo) => Rejection | undefined
  /** All objections to a node: every plugin is asked, where a decision stops at the first that says no. */
  readonly objections: (node: NodeInfo) => readonly Rejection[]
  /** the same for what preemption would do: with these pods gone from the node */
  readonly objectionWithout: (node: NodeInfo, gone: readonly PodInfo[]) => Rejection | undefined
}

/** Runs a pod's PreFilter and holds its filters ready. */
export function tryOut(input: AttemptInput): Tryout {
  const attempt = emptyAttempt(input)
  preFilter(attempt)
  const { refusal, states } = attempt
  let singles: readonly Attempt[] | undefined
  const outside = ({ name }: NodeInfo): Rejection | undefined => {
    const { narrowed } = attempt
    if (narrowed === undefined || narrowed.names.has(name)) return undefined
    return { plugin: narrowed.by[0]!, status: unresolvable(outsideReason(narrowed.by)) }
  }
  return {
    refusal,
    objection: (node) => refusal ?? outside(node) ?? filterNode(attempt, node, states),
    objections(node) {
      if (refusal !== undefined) return [refusal]
      const left = outside(node)
      const found = left === undefined ? [] : [left]
      for (const alone of (singles ??= attempt.filters.places.map((place) => ({
        ...attempt,
        filters: input.framework.filter.among(1 << place),
      })))) {
        const rejection = filterNode(alone, node, states)
        if (rejection !== undefined && rejection.plugin !== left?.plugin) found.push(rejection)
      }
      return found
    },
    objectionWithout(node, gone) {
      const emptied = copyNodeInfo(node)
      let left: States = states
      for (const pod of gone) {
        removePodFrom(emptied, pod.uid)
        left = withoutPod(attempt, left, pod, emptied)
      }
      return refusal ?? outside(node) ?? filterNode(attempt, emptied, left)
    },
  }
}
