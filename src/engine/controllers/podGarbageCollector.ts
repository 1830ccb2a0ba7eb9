import { formatTime, type Node, type Pod } from '../api/index.ts'
import type { Change } from '../client/index.ts'
import {
  defineController,
  nothing,
  remove,
  updateStatus,
  type Controller,
  type Plan,
  type See,
  type Write,
} from './controller.ts'
import { forgive } from './perform.ts'
import { nodeIndex, outOfServiceIndex } from './indexes.ts'
import { isOver } from './pods.ts'

interface Memory {
  /** keys of pods that have Succeeded or Failed */
  readonly over: Set<string>
  /** keys of pods that were deleted before they had a node */
  readonly unscheduled: Set<string>
  /** nodes that pods name and that may not exist, with the time a check first missed them */
  readonly missing: Map<string, number | undefined>
}

const checkMs = 20_000 // upstream: gcCheckPeriod
const quarantineMs = 40_000

/**
 * Clears away pods that nobody else will: too many finished ones, those of nodes that are gone, those that never got a node.
 * upstream: pkg/controller/podgc/gc_controller.go
 */
export const podGarbageCollector = createPodGarbageCollector(12_500)

/** The same with another `--terminated-pod-gc-threshold`. */
export function createPodGarbageCollector(threshold: number): Controller {
  return defineController<Pod, Memory>({
    name: 'pod-garbage-collector',
    for: '',
    everyMs: checkMs,
    createMemory: () => ({ over: new Set(), unscheduled: new Set(), missing: new Map() }),
    watches: {
      Pod: {
        indexes: nodeIndex,
        when: ['birth', 'death', 'deletion', 'spec', 'phase'],
        observe: notePod,
      },
      Node: {
        indexes: outOfServiceIndex,
        when: ['birth', 'death'],
        observe: (change: Change<Node>, { memory }) => noteNode(change, memory),
      },
    },
    reconcileAbsent: (see) => {
      const writes = [
        ...outOfServicePods(see),
        ...finishedPods(see, threshold),
        ...orphanedPods(see),
        ...unscheduledPods(see),
      ]
      return writes.length > 0 ? ({ writes } satisfies Plan) : nothing
    },
  })
}

type Sight = See<Memory>

function notePod({ type, key, object, previous }: Change<Pod>, { memory, lister }: Sight): void {
  const { spec, status, metadata } = object
  const isThere = type !== 'DELETED'
  const { over, unscheduled } = memory
  // mostly nobody is in either
  if (isThere && isOver(status.phase)) over.add(key)
  else if (over.size > 0) over.delete(key)
  if (isThere && metadata.deletionTimestamp !== undefined && !spec.nodeName) unscheduled.add(key)
  else if (unscheduled.size > 0) unscheduled.delete(key)
  if (!isThere || !spec.nodeName || spec.nodeName === previous?.spec.nodeName) return
  if (!memory.missing.has(spec.nodeName) && !lister('Node').get(spec.nodeName))
    memory.missing.set(spec.nodeName, undefined)
}

function noteNode({ type, object }: Change<Node>, { missing }: Memory): void {
  const { name } = object.metadata
  if (type !== 'DELETED') missing.delete(name)
  else if (!missing.has(name)) missing.set(name, undefined)
}

/** Evicted pods go first, then the oldest. upstream: gcTerminated */
function finishedPods({ memory, lister }: Sight, threshold: number): readonly Write[] {
  const excess = memory.over.size - threshold
  if (excess <= 0) return []
  const pods = [...memory.over].flatMap((key) => lister<Pod>('Pod').get(key) ?? [])
  return [...pods]
    .sort(byEvictionAndAge)
    .slice(0, excess)
    .map((pod) => forceRemove(pod))
}

function byEvictionAndAge(a: Pod, b: Pod): number {
  const evicted = (pod: Pod): number => (pod.status.reason === 'Evicted' ? 0 : 1)
  const [bornA, bornB] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp]
  if (evicted(a) !== evicted(b)) return evicted(a) - evicted(b)
  if (bornA !== bornB) return bornA < bornB ? -1 : 1
  return a.metadata.name < b.metadata.name ? -1 : 1
}

/** Pods of a node that has been away for the whole quarantine. upstream: gcOrphaned */
function orphanedPods({ memory, lister, find, now }: Sight): readonly Write[] {
  const writes: Write[] = []
  for (const [node, since] of memory.missing) {
    const pods = lister<Pod>('Pod').by('node', node)
    if (pods.length === 0 || lister('Node').get(node)) memory.missing.delete(node)
    else if (since === undefined) memory.missing.set(node, now)
    else if (now - since >= quarantineMs && find('Node', node) === undefined)
      writes.push(...pods.flatMap((pod) => failAndRemove(pod, now, lost)))
  }
  return writes
}

const lost = Object.freeze({ reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists' })

/** upstream: gcUnscheduledTerminating */
function unscheduledPods({ memory, lister, now }: Sight): readonly Write[] {
  return [...memory.unscheduled].flatMap((key) => {
    const pod = lister<Pod>('Pod').get(key)
    return pod ? failAndRemove(pod, now) : []
  })
}

/** Pods that cannot stop because a person has declared their node out of service. upstream: gcTerminating */
function outOfServicePods({ lister, now }: Sight): readonly Write[] {
  const nodes = lister<Node>('Node').by('outOfService', 'yes')
  return nodes.flatMap((node) =>
    lister<Pod>('Pod')
      .by('node', node.metadata.name)
      .filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
      .flatMap((pod) => failAndRemove(pod, now)),
  )
}

function failAndRemove(
  pod: Pod,
  now: number,
  why?: { readonly reason: string; readonly message: string },
): readonly Write[] {
  if (isOver(pod.status.phase)) return [forceRemove(pod)]
  const others = (pod.status.conditions ?? []).filter(({ type }) => type !== 'DisruptionTarget' || why === undefined)
  const target = {
    type: 'DisruptionTarget',
    observedGeneration: pod.metadata.generation,
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: formatTime(now),
    ...why,
  }
  const conditions = why ? [...others, target] : others
  const failed = updateStatus(
    { ...pod, status: { ...pod.status, phase: 'Failed', conditions } } as unknown as Pod,
    lenient,
  )
  return [failed, forceRemove(pod)]
}

function forceRemove(pod: Pod): Write {
  return remove(pod, { gracePeriodSeconds: 0 }, lenient)
}

const lenient = Object.freeze({
  refused: ({ code }: { readonly code: number }) => (code === 404 ? forgive : undefined),
})
