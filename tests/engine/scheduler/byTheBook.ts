import type { Node, Pod } from '../../../src/engine/api/index.ts'
import { cpuMilli, wholeUnits } from '../../../src/engine/api/index.ts'

/** A cluster as plain lists: the reference looks at all of it every time. */
export interface Book {
  readonly nodes: readonly Node[]
  readonly pods: readonly Pod[]
}

/** The plugin that turns a node down, by the book: every rule looked up in the lists, nothing remembered. */
export function rejectionOf(pod: Pod, node: Node, book: Book): string {
  if (node.spec.unschedulable) return 'NodeUnschedulable'
  if ((node.spec.taints ?? []).some(({ key, effect }) => effect === 'NoSchedule' && !tolerates(pod, key)))
    return 'TaintToleration'
  if (!fits(pod, node, book)) return 'NodeResourcesFit'
  if (!spreads(pod, node, book)) return 'PodTopologySpread'
  return meets(pod, node, book) ? 'InterPodAffinity' : ''
}

/** The score of LeastAllocated, by the book. */
export function leastAllocated(pod: Pod, node: Node, { pods }: Book): number {
  const all = [...on(node, pods), pod]
  const cpu = sum(all, ({ cpu }) => (cpu === undefined ? 100 : cpuMilli(cpu)))
  const memory = sum(all, ({ memory }) => (memory === undefined ? 200 * 2 ** 20 : wholeUnits(memory)))
  const left = (used: number, total: number): number => (used > total ? 0 : Math.floor(((total - used) * 100) / total))
  const { cpu: cpuMax, memory: memoryMax } = node.status.allocatable as Record<string, string>
  return Math.floor((left(cpu, cpuMilli(cpuMax)) + left(memory, wholeUnits(memoryMax))) / 2)
}

function tolerates({ spec }: Pod, key: string): boolean {
  return (spec.tolerations ?? []).some((toleration) => toleration.key === key)
}

const on = (node: Node, pods: readonly Pod[]): Pod[] => pods.filter(({ spec }) => spec.nodeName === node.metadata.name)

function sum(pods: readonly Pod[], read: (requests: Readonly<Record<string, string>>) => number): number {
  return pods.reduce(
    (total, { spec }) => total + read((spec.containers[0]!.resources?.requests ?? {}) as Record<string, string>),
    0,
  )
}

function fits(pod: Pod, node: Node, { pods }: Book): boolean {
  const all = [...on(node, pods), pod]
  const allocatable = node.status.allocatable as Record<string, string>
  const own = (pod.spec.containers[0]!.resources?.requests ?? {}) as Record<string, string>
  if (all.length > Number(allocatable['pods'])) return false
  if (own['cpu'] && sum(all, ({ cpu }) => cpuMilli(cpu)) > cpuMilli(allocatable['cpu'])) return false
  return !own['memory'] || sum(all, ({ memory }) => wholeUnits(memory)) <= wholeUnits(allocatable['memory'])
}

const zoneOf = ({ metadata }: Node): string | undefined => metadata.labels?.['topology.kubernetes.io/zone']
const appOf = ({ metadata }: Pod): string | undefined => metadata.labels?.['app']

/** Fixtures have one constraint at most: their own app, over zones, maxSkew 1. */
function spreads(pod: Pod, node: Node, { nodes, pods }: Book): boolean {
  if (pod.spec.topologySpreadConstraints === undefined) return true
  const zone = zoneOf(node)
  if (zone === undefined) return false
  const counts = new Map<string, number>()
  for (const other of nodes) {
    const otherZone = zoneOf(other)
    if (otherZone === undefined) continue
    const alike = on(other, pods).filter(
      (running) => appOf(running) === appOf(pod) && !running.metadata.deletionTimestamp,
    )
    counts.set(otherZone, (counts.get(otherZone) ?? 0) + alike.length)
  }
  return counts.get(zone)! + 1 - Math.min(...counts.values()) <= 1
}

/** Fixtures have one anti-affinity term at most: their own app, on one node. */
function meets(pod: Pod, node: Node, { pods }: Book): boolean {
  const shuns = ({ spec }: Pod): boolean => spec.affinity?.podAntiAffinity !== undefined
  return on(node, pods).some((other) => appOf(other) === appOf(pod) && (shuns(pod) || shuns(other)))
}
