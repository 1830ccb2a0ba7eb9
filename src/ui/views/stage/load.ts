import { cores, memoryUnit } from '../../format.ts'
import type { Load, PodRow } from '../../protocol.ts'

export type Resource = 'cpu' | 'memory'

/** One pod's share of a load bar, in percent of the node's capacity. */
export interface Segment {
  /** the pod's key; 'rest' for requests of pods that the page does not show */
  readonly key: string
  readonly percent: number
  readonly owner: string
  readonly isOld: boolean
  readonly title: string
}

/** What a pod requests of a resource. */
export function requestOf(pod: PodRow, resource: Resource): number {
  return resource === 'cpu' ? pod.cpuMilli : pod.memoryBytes
}

/** The segments of a bar, in the order of the tiles. They sum to what the scheduler counts. */
export function segmentsOf(pods: readonly PodRow[], load: Load, resource: Resource): readonly Segment[] {
  if (load.capacity <= 0) return []
  const segments = pods
    .filter((pod) => pod.isCounted && requestOf(pod, resource) > 0)
    .map((pod) => ({
      key: pod.key,
      percent: (requestOf(pod, resource) / load.capacity) * 100,
      owner: pod.owner,
      isOld: pod.isOld,
      title: `${pod.ownerName}-${pod.suffix} ${amount(requestOf(pod, resource), resource)}`,
    }))
  const rest = load.requested - pods.reduce((sum, pod) => sum + (pod.isCounted ? requestOf(pod, resource) : 0), 0)
  // Rounding of requests stays below a thousandth of a node; more than that is a pod we were not told of.
  if (rest <= load.capacity / 1000) return segments
  const percent = (rest / load.capacity) * 100
  return [...segments, { key: 'rest', percent, owner: '', isOld: false, title: `others ${amount(rest, resource)}` }]
}

/** An outline behind the last segment: what would come on top, and whether it would still fit. */
export function addedTo(
  load: Load,
  amount: number,
): { readonly percent: number; readonly isOver: boolean; readonly title: string } | undefined {
  if (amount <= 0 || load.capacity <= 0) return undefined
  const isOver = load.requested + amount > load.allocatable
  const percent = Math.max(
    0,
    Math.min(100, ((load.requested + amount) / load.capacity) * 100) - (load.requested / load.capacity) * 100,
  )
  return { percent, isOver, title: isOver ? 'would not fit' : 'would fit' }
}

/** Where the load line stands, where the hatch begins, and how far the used line reaches, in percent. */
export function linesOf(load: Load): { readonly allocatable: number; readonly used: number } {
  if (load.capacity <= 0) return { allocatable: 100, used: 0 }
  const part = (value: number) => Math.max(0, Math.min(100, (value / load.capacity) * 100))
  return { allocatable: part(load.allocatable), used: part(load.used) }
}

/** The figures beside a bar: `1.15` of `1.9` · `0.7`, with the unit after the second. */
export function figuresOf(
  load: Load,
  resource: Resource,
): { readonly requested: string; readonly allocatable: string; readonly used: string } {
  if (resource === 'cpu') {
    return {
      requested: cores(load.requested),
      allocatable: cores(load.allocatable),
      used: (load.used / 1000).toFixed(1),
    }
  }
  const { unit, of } = memoryUnit(load.allocatable)
  return { requested: of(load.requested), allocatable: `${of(load.allocatable)} ${unit}`, used: of(load.used) }
}

/** The three figures as a sentence. */
export function loadLabel(load: Load, resource: Resource): string {
  const [requested, allocatable, used] = [load.requested, load.allocatable, load.used].map((value) =>
    amount(value, resource),
  )
  const name = resource === 'cpu' ? 'CPU' : 'Memory'
  return `${name}: requested ${requested} of ${allocatable} allocatable, ${used} used`
}

function amount(value: number, resource: Resource): string {
  return resource === 'cpu' ? `${Math.round(value)}m` : `${Math.round(value / 2 ** 20)}Mi`
}
