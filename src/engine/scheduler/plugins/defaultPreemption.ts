import { parseTime, requirementsOf, matches, type LabelSelector } from '../../api/index.ts'
import { failureMessage } from '../message.ts'
import { definePlugin, type DryRun, type Failure, type Plugin, type PostFilterAnswer } from '../framework.ts'
import { addPodTo, copyNodeInfo, removePodFrom, type NodeInfo } from '../nodeInfo.ts'
import type { PodDisruptionBudget } from '../objects.ts'
import type { PodInfo } from '../podInfo.ts'
import type { Snapshot } from '../snapshot.ts'

/** How many nodes are tried at least before the search for candidates may end. */
export interface PreemptionArgs {
  readonly minCandidateNodesPercentage: number
  readonly minCandidateNodesAbsolute: number
}

const unhelpful = 'Preemption is not helpful for scheduling'
const noVictims = 'No preemption victims found for incoming pod'

/** Finds a node where evicting pods of lower priority makes room, and the fewest and least important of them. */
// upstream: pkg/scheduler/framework/preemption, plugins/defaultpreemption
export const defaultPreemption = createDefaultPreemption({
  minCandidateNodesPercentage: 10,
  minCandidateNodesAbsolute: 100,
})

/** The plugin as a profile wants it. */
export function createDefaultPreemption(args: PreemptionArgs): Plugin {
  return definePlugin({
    name: 'DefaultPreemption',
    postFilter(failure): PostFilterAnswer {
      const obstacle = ineligibility(failure)
      if (obstacle !== undefined) return { message: `preemption: ${obstacle}` }
      const dryRun = tryNodes(failure, args)
      const chosen = pickNode(dryRun.filter(({ reasons }) => reasons === undefined))
      if (chosen === undefined)
        return { message: `preemption: ${summary(dryRun, failure.snapshot)}`, nominatedNode: '', dryRun }
      return { message: '', nominatedNode: chosen.node, victims: chosen.victims, dryRun }
    },
  })
}

/** Why a pod may not preempt at all. */
function ineligibility({ pod, snapshot, rejections }: Failure): string | undefined {
  if (pod.pod.spec.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.'
  const nominated = pod.pod.status?.nominatedNodeName
  if (!nominated || rejections.get(nominated)?.status.code === 'UnschedulableAndUnresolvable') return undefined
  for (const other of snapshot.node(nominated)?.pods.values() ?? [])
    if (other.priority < pod.priority && isPreempted(other))
      return 'not eligible due to a terminating pod on the nominated node.'
  return undefined
}

function isPreempted({ pod, isTerminating }: PodInfo): boolean {
  if (!isTerminating) return false
  const conditions = pod.status?.conditions ?? []
  return conditions.some(
    ({ type, status, reason }) =>
      type === 'DisruptionTarget' && status === 'True' && reason === 'PreemptionByScheduler',
  )
}

/** Tries the nodes that might do, from a random one on, until there are candidates enough. Candidates without violations come first. */
function tryNodes(failure: Failure, args: PreemptionArgs): readonly DryRun[] {
  const { snapshot, rejections } = failure
  const nodes = snapshot.nodes().filter(({ name }) => rejections.get(name)?.status.code === 'Unschedulable')
  if (nodes.length === 0) return []
  const share = Math.floor((nodes.length * args.minCandidateNodesPercentage) / 100)
  const wanted = Math.min(Math.max(share, args.minCandidateNodesAbsolute), nodes.length)
  const start = failure.random(nodes.length)
  const runs: { clean: DryRun[]; violating: DryRun[]; failed: DryRun[] } = { clean: [], violating: [], failed: [] }
  for (let step = 0; step < nodes.length; step++) {
    const run = tryNode(nodes[(start + step) % nodes.length]!, failure)
    runs[run.reasons !== undefined ? 'failed' : run.pdbViolations > 0 ? 'violating' : 'clean'].push(run)
    if (runs.clean.length > 0 && runs.clean.length + runs.violating.length >= wanted) break
  }
  return [...runs.clean, ...runs.violating, ...runs.failed]
}

/** Removes every pod of lower priority, then spares as many as can stay, the most important first. */
function tryNode(original: NodeInfo, failure: Failure): DryRun {
  const { pod, snapshot, withPod, withoutPod, filter } = failure
  const node = copyNodeInfo(original)
  let states = failure.states
  const remove = (victim: PodInfo): void => {
    removePodFrom(node, victim.uid)
    states = withoutPod(states, victim, node)
  }
  const lower = [...node.pods.values()].filter(({ priority }) => priority < pod.priority)
  if (lower.length === 0) return failed(node, [noVictims])
  lower.forEach(remove)
  const refusal = filter(node, states)
  if (refusal !== undefined) return failed(node, refusal.status.reasons)
  const { violating, others } = splitByBudgets(lower.sort(byImportance), snapshot)
  const victims: PodInfo[] = []
  const spare = (candidate: PodInfo): boolean => {
    addPodTo(node, candidate)
    states = withPod(states, candidate, node)
    if (filter(node, states) === undefined) return true
    remove(candidate)
    victims.push(candidate)
    return false
  }
  const pdbViolations = violating.filter((candidate) => !spare(candidate)).length
  others.forEach(spare)
  return { node: node.name, victims: victims.sort(byImportance), pdbViolations }
}

function failed({ name }: NodeInfo, reasons: readonly string[]): DryRun {
  return { node: name, victims: [], pdbViolations: 0, reasons }
}

/** Higher priority first, then whoever started earlier. A pod that has not started counts as starting now. */
function byImportance(a: PodInfo, b: PodInfo): number {
  if (a.priority !== b.priority) return b.priority - a.priority
  const [startA, startB] = [startOf(a), startOf(b)]
  return startA === startB ? 0 : startA - startB
}

function startOf({ pod }: PodInfo): number {
  return pod.status?.startTime === undefined ? Infinity : parseTime(pod.status.startTime)
}

interface Budget {
  readonly requirements: NonNullable<ReturnType<typeof requirementsOf>>
  readonly disrupted: Readonly<Record<string, unknown>>
  allowed: number
}

/** Which of the pods, in this order, would break a disruption budget. */
// upstream: default_preemption.go filterPodsWithPDBViolation
function splitByBudgets(pods: readonly PodInfo[], { objects }: Snapshot): { violating: PodInfo[]; others: PodInfo[] } {
  const violating: PodInfo[] = []
  const others: PodInfo[] = []
  const budgets = new Map<string, readonly Budget[]>()
  for (const pod of pods) {
    let known = budgets.get(pod.namespace)
    if (known === undefined)
      budgets.set(
        pod.namespace,
        (known = [...objects.within<PodDisruptionBudget>('PodDisruptionBudget', pod.namespace)].map(budgetOf)),
      )
    ;(isViolating(pod, known) ? violating : others).push(pod)
  }
  return { violating, others }
}

function budgetOf({ spec, status }: PodDisruptionBudget): Budget {
  const requirements = requirementsOf(spec.selector as LabelSelector | undefined) ?? []
  return { requirements, disrupted: status?.disruptedPods ?? {}, allowed: status?.disruptionsAllowed ?? 0 }
}

function isViolating({ name, labels }: PodInfo, budgets: readonly Budget[]): boolean {
  if (labels === undefined || Object.keys(labels).length === 0) return false
  let isViolating = false
  for (const budget of budgets) {
    if (budget.requirements.length === 0 || !matches(budget.requirements, labels)) continue
    if (budget.disrupted[name] !== undefined) continue
    budget.allowed--
    if (budget.allowed < 0) isViolating = true
  }
  return isViolating
}

/** Each rule in turn keeps the candidates that are best by it, until one is left. */
// upstream: framework/preemption/preemption.go pickOneNodeForPreemption
const rules: readonly ((candidate: DryRun) => number)[] = [
  ({ pdbViolations }) => -pdbViolations,
  ({ victims }) => -victims[0]!.priority,
  ({ victims }) => -victims.reduce((sum, { priority }) => sum + priority + 2 ** 31, 0),
  ({ victims }) => -victims.length,
  ({ victims }) => earliestStart(victims),
]

function pickNode(candidates: readonly DryRun[]): DryRun | undefined {
  let left = candidates
  for (const rule of rules) {
    if (left.length <= 1) break
    const marks = left.map(rule)
    const best = marks.reduce((max, mark) => (mark > max ? mark : max), -Infinity)
    left = left.filter((_, index) => marks[index] === best)
  }
  return left[0]
}

/** When the first of the most important victims started. */
function earliestStart(victims: readonly PodInfo[]): number {
  const top = victims[0]!.priority
  let earliest = Infinity
  for (const victim of victims) if (victim.priority === top) earliest = Math.min(earliest, startOf(victim))
  return earliest
}

function summary(dryRun: readonly DryRun[], snapshot: Snapshot): string {
  const tried = dryRun.map(({ reasons }) => reasons!)
  const nodes = snapshot.nodes().length
  const untried = nodes - dryRun.length
  return failureMessage(nodes, [...tried, ...Array.from({ length: untried }, () => [unhelpful])])
}
