import { definePlugin, skip, success, unresolvable } from '../framework.ts'
import { isRequired, isSelected, type NodeTerm } from '../nodeSelector.ts'
import type { PodInfo } from '../podInfo.ts'
import { moreIsBetter } from './normalize.ts'

const mismatch = unresolvable("node(s) didn't match Pod's node affinity/selector")
const conflicting = unresolvable('pod affinity terms conflict')

/** Keeps pods to the nodes their selector and affinity ask for, and prefers those they would like. */
export const nodeAffinity = definePlugin({
  name: 'NodeAffinity',
  eventsToRegister: {
    'Node/Add': ({ requiredNodes }, { node }) => isRequired(requiredNodes, node!),
    'Node/UpdateLabel': ({ requiredNodes }, { node, nodeBefore }) =>
      isRequired(requiredNodes, node!) && !isRequired(requiredNodes, nodeBefore!),
  },
  preFilter({ requiredNodes }) {
    if (requiredNodes === undefined) return skip
    const nodes = namedNodes(requiredNodes.terms)
    if (nodes === undefined) return {}
    return nodes.size === 0 ? { status: conflicting } : { nodes }
  },
  filter: ({ requiredNodes }, { facts }) => (isRequired(requiredNodes, facts) ? success : mismatch),
  preScore: ({ preferredNodes }) => (preferredNodes.length === 0 ? skip : {}),
  score: (pod, { facts }) => wishesMet(pod, facts),
  normalizeScore: moreIsBetter,
})

/** The only nodes that terms with `metadata.name` leave; undefined when some term leaves all of them. */
function namedNodes(terms: readonly NodeTerm[] | undefined): ReadonlySet<string> | undefined {
  if (terms === undefined || terms.length === 0) return undefined
  const nodes = new Set<string>()
  for (const { names } of terms) {
    const lists = names
      .filter(({ key, operator }) => key === 'metadata.name' && operator === 'in')
      .map(({ values }) => values)
    if (lists.length === 0) return undefined
    for (const name of lists[0]!) if (lists.every((list) => list.includes(name))) nodes.add(name)
  }
  return nodes
}

function wishesMet({ preferredNodes }: PodInfo, node: Parameters<typeof isSelected>[1]): number {
  let sum = 0
  for (const { weight, term } of preferredNodes) if (isSelected(term, node)) sum += weight
  return sum
}
