import { formatTime, isEqual, type ApiError, type Deployment, type ReplicaSet } from '../../api/index.ts'
import { must } from '../../sim/index.ts'
import { ownerReference } from '../claim.ts'
import { create, event, patch, updateStatus, type See, type Write } from '../controller.ts'
import { annotationsForNew, revisionAnnotation, revisionOf, withReplicas } from './annotations.ts'
import { newReplicasFor, replicasOf } from './bounds.ts'
import { conditionOf, hasDeadline, withCondition, type Finding, type Status } from './conditions.ts'
import { hashLabel, hashOf, textOf } from './template.ts'

/**
 * A Deployment and its ReplicaSets while one reconciliation plans: what was seen, changed by what is already planned.
 * It lives no longer than the planning.
 */
export interface Rollout {
  readonly see: See
  deployment: Deployment
  /** somebody wants to know that it is stuck */
  readonly isTimed: boolean
  /** all its ReplicaSets, oldest first, as they are planned by now (see `replan`) */
  sets: readonly ReplicaSet[]
  /** the one of them with the Deployment's own template */
  fresh: ReplicaSet | undefined
  /** all others, oldest first */
  old: readonly ReplicaSet[]
  /** the same as they were seen: what the status tells of. upstream: syncRolloutStatus counts what was there before the scaling */
  seen: readonly ReplicaSet[]
  /** the name of the fresh one */
  freshName: string | undefined
  readonly writes: Write[]
  /** the ReplicaSet is new in this plan: what follows from it comes in the next */
  isBorn: boolean
  /** nothing more is to be planned now */
  isOver: boolean
  /** a ReplicaSet's status tells of more pods than its spec asks for: all of this is to be tried again */
  isStale: boolean
}

/** Starts planning. upstream: FindNewReplicaSet takes the oldest of several with the same template */
export function rolloutOf(see: See, deployment: Deployment, sets: readonly ReplicaSet[]): Rollout {
  const sorted = sets.length > 1 ? [...sets].sort(byAge) : sets
  const fresh = withTemplate(sorted, textOf(deployment.spec.template))
  return {
    see,
    deployment,
    isTimed: hasDeadline(deployment),
    sets: sorted,
    fresh,
    old: othersThan(fresh, sorted),
    seen: sorted,
    freshName: fresh?.metadata.name,
    writes: [],
    isBorn: false,
    isOver: false,
    isStale: false,
  }
}

function withTemplate(sets: readonly ReplicaSet[], text: string): ReplicaSet | undefined {
  for (const set of sets) if (textOf(set.spec.template) === text) return set
  return undefined
}

const noSets: readonly ReplicaSet[] = Object.freeze([])

function othersThan(fresh: ReplicaSet | undefined, sets: readonly ReplicaSet[]): readonly ReplicaSet[] {
  if (fresh === undefined) return sets
  return sets.length === 1 ? noSets : sets.filter((set) => set !== fresh)
}

/** The one of that name. */
export function named(name: string | undefined, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  for (const set of sets) if (set.metadata.name === name) return set
  return undefined
}

/** Takes the ReplicaSets as they are planned now. */
function replan(rollout: Rollout, sets: readonly ReplicaSet[]): void {
  rollout.sets = sets
  rollout.fresh = named(rollout.freshName, sets)
  rollout.old = othersThan(rollout.fresh, sets)
}

/** Those that have, or should have, pods. */
export function activeOf(sets: readonly ReplicaSet[]): readonly ReplicaSet[] {
  return sets.filter(({ spec }) => replicasOf(spec) > 0)
}

/** Brings the revision and the annotations of the new ReplicaSet up to date, and makes it if it is missing and wanted. */
// upstream: getAllReplicaSetsAndSyncRevision, getNewReplicaSet in pkg/controller/deployment/sync.go
export function syncRevision(rollout: Rollout, isWanted: boolean): void {
  const { fresh, old } = rollout
  const revision = latestRevisionOf(old) + 1
  if (fresh !== undefined) syncFresh(rollout, fresh, revision)
  else if (isWanted) makeFresh(rollout, revision)
}

function latestRevisionOf(sets: readonly ReplicaSet[]): number {
  let latest = 0
  for (const set of sets) latest = Math.max(latest, revisionOf(set))
  return latest
}

function syncFresh(rollout: Rollout, fresh: ReplicaSet, revision: number): void {
  const { deployment, isTimed } = rollout
  const annotations = annotationsForNew(deployment, fresh.metadata.annotations, revision)
  const { minReadySeconds = 0 } = deployment.spec
  const hasOtherWait = (fresh.spec.minReadySeconds ?? 0) !== minReadySeconds
  if (hasOtherWait || !isEqual(annotations, fresh.metadata.annotations ?? {}))
    return changeFresh(rollout, fresh, { metadata: { annotations }, spec: hasOtherWait ? { minReadySeconds } : {} })
  const isNew = isTimed && conditionOf(deployment.status?.conditions, 'Progressing') === undefined
  tellRevision(
    rollout,
    revisionOf(fresh),
    isNew ? progressing('FoundNewReplicaSet', `Found new replica set "${fresh.metadata.name}"`) : undefined,
  )
}

/** All else waits for the next time: upstream, which asks twice, is refused now for its own write. */
function changeFresh(rollout: Rollout, fresh: ReplicaSet, next: Parameters<typeof change>[2]): void {
  change(rollout, fresh, next)
  rollout.isOver = true
}

function makeFresh(rollout: Rollout, revision: number): void {
  const { deployment, isTimed, sets } = rollout
  const replicas = newReplicasFor(deployment, sets, 0)
  const fresh = freshFrom(deployment, replicas, revision, rollout.see.now)
  const { name, namespace } = fresh.metadata
  rollout.writes.push(
    create('ReplicaSet', fresh, {
      namespace,
      refused: (error) => (isOurs(rollout, error, name) ? [] : undefined),
      lastWords: (error) => lastWords(rollout, error, name),
    }),
  )
  if (replicas > 0) rollout.writes.push(scalingEvent(deployment, name, 0, replicas))
  rollout.seen = [...rollout.seen, fresh]
  rollout.freshName = name
  replan(rollout, [...sets, fresh])
  tellRevision(
    rollout,
    revision,
    isTimed ? progressing('NewReplicaSetCreated', `Created new replica set "${name}"`) : undefined,
  )
  rollout.isBorn = rollout.isOver = true
}

/** The name is taken by a ReplicaSet that is this one: it only had not been seen yet. */
function isOurs({ see, deployment }: Rollout, error: ApiError, name: string): boolean {
  if (error.reason !== 'AlreadyExists') return false
  const found = see.find<ReplicaSet>('ReplicaSet', name, deployment.metadata.namespace)
  const isOwner = found?.metadata.ownerReferences?.some(
    ({ uid, controller }) => controller && uid === deployment.metadata.uid,
  )
  return Boolean(isOwner) && textOf(found?.spec.template) === textOf(deployment.spec.template)
}

function lastWords({ deployment, isTimed, see }: Rollout, error: ApiError, name: string): readonly Write[] {
  const { status = {} as Status } = deployment
  if (error.reason === 'AlreadyExists')
    return [
      updateStatus({
        ...deployment,
        status: { ...status, collisionCount: (status.collisionCount ?? 0) + 1 },
      } as Deployment),
    ]
  if (error.status.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating')) return []
  const message = `Failed to create new replica set "${name}": ${error.message}`
  const told = event(deployment, 'Warning', 'ReplicaSetCreateError', message)
  if (!isTimed) return [told]
  const finding: Finding = { type: 'Progressing', status: 'False', reason: 'ReplicaSetCreateError', message }
  return [updateStatus({ ...deployment, status: withCondition(status, finding, see.now) } as Deployment), told]
}

function freshFrom(deployment: Deployment, replicas: number, revision: number, now: number): ReplicaSet {
  const { metadata, spec, status } = deployment
  const hash = hashOf(spec.template, status?.collisionCount)
  const labels = { ...spec.template.metadata?.labels, [hashLabel]: hash }
  const { matchLabels, ...selector } = spec.selector ?? {}
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${metadata.name}-${hash}`,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      labels,
      annotations: withReplicas(annotationsForNew(deployment, undefined, revision), deployment),
      ownerReferences: [ownerReference(deployment)],
      uid: '',
      resourceVersion: '',
      creationTimestamp: formatTime(now),
    },
    spec: {
      replicas,
      ...(spec.minReadySeconds && { minReadySeconds: spec.minReadySeconds }),
      selector: { ...selector, matchLabels: { ...matchLabels, [hashLabel]: hash } },
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
    status: { replicas: 0 },
  } as ReplicaSet
}

function progressing(reason: string, message: string): Finding {
  return { type: 'Progressing', status: 'True', reason, message }
}

/** Writes the revision, and perhaps a condition, into the Deployment if they are news. */
function tellRevision(rollout: Rollout, revision: number, finding: Finding | undefined): void {
  const { deployment, see } = rollout
  const { metadata, status = {} as Status } = deployment
  const next = finding ? withCondition(status, finding, see.now) : status
  const text = String(revision)
  if (next === status && metadata.annotations?.[revisionAnnotation] === text) return
  const annotations = { ...metadata.annotations, [revisionAnnotation]: text }
  writeStatus(rollout, { ...deployment, metadata: { ...metadata, annotations }, status: next } as Deployment)
}

/** Plans a status write. A second one in the same plan is refused as stale, and the key tried again: upstream has it just so. */
export function writeStatus(rollout: Rollout, next: Deployment): void {
  rollout.writes.push(updateStatus(next))
  rollout.deployment = next
}

/** Scales a ReplicaSet if its size is another, and says so. upstream: scaleReplicaSetAndRecordEvent */
export function scale(rollout: Rollout, set: ReplicaSet, replicas: number): boolean {
  if (replicasOf(set.spec) === replicas) return false
  resize(rollout, set, replicas)
  return true
}

/** Gives a ReplicaSet its size and the notes that go with it. upstream: scaleReplicaSet */
export function resize(rollout: Rollout, set: ReplicaSet, replicas: number): void {
  const { deployment } = rollout
  const before = replicasOf(set.spec)
  const annotations = withReplicas(set.metadata.annotations, deployment)
  if (before === replicas && isEqual(annotations, set.metadata.annotations)) return
  change(rollout, set, { metadata: { annotations }, spec: { replicas } })
  if (before !== replicas) rollout.writes.push(scalingEvent(deployment, set.metadata.name, before, replicas))
}

/** Refused, as upstream's whole-object update is, when the ReplicaSet has moved on since it was seen. */
function change(rollout: Rollout, set: ReplicaSet, next: { metadata: { annotations: object }; spec: object }): void {
  const { resourceVersion } = set.metadata
  rollout.writes.push(patch(set, resourceVersion ? { ...next, metadata: { ...next.metadata, resourceVersion } } : next))
  const metadata = { ...set.metadata, ...next.metadata, resourceVersion: '' }
  const changed = { ...set, metadata, spec: { ...set.spec, ...next.spec } } as ReplicaSet
  replan(
    rollout,
    rollout.sets.map((each) => (each.metadata.name === set.metadata.name ? changed : each)),
  )
}

/** The set as it is planned by now. */
export function current({ sets }: Rollout, { metadata }: ReplicaSet): ReplicaSet {
  return must(
    sets.find((set) => set.metadata.name === metadata.name),
    `ReplicaSet ${metadata.name} has left its rollout`,
  )
}

function scalingEvent(deployment: Deployment, name: string, from: number, to: number): Write {
  const direction = to > from ? 'up' : 'down'
  return event(
    deployment,
    'Normal',
    'ScalingReplicaSet',
    `Scaled ${direction} replica set ${name} from ${from} to ${to}`,
  )
}

/** By birth, then by name. upstream: ReplicaSetsByCreationTimestamp */
export function byAge(a: ReplicaSet, b: ReplicaSet): number {
  const [bornA, bornB] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp]
  if (bornA !== bornB) return bornA < bornB ? -1 : 1
  return a.metadata.name < b.metadata.name ? -1 : 1
}
