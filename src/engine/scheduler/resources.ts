import { cpuMilli, isEqual, wholeUnits, type Pod } from '../api/index.ts'

/** Amounts by resource name: cpu in thousandths, all else in bytes or whole units. */
export type Amounts = Map<string, number>

/** How requests are summed up. */
export interface RequestOptions {
  /** what a container without a cpu or memory request counts as */
  readonly defaults?: { readonly cpu?: number; readonly memory?: number }
  /** sums the containers even where the pod states its own requests */
  readonly ignorePodLevel?: boolean
}

/** What the scores take a container to need that does not say. */
// upstream: pkg/scheduler/util/pod_resources.go
export const missingRequests = Object.freeze({ cpu: 100, memory: 200 * 1024 * 1024 })

type Container = Pod['spec']['containers'][number]
type Quantities = Readonly<Record<string, string>>

/**
 * What a pod asks of its node: the sum of its containers and sidecars, or the hungriest moment of its start if that is more, and its overhead.
 * Pod-level requests take the place of the sum.
 */
// upstream: staging/src/k8s.io/component-helpers/resource/helpers.go PodRequests
export function podRequests(pod: Pod, options: RequestOptions = {}): Amounts {
  const { containers, initContainers, overhead, resources } = pod.spec
  const total: Amounts = containers[0] === undefined ? new Map() : requestsOf(containers[0], pod, options)
  for (let index = 1; index < containers.length; index++) addAll(total, requestsOf(containers[index]!, pod, options))
  if (initContainers !== undefined) addInitContainers(total, initContainers, pod, options)
  const ownRequests = resources?.requests as Quantities | undefined
  if (ownRequests !== undefined && options.ignorePodLevel !== true) {
    for (const name in ownRequests) if (isPodLevel(name)) total.set(name, amountOf(name, ownRequests[name]!))
  }
  if (overhead !== undefined) addQuantities(total, overhead as Quantities)
  return total
}

function addInitContainers(
  total: Amounts,
  initContainers: readonly Container[],
  pod: Pod,
  options: RequestOptions,
): void {
  const sidecars: Amounts = new Map()
  const peak: Amounts = new Map()
  for (const container of initContainers) {
    const own = requestsOf(container, pod, options)
    if (container.restartPolicy === 'Always') {
      addAll(total, own)
      addAll(sidecars, own)
      raiseTo(peak, sidecars)
    } else {
      addAll(own, sidecars)
      raiseTo(peak, own)
    }
  }
  raiseTo(total, peak)
}

function requestsOf(container: Container, pod: Pod, { defaults }: RequestOptions): Amounts {
  const amounts: Amounts = new Map()
  addQuantities(amounts, container.resources?.requests as Quantities | undefined)
  const statuses = pod.status?.containerStatuses
  if (statuses !== undefined) raiseToActual(amounts, container, pod)
  if (defaults?.cpu !== undefined && !amounts.has('cpu')) amounts.set('cpu', defaults.cpu)
  if (defaults?.memory !== undefined && !amounts.has('memory')) amounts.set('memory', defaults.memory)
  return amounts
}

/** A pod that is being resized in place counts with the larger of what it wants and what it has. */
function raiseToActual(amounts: Amounts, container: Container, pod: Pod): void {
  const actual = actualRequests(container, pod)
  if (actual === undefined) return
  const conditions = pod.status.conditions ?? []
  const isInfeasible = conditions.some(({ type, reason }) => type === 'PodResizePending' && reason === 'Infeasible')
  if (isInfeasible) amounts.clear()
  const have: Amounts = new Map()
  addQuantities(have, actual)
  raiseTo(amounts, have)
}

function actualRequests({ name }: Container, { status }: Pod): Quantities | undefined {
  for (const { name: other, resources } of status.containerStatuses ?? [])
    if (other === name) return resources?.requests as Quantities | undefined
  return undefined
}

/** Whether a running pod has other resources than its spec asks for: a resize is under way. */
export function isResizing(pod: Pod): boolean {
  if (pod.status?.containerStatuses === undefined) return false
  for (const container of pod.spec.containers) {
    const actual = actualRequests(container, pod)
    if (actual !== undefined && !isEqual(actual, container.resources?.requests ?? {})) return true
  }
  return false
}

/** Whether no container leaves its cpu or memory to be guessed. */
export function isExplicit({ spec, status }: Pod): boolean {
  if (spec.initContainers !== undefined || status?.containerStatuses !== undefined) return false
  for (const { resources } of spec.containers)
    if (resources?.requests?.['cpu'] === undefined || resources.requests['memory'] === undefined) return false
  return true
}

function addQuantities(amounts: Amounts, quantities: Quantities | undefined): void {
  for (const name in quantities) amounts.set(name, (amounts.get(name) ?? 0) + amountOf(name, quantities[name]!))
}

function amountOf(name: string, quantity: string): number {
  return name === 'cpu' ? cpuMilli(quantity) : wholeUnits(quantity)
}

function addAll(amounts: Amounts, more: Amounts): void {
  for (const [name, amount] of more) amounts.set(name, (amounts.get(name) ?? 0) + amount)
}

function raiseTo(amounts: Amounts, floor: Amounts): void {
  for (const [name, amount] of floor) if (amount > (amounts.get(name) ?? -1)) amounts.set(name, amount)
}

function isPodLevel(name: string): boolean {
  return name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')
}

/** Whether a pod states requests for itself as a whole. */
export function hasPodLevelRequests(pod: Pod): boolean {
  const requests = pod.spec.resources?.requests
  return requests !== undefined && Object.keys(requests).some(isPodLevel)
}

/** Amounts as the hot paths read them. */
export interface Resources {
  readonly cpuMilli: number
  readonly memoryBytes: number
  readonly ephemeralBytes: number
  /** extended resources, huge pages and the like */
  readonly scalars: readonly (readonly [name: string, amount: number])[]
}

const noScalars: Resources['scalars'] = Object.freeze([])

/** Amounts in the shape of `Resources`; names the scheduler does not count are left out. */
export function resourcesOf(amounts: Amounts): Resources {
  let scalars: (readonly [string, number])[] | undefined
  for (const name of amounts.keys()) if (isScalar(name)) (scalars ??= []).push([name, amounts.get(name)!])
  return Object.freeze({
    cpuMilli: amounts.get('cpu') ?? 0,
    memoryBytes: amounts.get('memory') ?? 0,
    ephemeralBytes: amounts.get('ephemeral-storage') ?? 0,
    scalars: scalars === undefined ? noScalars : Object.freeze(scalars.sort(([a], [b]) => (a < b ? -1 : 1))),
  })
}

/** What a pod asks for whose only container says cpu and memory and no more, which needs no summing up; undefined for others. */
export function plainRequests({ spec, status }: Pod): Resources | undefined {
  const { containers, initContainers, overhead, resources } = spec
  if (containers.length !== 1 || initContainers !== undefined || overhead !== undefined || resources !== undefined)
    return undefined
  const requests = containers[0]!.resources?.requests as Quantities | undefined
  if (requests?.['cpu'] === undefined || requests['memory'] === undefined) return undefined
  for (const name in requests) if (name !== 'cpu' && name !== 'memory') return undefined
  if (status?.containerStatuses !== undefined) return undefined
  return Object.freeze({
    cpuMilli: cpuMilli(requests['cpu']),
    memoryBytes: wholeUnits(requests['memory']),
    ephemeralBytes: 0,
    scalars: noScalars,
  })
}

// upstream: pkg/scheduler/util/utils.go IsScalarResourceName
function isScalar(name: string): boolean {
  return name.includes('/') || name.startsWith('hugepages-') || name.startsWith('attachable-volumes-')
}

/** A node's allocatable amounts. */
export function allocatableOf(quantities: Quantities | undefined): Resources {
  const amounts: Amounts = new Map()
  addQuantities(amounts, quantities)
  return resourcesOf(amounts)
}
