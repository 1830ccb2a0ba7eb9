import type { NodeRow, PodRow, QueuedRow } from '../../src/ui/protocol.ts'

/** A pod's row; only what a test is about needs saying. */
export function podRow(name: string, changes: Partial<PodRow> = {}): PodRow {
  const namespace = changes.namespace ?? 'default'
  const ownerName = changes.ownerName ?? name.split('-')[0] ?? name
  return {
    key: `${namespace}/${name}`,
    uid: name,
    namespace,
    name,
    node: 'node-1',
    owner: `Deployment/${namespace}/${ownerName}`,
    ownerName,
    suffix: name.split('-').at(-1) ?? name,
    isOld: false,
    look: 'ready',
    status: 'Running',
    ready: '1/1',
    isReady: true,
    restarts: 0,
    containers: [{ name: 'app', role: 'app', state: 'running', restarts: 0, image: 'app:1' }],
    probes: [],
    cpuMilli: 100,
    memoryBytes: 2 ** 27,
    isCounted: true,
    ip: '10.244.1.2',
    createdAt: 0,
    ...changes,
  }
}

/** A node's row. */
export function nodeRow(name: string, changes: Partial<NodeRow> = {}): NodeRow {
  return {
    name,
    condition: 'Ready',
    isCordoned: false,
    zone: 'a',
    taints: [],
    cpu: { capacity: 2000, allocatable: 1900, requested: 0, used: 0 },
    memory: { capacity: 2 ** 32, allocatable: 3.5 * 2 ** 30, requested: 0, used: 0 },
    podsMax: 110,
    podCount: 0,
    isPowered: true,
    isConnected: true,
    isKubeletRunning: true,
    ...changes,
  }
}

/** A pod in one of the scheduler's queues. */
export function queued(pod: string, changes: Partial<QueuedRow> = {}): QueuedRow {
  return { pod, attempts: 0, since: 0, until: 0, rejectedBy: [], gatedBy: '', nominatedNode: '', ...changes }
}
