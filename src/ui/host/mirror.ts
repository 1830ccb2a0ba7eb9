import {
  isEqual,
  parseTime,
  type Cluster,
  type Deployment,
  type Lease,
  type Node,
  type Pod,
  type ReplicaSet,
} from '#engine'
import type { Changes, NodeRow, PodRow } from '../protocol.ts'
import { findAnyway } from './reading.ts'
import { shelfOf } from './shelf.ts'
import { nodeRow } from './nodeRow.ts'
import { podRow, type PodSurroundings } from './podRow.ts'

/** Keeps rows of pods and nodes in step with a cluster, by watch: each change costs what it touches. */
export interface Mirror {
  /** Rows that changed since the last call. */
  readonly take: () => {
    readonly pods: Changes<PodRow>
    readonly nodes: Changes<NodeRow>
    /** how many pods a Deployment or a ReplicaSet wants, by its reference, of those that changed */
    readonly wanted: Readonly<Record<string, number>>
  }
  readonly pod: (key: string) => PodRow | undefined
  /** Something that no watch tells has changed: a probe's answer. */
  readonly touch: (pod: string) => void
  readonly stop: () => void
}

interface Sums {
  cpuMilli: number
  memoryBytes: number
  count: number
}

/** Opens the watches and lists what is there. */
export function createMirror(cluster: Cluster): Mirror {
  const { control, nodes: door, autoscaler } = cluster
  const pods = shelfOf<Pod>(cluster, 'Pod')
  const nodes = shelfOf<Node>(cluster, 'Node')
  const replicaSets = shelfOf<ReplicaSet>(cluster, 'ReplicaSet')
  const deployments = shelfOf<Deployment>(cluster, 'Deployment')
  const rows = new Map<string, PodRow>()
  const podsOf = new Map<string, Set<string>>() // by Deployment or ReplicaSet ref, and by node
  const sums = new Map<string, Sums>()
  const touched = new Set<string>()
  const wanted = new Map<string, number>()
  const ends = new Map<string, number | undefined>() // of nodes in groups: when each would be removed
  let isFirst = true

  const around = (): PodSurroundings => ({
    now: control.now(),
    replicaSet: (key) => replicaSets.items.get(key),
    revisionOf: (key) => deployments.items.get(key)?.metadata.annotations?.['deployment.kubernetes.io/revision'],
    isNodeLost: (name) => isLost(nodes.items.get(name)),
    probesOf: door.probes,
    restartWaitsOf: door.restartWaits,
  })

  function account(row: PodRow | undefined, sign: 1 | -1): void {
    if (row === undefined) return
    for (const group of [row.owner, `Node/${row.node}`]) {
      const members = podsOf.get(group) ?? new Set<string>()
      podsOf.set(group, members)
      if (sign > 0) members.add(row.key)
      else members.delete(row.key)
    }
    if (row.node === '') return
    const sum = sums.get(row.node) ?? { cpuMilli: 0, memoryBytes: 0, count: 0 }
    sums.set(row.node, sum)
    if (!row.isCounted) return
    sum.cpuMilli += sign * row.cpuMilli
    sum.memoryBytes += sign * row.memoryBytes
    sum.count += sign
  }

  function rowOf(node: Node): NodeRow {
    const { name } = node.metadata
    const sum = sums.get(name) ?? { cpuMilli: 0, memoryBytes: 0, count: 0 }
    const machine = door.machine(name)
    return nodeRow(node, {
      requestedCpuMilli: sum.cpuMilli,
      requestedMemoryBytes: sum.memoryBytes,
      podCount: sum.count,
      ...machine,
      ...(isLost(node) && silentSince(name)),
      ...groupOf(name),
    })
  }

  /** The last that was heard of a node: its lease's renewal. */
  function silentSince(name: string): { readonly silentSince?: number } {
    const renewTime = findAnyway<Lease>(cluster, 'Lease', 'kube-node-lease', name)?.spec?.renewTime
    return renewTime === undefined ? {} : { silentSince: parseTime(renewTime) }
  }

  function groupOf(name: string): { readonly group?: string; readonly removalAt?: number } {
    const group = autoscaler?.groupOf(name)
    if (group === undefined) return {}
    const removalAt = endOf(name)
    return { group, ...(removalAt !== undefined && { removalAt }) }
  }

  function endOf(name: string): number | undefined {
    const since = autoscaler?.unneeded().get(name)
    return since === undefined ? undefined : since + (autoscaler?.unneededMs ?? 0)
  }

  /** Nodes that have become needed, or unneeded. */
  function turned(): readonly string[] {
    if (autoscaler === undefined) return []
    return [...nodes.items.keys()].filter((name) => {
      const end = endOf(name)
      if (ends.has(name) && ends.get(name) === end) return false
      ends.set(name, end)
      return true
    })
  }

  function noteWanted(owner: string, count: number | undefined, changed: Record<string, number>): void {
    if (count === undefined || wanted.get(owner) === count) return
    wanted.set(owner, count)
    changed[owner] = count
  }

  function take(): ReturnType<Mirror['take']> {
    const dirty = new Set<string>()
    const dirtyNodes = new Set<string>()
    const gone: string[] = []
    for (const key of pods.take()) dirty.add(key)
    for (const name of nodes.take()) {
      dirtyNodes.add(name)
      for (const key of podsOf.get(`Node/${name}`) ?? []) dirty.add(key)
    }
    const changed: Record<string, number> = {}
    for (const key of deployments.take()) {
      noteWanted(`Deployment/${key}`, deployments.items.get(key)?.spec.replicas, changed)
      for (const pod of podsOf.get(`Deployment/${key}`) ?? []) dirty.add(pod)
    }
    for (const key of replicaSets.take()) {
      noteWanted(`ReplicaSet/${key}`, replicaSets.items.get(key)?.spec.replicas, changed)
      for (const pod of podsOf.get(`ReplicaSet/${key}`) ?? []) dirty.add(pod)
    }
    for (const name of door.changed()) dirtyNodes.add(name)
    for (const name of turned()) dirtyNodes.add(name)
    for (const key of touched) if (pods.items.has(key)) dirty.add(key)
    touched.clear()
    if (isFirst) for (const name of nodes.items.keys()) dirtyNodes.add(name)
    isFirst = false

    const surroundings = around()
    const set: PodRow[] = []
    for (const key of dirty) {
      const before = rows.get(key)
      const pod = pods.items.get(key)
      const row = pod && podRow(pod, surroundings)
      if (row && before && isEqual(row, before)) continue // its Deployment counted anew, its node renewed a heartbeat
      account(before, -1)
      if (before) dirtyNodes.add(before.node)
      if (row === undefined) {
        rows.delete(key)
        if (before) gone.push(key)
        continue
      }
      account(row, 1)
      dirtyNodes.add(row.node)
      rows.set(key, row)
      set.push(row)
    }
    const present = [...dirtyNodes].map((name) => nodes.items.get(name)).filter((node) => node !== undefined)
    const goneNodes = [...dirtyNodes].filter((name) => name !== '' && !nodes.items.has(name))
    return { pods: { set, gone }, nodes: { set: present.map(rowOf), gone: goneNodes }, wanted: changed }
  }

  return {
    take,
    pod: (key) => rows.get(key),
    touch: (key) => void touched.add(key),
    stop: () => [pods, nodes, replicaSets, deployments].forEach((shelf) => shelf.stop()),
  }
}

function isLost(node: Node | undefined): boolean {
  return node?.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'Unknown') ?? false
}
