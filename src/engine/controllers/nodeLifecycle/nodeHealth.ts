import { formatTime, parseTime, type Lease, type Node, type Pod } from '../../api/index.ts'
import { event, updateStatus, type See, type Write } from '../controller.ts'
import { forgive } from '../perform.ts'

/** When a node was last heard of, and by what sign. */
export interface Health {
  probedAt: number
  lease: string
  heartbeat: string
}

const graceMs = 50_000 // --node-monitor-grace-period
const startupGraceMs = 60_000
const watched = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure']

/** A node's condition Ready. */
export function readyOf({ status }: Node) {
  return status?.conditions?.find(({ type }) => type === 'Ready')
}

/** Looks for signs of life: a renewed Lease, a newer heartbeat. upstream: tryUpdateNodeHealth */
export function probe(see: See, node: Node, known: Health | undefined): Health {
  const { name, creationTimestamp } = node.metadata
  const ready = readyOf(node)
  const lease = String(see.lister<Lease>('Lease').get(`kube-node-lease/${name}`)?.spec?.renewTime ?? '')
  const heartbeat = ready?.lastHeartbeatTime ?? ''
  const isAlive = see.isLeaseKept(name) || (ready !== undefined && known === undefined)
  if (known === undefined && !isAlive) return { probedAt: parseTime(creationTimestamp), lease, heartbeat }
  const isFresh = isAlive || known?.lease !== lease || known.heartbeat !== heartbeat
  return { probedAt: isFresh ? see.now : known.probedAt, lease, heartbeat }
}

/** Whether it has been silent for too long. */
export function isSilent(node: Node, { probedAt }: Health, now: number): boolean {
  return now - probedAt >= (readyOf(node) === undefined ? startupGraceMs : graceMs)
}

/** The node as it is when nothing is known of it any more; the same node if all that is noted already. */
export function withUnknown(node: Node, now: number): Node {
  const at = formatTime(now)
  const before = node.status?.conditions ?? []
  let isNews = false
  const seen = before.map((condition) => {
    if (!watched.includes(condition.type) || condition.status === 'Unknown') return condition
    isNews = true
    const why = { reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' }
    return { ...condition, status: 'Unknown', ...why, lastTransitionTime: at }
  })
  const missing = watched.filter((type) => !before.some((condition) => condition.type === type))
  if (!isNews && missing.length === 0) return node
  const never = missing.map((type) => ({
    type,
    status: 'Unknown',
    reason: 'NodeStatusNeverUpdated',
    message: 'Kubelet never posted node status.',
    lastHeartbeatTime: node.metadata.creationTimestamp,
    lastTransitionTime: at,
  }))
  return { ...node, status: { ...node.status, conditions: [...seen, ...never] } } as Node
}

/** Pods of a lost node are not ready, whatever they said last. upstream: MarkPodsNotReady */
export function podsNotReady(see: See, node: Node): readonly Write[] {
  const writes: Write[] = []
  for (const pod of see.lister<Pod>('Pod').by('node', node.metadata.name)) {
    const conditions = pod.status.conditions ?? []
    if (!conditions.some(({ type, status }) => type === 'Ready' && status !== 'False')) continue
    const next = conditions.map((each) =>
      each.type === 'Ready' ? { ...each, status: 'False', lastTransitionTime: formatTime(see.now) } : each,
    )
    const marked = { ...pod, status: { ...pod.status, conditions: next } } as unknown as Pod
    const told = event(pod, 'Warning', 'NodeNotReady', 'Node is not ready')
    writes.push(updateStatus(marked, { done: () => [told], refused: () => forgive }))
  }
  return writes
}
