import type { Node, Pod } from '../api/index.ts'
import { createCore, createCoreState } from './core.ts'
import { podInfoOf } from './podInfo.ts'
import { objectsOf } from './snapshot.ts'

/** What to measure: `spread` gives every pod zone spreading and anti-affinity to its like. */
export interface BenchInput {
  readonly nodes: number
  readonly pods: number
  readonly spread?: boolean
  /** a wall clock, in milliseconds */
  readonly now: () => number
}

/** How fast pods found their nodes. */
export interface BenchResult {
  readonly podsPerSecond: number
  readonly placed: number
}

const deployments = 20

/** Measures the scheduler alone: reading pods, queue, cycle, assuming and confirming, with no API server around it. */
export function benchScheduler({ nodes, pods, spread = false, now }: BenchInput): BenchResult {
  const core = createCore(createCoreState(), { now: () => 0, random: () => 0, objects: objectsOf({}) })
  for (let index = 0; index < nodes; index++) core.cache.setNode(nodeAt(index))
  const waiting = Array.from({ length: pods }, (_, index) => podAt(index, spread))
  const start = now()
  for (const pod of waiting) core.queue.add(podInfoOf(pod), 0)
  let placed = 0
  for (let tried = core.scheduleNext(); tried !== undefined; tried = core.scheduleNext()) {
    const { queued, attempt } = tried
    if (attempt.node === undefined) continue
    const { pod } = queued.info
    const bound = { ...pod, spec: { ...pod.spec, nodeName: attempt.node.name } }
    core.queue.remove(queued.info.uid)
    core.cache.addPod(podInfoOf(bound, queued.info), attempt.node.name)
    placed++
  }
  return { podsPerSecond: (placed / (now() - start)) * 1000, placed }
}

function nodeAt(index: number): Node {
  const name = `node-${index}`
  const labels = { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': `zone-${index % 3}` }
  const allocatable = { cpu: '32', memory: '128Gi', pods: '110' }
  return Object.freeze({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: name, resourceVersion: '1', creationTimestamp: '', labels },
    spec: {},
    status: { allocatable },
  }) as Node
}

function podAt(index: number, spread: boolean): Pod {
  const app = `app-${index % deployments}`
  const resources = { requests: { cpu: '100m', memory: '128Mi' } }
  const labelSelector = { matchLabels: { app } }
  const spreading = {
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector },
      { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', labelSelector },
    ],
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname', labelSelector }],
      },
    },
  }
  return Object.freeze({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${app}-${index}`,
      namespace: 'default',
      uid: `uid-${index}`,
      resourceVersion: '1',
      creationTimestamp: '',
      labels: { app },
    },
    spec: {
      containers: [{ name: 'app', image: 'app:1', resources }],
      schedulerName: 'default-scheduler',
      ...(spread && spreading),
    },
    status: { phase: 'Pending' },
  }) as Pod
}
