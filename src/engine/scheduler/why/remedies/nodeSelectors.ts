import { matches, selectsAll, type Node, type Pod, type Requirement, textAt } from '../../../api/index.ts'
import { isSelected, type NodeTerm } from '../../nodeSelector.ts'
import type { NodeFacts } from '../../nodeInfo.ts'
import { stepsFor, type PodEdit } from '../podEdit.ts'
import { blockedOnlyBy, saidMax, triedMax, type Finder, type Question } from '../question.ts'
import type { Remedy } from '../remedy.ts'
import { changedPod } from '../sandbox.ts'

type Labels = Readonly<Record<string, string>>

const affinity = ['NodeAffinity']

/** Gives a node the labels that the pod looks for. */
export const labelNode: Finder = (question) => {
  const { sandbox, pod } = question
  const remedies: Remedy[] = []
  const nodes = blockedOnlyBy(question, affinity, triedMax).map(({ node }) => ({
    node,
    changes: missingLabels(node.facts, question),
  }))
  nodes.sort((a, b) => (a.changes?.size ?? Infinity) - (b.changes?.size ?? Infinity))
  for (const { node, changes } of nodes) {
    if (changes === undefined || changes.size === 0) continue
    const labelled = withLabels(node.facts.node, changes)
    if (sandbox.withNode(labelled, () => sandbox.placeOf(pod, [node])) === undefined) continue
    const words = [...changes].map(([key, value]) => (value === undefined ? `${key}-` : `${key}=${value}`))
    const isSwap = [...changes.keys()].some((key) => textAt(node.facts.labels, key) !== undefined)
    remedies.push({
      kind: 'labelNode',
      sentence: `Label ${node.name} with ${words.join(' and ')}.`,
      node: node.name,
      size: 1 + changes.size,
      apply: [{ argv: ['label', 'node', node.name, ...words, ...(isSwap ? ['--overwrite'] : [])] }],
    })
    if (remedies.length >= saidMax) break
  }
  return remedies
}

function withLabels(node: Node, changes: ReadonlyMap<string, string | undefined>): Node {
  const labels: Record<string, string> = { ...node.metadata.labels }
  for (const [key, value] of changes) {
    if (value === undefined) delete labels[key]
    else labels[key] = value
  }
  return { ...node, metadata: { ...node.metadata, labels } }
}

/** The fewest labels to set (or, without a value, to take away) so that the node is one the pod insists on. */
function missingLabels(
  { labels, name }: NodeFacts,
  { pod }: Question,
): ReadonlyMap<string, string | undefined> | undefined {
  const changes = new Map<string, string | undefined>()
  const { selector, terms } = pod.requiredNodes ?? { selector: undefined, terms: undefined }
  for (const [key, value] of Object.entries(selector ?? {})) if (textAt(labels, key) !== value) changes.set(key, value)
  if (terms === undefined || terms.some((term) => isSelected(term, { name, labels }))) return changes
  const ways = terms.flatMap((term) => changesFor(term, name, labels) ?? [])
  ways.sort((a, b) => a.size - b.size)
  return ways[0] && new Map([...changes, ...ways[0]])
}

function changesFor(
  { labels: wanted, names }: NodeTerm,
  name: string,
  labels: Labels | undefined,
): Map<string, string | undefined> | undefined {
  if (wanted.length === 0 || !matches(names, { 'metadata.name': name })) return undefined
  const changes = new Map<string, string | undefined>()
  for (const requirement of wanted)
    if (!matches([requirement], labels)) changes.set(requirement.key, valueFor(requirement))
  return changes
}

function valueFor({ operator, values }: Requirement): string | undefined {
  if (operator === 'in') return values[0]
  if (operator === 'exists') return 'true'
  if (operator === 'gt') return String(Number(values[0]) + 1)
  if (operator === 'lt') return String(Number(values[0]) - 1)
  return undefined
}

/** Drops what no node satisfies from the pod's own wishes: one key of its selector, one requirement, or all of its affinity. */
export const relaxSelector: Finder = (question) => {
  const { sandbox, pod, find } = question
  const nodes = blockedOnlyBy(question, affinity, triedMax).map(({ node }) => node)
  if (nodes.length === 0) return []
  const remedies: Remedy[] = []
  for (const { edit, what, size } of relaxations(
    pod.pod.spec,
    nodes.map(({ facts }) => facts),
  )) {
    const node = sandbox.choiceFor(changedPod(pod, edit(pod.pod.spec)), nodes)
    if (node === undefined) continue
    const sentence = `${what}; ${node} would take the pod then.`
    remedies.push({ kind: 'relaxSelector', sentence, node, size, apply: stepsFor(pod.pod, edit, 'newPod', find) })
    if (remedies.length >= saidMax) break
  }
  return remedies
}

interface Relaxation {
  readonly edit: PodEdit
  readonly what: string
  readonly size: number
}

const relaxationsMax = 12

function relaxations(spec: Pod['spec'], nodes: readonly NodeFacts[]): readonly Relaxation[] {
  const found: Relaxation[] = []
  const selector = (spec.nodeSelector ?? {}) as Labels
  const unmet = Object.keys(selector).filter((key) => nodes.some(({ labels }) => textAt(labels, key) !== selector[key]))
  for (const key of unmet)
    found.push({ what: `Drop ${key}=${selector[key]} from the nodeSelector`, size: 3, edit: withoutSelector([key]) })
  if (unmet.length > 1)
    found.push({ what: 'Drop the nodeSelector', size: 3 + unmet.length, edit: withoutSelector(Object.keys(selector)) })
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  required?.nodeSelectorTerms.forEach((term, at) =>
    term.matchExpressions?.forEach(({ key, operator, values }, place) => {
      if ((term.matchExpressions?.length ?? 0) + (term.matchFields?.length ?? 0) < 2) return // an empty term matches nothing
      const words = [key, operator, ...(values ? [`[${values.join(' ')}]`] : [])].join(' ')
      found.push({ what: `Drop "${words}" from the node affinity`, size: 3, edit: withoutRequirement(at, place) })
    }),
  )
  const isSelectorMet = nodes.some(({ labels }) => selectsAll(selector, labels))
  if (required !== undefined && isSelectorMet)
    found.push({ what: 'Drop the required node affinity', size: 4, edit: withoutNodeAffinity })
  return found.slice(0, relaxationsMax)
}

function withoutSelector(keys: readonly string[]): PodEdit {
  return ({ nodeSelector, ...spec }) => {
    const left = Object.entries((nodeSelector ?? {}) as Labels).filter(([key]) => !keys.includes(key))
    return { ...spec, ...(left.length > 0 && { nodeSelector: Object.fromEntries(left) }) }
  }
}

function withoutRequirement(at: number, place: number): PodEdit {
  return (spec) =>
    withRequired(spec, (terms) =>
      terms.map((term, index) =>
        index === at
          ? { ...term, matchExpressions: term.matchExpressions?.filter((_, other) => other !== place) ?? [] }
          : term,
      ),
    )
}

type NodeAffinity = NonNullable<NonNullable<Pod['spec']['affinity']>['nodeAffinity']>
type Terms = NonNullable<NodeAffinity['requiredDuringSchedulingIgnoredDuringExecution']>['nodeSelectorTerms']

function withRequired(spec: Pod['spec'], change: (terms: Terms) => Terms): Pod['spec'] {
  const { nodeAffinity } = spec.affinity ?? {}
  const required = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  if (required === undefined) return spec
  const changed = { ...required, nodeSelectorTerms: change(required.nodeSelectorTerms) }
  const next = { ...nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: changed }
  return { ...spec, affinity: { ...spec.affinity, nodeAffinity: next } }
}

const withoutNodeAffinity: PodEdit = (spec) => {
  const { requiredDuringSchedulingIgnoredDuringExecution: _, ...nodeAffinity } = spec.affinity?.nodeAffinity ?? {}
  const { nodeAffinity: __, ...others } = spec.affinity ?? {}
  const isEmpty = Object.keys(nodeAffinity).length === 0
  return { ...spec, affinity: { ...others, ...(!isEmpty && { nodeAffinity }) } }
}
