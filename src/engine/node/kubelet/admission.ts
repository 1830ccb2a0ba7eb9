import { isWantedNode, type Node, type Pod, type ResourceList } from '../../api/index.ts'
import { amountOf, type Amounts } from './resources.ts'

/** Why a node does not take a pod. */
export interface Rejection {
  readonly reason: string
  readonly message: string
}

/** The last check before a pod runs: the scheduler may have been wrong, or was not asked. upstream: pkg/kubelet/lifecycle/predicate.go */
export function rejectionOf(
  pod: Pod,
  requests: Amounts,
  node: Node,
  used: Amounts,
  podCount: number,
): Rejection | undefined {
  const short = shortage(requests, node, used, podCount)
  if (short !== undefined) return short
  if (!isWantedNode(pod.spec, node)) return failed('NodeAffinity', "node(s) didn't match Pod's node affinity/selector")
  if (!isTolerant(pod, node)) return failed('TaintToleration', "node(s) had taints that the pod didn't tolerate")
  return undefined
}

/** What a resized pod asks for that no emptying of the node could give it. */
export function overCapacity(requests: Amounts, { status }: Node): string | undefined {
  for (const name of ['cpu', 'memory']) {
    const has = status.allocatable?.[name]
    const asked = requests[name] ?? 0
    if (has !== undefined && asked > amountOf(name, has))
      return `Node didn't have enough capacity: ${name}, requested: ${asked}, capacity: ${amountOf(name, has)}`
  }
  return undefined
}

/** What the node is short of for a pod that asks for so much. */
export function shortage(requests: Amounts, { status }: Node, used: Amounts, podCount: number): Rejection | undefined {
  const capacity = status.allocatable ?? {}
  const podsMax = Number(capacity['pods'] ?? Infinity)
  if (podCount + 1 > podsMax) return outOf('pods', 1, podCount, podsMax)
  for (const name of basic) {
    const short = shortOf(name, requests, capacity, used)
    if (short !== undefined) return short
  }
  for (const name in requests) {
    const short = basic.includes(name) ? undefined : shortOf(name, requests, capacity, used)
    if (short !== undefined) return short
  }
  return undefined
}

/** What is looked at before all else. */
const basic: readonly string[] = ['cpu', 'memory', 'ephemeral-storage']

function shortOf(name: string, requests: Amounts, capacity: ResourceList, used: Amounts): Rejection | undefined {
  const asked = requests[name] ?? 0
  const has = capacity[name]
  // upstream: removeMissingExtendedResources: what a node knows nothing of is not counted
  if (asked === 0 || has === undefined) return undefined
  const most = amountOf(name, has)
  return (used[name] ?? 0) + asked > most ? outOf(name, asked, used[name] ?? 0, most) : undefined
}

function outOf(resource: string, requested: number, used: number, capacity: number): Rejection {
  const message = `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`
  return { reason: `OutOf${resource}`, message }
}

function failed(predicate: string, why: string): Rejection {
  return { reason: predicate, message: `Predicate ${predicate} failed: ${why}` }
}

function isTolerant({ spec }: Pod, node: Node): boolean {
  const { taints } = node.spec
  if (taints === undefined) return true
  return taints.every(
    (taint) =>
      taint.effect !== 'NoExecute' || (spec.tolerations ?? []).some((toleration) => tolerates(toleration, taint)),
  )
}

interface Tolerated {
  readonly key?: string
  readonly operator?: string
  readonly value?: string
  readonly effect?: string
}

function tolerates({ key = '', operator = 'Equal', value = '', effect = '' }: Tolerated, taint: Tolerated): boolean {
  if (effect !== '' && effect !== taint.effect) return false
  if (key !== '' && key !== taint.key) return false
  return operator === 'Exists' || (key !== '' && value === (taint.value ?? ''))
}
