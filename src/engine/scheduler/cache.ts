import type { Node, Pod } from '../api/index.ts'
import { assert } from '../sim/index.ts'
import { createAnswersMemory, type AnswersMemory } from './answers.ts'
import {
  addPodTo,
  createNodeInfo,
  nodeChange,
  nodeFactsOf,
  removePodFrom,
  setFacts,
  type NodeChange,
  type NodeFacts,
  type NodeInfo,
} from './nodeInfo.ts'
import { addToTree, createNodeTree, listTree, removeFromTree, type NodeTree } from './nodeTree.ts'
import { createPodCounts, nodeAdded, nodeRemoved, podMoved, type PodCounts } from './podCounts.ts'
import { podInfoOf, type PodInfo } from './podInfo.ts'
import { createTermIndex, type TermIndex } from './termIndex.ts'

/** What the scheduler knows of nodes and bound pods, as plain data. Assumed pods are in here before the API server has heard of it. */
export interface CacheState {
  nextSlot: number
  nodes: Map<string, NodeInfo>
  tree: NodeTree
  /** by uid: on which node the pod counts. One whose object names no node is assumed: only we know of it yet */
  places: Map<string, string>
  images: Map<string, { bytes: number; nodes: Set<string> }>
  /** by claim: how many pods on nodes use it */
  claims: Map<string, number>
  /** pods on nodes that we have not seen, by node and uid */
  strays: Map<string, Map<string, PodInfo>>
}

/** What became of a node that was set. */
export interface NodeUpdate {
  readonly before: NodeFacts | undefined
  readonly after: NodeFacts
  readonly change: NodeChange
}

/** What became of a pod on its node that was set. */
export interface PodUpdate {
  readonly before: PodInfo | undefined
  readonly after: PodInfo
  /** nobody knew, or only we did, that it is there */
  readonly isNews: boolean
}

/** The scheduler's picture of the cluster, changed by difference. */
export interface Cache {
  /** in the order in which they are tried */
  readonly nodes: () => readonly NodeInfo[]
  readonly node: (name: string) => NodeInfo | undefined
  /** how many values a label has on all nodes; those without it count as one */
  readonly countValues: (label: string) => number
  readonly answers: AnswersMemory
  readonly counts: PodCounts
  readonly terms: TermIndex
  readonly images: CacheState['images']
  readonly claimUse: (claim: string) => number
  /** Adds a node or takes its new state over; undefined when nothing that matters has changed. */
  readonly setNode: (node: Node) => NodeUpdate | undefined
  readonly removeNode: (name: string) => NodeFacts | undefined
  /** Counts a pod on a node that the API server has not heard of. */
  readonly assumePod: (pod: PodInfo, node: string) => void
  /** Counts a pod on a node, or takes its new state over. */
  readonly addPod: (pod: PodInfo, node: string) => void
  /** The same for an object: it is read, as far as it has changed since it was read last, and counts on the node it names. */
  readonly setPod: (pod: Pod, key: string) => PodUpdate
  readonly removePod: (uid: string) => void
  readonly find: (uid: string) => PodInfo | undefined
  /** the node a pod counts on */
  readonly placeOf: (uid: string) => string | undefined
}

/** An empty picture. */
export function createCacheState(): CacheState {
  return {
    nextSlot: 0,
    nodes: new Map(),
    tree: createNodeTree(),
    places: new Map(),
    images: new Map(),
    claims: new Map(),
    strays: new Map(),
  }
}

/** Labels that pods are spread by must not pile up. */
const valuesMax = 100

const unchanged: NodeChange = { labels: false, taints: false, allocatable: false, images: false }

/** The verbs over a picture. What they remember besides the state can be worked out anew from it. */
export function createCache(state: CacheState): Cache {
  const { nodes, tree, places, images, claims, strays } = state
  const counts = createPodCounts(() => nodes.values())
  const terms = createTermIndex(nodes.values())
  const values = new Map<string, number>()
  let order: readonly NodeInfo[] | undefined

  function insert(facts: NodeFacts): void {
    const info = createNodeInfo(facts, state.nextSlot++)
    nodes.set(facts.name, info)
    addToTree(tree, facts.zone, facts.name)
    order = undefined
    const waiting = strays.get(facts.name)
    strays.delete(facts.name)
    for (const pod of waiting?.values() ?? []) addPodTo(info, pod)
    entered(info)
    addImages(images, facts)
  }

  function replace(info: NodeInfo, facts: NodeFacts, change: NodeChange): void {
    const isMoved = change.labels || change.taints // both decide in which domains a node is
    if (isMoved) left(info)
    if (info.facts.zone !== facts.zone) {
      removeFromTree(tree, info.facts.zone, info.name)
      addToTree(tree, facts.zone, info.name)
      order = undefined
    }
    if (change.images) {
      removeImages(images, info.facts)
      addImages(images, facts)
    }
    setFacts(info, facts)
    if (isMoved) entered(info)
  }

  function entered(info: NodeInfo): void {
    nodeAdded(counts, info)
    terms.nodeAdded(info)
    values.clear()
  }

  function left(info: NodeInfo): void {
    nodeRemoved(counts, info)
    terms.nodeRemoved(info)
    values.clear()
  }

  function inOrder(): readonly NodeInfo[] {
    const list: NodeInfo[] = []
    for (const name of listTree(tree)) list.push(nodes.get(name)!)
    return list
  }

  function countValues(label: string): number {
    let count = values.get(label)
    if (count === undefined) {
      count = new Set(Array.from(nodes.values(), ({ facts }) => facts.labels?.[label] ?? '')).size
      if (values.size >= valuesMax) values.clear()
      values.set(label, count)
    }
    return count
  }

  function place(pod: PodInfo, name: string): void {
    countClaims(claims, pod, 1)
    const info = nodes.get(name)
    if (info === undefined) {
      strays.set(name, (strays.get(name) ?? new Map<string, PodInfo>()).set(pod.uid, pod))
      return
    }
    addPodTo(info, pod)
    podMoved(counts, pod, info, 1)
    terms.podAdded(pod, info)
  }

  function displace(uid: string, name: string): void {
    const info = nodes.get(name)
    const pod = stateOn(name, info, uid)
    if (pod === undefined) return
    countClaims(claims, pod, -1)
    if (info === undefined) {
      removeStray(strays, name, uid)
      return
    }
    podMoved(counts, pod, info, -1)
    terms.podRemoved(pod, info)
    removePodFrom(info, uid)
  }

  /** A pod's state as it counts on a node. */
  function stateOn(name: string, info: NodeInfo | undefined, uid: string): PodInfo | undefined {
    return info === undefined ? strays.get(name)?.get(uid) : info.pods.get(uid)
  }

  function find(uid: string): PodInfo | undefined {
    const at = places.get(uid)
    return at === undefined ? undefined : stateOn(at, nodes.get(at), uid)
  }

  /** Counts a pod on a node; where it counts there already, it does so as it is now. `known` is its state there. */
  function set(pod: PodInfo, name: string, at: string | undefined, info: NodeInfo | undefined, known?: PodInfo): void {
    if (at === name && info !== undefined && swap(info, known, pod)) return
    if (at !== undefined) displace(pod.uid, at)
    if (at !== name) places.set(pod.uid, name)
    place(pod, name)
  }

  return {
    nodes: () => (order ??= inOrder()),
    node: (name) => nodes.get(name),
    countValues,
    answers: createAnswersMemory(),
    counts,
    terms,
    images,
    claimUse: (claim) => claims.get(claim) ?? 0,
    setNode(node) {
      const info = nodes.get(node.metadata.name)
      const before = info?.facts
      if (before === undefined) {
        const after = nodeFactsOf(node)
        insert(after)
        return { before, after, change: unchanged }
      }
      const change = nodeChange(before.node, node)
      if (!change.labels && !change.taints && !change.allocatable && !change.images) return undefined
      const after = nodeFactsOf(node)
      replace(info!, after, change)
      return { before, after, change }
    },
    removeNode(name) {
      const info = nodes.get(name)
      if (info === undefined) return undefined
      left(info)
      nodes.delete(name)
      removeFromTree(tree, info.facts.zone, name)
      removeImages(images, info.facts)
      order = undefined
      if (info.pods.size > 0) strays.set(name, info.pods)
      return info.facts
    },
    assumePod(pod, node) {
      const { size } = places
      places.set(pod.uid, node)
      assert(places.size > size, 'the pod is on a node already', pod.key)
      place(pod, node)
    },
    addPod(pod, node) {
      const at = places.get(pod.uid)
      const info = at === undefined ? undefined : nodes.get(at)
      set(pod, node, at, info, info?.pods.get(pod.uid))
    },
    setPod(pod, key) {
      const name = pod.spec.nodeName!
      const info = nodes.get(name)
      // mostly it counts there already, as assumed or as it was
      const there = info?.pods.get(pod.metadata.uid)
      const before = there ?? find(pod.metadata.uid)
      const after = podInfoOf(pod, before, key)
      if (there === undefined) set(after, name, places.get(after.uid), info)
      else set(after, name, name, info, there)
      return { before, after, isNews: before === undefined || !before.pod.spec.nodeName }
    },
    removePod(uid) {
      const at = places.get(uid)
      if (at === undefined) return
      displace(uid, at)
      places.delete(uid)
    },
    find,
    placeOf: (uid) => places.get(uid),
  }
}

/** Takes a pod's new state over where nothing that is counted has changed. */
function swap(node: NodeInfo, old: PodInfo | undefined, pod: PodInfo): boolean {
  if (old === undefined || old.requests !== pod.requests || old.isTerminating !== pod.isTerminating) return false
  node.pods.set(pod.uid, pod)
  return true
}

function removeStray(strays: CacheState['strays'], node: string, uid: string): void {
  const pods = strays.get(node)
  pods?.delete(uid)
  if (pods?.size === 0) strays.delete(node)
}

function countClaims(claims: Map<string, number>, pod: PodInfo, by: 1 | -1): void {
  for (const claim of pod.claims) {
    const count = (claims.get(claim) ?? 0) + by
    if (count > 0) claims.set(claim, count)
    else claims.delete(claim)
  }
}

// upstream: pkg/scheduler/backend/cache/cache.go addNodeImageStates: the size is the one of the first node that has the image
function addImages(images: CacheState['images'], { name, images: list }: NodeFacts): void {
  for (const image of list) {
    for (const imageName of image.names ?? []) {
      const known = images.get(imageName)
      if (known !== undefined) known.nodes.add(name)
      else images.set(imageName, { bytes: image.sizeBytes ?? 0, nodes: new Set([name]) })
    }
  }
}

function removeImages(images: CacheState['images'], { name, images: list }: NodeFacts): void {
  for (const image of list) {
    for (const imageName of image.names ?? []) {
      const known = images.get(imageName)
      known?.nodes.delete(name)
      if (known?.nodes.size === 0) images.delete(imageName)
    }
  }
}
