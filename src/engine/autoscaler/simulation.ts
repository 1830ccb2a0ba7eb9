import type { KubeObject, Node, Pod } from '../api/index.ts'
import {
  createSimulation,
  isOverPod,
  readPod,
  unplaced,
  type PodInfo,
  type Simulation,
  type SimulationInput,
} from '../scheduler/simulation.ts'
import { hasTaint, toBeDeletedTaint } from './taints.ts'

export { readPod, unplaced, type PodInfo, type Simulation }

/** A workload's kind that puts a pod on every node. */
export interface DaemonSet extends KubeObject {
  readonly spec: { readonly template: { readonly metadata?: Pod['metadata']; readonly spec: Pod['spec'] } }
}

/** The cluster as the autoscaler sees it, in a copy to try things on: nodes that are to go take no pods any more. */
export function simulationOf(input: SimulationInput): Simulation {
  return createSimulation({
    ...input,
    nodes: [...input.nodes].filter((node) => !hasTaint(node, toBeDeletedTaint)),
    pods: [...input.pods].filter((pod) => !isOverPod(pod)),
  })
}

/** The pods that DaemonSets would put on a new node. */
// upstream: cluster-autoscaler/simulator/node_info_utils.go: a template node carries its daemons
export function daemonsFor(node: Node, sets: Iterable<DaemonSet>): readonly PodInfo[] {
  const pods: PodInfo[] = []
  for (const { metadata, spec } of sets) {
    const { metadata: own, spec: podSpec } = spec.template
    const name = `${metadata.name}-on-${node.metadata.name}`
    const tolerations = [...(podSpec.tolerations ?? []), ...daemonTolerations]
    pods.push(
      readPod({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { ...own, name, namespace: metadata.namespace ?? 'default', uid: `${metadata.uid}/${name}` },
        spec: { ...podSpec, tolerations },
        status: {},
      } as unknown as Pod),
    )
  }
  return pods
}

const daemonTolerations = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists' },
] as const
