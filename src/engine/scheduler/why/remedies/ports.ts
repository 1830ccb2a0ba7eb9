import type { Pod } from '../../../api/index.ts'
import { clashes } from '../../plugins/nodePorts.ts'
import { stepsFor, type PodEdit } from '../podEdit.ts'
import { blockedOnlyBy, saidMax, triedMax, type Finder } from '../question.ts'
import type { Remedy } from '../remedy.ts'
import { changedPod } from '../sandbox.ts'

const plugin = ['NodePorts']

/** Takes the pods away that hold this pod's host ports. */
export const freePorts: Finder = (question) => {
  const { sandbox, pod } = question
  const remedies: Remedy[] = []
  for (const { node } of blockedOnlyBy(question, plugin, triedMax)) {
    const gone = sandbox.podsOn(node.name).filter((other) => clashes(pod.hostPorts, other.hostPorts))
    if (sandbox.withoutPods(gone, () => sandbox.placeOf(pod, [node])) === undefined) continue
    const ports = pod.hostPorts.map(({ port, protocol }) => `${port}/${protocol}`).join(', ')
    remedies.push({
      kind: 'deletePods',
      sentence: `Delete ${gone.map(({ key }) => key).join(', ')}, which holds port ${ports} of ${node.name}.`,
      node: node.name,
      size: 4 + gone.length,
      apply: gone.map(({ name, namespace }) => ({ argv: ['delete', 'pod', name, '-n', namespace] })),
    })
    if (remedies.length >= saidMax) break
  }
  return remedies
}

/** Does without the host ports: the pod is still reached by its own address. */
export const dropHostPort: Finder = (question) => {
  const { sandbox, pod, find } = question
  const nodes = blockedOnlyBy(question, plugin, triedMax).map(({ node }) => node)
  if (nodes.length === 0 || pod.pod.spec.hostNetwork === true) return []
  const node = sandbox.choiceFor(changedPod(pod, withoutHostPorts(pod.pod.spec)), nodes)
  if (node === undefined) return []
  const ports = pod.hostPorts.map(({ port }) => port).join(', ')
  const sentence = `Do without hostPort ${ports}; ${node} would take the pod then.`
  return [{ kind: 'dropHostPort', sentence, node, size: 3, apply: stepsFor(pod.pod, withoutHostPorts, 'newPod', find) }]
}

const withoutHostPorts: PodEdit = (spec) => {
  const strip = (containers: Pod['spec']['containers'] | undefined): Pod['spec']['containers'] | undefined =>
    containers?.map((container) =>
      container.ports === undefined
        ? container
        : { ...container, ports: container.ports.map(({ hostPort: _, hostIP: __, ...port }) => port) },
    )
  const initContainers = strip(spec.initContainers)
  return { ...spec, containers: strip(spec.containers)!, ...(initContainers && { initContainers }) }
}
