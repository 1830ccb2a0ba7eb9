import type { Node } from '../../../api/index.ts'
import { blockedOnlyBy, saidMax, triedMax, type Finder } from '../question.ts'
import type { Remedy } from '../remedy.ts'

const cordonKey = 'node.kubernetes.io/unschedulable'

/** Lets pods onto a node again that was closed to new ones. */
export const uncordon: Finder = (question) => {
  const { sandbox, pod } = question
  const remedies: Remedy[] = []
  for (const { node } of blockedOnlyBy(question, ['NodeUnschedulable', 'TaintToleration'], triedMax)) {
    if (!node.facts.isUnschedulable) continue
    const place = sandbox.withNode(opened(node.facts.node), () => sandbox.placeOf(pod, [node]))
    if (place === undefined) continue
    remedies.push({
      kind: 'uncordon',
      sentence: `Uncordon ${node.name}.`,
      node: node.name,
      size: 1,
      apply: [{ argv: ['uncordon', node.name] }],
    })
    if (remedies.length >= saidMax) break
  }
  return remedies
}

function opened(node: Node): Node {
  const { unschedulable: _, ...spec } = node.spec
  const taints = spec.taints?.filter(({ key }) => key !== cordonKey)
  return { ...node, spec: { ...spec, ...(taints && { taints }) } }
}
