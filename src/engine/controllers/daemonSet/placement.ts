import type { DaemonSet, Node, Pod } from '../../api/index.ts'
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
    if (!isSelected(pod, node)) return no
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

function isSelected({ nodeSelector, affinity }: Pod['spec'], { metadata }: Node): boolean {
  const { name, labels = {} } = metadata
  for (const key in nodeSelector) if (labels[key] !== nodeSelector[key]) return false
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  return terms === undefined || terms.some((term) => isTermMet(term, labels, name))
}

interface Expression {
  readonly key: string
  readonly operator: string
  readonly values?: readonly string[]
}

interface Term {
  readonly matchExpressions?: readonly Expression[]
  readonly matchFields?: readonly Expression[]
}

// upstream: a term that says nothing selects nothing
function isTermMet(
  { matchExpressions = [], matchFields = [] }: Term,
  labels: Readonly<Record<string, string>>,
  name: string,
): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false
  return matchExpressions.every((one) => isMet(one, labels[one.key])) && matchFields.every((one) => isMet(one, name))
}

function isMet({ operator, values = [] }: Expression, value: string | undefined): boolean {
  if (operator === 'Exists') return value !== undefined
  if (operator === 'DoesNotExist') return value === undefined
  if (operator === 'NotIn') return value === undefined || !values.includes(value)
  if (value === undefined) return false
  if (operator === 'In') return values.includes(value)
  const [have, bound] = [Number(value), Number(values[0])]
  return operator === 'Gt' ? have > bound : have < bound
}
