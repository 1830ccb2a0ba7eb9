import { definePlugin, skip, success, unresolvable, type Plugin } from '../framework.ts'
import { isRequired, isSelected, type NodeTerm, type RequiredNodes } from '../nodeSelector.ts'
import type { PreferredNodes } from '../podInfo.ts'
import { moreIsBetter } from './normalize.ts'

const mismatch = unresolvable("node(s) didn't match Pod's node affinity/selector")
const enforced = unresolvable("node(s) didn't match scheduler-enforced node affinity")
const conflicting = unresolvable('pod affinity terms conflict')

/** Affinity that a profile adds to every pod. */
export interface AddedAffinity {
  readonly required: RequiredNodes | undefined
  readonly preferred: readonly PreferredNodes[]
}

/** Keeps pods to the nodes their selector and affinity ask for, and prefers those they would like. */
export const nodeAffinity = createNodeAffinity({ required: undefined, preferred: [] })

/** The plugin as a profile wants it. */
export function createNodeAffinity({ required: added, preferred: addedWishes }: AddedAffinity): Plugin {
  return definePlugin({
    name: 'NodeAffinity',
    reads: ['requiredNodes', 'preferredNodes'],
    eventsToRegister: {
      'Node/Add': ({ requiredNodes }, { node }) => isRequired(requiredNodes, node!),
      'Node/UpdateLabel': ({ requiredNodes }, { node, nodeBefore }) =>
        isRequired(requiredNodes, node!) && !isRequired(requiredNodes, nodeBefore!),
    },
    preFilter({ requiredNodes }) {
      if (requiredNodes === undefined) return added === undefined ? skip : {}
      const nodes = namedNodes(requiredNodes.terms)
      if (nodes === undefined) return {}
      return nodes.size === 0 ? { status: conflicting } : { nodes }
    },
    filter({ requiredNodes }, { facts }) {
      if (added !== undefined && !isRequired(added, facts)) return enforced
      return isRequired(requiredNodes, facts) ? success : mismatch
    },
    preScore: ({ preferredNodes }) => (preferredNodes.length + addedWishes.length === 0 ? skip : {}),
    score: ({ preferredNodes }, { facts }) => wishesMet(preferredNodes, facts) + wishesMet(addedWishes, facts),
    normalizeScore: moreIsBetter,
  })
}

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

function wishesMet(preferredNodes: readonly PreferredNodes[], node: Parameters<typeof isSelected>[1]): number {
  let sum = 0
  for (const { weight, term } of preferredNodes) if (isSelected(term, node)) sum += weight
  return sum
}
