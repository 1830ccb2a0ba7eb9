import type { Pod } from '../../api/index.ts'
import { groupPods, type PodGroups, type Usage } from './podGroups.ts'
import { requestsOf } from './requests.ts'

/** By how much usage may be off its target before anything is done about it: a share of the target. */
export interface Tolerances {
  readonly up: number
  readonly down: number
}

/** Pods and what they use of one resource. */
export interface Question {
  readonly pods: readonly Pod[]
  readonly usage: Usage
  readonly resource: string
  /** only this container of each pod counts */
  readonly container: string | undefined
  readonly currentReplicas: number
  readonly tolerances: Tolerances
  /** virtual milliseconds */
  readonly now: number
}

/** How many pods there should be, and what was found. */
export interface Answer {
  readonly replicas: number
  /** the mean of all pods that count, in thousandths */
  readonly averageMilli: number
  /** percent of what they request */
  readonly utilization?: number
}

/** How far usage is from its target: 1 is at it. A text is why that cannot be told. */
type Judge = (usage: ReadonlyMap<string, number>) => (Answer & { readonly ratio: number }) | string

/** How many pods it takes so that they use this many percent of what they request; a text is why that cannot be told. */
// upstream: pkg/controller/podautoscaler/replica_calculator.go GetResourceReplicas, metrics/utilization.go
export function replicasByUtilization(question: Question, target: number): Answer | string {
  const { pods, resource, container } = question
  return replicasBy(question, () => {
    const requests = requestsOf(pods, resource, container)
    if (typeof requests === 'string') return requests
    // on the way down, pods of which nothing is known count as using all they request, or the target where that is more
    const fallback = (name: string): number => Math.trunc(((requests.get(name) ?? 0) * Math.max(100, target)) / 100)
    return { fallback, isStrict: false, judge: (usage) => utilizationOf(usage, requests, target) }
  })
}

/** How many pods it takes so that they use this much on average; a text is why that cannot be told. */
// upstream: pkg/controller/podautoscaler/replica_calculator.go calcPlainMetricReplicas
export function replicasByValue(question: Question, targetMilli: number): Answer | string {
  return replicasBy(question, () => ({
    fallback: () => targetMilli,
    isStrict: true,
    judge(usage) {
      const averageMilli = Math.trunc(sum(usage.values()) / usage.size)
      return { replicas: 0, averageMilli, ratio: averageMilli / targetMilli }
    },
  }))
}

interface Measure {
  readonly judge: Judge
  /** what a pod of which nothing is known counts with on the way down */
  readonly fallback: (name: string) => number
  /** at the very target, such a pod counts as using nothing */
  readonly isStrict: boolean
}

function replicasBy(question: Question, measureOf: () => Measure | string): Answer | string {
  const { pods, usage, resource, currentReplicas, tolerances, now } = question
  if (pods.length === 0) return 'no pods returned by selector while calculating replica count'
  const groups = groupPods(pods, usage, resource, now)
  const used = usedBy(usage, groups)
  if (used.size === 0) return 'did not receive metrics for targeted pods (pods might be unready)'
  const measure = measureOf()
  if (typeof measure === 'string') return measure
  const first = measure.judge(used)
  if (typeof first === 'string') return first
  const { ratio, ...found } = first
  const isSlowed = groups.unready.size > 0 && ratio > 1
  if (!isSlowed && groups.missing.size === 0)
    return { ...found, replicas: isWithin(ratio, tolerances) ? currentReplicas : Math.ceil(ratio * groups.readyCount) }
  const corrected = withUnknown(used, groups, ratio, measure)
  const second = measure.judge(corrected)
  if (typeof second === 'string') return second
  return { ...found, replicas: replicasAfter(ratio, second.ratio, corrected.size, question) }
}

function usedBy(usage: Usage, { ignored, unready }: PodGroups): ReadonlyMap<string, number> {
  const used = new Map<string, number>()
  for (const [name, { milli }] of usage) if (!ignored.has(name) && !unready.has(name)) used.set(name, milli)
  return used
}

/** What is not known is reckoned so that it slows a change down. */
function withUnknown(
  used: ReadonlyMap<string, number>,
  { missing, unready }: PodGroups,
  ratio: number,
  { fallback, isStrict }: Measure,
): ReadonlyMap<string, number> {
  const all = new Map(used)
  if (ratio < 1) for (const name of missing) all.set(name, fallback(name))
  else if (ratio > 1 || isStrict) for (const name of missing) all.set(name, 0)
  if (ratio > 1) for (const name of unready) all.set(name, 0)
  return all
}

/** What was corrected may stop a change, but never turn it round. */
function replicasAfter(
  first: number,
  second: number,
  count: number,
  { currentReplicas, tolerances }: Question,
): number {
  const hasTurned = (first < 1 && second > 1) || (first > 1 && second < 1)
  if (isWithin(second, tolerances) || hasTurned) return currentReplicas
  const replicas = Math.ceil(second * count)
  const isContrary = (second < 1 && replicas > currentReplicas) || (second > 1 && replicas < currentReplicas)
  return isContrary ? currentReplicas : replicas
}

function isWithin(ratio: number, { up, down }: Tolerances): boolean {
  return 1 - down <= ratio && ratio <= 1 + up
}

function utilizationOf(
  usage: ReadonlyMap<string, number>,
  requests: ReadonlyMap<string, number>,
  target: number,
): ReturnType<Judge> {
  let [used, requested, count] = [0, 0, 0]
  for (const [name, milli] of usage) {
    const request = requests.get(name)
    if (request === undefined) continue
    used += milli
    requested += request
    count++
  }
  if (requested === 0) return 'no metrics returned matched known pods'
  const utilization = Math.trunc((used * 100) / requested)
  return { replicas: 0, utilization, averageMilli: Math.trunc(used / count), ratio: utilization / target }
}

function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}
