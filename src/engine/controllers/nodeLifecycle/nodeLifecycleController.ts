import type { KubeObject, Node } from '../../api/index.ts'
import type { Change } from '../../client/index.ts'
import {
  defineController,
  event,
  nothing,
  patch,
  periodKey,
  updateStatus,
  type Plan,
  type See,
  type Write,
} from '../controller.ts'
import { nodeIndex } from '../indexes.ts'
import { hasTaint } from '../taints.ts'
import { isSilent, podsNotReady, probe, readyOf, withUnknown, type Health } from './nodeHealth.ts'
import { noScheduleWrites, notReadyTaint, swapTaints, unreachableTaint } from './nodeTaints.ts'
import { createZone, rateOf, stateOf, takeToken, timeToToken, zoneOf, type Zone } from './zones.ts'

interface Memory {
  /** nodes that the next check looks at: all but those whose Lease is kept and who are well */
  readonly watched: Set<string>
  readonly health: Map<string, Health>
  /** the trace records of the Leases' last writes: where one falls silent, that is the last that was heard of it */
  readonly lastHeard: Map<string, number>
  /** nodes that have been announced */
  readonly registered: Set<string>
  /** nodes that went, and have not been said good-bye to */
  readonly removed: Map<string, string>
  readonly zones: Map<string, Zone>
}

type Sight = See<Memory>

const monitorMs = 5000 // --node-monitor-period
const retryMs = 100 // upstream: NodeEvictionPeriod

/**
 * Watches over the nodes' heartbeats; marks and taints those that fall silent or say that they are not well.
 * upstream: pkg/controller/nodelifecycle/node_lifecycle_controller.go
 */
export const nodeLifecycleController = defineController<Node, Memory>({
  name: 'node-controller',
  for: 'Node',
  everyMs: monitorMs,
  createMemory: () => ({
    watched: new Set(),
    health: new Map(),
    lastHeard: new Map(),
    registered: new Set(),
    removed: new Map(),
    zones: new Map(),
  }),
  watches: {
    Node: {
      observe: (change: Change<Node>, { memory }) => noteNode(change, memory),
      concerns: ({ object }: Change<Node>, { memory }) => {
        const { name } = object.metadata
        return memory.zones.get(zoneOf(object))?.queue.includes(name) ? [name, zoneOf(object)] : [name]
      },
    },
    Lease: { observe: (change: Change<KubeObject>, see) => noteLease(change, see) },
    Pod: { indexes: nodeIndex },
  },
  reconcile: ({ object, now }) => ({ writes: [...noScheduleWrites(object, now), ...labelWrites(object)] }),
  reconcileAbsent(see, key) {
    if (key === periodKey) return monitor(see)
    return key.startsWith('zone:') ? taintNext(see, key) : nothing
  },
})

function noteNode({ type, object }: Change<Node>, memory: Memory): void {
  const { watched, health, lastHeard, removed, registered } = memory
  const { name, uid } = object.metadata
  if (type !== 'DELETED') {
    if (!registered.has(name) || !isWell(object)) watched.add(name)
    return
  }
  watched.delete(name)
  health.delete(name)
  lastHeard.delete(name)
  if (registered.delete(name)) removed.set(name, uid)
}

function noteLease({ object, cause }: Change<KubeObject>, { memory, lister, isLeaseKept }: Sight): void {
  const { namespace, name } = object.metadata
  if (namespace !== 'kube-node-lease' || isLeaseKept(name)) return
  memory.lastHeard.set(name, cause)
  if (lister('Node').get(name)) memory.watched.add(name)
}

function isWell(node: Node): boolean {
  return readyOf(node)?.status === 'True' && !hasTaint(node, notReadyTaint) && !hasTaint(node, unreachableTaint)
}

/** One look at all nodes that need one. upstream: monitorNodeHealth */
function monitor(see: Sight): Plan {
  const { memory, lister } = see
  if (memory.watched.size === 0 && memory.removed.size === 0) return nothing
  const nodes = [...memory.watched].flatMap((name) => lister<Node>('Node').get(name) ?? [])
  const writes = [...announce(memory, nodes), ...goodbyes(memory), ...nodes.flatMap((node) => check(see, node))]
  const disruption = reviewZones(see, nodes)
  const wake = [...memory.zones].filter(([, zone]) => zone.queue.length > 0).map(([key]) => key)
  return { writes: [...writes, ...disruption], wake }
}

function announce({ registered }: Memory, nodes: readonly Node[]): readonly Write[] {
  const fresh = nodes.filter(({ metadata }) => !registered.has(metadata.name))
  return fresh.map((node) => {
    const { name } = node.metadata
    registered.add(name)
    return event(node, 'Normal', 'RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`)
  })
}

function goodbyes({ removed }: Memory): readonly Write[] {
  const writes = [...removed].map(([name, uid]) => {
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name, uid } } as KubeObject
    return event(node, 'Normal', 'RemovingNode', `Node ${name} event: Removing Node ${name} from Controller`)
  })
  removed.clear()
  return writes
}

function check(see: Sight, node: Node): readonly Write[] {
  const { memory, now } = see
  const { name } = node.metadata
  const health = probe(see, node, memory.health.get(name))
  memory.health.set(name, health)
  if (isSilent(node, health, now)) return checkSilent(see, node)
  if (see.isLeaseKept(name) && isWell(node)) {
    memory.watched.delete(name)
    memory.health.delete(name)
  }
  return taintByHealth(see, node)
}

function checkSilent(see: Sight, node: Node): readonly Write[] {
  const { name } = node.metadata
  const unknown = withUnknown(node, see.now)
  if (unknown === node) return taintByHealth(see, node)
  const wasReady = readyOf(node)?.status === 'True'
  const told = event(node, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`)
  queueForTaint(see, unknown)
  const done = (): readonly Write[] => (wasReady ? [told, ...podsNotReady(see, node)] : [])
  const write = updateStatus(unknown, { done, refused: () => [] })
  return [{ do: 'because', cause: see.memory.lastHeard.get(name) ?? 0, writes: [write] }]
}

/** upstream: processTaintBaseEviction */
function taintByHealth(see: Sight, node: Node): readonly Write[] {
  const status = readyOf(node)?.status
  if (status === 'True') return swapTaints(node, [], [notReadyTaint, unreachableTaint], see.now)
  if (status === undefined) return []
  const [wanted, opposite] = status === 'False' ? [notReadyTaint, unreachableTaint] : [unreachableTaint, notReadyTaint]
  if (hasTaint(node, wanted)) return []
  if (hasTaint(node, opposite)) return swapTaints(node, [wanted], [opposite], see.now)
  queueForTaint(see, node)
  return []
}

function queueForTaint({ memory, now }: Sight, node: Node): void {
  const key = zoneOf(node)
  let zone = memory.zones.get(key)
  if (zone === undefined) memory.zones.set(key, (zone = createZone(now)))
  if (!zone.queue.includes(node.metadata.name)) zone.queue.push(node.metadata.name)
}

/** The zone's nodes get their NoExecute taint at the zone's pace. upstream: doNoExecuteTaintingPass */
function taintNext(see: Sight, key: string): Plan {
  const { lister, now, memory } = see
  const zone = memory.zones.get(key)
  const node = zone && lister<Node>('Node').get(zone.queue[0] ?? '')
  if (zone === undefined || zone.queue.length === 0) return nothing
  const status = node && readyOf(node)?.status
  const next = (): readonly Write[] => {
    zone.queue.shift()
    return []
  }
  if (node === undefined || status === undefined || (status === 'True' && !isMarked(see, node)))
    return { writes: next(), wake: [key] }
  const waitMs = timeToToken(zone, now)
  // a node that has just been marked Unknown may still look ready from here
  if (status === 'True' || waitMs > 0)
    return waitMs === Infinity ? nothing : { writes: [], requeueAfterMs: Math.max(waitMs, retryMs) }
  const [wanted, opposite] = status === 'False' ? [notReadyTaint, unreachableTaint] : [unreachableTaint, notReadyTaint]
  const taint = swapTaints(node, [wanted], [opposite], now)
  if (taint.length === 0) return { writes: next(), wake: [key] }
  const done = (): readonly Write[] => {
    takeToken(zone)
    return next()
  }
  return { writes: taint.map((write) => ({ ...write, done }) as Write), wake: zone.queue.length > 1 ? [key] : [] }
}

function isMarked({ memory, now }: Sight, node: Node): boolean {
  const health = memory.health.get(node.metadata.name)
  return health !== undefined && isSilent(node, health, now)
}

/** Many lost at once look more like a broken network than like broken nodes: evictions slow down or stop. */
// upstream: handleDisruption
function reviewZones(see: Sight, nodes: readonly Node[]): readonly Write[] {
  const { memory, lister, now } = see
  if (memory.zones.size === 0 && nodes.every(isWell)) return []
  const counts = new Map<string, { ready: number; notReady: number }>()
  for (const node of lister<Node>('Node').list()) {
    const count = counts.get(zoneOf(node)) ?? { ready: 0, notReady: 0 }
    counts.set(zoneOf(node), count)
    if (readyOf(node)?.status === 'True') count.ready++
    else count.notReady++
  }
  const states = [...counts].map(([key, { ready, notReady }]) => ({
    key,
    size: ready + notReady,
    state: stateOf(ready, notReady),
  }))
  const isAllLost = states.every(({ state }) => state === 'FullDisruption')
  const wasAllLost =
    memory.zones.size > 0 && [...memory.zones.values()].every(({ nodesPerSecond }) => nodesPerSecond === 0)
  for (const { key, state, size } of states) {
    const zone = memory.zones.get(key) ?? createZone(now)
    memory.zones.set(key, Object.assign(zone, { state, nodesPerSecond: rateOf(state, size, isAllLost) }))
  }
  if (!isAllLost) return []
  for (const zone of memory.zones.values()) zone.queue = []
  return wasAllLost
    ? []
    : [...lister<Node>('Node').list()].flatMap((node) => swapTaints(node, [], [notReadyTaint, unreachableTaint], now))
}

const labelPairs = [
  ['kubernetes.io/os', 'beta.kubernetes.io/os'],
  ['kubernetes.io/arch', 'beta.kubernetes.io/arch'],
] as const

/** The older names of two labels follow the newer ones. upstream: reconcileNodeLabels */
function labelWrites(node: Node): readonly Write[] {
  const { labels = {} } = node.metadata
  const stale = labelPairs.filter(([name, older]) => labels[name] !== undefined && labels[name] !== labels[older])
  if (stale.length === 0) return []
  return [
    patch(node, { metadata: { labels: Object.fromEntries(stale.map(([name, older]) => [older, labels[name]])) } }),
  ]
}
