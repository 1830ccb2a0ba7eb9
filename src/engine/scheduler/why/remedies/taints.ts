import type { Pod } from '../../../api/index.ts'
import { isTolerated, type NodeInfo, type Taint } from '../../nodeInfo.ts'
import type { Toleration } from '../../podInfo.ts'
import { stepsFor } from '../podEdit.ts'
import { blockedOnlyBy, saidMax, triedMax, type Finder, type Question } from '../question.ts'
import type { Remedy } from '../remedy.ts'
import { changedPod } from '../sandbox.ts'

/** Takes the one taint away that keeps the pod off a node. */
export const removeTaint: Finder = (question) => {
  const { sandbox, pod } = question
  const remedies: Remedy[] = []
  for (const { node } of blockedOnlyBy(question, ['TaintToleration'], triedMax)) {
    const taint = onlyObstacle(node, question)
    if (taint === undefined) continue
    const { node: object } = node.facts
    const cleaned = { ...object, spec: { ...object.spec, taints: object.spec.taints?.filter((one) => one !== taint) } }
    const place = sandbox.withNode(cleaned as typeof object, () => sandbox.placeOf(pod, [node]))
    if (place === undefined) continue
    remedies.push({
      kind: 'removeTaint',
      sentence: `Remove the taint ${textOf(taint)} from ${node.name}.`,
      node: node.name,
      size: 2,
      apply: [{ argv: ['taint', 'node', node.name, `${taint.key}:${taint.effect}-`] }],
    })
    if (remedies.length >= saidMax) break
  }
  return remedies
}

/** Lets the pod bear the one taint that keeps it off a node. */
export const addToleration: Finder = (question) => {
  const { sandbox, pod, find } = question
  const remedies = new Map<string, Remedy>()
  for (const { node } of blockedOnlyBy(question, ['TaintToleration'], triedMax)) {
    const taint = onlyObstacle(node, question)
    if (taint === undefined || remedies.has(textOf(taint))) continue
    const toleration = tolerationOf(taint)
    const edit = (spec: Pod['spec']): Pod['spec'] => ({
      ...spec,
      tolerations: [...(spec.tolerations ?? []), toleration],
    })
    const choice = sandbox.choiceFor(changedPod(pod, edit(pod.pod.spec)), [node])
    if (choice === undefined) continue
    remedies.set(textOf(taint), {
      kind: 'addToleration',
      sentence: `Let the pod tolerate the taint ${textOf(taint)} of ${node.name}.`,
      node: choice,
      size: 2,
      apply: stepsFor(pod.pod, edit, 'inPlace', find),
    })
    if (remedies.size >= saidMax) break
  }
  return [...remedies.values()]
}

/** The only taint the pod does not bear; those that the cluster itself puts and takes away do not count as anybody's to change. */
function onlyObstacle({ facts }: NodeInfo, { pod }: Question): Taint | undefined {
  const obstacles = facts.hardTaints.filter((taint) => !isTolerated(pod.tolerations, taint))
  const [taint] = obstacles
  return obstacles.length === 1 && !taint!.key.startsWith('node.kubernetes.io/') ? taint : undefined
}

function tolerationOf({ key, value, effect }: Taint): Toleration {
  return value ? { key, operator: 'Equal', value, effect } : { key, operator: 'Exists', effect }
}

function textOf({ key, value, effect }: Taint): string {
  return `${key}${value ? `=${value}` : ''}:${effect}`
}
