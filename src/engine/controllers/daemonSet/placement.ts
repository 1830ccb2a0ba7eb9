import { isWantedNode, type DaemonSet, type Node, type Pod } from '../../api/index.ts'
import { tolerates, type Taint } from '../taints.ts'
import { tolerationsFor } from './podTemplate.ts'

/** Whether a node is to get a daemon pod, and whether it may keep one that it has. */
export interface Verdict {
  readonly shouldRun: boolean
  readonly mayStay: boolean
}

const yes: Verdict = Object.freeze({ shouldRun: true, mayStay: true })
const no: Verdict = Object.freeze({ shouldRun: false, mayStay: false })
const kept: Verdict = Object.freeze({ shouldRun: false, mayStay: true })

/** A set's judgement of nodes: by name, labels and taints, never by what is free there. upstream: NodeShouldRunDaemonPod */
export function judgeOf({ spec }: DaemonSet): (node: Node) => Verdict {
  const pod = spec.template.spec as Pod['spec']
  const tolerations = tolerationsFor(pod)
  const isTolerated = (taint: Taint): boolean => tolerations.some((each) => tolerates(each, taint))
  return (node) => {
    if (pod.nodeName && pod.nodeName !== node.metadata.name) return no
    if (!isWantedNode(pod, node)) return no
    const taints = node.spec.taints ?? []
    let verdict = yes
    for (const taint of taints) {
      if (taint.effect === 'PreferNoSchedule' || isTolerated(taint)) continue
      if (taint.effect === 'NoExecute') return no
      verdict = kept
    }
    return verdict
  }
}
