import { cpuMilli, wholeUnits, type Node } from '#engine'
import type { NodeRow } from '../protocol.ts'

/** What a node's row needs beyond the Node object: sums over its pods, and the truth about the machine. */
export interface NodeSurroundings {
  readonly requestedCpuMilli: number
  readonly requestedMemoryBytes: number
  readonly usedCpuMilli: number
  readonly usedMemoryBytes: number
  readonly podCount: number
  readonly isPowered: boolean
  readonly isConnected: boolean
  readonly isKubeletRunning: boolean
  readonly silentSince?: number
  readonly group?: string
  readonly removalAt?: number
}

/** All that a hull shows of a node. */
export function nodeRow({ metadata, spec, status }: Node, around: NodeSurroundings): NodeRow {
  const { capacity = {}, allocatable = {} } = status
  const { requestedCpuMilli, requestedMemoryBytes, usedCpuMilli, usedMemoryBytes, ...rest } = around
  return {
    name: metadata.name,
    condition: conditionOf(status.conditions ?? []),
    isCordoned: spec.unschedulable ?? false,
    zone: metadata.labels?.['topology.kubernetes.io/zone'] ?? '',
    taints: (spec.taints ?? []).map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`),
    cpu: {
      capacity: cpuMilli(capacity['cpu']),
      allocatable: cpuMilli(allocatable['cpu']),
      requested: requestedCpuMilli,
      used: usedCpuMilli,
    },
    memory: {
      capacity: wholeUnits(capacity['memory']),
      allocatable: wholeUnits(allocatable['memory']),
      requested: requestedMemoryBytes,
      used: usedMemoryBytes,
    },
    podsMax: wholeUnits(allocatable['pods']),
    ...rest,
  }
}

function conditionOf(conditions: readonly { readonly type: string; readonly status: string }[]): NodeRow['condition'] {
  const ready = conditions.find(({ type }) => type === 'Ready')
  if (ready?.status === 'True') return 'Ready'
  return ready?.status === 'Unknown' ? 'Unknown' : 'NotReady'
}
