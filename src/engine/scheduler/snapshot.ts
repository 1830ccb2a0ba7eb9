import type { Pod, Node, KubeObject } from '../api/index.ts'
import type { AnswersMemory } from './answers.ts'
import { createCache, createCacheState, type Cache } from './cache.ts'
import type { Allocation } from './devices/types.ts'
import type { NodeInfo } from './nodeInfo.ts'
import type { Labels, ObservedKind, Objects } from './objects.ts'
import { isOver, podInfoOf, type PodInfo } from './podInfo.ts'
import type { PodCounts } from './podCounts.ts'
import type { TermIndex } from './termIndex.ts'

/** What one decision sees: the cluster as the scheduler knows it at this instant. */
export interface Snapshot {
  /** in the order in which they are tried: one of each zone in turn */
  readonly nodes: () => readonly NodeInfo[]
  readonly node: (name: string) => NodeInfo | undefined
  /** how many values a label has on all the nodes; those without it count as one */
  readonly countValues: (label: string) => number
  readonly answers: AnswersMemory
  readonly counts: PodCounts
  readonly terms: TermIndex
  /** by image name: its size, as the first node with it said, and the nodes that have it */
  readonly images: ReadonlyMap<string, ImageState>
  /** pods that wait for room made on a node */
  readonly nominated: ReadonlyMap<string, ReadonlyMap<string, PodInfo>>
  readonly objects: Objects
  /** volumes promised to claims by decisions whose writes are still under way */
  readonly promisedVolumes: ReadonlyMap<string, string>
  /** devices promised to claims likewise */
  readonly promisedDevices: ReadonlyMap<string, Allocation>
  /** how many running pods use a claim, by `namespace/name` */
  readonly claimUse: (claim: string) => number
}

/** One image of the cluster. */
export interface ImageState {
  readonly bytes: number
  readonly nodes: ReadonlySet<string>
}

/** What `snapshotOf` makes a snapshot of. */
export interface ClusterObjects {
  readonly nodes: readonly Node[]
  readonly pods?: readonly Pod[]
  /** pods that wait with `status.nominatedNodeName` */
  readonly nominated?: readonly Pod[]
  readonly others?: Partial<Record<ObservedKind, readonly KubeObject[]>>
}

/** A snapshot of given objects, for tests and for "what if". */
export function snapshotOf({ nodes, pods = [], nominated = [], others = {} }: ClusterObjects): Snapshot {
  const cache = createCache(createCacheState())
  for (const node of nodes) cache.setNode(node)
  for (const pod of pods) if (!isOver(pod)) cache.addPod(podInfoOf(pod), pod.spec.nodeName ?? '')
  const byNode = new Map<string, Map<string, PodInfo>>()
  for (const pod of nominated) {
    const name = pod.status.nominatedNodeName
    if (!name) continue
    const info = podInfoOf(pod)
    byNode.set(name, (byNode.get(name) ?? new Map()).set(info.uid, info))
  }
  return snapshotFrom(cache, byNode, objectsOf(others), new Map())
}

/** The snapshot over a living cache: it sees every later change. */
export function snapshotFrom(
  cache: Cache,
  nominated: Snapshot['nominated'],
  objects: Objects,
  promisedVolumes: ReadonlyMap<string, string>,
  promisedDevices: ReadonlyMap<string, Allocation> = new Map(),
): Snapshot {
  return {
    nodes: cache.nodes,
    node: cache.node,
    countValues: cache.countValues,
    answers: cache.answers,
    counts: cache.counts,
    terms: cache.terms,
    images: cache.images,
    nominated,
    objects,
    promisedVolumes,
    promisedDevices,
    claimUse: cache.claimUse,
  }
}

/** Lists of objects as a lister. */
export function objectsOf(lists: Partial<Record<ObservedKind, readonly KubeObject[]>>): Objects {
  const listOf = (kind: ObservedKind): readonly KubeObject[] => lists[kind] ?? []
  const keyOf = ({ metadata }: KubeObject): string =>
    metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`
  return {
    get: <T extends KubeObject>(kind: ObservedKind, key: string) =>
      listOf(kind).find((object) => keyOf(object) === key) as T | undefined,
    list: <T extends KubeObject>(kind: ObservedKind) => listOf(kind) as readonly T[],
    within: <T extends KubeObject>(kind: ObservedKind, namespace: string) =>
      listOf(kind).filter(({ metadata }) => metadata.namespace === namespace) as readonly KubeObject[] as readonly T[],
  }
}

/** The labels of a namespace. */
export function namespaceLabels({ objects }: Snapshot, namespace: string): Labels {
  return objects.get('Namespace', namespace)?.metadata.labels
}
