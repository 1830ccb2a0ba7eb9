import type { Node, Pod } from '../api/index.ts'
import { must } from '../sim/index.ts'
import { createCache, createCacheState } from './cache.ts'
import { tryOut } from './tryOut.ts'
import type { Rejection } from './framework.ts'
import type { Objects } from './objects.ts'
import { isOver, podInfoOf, type PodInfo } from './podInfo.ts'
import { defaultFrameworks } from './profile.ts'
import { snapshotFrom } from './snapshot.ts'

export type { Objects, PodInfo, Rejection }
export { isOver as isOverPod, podInfoOf as readPod }

/** What a simulation begins with. */
export interface SimulationInput {
  readonly nodes: Iterable<Node>
  readonly pods: Iterable<Pod>
  readonly objects: Objects
}

/** A cluster to try placements on with the scheduler's own filters: for whoever adds nodes, takes nodes away, or moves pods. */
export interface Simulation {
  readonly nodes: () => readonly string[]
  readonly podsOn: (node: string) => readonly PodInfo[]
  /** What speaks against a pod on a node; undefined when nothing does. */
  readonly objection: (pod: PodInfo, node: string) => Rejection | undefined
  /** The first of the nodes (all, unless some are named) that takes the pod. */
  readonly placeFor: (pod: PodInfo, nodes?: readonly string[]) => string | undefined
  readonly place: (pod: PodInfo, node: string) => void
  readonly remove: (pod: PodInfo) => void
  readonly addNode: (node: Node) => void
  readonly removeNode: (name: string) => void
}

/** The pod as it would be if it had to find a node anew. */
export function unplaced({ pod }: PodInfo): PodInfo {
  const { nodeName: _, ...spec } = pod.spec
  return podInfoOf({ ...pod, spec })
}

/** Builds one; nothing of the cluster itself changes by it. */
export function createSimulation({ nodes, pods, objects }: SimulationInput): Simulation {
  const cache = createCache(createCacheState())
  for (const node of nodes) cache.setNode(node)
  for (const pod of pods) if (pod.spec.nodeName) cache.addPod(podInfoOf(pod), pod.spec.nodeName)
  const framework = must([...defaultFrameworks.values()][0], 'a default profile')
  const snapshot = snapshotFrom(cache, new Map(), objects, new Map())
  const filtersOf = (pod: PodInfo): ReturnType<typeof tryOut> =>
    tryOut({ framework, pod, snapshot, random: () => 0, start: 0 })

  return {
    nodes: () => cache.nodes().map(({ name }) => name),
    podsOn: (node) => [...(cache.node(node)?.pods.values() ?? [])],
    objection(pod, name) {
      const node = cache.node(name)
      return node && filtersOf(pod).objection(node)
    },
    placeFor(pod, names) {
      const { objection } = filtersOf(pod)
      const among = names === undefined ? cache.nodes() : names.flatMap((name) => cache.node(name) ?? [])
      return among.find((node) => objection(node) === undefined)?.name
    },
    place: (pod, node) => cache.addPod(pod, node),
    remove: ({ uid }) => cache.removePod(uid),
    addNode: (node) => void cache.setNode(node),
    removeNode(name) {
      for (const { uid } of cache.node(name)?.pods.values() ?? []) cache.removePod(uid)
      cache.removeNode(name)
    },
  }
}
