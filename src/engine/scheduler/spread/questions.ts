import { matches, textAt } from '../../api/index.ts'
import { isTolerated, type NodeInfo } from '../nodeInfo.ts'
import { isRequired } from '../nodeSelector.ts'
import type { PodLabel, Question } from '../podCounts.ts'
import type { PodInfo, SpreadConstraint } from '../podInfo.ts'

/** The label that tells nodes apart: it is counted by node, since a node is one domain of it. */
export const hostname = 'kubernetes.io/hostname'

/** The constraints of defaults are the same objects for many pods: so are their questions, where the pod itself has no say in them. */
interface Known {
  readonly namespace: string
  readonly all: readonly SpreadConstraint[] | undefined
  readonly question: Question
}

const known = new WeakMap<SpreadConstraint, Known>()

/** Which pods count for a constraint, and which nodes take part: those with the keys of `all` that the pod's own wishes leave. */
export function questionOf(
  constraint: SpreadConstraint,
  all: readonly SpreadConstraint[] | undefined,
  pod: PodInfo,
): Question {
  if (constraint.honorsTaints || (constraint.honorsAffinity && pod.requiredNodes !== undefined))
    return newQuestion(constraint, all, pod)
  const { namespace } = pod
  const memo = known.get(constraint)
  if (memo !== undefined && memo.namespace === namespace && memo.all === all) return memo.question
  const question = newQuestion(constraint, all, pod)
  known.set(constraint, { namespace, all, question })
  return question
}

const knownPerNode = new WeakMap<SpreadConstraint, Known>()

/** Which pods count for a constraint about the hostname, node by node. */
export function perNode(constraint: SpreadConstraint, { namespace }: PodInfo): Question {
  const memo = knownPerNode.get(constraint)
  if (memo !== undefined && memo.namespace === namespace) return memo.question
  const question: Question = {
    id: `node\n${namespace}\n${constraint.selectorId}`,
    label: labelOf(constraint),
    counts: countsFor(constraint, namespace),
    domainOf: ({ name, facts }) => textAt(facts.labels, hostname) && name,
  }
  knownPerNode.set(constraint, { namespace, all: undefined, question })
  return question
}

function newQuestion(
  constraint: SpreadConstraint,
  all: readonly SpreadConstraint[] | undefined,
  { namespace, tolerations, requiredNodes, pod }: PodInfo,
): Question {
  const { topologyKey, honorsAffinity, honorsTaints } = constraint
  const keys = all?.map((other) => other.topologyKey)
  const wished = honorsAffinity ? requiredNodes : undefined
  return {
    id: idOf(constraint, namespace, keys, wished && wishesText(pod.spec), honorsTaints && JSON.stringify(tolerations)),
    label: labelOf(constraint),
    counts: countsFor(constraint, namespace),
    domainOf({ facts }: NodeInfo): string | undefined {
      const { labels } = facts
      if (keys !== undefined && !keys.every((key) => textAt(labels, key) !== undefined)) return undefined
      if (wished !== undefined && !isRequired(wished, facts)) return undefined
      if (honorsTaints && !facts.hardTaints.every((taint) => isTolerated(tolerations, taint))) return undefined
      return textAt(labels, topologyKey)
    },
  }
}

/** The question in one text, a line for each of its parts. */
function idOf(
  { selectorId, topologyKey }: SpreadConstraint,
  namespace: string,
  keys: readonly string[] | undefined,
  wishes: string | undefined,
  tolerations: string | false,
): string {
  return `spread\n${namespace}\n${selectorId}\n${topologyKey}\n${keys?.join(' ') ?? ''}\n${wishes ?? ''}\n${tolerations || ''}`
}

function wishesText({ nodeSelector, affinity }: PodInfo['pod']['spec']): string {
  return JSON.stringify([nodeSelector, affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution])
}

/** A label without which the selector selects nobody, if there is one. */
function labelOf({ selector }: SpreadConstraint): PodLabel | undefined {
  const needed = selector?.find(({ operator, values }) => operator === 'in' && values.length === 1)
  return needed && { key: needed.key, value: needed.values[0]! }
}

// an empty selector counts nothing, although it matches the pod itself. upstream: common.go countPodsMatchSelector
function countsFor({ selector }: SpreadConstraint, namespace: string): Question['counts'] {
  if (selector === undefined || selector.length === 0) return () => false
  return (other) => other.namespace === namespace && !other.isTerminating && matches(selector, other.labels)
}
