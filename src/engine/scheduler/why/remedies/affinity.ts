import { textAt } from '../../../api/index.ts'
import type { Pod } from '../../../api/index.ts'
import { isAbout, type AffinityTerm } from '../../affinityTerms.ts'
import type { NodeInfo } from '../../nodeInfo.ts'
import type { PodInfo } from '../../podInfo.ts'
import { namespaceLabels } from '../../snapshot.ts'
import { stepsFor, type PodEdit } from '../podEdit.ts'
import { blockedOnlyBy, saidMax, triedMax, type Finder, type Question } from '../question.ts'
import type { Remedy } from '../remedy.ts'
import { changedPod } from '../sandbox.ts'

const plugin = ['InterPodAffinity']
const goneMax = 5

/** Makes a required term about other pods a wish. */
export const relaxAffinity: Finder = (question) => {
  const { sandbox, pod, find } = question
  const nodes = blockedOnlyBy(question, plugin, triedMax).map(({ node }) => node)
  if (nodes.length === 0) return []
  const remedies: Remedy[] = []
  for (const side of ['podAffinity', 'podAntiAffinity'] as const) {
    const terms = pod.pod.spec.affinity?.[side]?.requiredDuringSchedulingIgnoredDuringExecution ?? []
    for (let index = 0; index < Math.min(terms.length, triedMax) && remedies.length < saidMax; index++) {
      const edit = softened(side, index)
      const node = sandbox.choiceFor(changedPod(pod, edit(pod.pod.spec)), nodes)
      if (node === undefined) continue
      const what = side === 'podAffinity' ? 'affinity' : 'anti-affinity'
      const sentence = `Make the required pod ${what} over ${terms[index]!.topologyKey} a preferred one; ${node} would take the pod then.`
      remedies.push({ kind: 'relaxAffinity', sentence, node, size: 3, apply: stepsFor(pod.pod, edit, 'newPod', find) })
    }
  }
  return remedies
}

function softened(side: 'podAffinity' | 'podAntiAffinity', index: number): PodEdit {
  return (spec) => {
    const { requiredDuringSchedulingIgnoredDuringExecution: required = [], ...rest } = spec.affinity?.[side] ?? {}
    const podAffinityTerm = required[index]
    if (podAffinityTerm === undefined) return spec
    const kept = required.filter((_, at) => at !== index)
    const preferred = [
      ...(rest.preferredDuringSchedulingIgnoredDuringExecution ?? []),
      { weight: 100, podAffinityTerm },
    ]
    const changed = {
      ...(kept.length > 0 && { requiredDuringSchedulingIgnoredDuringExecution: kept }),
      preferredDuringSchedulingIgnoredDuringExecution: preferred,
    }
    return { ...spec, affinity: { ...spec.affinity, [side]: changed } } as Pod['spec']
  }
}

/** Takes the pods away that this one must not meet, where they are few. */
export const deleteNeighbours: Finder = (question) => {
  const { sandbox, pod } = question
  const remedies: Remedy[] = []
  const seen = new Set<string>()
  for (const { node } of blockedOnlyBy(question, plugin, triedMax)) {
    const gone = neighboursNear(node, question)
    if (gone.length === 0 || gone.length > goneMax) continue
    const keys = gone.map(({ key }) => key).join(', ')
    if (seen.has(keys)) continue
    seen.add(keys)
    if (sandbox.withoutPods(gone, () => sandbox.placeOf(pod, [node])) === undefined) continue
    remedies.push({
      kind: 'deletePods',
      sentence: `Delete ${keys}, so that ${node.name} has nobody ${pod.name} must not meet.`,
      node: node.name,
      size: 4 + gone.length,
      apply: gone.map(({ name, namespace }) => ({ argv: ['delete', 'pod', name, '-n', namespace] })),
    })
    if (remedies.length >= saidMax) break
  }
  return remedies
}

/** Pods in a node's domains that this pod's terms keep away, or whose terms keep it away. */
function neighboursNear(node: NodeInfo, { sandbox: { snapshot }, pod }: Question): readonly PodInfo[] {
  const own = pod.terms.requiredAnti
  const ownLabels = namespaceLabels(snapshot, pod.namespace)
  const isNear = ({ topologyKey }: AffinityTerm, other: NodeInfo): boolean => {
    const value = textAt(node.facts.labels, topologyKey)
    return value !== undefined && textAt(other.facts.labels, topologyKey) === value
  }
  const found: PodInfo[] = []
  for (const other of snapshot.nodes()) {
    for (const running of other.pods.values()) {
      const labels = (): ReturnType<typeof namespaceLabels> => namespaceLabels(snapshot, running.namespace)
      const isShunned = own.some(
        (term) => isNear(term, other) && isAbout(term, running.namespace, running.labels, labels()),
      )
      const shuns = running.terms.requiredAnti.some(
        (term) => isNear(term, other) && isAbout(term, pod.namespace, pod.labels, ownLabels),
      )
      if (isShunned || shuns) found.push(running)
      if (found.length > goneMax) return found
    }
  }
  return found
}
