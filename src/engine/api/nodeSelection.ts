import { textAt } from './equal.ts'
import type { Node, Pod } from './types.ts'

interface Expression {
  readonly key: string
  readonly operator: string
  readonly values?: readonly string[]
}

interface Term {
  readonly matchExpressions?: readonly Expression[]
  readonly matchFields?: readonly Expression[]
}

/** Whether a node is one that a pod insists on: by its nodeSelector, and by one of the terms of its required node affinity. */
// upstream: component-helpers/scheduling/corev1/nodeaffinity GetRequiredNodeAffinity
export function isWantedNode({ nodeSelector, affinity }: Pod['spec'], { metadata }: Node): boolean {
  const { name, labels = {} } = metadata
  for (const key in nodeSelector) if (labels[key] !== nodeSelector[key]) return false
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  return terms === undefined || terms.some((term) => isTermMet(term, labels, name))
}

// upstream: a term that says nothing selects nothing
function isTermMet(
  { matchExpressions = [], matchFields = [] }: Term,
  labels: Readonly<Record<string, string>>,
  name: string,
): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false
  return (
    matchExpressions.every((one) => isMet(one, textAt(labels, one.key))) && matchFields.every((one) => isMet(one, name))
  )
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
