import {
  controllerOf,
  formatTime,
  isEqual,
  selects,
  type ApiError,
  type OwnerReference,
  type Pod,
  type ReplicaSet,
} from '../../api/index.ts'
import type { Change } from '../../client/index.ts'
import { claim } from '../claim.ts'
import { controllerIndex, orphansIndex } from '../indexes.ts'
import {
  defineController,
  nobody,
  nothing,
  updateStatus,
  type Keys,
  type Plan,
  type See,
  type View,
  type Write,
} from '../controller.ts'
import { createPods, deletePods } from '../podControl.ts'
import { concernedOwners } from '../podOwners.ts'
import { availableAt, isActive, isReady } from '../pods.ts'
import { tallyPod, type OwnerTally, type PodTally } from '../podTally.ts'
import { doomedPods } from './deletionOrder.ts'

interface Memory {
  readonly tally: PodTally
}

type Sight = View<ReplicaSet, Memory>

/** what one reconciliation creates or deletes at most. upstream: BurstReplicas */
export const burstReplicas = 500

/**
 * Creates or deletes pods until as many exist as the ReplicaSet asks for.
 * upstream: pkg/controller/replicaset/replica_set.go syncReplicaSet
 */
export const replicaSetController = defineController<ReplicaSet, Memory>({
  name: 'replicaset-controller',
  for: 'ReplicaSet',
  owns: ['Pod'],
  ignoresOwnStatus: true,
  createMemory: () => ({ tally: new Map() }),
  watches: {
    ReplicaSet: { indexes: controllerIndex },
    Pod: {
      indexes: orphansIndex,
      owner: 'ReplicaSet',
      observe: tallyPod,
      concerns: concerned,
    },
  },
  reconcile(view) {
    if (view.object.spec.selector === undefined) return nothing
    const counts = plainCounts(view, view.memory.tally.get(view.object.metadata.uid) ?? noPods)
    return counts === undefined ? reconcileClaimed(view) : reconcileCounted(view, counts)
  },
})

const noWrites: readonly Write[] = Object.freeze([])
const noPods: OwnerTally = Object.freeze({ owner: '', groups: [], nodes: new Map(), terminating: 0 })

/** The ReplicaSets that a pod's change concerns: mostly its owner, which is the one that it had before. */
function concerned(change: Change<Pod>, see: See<Memory>): Keys {
  const { object, previous } = change
  const owner = controllerOf(object)
  if (owner === undefined || (previous !== undefined && !hasSameOwner(previous, object, owner)))
    return concernedOwners<ReplicaSet>('ReplicaSet', change, see, ({ spec }) => spec.selector)
  if (owner.kind !== 'ReplicaSet') return nobody
  const key = see.memory.tally.get(owner.uid)?.owner ?? `${object.metadata.namespace}/${owner.name}`
  return see.own.get(key)?.metadata.uid === owner.uid ? key : nobody
}

function hasSameOwner(before: Pod, after: Pod, owner: OwnerReference): boolean {
  return before.metadata.ownerReferences === after.metadata.ownerReferences || controllerOf(before)?.uid === owner.uid
}

/** A ReplicaSet's pods in numbers. */
export interface Counts {
  readonly replicas: number
  readonly fullyLabeledReplicas: number
  readonly readyReplicas: number
  readonly availableReplicas: number
  readonly terminatingReplicas: number
}

/** A ReplicaSet's counts, if they say all: nobody to adopt or release, nobody to delete, nobody who becomes available by waiting. */
function plainCounts({ object, lister }: Sight, { groups, terminating }: OwnerTally): Counts | undefined {
  const { spec, metadata } = object
  if (spec.minReadySeconds) return undefined
  let active = 0
  let ready = 0
  let labeled = 0
  for (const group of groups) {
    if (!selects(spec.selector, group.labels)) return undefined
    active += group.active
    ready += group.ready
    if (isFullyLabeled(object, group.labels)) labeled += group.active
  }
  if (metadata.deletionTimestamp === undefined && active > (spec.replicas ?? 1)) return undefined
  if (lister<Pod>('Pod').by('orphans', metadata.namespace ?? '').length > 0) return undefined
  return {
    replicas: active,
    fullyLabeledReplicas: labeled,
    readyReplicas: ready,
    availableReplicas: ready,
    terminatingReplicas: terminating,
  }
}

function reconcileCounted({ object, now }: Sight, counts: Counts): Plan {
  const isGoing = object.metadata.deletionTimestamp !== undefined
  const missing = isGoing ? 0 : (object.spec.replicas ?? 1) - counts.replicas
  const births = missing > 0 ? createPods(object, object.spec.template, Math.min(missing, burstReplicas)) : noWrites
  return withStatus(object, counts, births, now)
}

function reconcileClaimed(view: Sight): Plan {
  const { object, now, lister, memory } = view
  const active = view.owned<Pod>('Pod').filter(isActive)
  const orphans = lister<Pod>('Pod')
    .by('orphans', object.metadata.namespace ?? '')
    .filter(isActive)
  const { mine, writes } = claim(view, active, orphans)
  const { counts, nextAt } = countPods(object, mine, memory.tally.get(object.metadata.uid)?.terminating ?? 0, now)
  const plan = withStatus(object, counts, [...writes, ...manage(view, mine)], now)
  return nextAt === undefined ? plan : { ...plan, requeueAfterMs: nextAt - now }
}

function manage(view: Sight, pods: readonly Pod[]): readonly Write[] {
  const { object } = view
  if (object.metadata.deletionTimestamp !== undefined) return []
  const missing = (object.spec.replicas ?? 1) - pods.length
  if (missing > 0) return createPods(object, object.spec.template, Math.min(missing, burstReplicas))
  const doomed = doomedPods(pods, Math.min(-missing, burstReplicas), siblingsPerNode(view), view.now)
  return deletePods(object, doomed)
}

/** How many active pods of all ReplicaSets of the same owner run on a node. upstream: getIndirectlyRelatedPods */
function siblingsPerNode({ object, lister, memory }: Sight): (node: string) => number {
  const owner = controllerOf(object)
  const sets = owner === undefined ? [object] : lister<ReplicaSet>('ReplicaSet').by('controller', owner.uid)
  const tallies = sets.map(({ metadata }) => memory.tally.get(metadata.uid)).filter((counts) => counts !== undefined)
  return (node) => tallies.reduce((sum, { nodes }) => sum + (nodes.get(node) ?? 0), 0)
}

/** Counts pods one by one, and says when the next of them becomes available. */
export function countPods(
  set: ReplicaSet,
  pods: readonly Pod[],
  terminating: number,
  now: number,
): { counts: Counts; nextAt: number | undefined } {
  let ready = 0
  let available = 0
  let labeled = 0
  let nextAt: number | undefined
  for (const pod of pods) {
    if (isFullyLabeled(set, pod.metadata.labels)) labeled++
    if (!isReady(pod)) continue
    ready++
    const at = availableAt(pod, set.spec.minReadySeconds ?? 0)!
    if (at <= now) available++
    else nextAt = Math.min(at, nextAt ?? at)
  }
  const counts = {
    replicas: pods.length,
    fullyLabeledReplicas: labeled,
    readyReplicas: ready,
    availableReplicas: available,
    terminatingReplicas: terminating,
  }
  return { counts, nextAt }
}

function isFullyLabeled({ spec }: ReplicaSet, labels: Readonly<Record<string, string>> = {}): boolean {
  const wanted = spec.template?.metadata?.labels ?? {}
  for (const key in wanted) if (labels[key] !== wanted[key]) return false
  return true
}

/** The status is what was seen before anything was done; only a failure of what was done goes in. upstream: calculateStatus */
function withStatus(set: ReplicaSet, counts: Counts, writes: readonly Write[], now: number): Plan {
  if (writes.length > 0) return { writes, then: (refusals) => statusWrites(set, counts, refusals[0], now) }
  const told = statusWrites(set, counts, undefined, now)
  return told.length > 0 ? { writes: told } : nothing
}

function statusWrites(set: ReplicaSet, counts: Counts, failure: ApiError | undefined, now: number): readonly Write[] {
  const conditions = conditionsOf(set, counts, failure, now)
  if (isTold(set, counts) && isEqual(conditions, set.status.conditions ?? noConditions)) return noWrites
  const status = countedStatus(counts)
  status.terminatingReplicas = counts.terminatingReplicas
  status.observedGeneration = set.metadata.generation ?? 0
  if (conditions.length > 0) status.conditions = conditions as Condition[]
  const { apiVersion, kind, metadata, spec } = set
  return [updateStatus({ apiVersion, kind, metadata, spec, status } as ReplicaSet)]
}

type OpenStatus = { -readonly [Key in keyof ReplicaSet['status']]: ReplicaSet['status'][Key] }

/** The numbers of a status; it does not mention of what there is none. */
export function countedStatus(counts: Counts): OpenStatus {
  const status = {} as OpenStatus
  status.replicas = counts.replicas
  if (counts.fullyLabeledReplicas > 0) status.fullyLabeledReplicas = counts.fullyLabeledReplicas
  if (counts.readyReplicas > 0) status.readyReplicas = counts.readyReplicas
  if (counts.availableReplicas > 0) status.availableReplicas = counts.availableReplicas
  return status
}

/** Whether the status says these numbers. upstream: updateReplicaSetStatus */
function isTold({ status, metadata }: ReplicaSet, counts: Counts): boolean {
  return (
    status?.replicas === counts.replicas &&
    (status.readyReplicas ?? 0) === counts.readyReplicas &&
    (status.availableReplicas ?? 0) === counts.availableReplicas &&
    (status.fullyLabeledReplicas ?? 0) === counts.fullyLabeledReplicas &&
    status.terminatingReplicas === counts.terminatingReplicas &&
    status.observedGeneration === (metadata.generation ?? 0)
  )
}

type Condition = NonNullable<ReplicaSet['status']['conditions']>[number]

const noConditions: readonly Condition[] = Object.freeze([])

/** ReplicaFailure comes with the first refusal and goes with the next success. */
export function conditionsOf(set: ReplicaSet, { replicas }: Counts, failure: ApiError | undefined, now: number) {
  const before: readonly Condition[] = set.status?.conditions ?? noConditions
  if (failure === undefined && before.length === 0) return before
  const known = before.some(({ type }) => type === 'ReplicaFailure')
  if (failure !== undefined && !known) {
    const reason = replicas < (set.spec.replicas ?? 1) ? 'FailedCreate' : 'FailedDelete'
    return [
      ...before,
      { type: 'ReplicaFailure', status: 'True', lastTransitionTime: formatTime(now), reason, message: failure.message },
    ]
  }
  if (failure === undefined && known) return before.filter(({ type }) => type !== 'ReplicaFailure')
  return before
}
