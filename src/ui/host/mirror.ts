import {
  keyOf,
  type Cluster,
  type Deployment,
  type KubeObject,
  type Node,
  type Pod,
  type ReplicaSet,
  type Watch,
  type WatchEvent,
} from '#engine'
import type { Changes, NodeRow, PodRow } from '../protocol.ts'
import { nodeRow } from './nodeRow.ts'
import { podRow, type PodSurroundings } from './podRow.ts'

/** Keeps rows of pods and nodes in step with a cluster, by watch: each change costs what it touches. */
export interface Mirror {
  /** Rows that changed since the last call. */
  readonly take: () => { readonly pods: Changes<PodRow>; readonly nodes: Changes<NodeRow> }
  readonly pod: (key: string) => PodRow | undefined
  readonly stop: () => void
}

interface Sums {
  cpuMilli: number
  memoryBytes: number
  count: number
}

/** Opens the watches and lists what is there. */
export function createMirror(cluster: Cluster): Mirror {
  const { api, control, nodes: door } = cluster
  const pods = shelfOf<Pod>(api, 'Pod')
  const nodes = shelfOf<Node>(api, 'Node')
  const replicaSets = shelfOf<ReplicaSet>(api, 'ReplicaSet')
  const deployments = shelfOf<Deployment>(api, 'Deployment')
  const rows = new Map<string, PodRow>()
  const podsOf = new Map<string, Set<string>>() // by Deployment or ReplicaSet ref, and by node
  const sums = new Map<string, Sums>()
  let isFirst = true

  const around = (): PodSurroundings => ({
    now: control.now(),
    replicaSet: (key) => replicaSets.items.get(key),
    revisionOf: (key) => deployments.items.get(key)?.metadata.annotations?.['deployment.kubernetes.io/revision'],
    isNodeLost: (name) => isLost(nodes.items.get(name)),
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
    })
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
    for (const key of deployments.take()) for (const pod of podsOf.get(`Deployment/${key}`) ?? []) dirty.add(pod)
    for (const key of replicaSets.take()) for (const pod of podsOf.get(`ReplicaSet/${key}`) ?? []) dirty.add(pod)
    for (const name of door.changed()) dirtyNodes.add(name)
    if (isFirst) for (const name of nodes.items.keys()) dirtyNodes.add(name)
    isFirst = false

    const surroundings = around()
    const set: PodRow[] = []
    for (const key of dirty) {
      const before = rows.get(key)
      const pod = pods.items.get(key)
      account(before, -1)
      if (before) dirtyNodes.add(before.node)
      if (pod === undefined) {
        rows.delete(key)
        if (before) gone.push(key)
        continue
      }
      const row = podRow(pod, surroundings)
      account(row, 1)
      dirtyNodes.add(row.node)
      rows.set(key, row)
      set.push(row)
    }
    const present = [...dirtyNodes].map((name) => nodes.items.get(name)).filter((node) => node !== undefined)
    const goneNodes = [...dirtyNodes].filter((name) => name !== '' && !nodes.items.has(name))
    return { pods: { set, gone }, nodes: { set: present.map(rowOf), gone: goneNodes } }
  }

  return {
    take,
    pod: (key) => rows.get(key),
    stop: () => [pods, nodes, replicaSets, deployments].forEach((shelf) => shelf.stop()),
  }
}

function isLost(node: Node | undefined): boolean {
  return node?.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'Unknown') ?? false
}

interface Shelf<T> {
  readonly items: Map<string, T>
  /** keys of what changed since the last call */
  readonly take: () => readonly string[]
  readonly stop: () => void
}

function shelfOf<T extends KubeObject>(api: Cluster['api'], kind: string): Shelf<T> {
  const { group, version, plural } = api.findKind(kind)!
  const watch: Watch = api.watch({ group, version, resource: plural })
  const items = new Map<string, T>()
  let fresh: string[] = []
  for (const object of api.list<T>(kind)) {
    items.set(keyOf(object), object)
    fresh.push(keyOf(object))
  }
  const apply = ({ type, object }: WatchEvent): string => {
    const key = keyOf(object as T)
    if (type === 'DELETED') items.delete(key)
    else items.set(key, object as T)
    return key
  }
  return {
    items,
    take() {
      const keys = [
        ...fresh,
        ...watch
          .take()
          .filter(({ type }) => type !== 'BOOKMARK' && type !== 'ERROR')
          .map(apply),
      ]
      fresh = []
      return keys
    },
    stop: watch.stop,
  }
}
