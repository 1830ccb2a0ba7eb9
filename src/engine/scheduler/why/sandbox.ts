import type { KubeObject, Node, Pod } from '../../api/index.ts'
import { copyState } from '../../sim/index.ts'
import { createCache, type Cache, type CacheState } from '../cache.ts'
import { runCycle } from '../cycle.ts'
import { tryOut, type Tryout } from '../tryOut.ts'
import type { NodeInfo } from '../nodeInfo.ts'
import type { ObservedKind, Objects } from '../objects.ts'
import { podInfoOf, type PodInfo } from '../podInfo.ts'
import type { Framework } from '../profile.ts'
import { snapshotFrom, type Snapshot } from '../snapshot.ts'

/** What a sandbox is made of: the scheduler's picture of the cluster, which is copied, never touched. */
export interface SandboxInput {
  readonly cache: CacheState
  readonly framework: Framework
  readonly nominated: Snapshot['nominated']
  readonly objects: Objects
  readonly promisedVolumes: Snapshot['promisedVolumes']
  readonly promisedDevices?: Snapshot['promisedDevices']
  /** where the next search for nodes begins */
  readonly start: number
}

/** A copy of the cluster to try changes on, each by itself: after a trial all is as it was. */
export interface Sandbox {
  readonly framework: Framework
  readonly snapshot: Snapshot
  /** The filters of a pod as things stand. */
  readonly tryOut: (pod: PodInfo) => Tryout
  /** Whether the pod would fit on one of the nodes (all, unless some are named); the first one that takes it. */
  readonly placeOf: (pod: PodInfo, nodes?: readonly NodeInfo[]) => string | undefined
  /** The node the scheduler would choose, if one of those named takes the pod. */
  readonly choiceFor: (pod: PodInfo, nodes?: readonly NodeInfo[]) => string | undefined
  /** Asks about a cluster in which this node is there, or is as given. */
  readonly withNode: <T>(node: Node, ask: () => T) => T
  /** Asks about a cluster without these pods. */
  readonly withoutPods: <T>(pods: readonly PodInfo[], ask: () => T) => T
  /** Asks about a cluster with one object more, or another one. */
  readonly withObject: <T>(kind: ObservedKind, key: string, object: KubeObject, ask: () => T) => T
  readonly podsOn: (node: string) => readonly PodInfo[]
}

/** Copies the scheduler's picture. */
export function createSandbox({
  cache: state,
  framework,
  nominated,
  objects,
  promisedVolumes,
  promisedDevices,
  start,
}: SandboxInput): Sandbox {
  const cache = createCache(copyState(state))
  const overlay = new Map<string, KubeObject>()
  const snapshot = snapshotFrom(cache, nominated, overlaid(objects, overlay), promisedVolumes, promisedDevices)
  const filtersOf = (pod: PodInfo): Tryout => tryOut({ framework, pod, snapshot, random: () => 0, start })

  function placeOf(pod: PodInfo, nodes = snapshot.nodes()): string | undefined {
    const { refusal, objection } = filtersOf(pod)
    if (refusal !== undefined) return undefined
    return nodes.find((node) => objection(node) === undefined)?.name
  }

  return {
    framework,
    snapshot,
    tryOut: filtersOf,
    placeOf,
    choiceFor(pod, nodes) {
      const place = placeOf(pod, nodes)
      return place && (runCycle({ framework, pod, snapshot, random: () => 0, start }).node?.name ?? place)
    },
    withNode(node, ask) {
      const before = cache.node(node.metadata.name)?.facts.node
      cache.setNode(node)
      const answer = ask()
      if (before === undefined) cache.removeNode(node.metadata.name)
      else cache.setNode(before)
      return answer
    },
    withoutPods(pods, ask) {
      const places = pods.map(({ uid }) => removeFrom(cache, uid))
      const answer = ask()
      pods.forEach((pod, index) => cache.addPod(pod, places[index]!))
      return answer
    },
    withObject(kind, key, object, ask) {
      overlay.set(`${kind} ${key}`, object)
      const answer = ask()
      overlay.delete(`${kind} ${key}`)
      return answer
    },
    podsOn: (node) => [...(cache.node(node)?.pods.values() ?? [])],
  }
}

/** A pod as it would be read if its spec were another. */
export function changedPod({ pod }: PodInfo, spec: Pod['spec']): PodInfo {
  return podInfoOf({ ...pod, spec })
}

function removeFrom(cache: Cache, uid: string): string {
  const node = cache.placeOf(uid) ?? ''
  cache.removePod(uid)
  return node
}

function overlaid(objects: Objects, overlay: ReadonlyMap<string, KubeObject>): Objects {
  const of = (kind: ObservedKind): KubeObject[] =>
    [...overlay].filter(([key]) => key.startsWith(`${kind} `)).map(([, object]) => object)
  return {
    get: <T extends KubeObject>(kind: ObservedKind, key: string) =>
      (overlay.get(`${kind} ${key}`) as T | undefined) ?? objects.get<T>(kind, key),
    list: <T extends KubeObject>(kind: ObservedKind) =>
      overlay.size === 0 ? objects.list<T>(kind) : [...(of(kind) as T[]), ...objects.list<T>(kind)],
    within: <T extends KubeObject>(kind: ObservedKind, namespace: string) => objects.within<T>(kind, namespace),
  }
}
