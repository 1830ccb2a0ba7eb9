import {
  formatTime,
  selects,
  statusError,
  tooManyRequests,
  type KubeObject,
  type Pod,
  type PodDisruptionBudget,
  type RequestOptions,
} from '../../api/index.ts'
import { changed, disruptionAllowed } from '../../api/disruption.ts'
import type { Passage, Server } from '../passage.ts'
import { checkOrderName, readOrder } from './order.ts'
import { defineSubresource, type StoreVerbs } from './subresource.ts'

interface Eviction {
  readonly metadata?: { readonly name?: string }
  readonly deleteOptions?: Omit<RequestOptions, 'dryRun'> & { readonly dryRun?: readonly string[] | boolean }
}

const evictionKind = { group: 'policy', version: 'v1', kind: 'Eviction' }
const disruptedMax = 2000
const refusal = `Cannot evict pod as it would violate the pod's disruption budget.`

/** A polite delete, which a disruption budget may refuse. */
// upstream: pkg/registry/core/pod/storage/eviction.go
export const eviction = defineSubresource({
  name: 'eviction',
  create(passage, old, server, store) {
    const pod = old as Pod
    const { metadata, deleteOptions } = readOrder<Eviction>(passage, evictionKind)
    checkOrderName(passage, 'Eviction', metadata?.name)
    const { dryRun, ...rest } = deleteOptions ?? {}
    const isDry = passage.options.dryRun === true || (Array.isArray(dryRun) ? dryRun.length > 0 : dryRun === true)
    const at = { ...passage, subresource: '', door: undefined, options: { ...passage.options, ...rest, dryRun: isDry } }
    if (isBeyondHarm(pod)) store.remove(at, pod, server)
    else evict(at, pod, server, store)
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }
  },
})

/** A pod that does not run takes nothing from a budget. */
function isBeyondHarm({ metadata, status: { phase } }: Pod): boolean {
  return phase === 'Succeeded' || phase === 'Failed' || phase === 'Pending' || metadata.deletionTimestamp !== undefined
}

function evict(at: Passage, pod: Pod, server: Server, store: StoreVerbs): void {
  const { uid } = at.options.preconditions ?? {}
  const isSame = uid === undefined || uid === pod.metadata.uid
  const budget = isSame ? budgetOf(pod, server) : undefined
  if (budget !== undefined && needsLeave(pod, budget)) take(at, pod, budget, server)
  store.remove(at, isSame ? store.put(at, marked(pod, server.sim.now()), 'statusUpdated', server) : pod, server)
}

function budgetOf({ metadata }: Pod, { context }: Server): PodDisruptionBudget | undefined {
  if (Object.keys(metadata.labels ?? {}).length === 0) return undefined
  const budgets = context
    .list<PodDisruptionBudget>('PodDisruptionBudget', metadata.namespace)
    .filter(({ spec }) => selects(spec.selector, metadata.labels))
  if (budgets.length > 1)
    throw statusError({
      message: 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
      code: 500,
    })
  return budgets[0]
}

/** A pod that is not ready may go where the budget says so, or where enough others are. */
function needsLeave(pod: Pod, { spec, status }: PodDisruptionBudget): boolean {
  const isReady = pod.status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True')
  if (isReady) return true
  if (spec.unhealthyPodEvictionPolicy === 'AlwaysAllow') return false
  const { currentHealthy = 0, desiredHealthy = 0 } = status
  return currentHealthy < desiredHealthy || desiredHealthy <= 0
}

/** Takes one disruption out of a budget, or refuses. */
// upstream: checkAndDecrement there
function take(at: Passage, pod: Pod, budget: PodDisruptionBudget, server: Server): void {
  const { metadata, status } = budget
  const { disruptionsAllowed = 0 } = status
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0))
    throw tooManyRequests(
      refusal,
      [causeOf(`The disruption budget ${metadata.name} is still being processed by the server.`)],
      10,
    )
  const isFull = Object.keys(status.disruptedPods ?? {}).length > disruptedMax
  if (disruptionsAllowed < 0) throw forbidden(metadata.name, 'pdb disruptions allowed is negative')
  if (isFull)
    throw forbidden(metadata.name, 'DisruptedPods map too big - too many evictions not confirmed by PDB controller')
  if (disruptionsAllowed === 0) throw tooManyRequests(refusal, [causeOf(whyNot(budget))])
  if (at.options.dryRun) return
  const now = formatTime(server.sim.now())
  const next = {
    ...status,
    disruptionsAllowed: disruptionsAllowed - 1,
    disruptedPods: { ...status.disruptedPods, [pod.metadata.name]: now },
  }
  const conditions =
    next.disruptionsAllowed === 0
      ? changed(status.conditions, disruptionAllowed(next.disruptionsAllowed, metadata.generation, now))
      : status.conditions
  server.putStatus({ ...budget, status: { ...next, ...(conditions && { conditions }) } } as KubeObject)
}

function whyNot({ metadata: { name }, status }: PodDisruptionBudget): string {
  const condition = status.conditions?.find(({ type }) => type === 'DisruptionAllowed')
  if (condition?.reason === 'SyncFailed')
    return `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${condition.message}`
  const { currentHealthy = 0, desiredHealthy = 0 } = status
  return currentHealthy <= desiredHealthy
    ? `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`
    : `The disruption budget ${name} does not allow evicting pods currently`
}

const causeOf = (message: string) => ({ reason: 'DisruptionBudget', message })

function forbidden(name: string, detail: string): Error {
  const message = `poddisruptionbudgets.policy "${name}" is forbidden: ${detail}`
  const details = { name, group: 'policy', kind: 'poddisruptionbudgets' }
  return statusError({ message, reason: 'Forbidden', details, code: 403 })
}

function marked(pod: Pod, now: number): Pod {
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    observedGeneration: pod.metadata.generation,
    lastProbeTime: null as unknown as string,
    lastTransitionTime: formatTime(now),
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  }
  const others = (pod.status.conditions ?? []).filter(({ type }) => type !== 'DisruptionTarget')
  return { ...pod, status: { ...pod.status, conditions: [...others, condition] } } as Pod
}
