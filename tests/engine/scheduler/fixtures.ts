import type { Node, Pod } from '../../../src/engine/api/index.ts'
import { snapshotOf, type ClusterObjects, type Snapshot } from '../../../src/engine/scheduler/snapshot.ts'

/** What a test says of a pod; the rest is as small as can be. */
export interface PodInput {
  readonly cpu?: string
  readonly memory?: string
  readonly node?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly namespace?: string
  readonly nominated?: string
  readonly started?: string
  readonly isTerminating?: boolean
  readonly owner?: { readonly kind: string; readonly name: string }
  readonly spec?: object
}

/** A pod of that name. */
export function pod(name: string, input: PodInput = {}): Pod {
  const { cpu, memory, node, labels, namespace = 'default', nominated, started, isTerminating, owner, spec } = input
  const requests = { ...(cpu && { cpu }), ...(memory && { memory }) }
  const reference = owner && { ...owner, apiVersion: 'v1', uid: owner.name, controller: true }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid: `${namespace}/${name}`,
      resourceVersion: '1',
      creationTimestamp: '2026-09-01T08:00:00Z',
      ...(labels && { labels }),
      ...(isTerminating && { deletionTimestamp: '2026-09-01T08:00:00Z' }),
      ...(reference && { ownerReferences: [reference] }),
    },
    spec: {
      containers: [{ name: 'app', image: 'app:1', resources: { requests } }],
      ...(node && { nodeName: node }),
      ...spec,
    },
    status: { ...(nominated && { nominatedNodeName: nominated }), ...(started && { startTime: started }) },
  } as Pod
}

/** What a test says of a node: 4 cpu and 8 Gi unless told otherwise. */
export interface NodeInput {
  readonly cpu?: string
  readonly memory?: string
  readonly pods?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly taints?: readonly object[]
  readonly isUnschedulable?: boolean
  readonly images?: readonly object[]
  readonly allocatable?: Readonly<Record<string, string>>
}

/** A node of that name. */
export function node(name: string, input: NodeInput = {}): Node {
  const { cpu = '4', memory = '8Gi', pods = '110', labels, taints, isUnschedulable, images, allocatable } = input
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: name,
      resourceVersion: '1',
      creationTimestamp: '2026-09-01T08:00:00Z',
      labels: { 'kubernetes.io/hostname': name, ...labels },
    },
    spec: { ...(taints && { taints }), ...(isUnschedulable && { unschedulable: true }) },
    status: { allocatable: { cpu, memory, pods, ...allocatable }, ...(images && { images }) },
  } as Node
}

/** A snapshot of nodes and pods; each pod says itself on which node it is. */
export function cluster(
  nodes: readonly Node[],
  pods: readonly Pod[] = [],
  rest: Partial<ClusterObjects> = {},
): Snapshot {
  return snapshotOf({ nodes, pods, ...rest })
}

/** Labels of a zone. */
export const zone = (name: string): Readonly<Record<string, string>> => ({ 'topology.kubernetes.io/zone': name })
