import { formatTime, type Node } from '../../api/index.ts'
import { patch, type Write } from '../controller.ts'
import { changeTaints, hasTaint, type Taint } from '../taints.ts'

const keys = {
  notReady: 'node.kubernetes.io/not-ready',
  unreachable: 'node.kubernetes.io/unreachable',
  unschedulable: 'node.kubernetes.io/unschedulable',
} as const

// upstream: nodeConditionToTaintKeyStatusMap in pkg/controller/nodelifecycle/node_lifecycle_controller.go
const byCondition: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: keys.notReady, Unknown: keys.unreachable },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
}

const managed: ReadonlySet<string> = new Set([
  keys.unschedulable,
  ...Object.values(byCondition).flatMap((byStatus) => Object.values(byStatus)),
])

export const notReadyTaint: Taint = Object.freeze({ key: keys.notReady, effect: 'NoExecute' })
export const unreachableTaint: Taint = Object.freeze({ key: keys.unreachable, effect: 'NoExecute' })

/** Makes the NoSchedule taints say what the conditions and `unschedulable` say. upstream: doNoScheduleTaintingPass */
export function noScheduleWrites(node: Node, now: number): readonly Write[] {
  const wanted: Taint[] = []
  for (const { type, status } of node.status?.conditions ?? []) {
    const key = byCondition[type]?.[status]
    if (key !== undefined) wanted.push({ key, effect: 'NoSchedule' })
  }
  if (node.spec.unschedulable) wanted.push({ key: keys.unschedulable, effect: 'NoSchedule' })
  const present = (node.spec.taints ?? []).filter(({ key, effect }) => effect === 'NoSchedule' && managed.has(key))
  const missing = wanted.filter((taint) => !hasTaint(node, taint))
  const surplus = present.filter(({ key }) => !wanted.some((taint) => taint.key === key))
  return swapTaints(node, missing, surplus, now)
}

/** Adds and removes taints in one write, unless there is nothing to change. */
export function swapTaints(node: Node, add: readonly Taint[], drop: readonly Taint[], now: number): readonly Write[] {
  const missing = add
    .filter((taint) => !hasTaint(node, taint))
    .map((taint) => ({ ...taint, timeAdded: formatTime(now) }) as unknown as Taint)
  const surplus = drop.filter((taint) => hasTaint(node, taint))
  if (missing.length === 0 && surplus.length === 0) return []
  const taints = changeTaints(node.spec.taints ?? [], missing, surplus)
  const { resourceVersion } = node.metadata
  return [patch(node, { metadata: { resourceVersion }, spec: { taints: taints.length > 0 ? taints : null } })]
}
