import { cpuMilli, parseQuantity, wholeUnits, type Pod, type ResourceList } from '../../api/index.ts'
import { isSidecar } from './restartPolicy.ts'
import type { Container } from './state.ts'

/** What a pod asks of its node: by resource, cpu in thousandths, all else in whole units. */
export type Amounts = Readonly<Record<string, number>>

/** One amount as the node counts it. */
export function amountOf(resource: string, quantity: string): number {
  return resource === 'cpu' ? cpuMilli(quantity) : wholeUnits(quantity)
}

/** The pod's requests: its containers together, or its hungriest init container. upstream: component-helpers/resource PodRequests */
export function podRequests(pod: Pod): Amounts {
  const total: Record<string, number> = {}
  for (const { resources } of pod.spec.containers) add(total, resources?.requests)
  const init = pod.spec.initContainers ?? []
  if (init.length > 0) addInit(total, init as readonly Container[])
  const whole = pod.spec.resources?.requests
  for (const name in whole) total[name] = amountOf(name, whole[name]!)
  add(total, pod.spec.overhead)
  return total
}

/** Sidecars run beside everything that comes after them; a plain init container runs before all others. */
function addInit(total: Record<string, number>, init: readonly Container[]): void {
  const sidecars: Record<string, number> = {}
  const peak: Record<string, number> = {}
  for (const container of init) {
    const requests = container.resources?.requests
    if (isSidecar(container)) {
      add(sidecars, requests)
      continue
    }
    const own = { ...sidecars }
    add(own, requests)
    raise(peak, own)
  }
  for (const name in sidecars) total[name] = (total[name] ?? 0) + sidecars[name]!
  raise(total, peak)
}

/** What the pod's status says of its resources as a whole. */
export function totalOf({ spec: { containers } }: Pod): Total {
  if (containers.length > 1) return summedUp(containers)
  const resources = containers[0]?.resources ?? noResources
  const requests = filled(resources.requests)
  const limits = filled(resources.limits)
  if (requests === undefined || limits !== undefined) return totalFrom(requests, limits)
  return { allocatedResources: requests, resources: requestsOf(resources, requests) }
}

/** Requests alone: the record that was asked for, where there is nothing else in it. */
export function requestsOf<Asked extends object>(
  asked: Asked,
  requests: ResourceList,
): Asked | { readonly requests: ResourceList } {
  for (const name in asked) if (name !== 'requests') return { requests }
  return asked
}

type Total = { readonly allocatedResources?: ResourceList; readonly resources: object }

const noResources: NonNullable<Pod['spec']['containers'][number]['resources']> = Object.freeze({})

function summedUp(containers: Pod['spec']['containers']): Total {
  return totalFrom(
    summed(containers.map(({ resources }) => resources?.requests)),
    summed(containers.map(({ resources }) => resources?.limits)),
  )
}

function totalFrom(requests: ResourceList | undefined, limits: ResourceList | undefined): Total {
  if (requests === undefined) return limits === undefined ? empty : { resources: { limits } }
  return { allocatedResources: requests, resources: limits === undefined ? { requests } : { limits, requests } }
}

const empty: Total = Object.freeze({ resources: Object.freeze({}) })

function filled(list: ResourceList | undefined): ResourceList | undefined {
  if (list !== undefined) for (const _ in list) return list
  return undefined
}

function summed(lists: readonly (ResourceList | undefined)[]): ResourceList | undefined {
  const given = lists.filter((list) => filled(list) !== undefined) as readonly ResourceList[]
  if (given.length < 2) return given[0]
  const names = [...new Set(given.flatMap((list) => Object.keys(list)))].sort()
  return Object.fromEntries(names.map((name) => [name, sumText(given.flatMap((list) => list[name] ?? []))]))
}

function sumText(quantities: readonly string[]): string {
  if (quantities.length === 1) return quantities[0]!
  const sum = quantities.reduce((total, quantity) => total + parseQuantity(quantity), 0)
  if (quantities.some((quantity) => quantity.endsWith('i'))) return binaryText(sum)
  return Number.isInteger(sum) ? String(sum) : `${Math.round(sum * 1000)}m`
}

function binaryText(bytes: number): string {
  for (const [unit, size] of [
    ['Gi', 2 ** 30],
    ['Mi', 2 ** 20],
    ['Ki', 2 ** 10],
  ] as const)
    if (bytes >= size && bytes % size === 0) return `${bytes / size}${unit}`
  return String(bytes)
}

function add(total: Record<string, number>, list: ResourceList | undefined): void {
  for (const name in list) total[name] = (total[name] ?? 0) + amountOf(name, list[name]!)
}

function raise(total: Record<string, number>, other: Amounts): void {
  for (const name in other) total[name] = Math.max(total[name] ?? 0, other[name]!)
}
