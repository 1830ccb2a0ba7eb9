import type { Pod } from '../../api/index.ts'
import { recordOf, type DecisionRecord } from '../decision.ts'
import type { Objects } from '../objects.ts'
import { isOver } from '../podInfo.ts'
import { viewOf } from '../queueView.ts'
import { frameworkOf, isIgnored } from '../responsibility.ts'
import type { Frameworks } from '../profile.ts'
import type { SchedulerState } from '../state.ts'
import type { FindObject } from './question.ts'
import type { Remedy } from './remedy.ts'
import { whatIf } from './whatIf.ts'
import type { QueuePlace, Why } from './why.ts'

/** What the answer is read from. */
export interface WhySources {
  readonly state: SchedulerState
  readonly objects: Objects
  readonly find: FindObject
  readonly frameworks: Frameworks
}

/** Answers why a pod is where it is, or nowhere. */
export function whyOf(pod: Pod, sources: WhySources): Why {
  const { state } = sources
  const { namespace = '', name } = pod.metadata
  const key = `${namespace}/${name}`
  const note = state.decisions.get(key)
  const decision = note?.uid === pod.metadata.uid ? recordOf(note) : undefined
  const queue = pod.spec.nodeName ? undefined : placeOf(key, state)
  return {
    pod: key,
    node: pod.spec.nodeName ?? '',
    sentence: sentenceFor(pod, decision, queue, sources.frameworks),
    ...(decision && { decision }),
    ...(queue && { queue }),
    remedies: remediesFor(pod, sources),
  }
}

function remediesFor(pod: Pod, { state, objects, find, frameworks }: WhySources): readonly Remedy[] {
  const framework = frameworkOf(pod, frameworks)
  if (pod.metadata.deletionTimestamp !== undefined || isIgnored(pod, frameworks) || framework === undefined) return []
  const { cache, queue, promisedVolumes, promisedDevices, start } = state.core
  if (queue.pods.get(pod.metadata.uid)?.pool === 'inFlight') return []
  return whatIf(
    pod,
    { cache, framework, nominated: queue.nominated, objects, promisedVolumes, promisedDevices, start },
    find,
  )
}

function placeOf(key: string, { core }: SchedulerState): QueuePlace | undefined {
  const view = viewOf(core.queue)
  for (const list of ['active', 'backOff', 'unschedulable'] as const) {
    const place = view[list].findIndex(({ pod }) => pod === key)
    if (place >= 0) return { ...view[list][place]!, list, place }
  }
  return undefined
}

function sentenceFor(
  pod: Pod,
  decision: DecisionRecord | undefined,
  queue: QueuePlace | undefined,
  frameworks: Frameworks,
): string {
  const { name } = pod.metadata
  const { nodeName, schedulerName } = pod.spec
  if (nodeName) return placedSentence(name, nodeName, decision)
  if (isOver(pod)) return `${name} has run to its end without a node.`
  if (frameworkOf(pod, frameworks) === undefined)
    return `${name} waits for a scheduler named ${schedulerName}, and none is running.`
  if (queue?.gatedBy === 'SchedulingGates')
    return `${name} is held by its scheduling gates: nobody looks for a node yet.`
  if (decision === undefined) return `${name} has not been looked at yet.`
  const { result, preFilter, nodes } = decision
  if ('node' in result) return `${name} is on its way to ${result.node}.`
  if (result.nominatedNode)
    return `${name} waits for room on ${result.nominatedNode}: pods of lower priority are being evicted there.`
  if (preFilter !== undefined) return `${name} is Pending: ${preFilter.plugin} turned it down whatever the node.`
  const count = Object.keys(nodes).length
  if (count === 0) return `${name} is Pending: there are no nodes.`
  return `${name} is Pending: ${count === 1 ? 'the only node does not pass' : `none of ${decision.evaluated} nodes passes`} all filters.`
}

function placedSentence(name: string, node: string, decision: DecisionRecord | undefined): string {
  if (decision === undefined) return `${name} runs on ${node}; the scheduler was not asked, or has forgotten.`
  const { feasible, candidates, nodes } = decision
  if (feasible === 1) return `${name} is on ${node}: the only node that passes all filters.`
  const total = nodes[node]?.total
  if (candidates.length > 1)
    return `${name} is on ${node}: ${candidates.length} of ${feasible} nodes share the highest score, ${total}.`
  return `${name} is on ${node}: the highest score of ${feasible} nodes, ${total}.`
}
